"""Pages of the advice (案内の画面)."""
