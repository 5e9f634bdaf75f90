r"""The bytes a card signs, and the nonce they are made of (証明の形式).

``madoguchi-proof-v1 \0 origin \0 nonce``: the origin that asked is inside, so a proof made
for one site is worthless at another.
"""

from __future__ import annotations

import base64
import binascii
from urllib.parse import urlsplit

VERSION = b"madoguchi-proof-v1"
NONCE_SIZE = 32
NONCE_TEXT_LENGTH = 43  # base64url of 32 bytes, without padding
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "localhost", "::1"})


def signed_bytes(*, origin: str, nonce: bytes) -> bytes:
    """Return what the card signs for one challenge (署名対象)."""
    assert len(nonce) == NONCE_SIZE
    return VERSION + b"\0" + origin.encode("ascii") + b"\0" + nonce


def read_nonce(text: str) -> bytes | None:
    """Read a nonce in its one spelling, with or without padding (ノンス); None for any other."""
    bare = text.removesuffix("=")
    if len(bare) != NONCE_TEXT_LENGTH or not bare.isascii():
        return None
    try:
        nonce = base64.b64decode(bare + "=", altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    return nonce if len(nonce) == NONCE_SIZE and write_nonce(nonce) == bare else None


def write_nonce(nonce: bytes) -> str:
    """Write a nonce as base64url without padding (ノンス)."""
    return base64.urlsafe_b64encode(nonce).decode("ascii").rstrip("=")


def is_origin(text: str) -> bool:
    """Tell whether the text is an origin exactly as browsers write it (オリジン).

    Secure ones, or loopback over plain HTTP; no path, no user, no wildcard, lower case.
    """
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    shown = f"[{host}]" if ":" in host else host
    default = {"http": 80, "https": 443}.get(parts.scheme)
    written = f"{parts.scheme}://{shown}" + (f":{port}" if port and port != default else "")
    plain = all(ch.isascii() and (ch.isalnum() or ch in ".-:") for ch in host)
    secure = parts.scheme == "https" or (parts.scheme == "http" and host in LOOPBACK_HOSTS)
    return bool(host) and plain and secure and text == written


def is_loopback(origin: str) -> bool:
    """Tell whether an origin lies on this machine (自機)."""
    return is_origin(origin) and urlsplit(origin).hostname in LOOPBACK_HOSTS
