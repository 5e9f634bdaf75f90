"""Open and give up a case before it is filed (転入の受付)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet

from madoguchi.audit.api import record
from madoguchi.infra import locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.notices import Expectation, decode, encode
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.models import MoveCase

#: *Assumed*: the thirty days of a planned move and as long again for whoever is late.
KEEP_DAYS = 60


def open_case(*, expected: Expectation, is_protected: bool, actor: Actor, now: datetime) -> str:
    """Keep what is known of a family before it comes; the same people only once (受付を始める)."""
    locks.take((LockKind.NUMBERING, f"move-case:{code}") for code in expected.codes)
    problems = []
    if not actor.may(FILE):
        problems.append(Problem(code="NOT_ALLOWED"))
    if is_protected and not actor.may(Right.SEE_PROTECTED):
        problems.append(Problem(code="MOVE_PROTECTION_RIGHT_MISSING"))
    twice = [
        row
        for row in MoveCase.objects.filter(closed_at__isnull=True)
        if expected.codes & decode(row.data).codes
    ]
    # Whoever may not know of a protected family is not told that it is expected here.
    if any(not one.is_protected or actor.may(Right.SEE_PROTECTED) for one in twice):
        problems.append(Problem(code="MOVE_CASE_THERE_ALREADY"))
    if problems:
        raise Refused(problems)
    row = MoveCase.objects.create(
        case_id=new_id(), is_protected=is_protected, place=actor.place, opened_by=actor.staff_id,
        opened_at=now, data=encode(expected),
    )  # fmt: skip
    detail = {"case": row.case_id, "arrival": expected.arrival.value}
    record(actor=actor, action="MOVE_CASE_OPENED", subjects=[], detail=detail)
    return row.case_id


def join_case(*, case_id: str, expected: Expectation, actor: Actor) -> None:
    """Lay the old town's data into a case that was opened without (転出証明書情報の追加)."""
    found = MoveCase.objects.filter(case_id=case_id, closed_at__isnull=True)
    if not found.update(data=encode(expected)):
        raise Refused(Problem(code="MOVE_CASE_OVER"))
    record(actor=actor, action="MOVE_CASE_JOINED", subjects=[], detail={"case": case_id})


def drop_case(*, case_id: str, actor: Actor, now: datetime) -> None:
    """Give a case up; what was kept of the family is emptied (受付の取下げ)."""
    if not actor.may(FILE):
        raise Refused(Problem(code="NOT_ALLOWED"))
    found = MoveCase.objects.filter(case_id=case_id, closed_at__isnull=True)
    if not actor.may(Right.SEE_PROTECTED):
        found = found.filter(is_protected=False)
    if not found.update(closed_at=now, data={}):
        raise Refused(Problem(code="MOVE_CASE_OVER"))
    record(actor=actor, action="MOVE_CASE_DROPPED", subjects=[], detail={"case": case_id})


def forget_cases(*, actor: Actor, now: datetime) -> int:
    """Empty the cases nobody came for, and count them (来なかった受付の消去).

    Run it in ``unit.run`` with a look first whether there are any: nothing done is no record.
    """
    gone = stale_cases(now=now).update(closed_at=now, data={})
    record(actor=actor, action="MOVE_CASES_FORGOTTEN", subjects=[], detail={"count": gone})
    return gone


def stale_cases(*, now: datetime) -> QuerySet[MoveCase]:
    """Return the open cases that are older than anybody's time to file (期限を過ぎた受付)."""
    return MoveCase.objects.filter(
        closed_at__isnull=True, opened_at__lt=now - timedelta(days=KEEP_DAYS)
    )
