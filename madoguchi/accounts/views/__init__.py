"""Pages of the accounts room, and the doors to signing in (職員の画面)."""
