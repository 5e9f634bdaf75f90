"""Identifiers of our own, which tell nothing about what they name (内部識別子)."""

import base64
import secrets

ID_LENGTH = 26
_BYTES = 16  # 128 bits: 26 characters of base32, without the padding


def new_id() -> str:
    """Return a new random identifier: 26 lower-case base32 characters (識別子)."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode("ascii").rstrip("=").lower()
