"""Give the letters of several checks to the post room at once (照会・催告の発送).

The post room prints them as one pile in order, asks the gate about everybody of a case when the
pile is made, printed and posted, and can be stopped and gone on with at each step (``dispatch``).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from madoguchi.audit.api import record
from madoguchi.dispatch import api as dispatch
from madoguchi.infra import facts as told
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.residence.actions.cases import check_leaves
from madoguchi.residence.domain.case import LetterKind
from madoguchi.residence.domain.rules import check_queue
from madoguchi.residence.models import Case, LetterRow
from madoguchi.residence.queries.cases import CHECK, CaseRow, find_case, rule_book

#: The kinds of letter in the words of the post room.
KINDS = {LetterKind.INQUIRY: "RESIDENCE_INQUIRY", LetterKind.URGE: "RESIDENCE_URGE"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """How many letters wait now, and what stood against the others (発送待ちに入れた数)."""

    count: int
    problems: tuple[Problem, ...]


def queue_letters(
    *, wanted: Mapping[str, LetterKind], phone: str, actor: Actor, now: datetime
) -> Queued:
    """Queue the letters of these cases; what may not be written is told and the rest goes on.

    Run it in ``unit.run`` (照会書・催告書を発送待ちに入れる). Where none may be, it is refused.
    """
    if not actor.may(CHECK):
        raise Refused(Problem(code="NOT_ALLOWED"))
    # Held in one order, so that two clerks never wait for each other in a circle.
    list(Case.objects.select_for_update().filter(case_id__in=wanted).order_by("case_id"))
    found: list[Problem] = []
    count = 0
    for case_id, kind in wanted.items():
        row = find_case(case_id, actor=actor)
        problems = (
            (Problem(code="RESIDENCE_UNKNOWN"),)
            if row is None
            else (*check_queue(row.facts, kind, today=day_of(now)), *check_leaves(row, actor=actor))
        )
        if row is None or problems:
            found += problems
            continue
        _queue(row, kind, phone=phone, actor=actor, now=now)
        count += 1
    if not count:
        raise Refused(found or [Problem(code="RESIDENCE_NO_LETTER_CHOSEN")])
    return Queued(count=count, problems=tuple(dict.fromkeys(found)))


def _queue(row: CaseRow, kind: LetterKind, *, phone: str, actor: Actor, now: datetime) -> None:
    people, today = list(row.people), day_of(now)
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    answer_by = today + timedelta(days=book.answer_days + book.post_days)
    about_no = f"{row.case_id[-10:].upper()}-{kind.value[0]}{_written(row.case_id) + 1}"
    dispatch.enqueue(
        kind=KINDS[kind], person_id=people[0], also_ids=people[1:], about_no=about_no,
        content={"on": answer_by.isoformat(), "others": len(people) - 1, "phone": phone},
        # In the order of the checks, the oldest first.
        sort_key=f"{row.facts.opened_on.isoformat()} {row.case_id[-10:]}", actor=actor, now=now,
    )  # fmt: skip
    LetterRow.objects.create(
        case_id=row.case_id, kind=kind.value, drawn_on=today, answer_by=answer_by,
        drawn_by=actor.staff_id, about_no=about_no,
    )  # fmt: skip
    record(actor=actor, action="RESIDENCE_LETTER_QUEUED", subjects=sorted(people),
           detail={"case": row.case_id, "kind": kind.value})  # fmt: skip
    told.note("residence_letter_queued", at=now, kind=kind.value)


def _written(case_id: str) -> int:
    return LetterRow.objects.filter(case_id=case_id).count()


def chosen(ids: Sequence[str], due: Mapping[str, LetterKind | None]) -> dict[str, LetterKind]:
    """Return the letters of the cases that were ticked, by what is due in each (選んだ手紙)."""
    return {one: kind for one in ids if (kind := due.get(one)) is not None}
