"""Reads of this room (電子証明書の照会)."""
