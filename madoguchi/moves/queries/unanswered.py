"""People who left and of whom no new town has said anything (転入通知の未着, A9)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.kernel.actor import Actor
from madoguchi.moves.domain.filing import Kind
from madoguchi.moves.models import FilingPerson
from madoguchi.moves.queries.cases import FilingRow
from madoguchi.moves.queries.planning import plan_book
from madoguchi.register.api import PersonRow, seen

ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class UnansweredRow:
    """Somebody whose new town is silent (未着の行)."""

    filing_id: str
    person: PersonRow
    left_on: date
    days: int


def awaited(row: FilingRow) -> tuple[str, ...]:
    """Return of whom of a filing a new town's notice has not come yet (転入通知を待つ人)."""
    if row.kind != Kind.MOVE_OUT.value or row.is_reverted:
        return ()
    return tuple(key for key, one in row.people.items() if _leaving_on(one) is not None)


def list_unanswered(
    *, actor: Actor, today: date, folder: str = "", only: Collection[str] | None = None
) -> tuple[UnansweredRow, ...]:
    """List whoever left longer ago than the town waits, without a notice, the longest first (未着一覧).

    ``only``: of these people, by 宛名番号.
    """
    after = timedelta(days=plan_book(folder).notice_after_days)
    left = FilingPerson.objects.filter(
        filing__kind=Kind.MOVE_OUT.value, filing__reverted_at__isnull=True
    )
    if only is not None:
        left = left.filter(person_id__in=only)
    filings = dict(left.values_list("person_id", "filing_id"))
    people: Mapping[str, PersonRow] = seen.find_persons(sorted(filings), actor=actor)
    leaving = {key: _leaving_on(one) for key, one in people.items()}
    found = [
        UnansweredRow(
            filing_id=filings[key], person=people[key], left_on=on, days=(today - on).days
        )
        for key, on in leaving.items()
        if on is not None and on + after < today
    ]
    return tuple(sorted(found, key=lambda one: (one.left_on, one.person.person_id))[:ROWS_MAX])


def _leaving_on(person: PersonRow) -> date | None:
    """Return when somebody leaves of whom a notice has to come, None where none has to."""
    # Abroad nobody sends a notice.
    if person.move_out_notified_on is not None or person.removal_reason == "MOVE_OUT_ABROAD":
        return None
    return person.move_out_planned_on
