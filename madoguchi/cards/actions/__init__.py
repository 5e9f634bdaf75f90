"""Writes of this room (電子証明書の登録)."""
