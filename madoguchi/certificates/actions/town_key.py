"""Sign with this town's own key, check what another signed, seal and open (町の鍵).

One key a town: papers and messages between towns are signed by it, and one table of other towns'
keys (``town_keys.toml`` of the moves) verifies both. What is signed begins differently for each,
so that a signature of one never passes for that of another.
"""

from __future__ import annotations

from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from madoguchi.certificates.documents.keys import load_token_key, make_token_key
from madoguchi.certificates.documents.seals import opening_key, seal, unseal
from madoguchi.certificates.queries.keys import own_key


def public_key() -> bytes:
    """Return the raw public key of this town; refused where it has none (この町の公開鍵)."""
    return own_key().public_key().public_bytes_raw()


def sign(data: bytes) -> bytes:
    """Sign with this town's key (町の署名)."""
    return own_key().sign(data)


def is_signed(data: bytes, signature: bytes, key: bytes) -> bool:
    """Tell whether this raw public key signed it (署名の検証)."""
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def seal_key(folder: Path | None = None) -> bytes:
    """Return the raw public key others seal to, of this town or of a folder (封の公開鍵)."""
    key = load_token_key(folder) if folder else own_key()
    return opening_key(key).public_key().public_bytes_raw()


def close(data: bytes, key: bytes, bound: bytes) -> bytes:
    """Seal to another town's raw public key (封をする)."""
    return seal(data, to=key, bound=bound)


def opens(box: bytes, bound: bytes) -> bytes | None:
    """Open what was sealed to this town, None where it cannot be (封を開ける)."""
    return unseal(box, key=opening_key(own_key()), bound=bound)


def make(folder: Path) -> bytes:
    """Make a new key in a folder that has none, and return its public part (町の鍵の作成)."""
    return make_token_key(folder)
