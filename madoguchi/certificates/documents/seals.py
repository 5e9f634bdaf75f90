"""Seal bytes to one town, and open what was sealed to this one (封).

HPKE of RFC 9180 in its base mode (X25519, HKDF-SHA256, ChaCha20-Poly1305), as the library has it;
nothing of it is ours. The key that opens is worked out of the town's one Ed25519 key, so that there
is one file to guard and to back up; the two never meet, for what is derived is another secret.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_DERIVED_AS = b"madoguchi.town_seal/1"
_KEY_BYTES = 32


def opening_key(key: Ed25519PrivateKey) -> X25519PrivateKey:
    """Work the key that opens out of the town's own key (封を開ける鍵)."""
    made = HKDF(algorithm=SHA256(), length=_KEY_BYTES, salt=None, info=_DERIVED_AS)
    return X25519PrivateKey.from_private_bytes(made.derive(key.private_bytes_raw()))


def seal(data: bytes, *, to: bytes, bound: bytes) -> bytes:
    """Seal to a raw public key; ``bound``: what has to be the same when it is opened (封をする)."""
    return _suite().encrypt(data, X25519PublicKey.from_public_bytes(to), bound)


def unseal(box: bytes, *, key: X25519PrivateKey, bound: bytes) -> bytes | None:
    """Return what was sealed, None where one bit of it or of ``bound`` is another (封を開ける)."""
    try:
        return _suite().decrypt(box, key, bound)
    except (InvalidTag, ValueError):
        return None


def _suite() -> Suite:
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
