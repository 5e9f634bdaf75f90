"""The letter that asks the old town for a paper 転出証明書, and the slip to take home (請求書・控え).

Nobody is named: the resident writes name and former address by hand, so nothing is kept here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from madoguchi.dispatch.api import typeset
from madoguchi.kernel.wareki import format_long

_FOLDER = Path(__file__).parent / "templates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """This town's desk, as it stands on papers (窓口)."""

    town: str
    section: str
    postcode: str
    address: str
    phone: str


def draw_request(
    *, old_town: str, deadline: date | None, bring: Sequence[str], today: date, desk: Desk
) -> bytes:
    """Draw the request and the slip, two pages of A4; the form is *assumed* (転出証明書の請求書)."""
    return typeset(
        "request.typ",
        {
            "title": "転出証明書の請求",
            "date": format_long(today),
            "to": old_town,
            "deadline": format_long(deadline) if deadline else "",
            "bring": list(bring),
            "desk": {
                "town": desk.town, "section": desk.section, "postcode": desk.postcode,
                "address": desk.address, "phone": desk.phone,
            },
        },
        folder=_FOLDER,
    )  # fmt: skip
