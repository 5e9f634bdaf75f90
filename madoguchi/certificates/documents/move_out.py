"""Sign the codes of a 転出証明書, and say whose signature one bears (転出証明書の符号の署名)."""

from __future__ import annotations

from datetime import date

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from madoguchi.certificates.documents.token import key_id_of
from madoguchi.certificates.domain.move_out_code import Whole, body_bytes, part_texts
from madoguchi.certificates.domain.paper import Paper


def make_codes(paper: Paper, *, key: Ed25519PrivateKey) -> tuple[str, ...]:
    """Return the texts of the codes a paper keeps boxes for; the same again on a retry (I7)."""
    if not paper.packed or paper.sample:
        return ()
    return sign_codes(
        paper.packed, key=key, town_code=paper.municipality_code, issued_on=paper.issued_on
    )


def sign_codes(
    packed: str, *, key: Ed25519PrivateKey, town_code: str, issued_on: date
) -> tuple[str, ...]:
    """Return the texts of the codes for packed items, signed with a town's key (符号の署名)."""
    key_id = key_id_of(key.public_key())
    signed = body_bytes(packed, key_id=key_id, town_code=town_code, issued_on=issued_on)
    return part_texts(signed + key.sign(signed))


def names_key(whole: Whole, key: Ed25519PublicKey) -> bool:
    """Tell whether a paper says that this key signed it (鍵の番号の一致)."""
    return whole.key_id == key_id_of(key)


def is_signed_by(whole: Whole, key: Ed25519PublicKey) -> bool:
    """Tell whether this key signed what the codes of a paper say (署名の検証)."""
    try:
        key.verify(whole.signature, whole.signed)
    except InvalidSignature:
        return False
    return True
