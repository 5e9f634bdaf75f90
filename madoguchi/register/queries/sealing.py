"""The key under which 個人番号 lie, and how they are sealed (個人番号の暗号化).

AES-GCM with the person as associated data: a sealed number copied to another row does not
open. The digest is keyed too, since twelve digits can be tried through.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import secrets
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from madoguchi.infra import files
from madoguchi.kernel.ids import new_id

_KEY_BYTES = 32
_NONCE_BYTES = 12


def seal(number: str, *, person_id: str) -> bytes:
    """Encrypt a number for one person (封緘)."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    sealed = AESGCM(_part(b"seal")).encrypt(nonce, number.encode(), person_id.encode())
    return nonce + sealed


def unseal(sealed: bytes, *, person_id: str) -> str:
    """Decrypt a number; raises ``InvalidTag`` when the row is not as it was written (開封)."""
    nonce, body = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    return AESGCM(_part(b"seal")).decrypt(nonce, body, person_id.encode()).decode()


def digest(number: str) -> bytes:
    """Return what finds a double without opening anything (照合値)."""
    return hmac.digest(_part(b"digest"), number.encode(), hashlib.sha256)


def _part(use: bytes) -> bytes:
    return hmac.digest(_key(str(settings.MADOGUCHI_HOME)), use, hashlib.sha256)


@lru_cache(maxsize=4)
def _key(_home: str) -> bytes:
    """Return the key of the data folder, made once; it is not in the database's backups."""
    path = files.private_folder("register") / "numbers.key"
    if not path.exists():
        # Under another name first: nobody may ever read a key that is half written.
        part = path.with_name(f"numbers.key.{new_id()}")
        files.create_exclusively(part, secrets.token_hex(_KEY_BYTES).encode())
        with contextlib.suppress(FileExistsError):
            os.link(part, path)
        part.unlink()
    return bytes.fromhex(path.read_text())
