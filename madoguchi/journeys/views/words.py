"""Words for what a log calls by codes (記録のことば)."""

from __future__ import annotations

from datetime import date

from madoguchi.journeys.domain.figures import SURVEY
from madoguchi.journeys.domain.maps import Basis
from madoguchi.web import english
from madoguchi.web.messages import UnknownCodeError, word

_OF_A_VISIT = frozenset({"TICKET", "CALLED", "BEGAN", "ENDED"})
WHOLE = "始めから終わりまで"


def event_words(origin: str, code: str) -> str:
    """Say a code of an origin; a matter of a visit is called as at the counter (出来事)."""
    own = code in _OF_A_VISIT or origin != "VISITS"
    return word(kind=f"journey_{origin.lower()}" if own else "matter", code=code)


def way_words(origin: str, before: str, after: str) -> str:
    """Say between which two events a figure lies (何から何まで)."""
    if not before:
        return english.said(WHOLE, room="journeys")
    return f"{event_words(origin, before)} → {event_words(origin, after)}"


def basis_words(basis: Basis | None) -> str:
    """Say which records a number was counted from (観察の出どころ)."""
    if basis is None:
        return ""
    month = date.fromisoformat(basis.month)
    if basis.origin == SURVEY:
        return word(kind="journey_basis", code="SURVEY").format(
            phase=word(kind="journey_phase", code=basis.before), year=month.year, month=month.month,
            count=f"{basis.count:,}",
        )  # fmt: skip
    try:
        way = way_words(basis.origin, basis.before, basis.after)
        room = word(kind="journey_origin", code=basis.origin)
    except UnknownCodeError:
        # A map that came as a file may rest on another town's records.
        room, way = word(kind="journey_origin", code="OTHER"), ""
    return word(kind="journey_basis", code="OBSERVED").format(
        room=room, year=month.year, month=month.month, way=way, count=f"{basis.count:,}",
        p90=f"{basis.p90_min:,}",
    )  # fmt: skip
