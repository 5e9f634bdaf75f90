"""The codes of another town's 転出証明書, put together and checked, for the room of moves (符号).

Whom to trust is the caller's to know: a key of this town's own is added here.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum, unique

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from madoguchi.certificates.actions.leaving import notice_of
from madoguchi.certificates.documents.move_out import is_signed_by, names_key
from madoguchi.certificates.domain.move_out_code import PREFIX, Gathered, Whole, gather
from madoguchi.certificates.queries.keys import paper_trust
from madoguchi.certificates.queries.town import town

__all__ = ["PREFIX", "Gathered", "Signed", "Whole", "gather", "notice_of", "signature_of"]


@unique
class Signed(StrEnum):
    """Whose signature the codes of a paper bear (署名の確認)."""

    KNOWN = "KNOWN"  # of the town that the paper names
    UNKNOWN = "UNKNOWN"  # of a key nobody told us: neither true nor false
    FORGED = "FORGED"  # of a key we know, and not made by it


def signature_of(whole: Whole, *, keys: Iterable[bytes]) -> Signed:
    """Say whose signature it is; ``keys``: raw public keys of that town on that day (署名の確認)."""
    known = [Ed25519PublicKey.from_public_bytes(one) for one in keys]
    if whole.town_code == town().code:
        known += paper_trust().token_keys.values()
    named = [one for one in known if names_key(whole, one)]
    if not named:
        return Signed.UNKNOWN
    return Signed.KNOWN if any(is_signed_by(whole, one) for one in named) else Signed.FORGED
