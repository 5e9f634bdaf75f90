"""Begin a family run, say which cards are here, do step by step, keep a terminal (家族の手続き)."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from django.db import IntegrityError, transaction

from madoguchi.audit.api import record
from madoguchi.csops.api import Purpose, day_lock, give_back, reserve_terminal
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.daytimes import DAY_MINUTES, Span
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.register.api import seen
from madoguchi.visits.domain.rights import must
from madoguchi.visits.domain.runs import Member, Reason, check_days, check_members
from madoguchi.visits.models import Run, RunMember, RunStep
from madoguchi.visits.queries.runs import RunRow, find_run, reserved_minutes
from madoguchi.visits.queries.tables import run_rules


def open_run(
    *, household_no: str, reason: Reason, filed_on: date, moved_in_on: date | None = None,
    planned_out_on: date | None = None, actor: Actor, now: datetime,
) -> str:  # fmt: skip
    """Begin the run of a household; its members are those this actor may see (手続きを始める)."""
    locks.take([(LockKind.HOUSEHOLD, household_no)])
    must(actor)
    found = seen.find_household(household_no, actor=actor)
    problems = list(check_days(reason=reason, filed_on=filed_on, moved_in_on=moved_in_on,
                               planned_out_on=planned_out_on, today=day_of(now)))  # fmt: skip
    if found is None or not found.members:
        problems.append(Problem(code="RUN_HOUSEHOLD_UNKNOWN", where="household_no"))
    if Run.objects.filter(household_no=household_no, closed_at__isnull=True).exists():
        problems.append(Problem(code="RUN_OPEN_ALREADY"))
    if problems or found is None:
        raise Refused(problems)
    run = Run.objects.create(
        run_id=new_id(), household_no=household_no, reason=reason.value, place=actor.place,
        filed_on=filed_on, moved_in_on=moved_in_on, planned_out_on=planned_out_on,
        made_by=actor.staff_id, made_at=now,
    )  # fmt: skip
    people = [one.person_id for one in found.members]
    RunMember.objects.bulk_create(
        RunMember(run=run, person_id=person_id, position=at) for at, person_id in enumerate(people)
    )
    _tell("RUN_OPENED", run.run_id, people, actor=actor, reason=reason.value)
    return run.run_id


def tell_members(*, run_id: str, members: Sequence[Member], actor: Actor, now: datetime) -> None:
    """Say who is here with which card; what was done before stays done (家族のようす)."""
    row = _locked(run_id, actor=actor, now=now)
    if {one.person_id for one in members} != set(row.people):
        raise Refused(Problem(code="RUN_MEMBERS_CHANGED"))
    problems = check_members(members, rules=run_rules(day_of(now)))
    if problems:
        raise Refused(problems)
    for one in members:
        RunMember.objects.filter(run=run_id, person_id=one.person_id).update(
            has_card=one.has_card, is_here=one.is_here, card_here=one.card_here,
            pin=one.pin.value, lines_used=one.lines_used, wants_sign=one.wants_sign,
        )  # fmt: skip
    Run.objects.filter(run_id=run_id).update(told_at=now)
    _tell("RUN_TOLD", run_id, row.people, actor=actor)


def do_step(*, run_id: str, person_id: str, code: str, actor: Actor, now: datetime) -> None:
    """Say that a step was done; never out of its turn, never twice (手順をすませる)."""
    row = _locked(run_id, actor=actor, now=now)
    mine = [one.code.value for one in row.plan.steps if one.person_id == person_id]
    if code not in mine:
        raise Refused(Problem(code="RUN_STEP_NOT_LEFT"))
    if mine[0] != code:
        raise Refused(Problem(code="RUN_STEP_TOO_EARLY"))
    try:
        with transaction.atomic():
            RunStep.objects.create(run_id=run_id, person_id=person_id, code=code, done_at=now,
                                   done_by=actor.staff_id)  # fmt: skip
    except IntegrityError:
        raise Refused(Problem(code="RUN_STEP_NOT_LEFT")) from None
    _tell("RUN_STEP_DONE", run_id, [person_id], actor=actor, step=code)
    facts.note("run_step_done", at=now, step=code, reason=row.reason.value, people=len(row.people))


def undo_step(*, run_id: str, actor: Actor, now: datetime) -> None:
    """Take the last step back, on the day and by whoever did it (手順の取消し)."""
    row = _locked(run_id, actor=actor, now=now)
    last = row.done[-1] if row.done else None
    if last is None or last.by != actor.staff_id or day_of(last.at) != day_of(now):
        raise Refused(Problem(code="RUN_STEP_NOT_YOURS"))
    RunStep.objects.filter(
        run=run_id, person_id=last.person_id, code=last.code, undone_at__isnull=True
    ).update(undone_at=now)
    _tell("RUN_STEP_UNDONE", run_id, [last.person_id], actor=actor, step=last.code)


def keep_terminal(*, run_id: str, on: date, begins: int, actor: Actor, now: datetime) -> str:
    """Keep one terminal for all that is left of a run, once; an earlier hold goes back (端末の確保)."""
    place = actor.place
    row = _locked(run_id, actor=actor, now=now, also=[day_lock(place, on)])
    minutes = reserved_minutes(row.plan)
    if not minutes:
        raise Refused(Problem(code="RUN_NEEDS_NO_TERMINAL"))
    if on < day_of(now) or not 0 <= begins <= DAY_MINUTES - minutes:
        raise Refused(Problem(code="RUN_TERMINAL_DAY_OVER"))
    if row.reservation_id:
        give_back(reservation_id=row.reservation_id, now=now)
    span = Span(begins=begins, ends=begins + minutes)
    kept = reserve_terminal(place=place, on=on, span=span, purpose=Purpose.BOOKING, actor=actor,
                            now=now)  # fmt: skip
    Run.objects.filter(run_id=run_id).update(
        reservation_id=kept.reservation_id, terminal_no=kept.terminal_no, reserved_on=on,
        begins=span.begins, ends=span.ends,
    )  # fmt: skip
    _tell("RUN_TERMINAL_KEPT", run_id, [], actor=actor, terminal=kept.terminal_no)
    return kept.terminal_no


def close_run(*, run_id: str, actor: Actor, now: datetime) -> None:
    """End a run, finished or not: what is left is on the sheet the family took home (手続きを終える)."""
    row = _locked(run_id, actor=actor, now=now)
    if row.reservation_id:
        give_back(reservation_id=row.reservation_id, now=now)
    Run.objects.filter(run_id=run_id).update(
        closed_at=now, reservation_id="", terminal_no="", reserved_on=None, begins=None, ends=None
    )
    _tell("RUN_CLOSED", run_id, row.people, actor=actor, left=len(row.plan.steps))
    facts.note(
        "run_closed", at=now, reason=row.reason.value, people=len(row.people),
        done=len(row.done), left=len(row.plan.steps) + len(row.plan.left),
    )  # fmt: skip


def _locked(
    run_id: str, *, actor: Actor, now: datetime, also: Collection[tuple[LockKind, str]] = ()
) -> RunRow:
    """Return an open run this actor may see, with its household locked."""
    number = Run.objects.filter(run_id=run_id).values_list("household_no", flat=True).first()
    locks.take([(LockKind.HOUSEHOLD, number or ""), *also])
    must(actor)
    row = find_run(run_id, actor=actor, today=day_of(now))
    if row is None or row.is_closed:
        raise Refused(Problem(code="RUN_UNKNOWN"))
    return row


def _tell(
    action: str, run_id: str, people: Collection[str], *, actor: Actor, **more: str | int
) -> None:
    record(actor=actor, action=action, subjects=sorted(people), detail={"run": run_id, **more})
