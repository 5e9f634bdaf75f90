"""The request to the old town with its slip (転出証明書の請求書).

The request names nobody: the resident writes name and former address by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

from madoguchi.dispatch.api import Office, typeset
from madoguchi.kernel.wareki import format_long

_FOLDER = Path(__file__).parent / "templates"


def draw_request(
    *, old_town: str, deadline: date | None, bring: Sequence[str], today: date, desk: Office,
    number: str = "", slip_alone: bool = False,
) -> bytes:  # fmt: skip
    """Draw the request and the slip, two pages of A4; the form is *assumed* (転出証明書の請求書).

    ``slip_alone``: the request goes as a message, there is nothing to sign.
    """
    return typeset(
        "request.typ",
        {
            "title": "転出証明書の請求",
            "date": format_long(today),
            "to": old_town,
            "deadline": format_long(deadline) if deadline else "",
            "bring": list(bring),
            "number": number,
            "slip_alone": slip_alone,
            "desk": asdict(desk),
        },
        folder=_FOLDER,
    )
