"""Pages of this room (統合端末の画面)."""
