"""The desk's own pages about the machines (職員の画面)."""
