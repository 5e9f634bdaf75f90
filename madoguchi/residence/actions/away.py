"""What a trip without a line takes along of the checks, and brings home (持ち出しと持ち帰り)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime
from typing import Any

from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.residence.actions.cases import note_visit, short_no
from madoguchi.residence.domain.case import Seen, State, Visit
from madoguchi.residence.models import VisitRow
from madoguchi.residence.queries.cases import CaseRow, list_cases

SEEN = tuple(one.value for one in Seen)


def cases_of(person_ids: Collection[str], *, actor: Actor) -> tuple[CaseRow, ...]:
    """List the checks that are open and about these people alone (訪問する事案)."""
    taken = set(person_ids)
    return tuple(
        one for one in list_cases(actor=actor)
        if one.facts.state is State.OPEN and set(one.people) <= taken
    )  # fmt: skip


def number_of(case_id: str) -> str:
    """Return by what a case is called in speech (事案の番号)."""
    return short_no(case_id)


def version_of(case_id: str) -> int:
    """Return how many visits a case has: what a visit on the trip was based on (訪問の数)."""
    return VisitRow.objects.filter(case_id=case_id).count()


def visit(*, case_id: str, payload: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Keep at home what two officers found on the trip (訪問の持ち帰り)."""
    try:
        made = Visit(
            on=date.fromisoformat(payload["on"]), seen=Seen(payload["seen"]),
            officers=tuple(str(one) for one in payload["officers"]),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError):
        raise Refused(Problem(code="BAD_INPUT")) from None
    note_visit(case_id=case_id, made=made, actor=actor, now=now)
