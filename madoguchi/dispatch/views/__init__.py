"""Pages of this room (発送の画面)."""
