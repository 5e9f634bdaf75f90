"""The card certificates, until their room is here (電子証明書の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose certificate it is (証明書の名義)."""

    person_id: str
    registered_on: date
    valid_from: date
    valid_until: date
    stopped: bool


def holder_of(*, issuer: str, serial: str, on: date) -> Holder | None:
    """Return whose certificate this is (名義の照会)."""
    del issuer, serial, on
    return None
