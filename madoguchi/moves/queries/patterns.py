"""Who moved in just in time for a roll, as this officer may see them (続いた転入の照会)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from madoguchi.advice.api import age_on
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.actor import Actor
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.domain.patterns import (
    VOTING_AGE,
    MovedIn,
    Pattern,
    PatternBook,
    find_patterns,
    read_patterns,
    window,
)
from madoguchi.moves.models import FilingPerson
from madoguchi.moves.queries.rulebook import FOLDER
from madoguchi.register.api import PersonRow, seen


@lru_cache(maxsize=4)
def pattern_book(folder: str = "") -> PatternBook:
    """Return the table of rolls and numbers (続いた転入の表)."""
    return read_patterns(read_table("election", ours=FOLDER, own=folder))


def list_patterns(*, actor: Actor, book: PatternBook) -> tuple[Pattern, ...]:
    """List what somebody may look at; held people count for nothing (続いた転入の一覧)."""
    days = [window(one, book) for one in book.elections]
    if not days:
        return ()
    rows = FilingPerson.objects.filter(
        filing__kind=Kind.MOVE_IN.value, filing__reverted_at__isnull=True,
        filing__filed_on__gte=min(first for first, _last in days),
        filing__filed_on__lte=max(last for _first, last in days),
    ).select_related("filing").order_by("row_id")  # fmt: skip
    people = seen.find_persons(sorted({one.person_id for one in rows}), actor=actor)
    moved = (
        MovedIn(
            person_id=one.person_id, filing_id=one.filing_id, filed_on=one.filing.filed_on,
            household_no=people[one.person_id].household_no,
            address=people[one.person_id].address,
            has_vote=_has_vote(people[one.person_id], on=one.filing.filed_on),
        )
        for one in rows
        if one.person_id in people and people[one.person_id].status.is_resident
    )  # fmt: skip
    return find_patterns(moved, book)


def _has_vote(row: PersonRow, *, on: date) -> bool:
    """Tell whether somebody may be on the roll; whose birth is not known to the day may be."""
    if row.nationality_group != "JAPANESE":
        return False
    return row.birth_sort is None or age_on(on, row.birth_sort) >= VOTING_AGE
