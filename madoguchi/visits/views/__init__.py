"""Pages of this room (画面)."""
