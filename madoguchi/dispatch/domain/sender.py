"""Who sends, as it stands on every letter (差出人)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The sender: town, section, where it is and its telephone (差出人)."""

    town: str
    section: str
    postcode: str
    address: str
    phone: str
