"""Pages of the room (送付先情報の画面)."""
