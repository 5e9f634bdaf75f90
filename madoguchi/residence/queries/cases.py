"""Checks as one officer may know of them; whoever is held takes the whole case along (照会)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet

from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.actor import Actor, Right
from madoguchi.register.api import PersonRow, seen
from madoguchi.residence.domain.case import (
    Evidence,
    Facts,
    Letter,
    LetterKind,
    Lives,
    Outcome,
    Pending,
    RuleBook,
    Seen,
    Source,
    State,
    Visit,
)
from madoguchi.residence.domain.rules import read_rules
from madoguchi.residence.models import Case, CasePerson, EvidenceRow, LetterRow, VisitRow

FOLDER = Path(__file__).resolve().parents[1] / "tables"
ROWS_MAX = 200
CHECK = Right.CHECK_RESIDENCE
#: States of the post room: it was on its way, or it lies there still.
LEFT = frozenset({"POSTED", "RETURNED", "DELIVERED"})
WAITING = frozenset({"QUEUED", "PRINTED", "HELD"})
InPost = Mapping[str, tuple[str, date | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """One check with its people and everything found (事案)."""

    case_id: str
    household_no: str
    trigger: str
    opened_by: str
    facts: Facts
    outcome: str
    reason: str
    proposed_by: str
    proposal_id: str
    closed_by: str
    closed_on: date | None
    people: Mapping[str, PersonRow]

    @property
    def called(self) -> PersonRow:
        """Return by whom a case is called: the first of its people (呼び名)."""
        return next(iter(self.people.values()))


@lru_cache(maxsize=4)
def rule_book(folder: str = "") -> RuleBook:
    """Return the table of days and sources (確認の表)."""
    return read_rules(read_table("residence", ours=FOLDER, own=folder))


def list_cases(*, actor: Actor, closed: bool = False, removed: bool = False) -> tuple[CaseRow, ...]:
    """List the checks that are open, or over, the oldest first (事案の一覧).

    ``removed``: only those that ended in a removal.
    """
    found = Case.objects.filter(state=State.CLOSED.value) if closed else _open()
    if removed:
        found = found.filter(outcome=Outcome.REMOVE.value)
    rows = _rows(found.order_by("opened_on", "case_id"), actor=actor)
    # A removal nobody was told of may be the newest: that list is not cut.
    return rows if removed else rows[:ROWS_MAX]


def find_case(case_id: str, *, actor: Actor) -> CaseRow | None:
    """Return a check, or None: unknown, without the right and about somebody held look the same."""
    return next(iter(_rows(Case.objects.filter(case_id=case_id), actor=actor)), None)


def open_case_of(household_no: str, *, actor: Actor) -> CaseRow | None:
    """Return the check that is open about a household (世帯の事案)."""
    return next(iter(_rows(_open().filter(household_no=household_no), actor=actor)), None)


def _open() -> QuerySet[Case]:
    return Case.objects.exclude(state=State.CLOSED.value)


def _rows(found: QuerySet[Case], *, actor: Actor) -> tuple[CaseRow, ...]:
    if not actor.may(CHECK):
        return ()
    wanted = list(found.prefetch_related("evidence", "visits", "letters"))
    named: dict[str, list[str]] = {one.case_id: [] for one in wanted}
    for one in CasePerson.objects.filter(case__in=list(named)).order_by("row_id"):
        named[one.case_id].append(one.person_id)
    ids = sorted({each for people in named.values() for each in people})
    people = seen.find_persons(ids, actor=actor)
    posted = letters_in_post(
        each.about_no for one in wanted for each in one.letters.all() if each.about_no
    )
    return tuple(
        _row(one, {each: people[each] for each in named[one.case_id]}, posted)
        for one in wanted
        if all(each in people for each in named[one.case_id])
    )


def _row(one: Case, people: Mapping[str, PersonRow], posted: InPost) -> CaseRow:
    return CaseRow(
        case_id=one.case_id, household_no=one.household_no, trigger=one.trigger,
        opened_by=one.opened_by, facts=_facts_of(one, posted), outcome=one.outcome, reason=one.reason,
        proposed_by=one.proposed_by, proposal_id=one.proposal_id, closed_by=one.closed_by,
        closed_on=one.closed_on, people=people,
    )  # fmt: skip


def _in_order(row: EvidenceRow | VisitRow | LetterRow) -> int:
    return row.row_id


def letters_in_post(about_nos: Iterable[str]) -> InPost:
    """Read the published view of the post room: state and day posted, by number (発送のようす)."""
    wanted = list(about_nos)
    if not wanted:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT about_no, state, posted_on FROM dispatch_out_letters"
            " WHERE about_no = ANY(%s) ORDER BY queued_at, letter_id",
            [wanted],
        )
        return {about_no: (state, on) for about_no, state, on in cursor.fetchall()}


def _letters(rows: Sequence[LetterRow], posted: InPost) -> tuple[list[Letter], list[Pending]]:
    """Whoever was asked by a letter that left the house, and what has not left it yet.

    A letter of the post room that was held, or given up, asked nobody.
    """
    days = timedelta(days=rule_book(settings.MADOGUCHI_CARD_RULES).answer_days)
    left, waiting = [], []
    for row in rows:
        kind = LetterKind(row.kind)
        state, on = posted.get(row.about_no, ("", None))
        if not row.about_no:
            left.append(Letter(kind=kind, drawn_on=row.drawn_on, answer_by=row.answer_by))
        elif on is not None and state in LEFT:
            # Printed days are days of waiting: whoever got it late has their time all the same.
            left.append(Letter(kind=kind, drawn_on=on, answer_by=max(row.answer_by, on + days)))
        elif state in WAITING:
            waiting.append(Pending(kind=kind, about_no=row.about_no, state=state))
    return left, waiting


def _facts_of(one: Case, posted: InPost) -> Facts:
    left, waiting = _letters(sorted(one.letters.all(), key=_in_order), posted)
    return Facts(
        opened_on=one.opened_on, state=State(one.state),
        evidence=tuple(
            Evidence(source=Source(row.source), asked_on=row.asked_on, lives=Lives(row.lives),
                     since=row.since, until=row.until)
            for row in sorted(one.evidence.all(), key=_in_order)
        ),
        visits=tuple(
            Visit(on=row.visited_on, officers=tuple(row.officers), seen=Seen(row.seen))
            for row in sorted(one.visits.all(), key=_in_order)
        ),
        letters=tuple(left), pending=tuple(waiting),
    )  # fmt: skip
