"""Files of this room: data in, bytes out, and back (統合端末のファイル)."""
