"""A card's certificate and who holds it (電子証明書と名義人)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from functools import lru_cache

from cryptography import x509


@unique
class Purpose(StrEnum):
    """What a certificate is for (電子証明書の種別); a card carries at most one of each."""

    AUTH = "AUTH"  # 利用者証明用
    SIGN = "SIGN"  # 署名用


@unique
class CertificateState(StrEnum):
    """Whether a certificate counts (電子証明書の状態); revoked is for good, stopped is not."""

    VALID = "VALID"
    STOPPED = "STOPPED"
    REVOKED = "REVOKED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose a 利用者証明用 certificate is, and whether it counts (証明書の名義人)."""

    person_id: str
    registered_on: date
    valid_from: date
    valid_until: date
    #: Stopped or revoked, as the town was last told; the issuer's list may know more.
    stopped: bool

    def counts_on(self, day: date) -> bool:
        """Tell whether the certificate is neither stopped nor out of its days (有効)."""
        return not self.stopped and self.valid_from <= day <= self.valid_until


@lru_cache(maxsize=256)
def fold_issuer(text: str) -> str | None:
    """Return an issuer's name in the one spelling we compare, or None if it is no name (発行者名).

    RFC 4514 leaves blanks, escapes and the writing of attribute names free: a file and a
    certificate that mean the same must read the same. The order of the parts is the name's
    own, the country last.
    """
    parts = (part.partition("=") for part in _COMMA.split(text[:ISSUER_LENGTH_MAX]))
    tidy = ",".join(
        f"{name.strip(' ').upper()}={_BLANKS_AFTER.sub('', value.lstrip(' '))}"
        for name, _, value in parts
    )
    try:
        return x509.Name.from_rfc4514_string(tidy).rfc4514_string() or None
    except ValueError:
        return None


ISSUER_LENGTH_MAX = 512
_COMMA = re.compile(r"(?<!\\),")
_BLANKS_AFTER = re.compile(r"(?<!\\) +$")
