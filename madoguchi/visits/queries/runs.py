"""Family runs as pages show them: what was told, what was done, what is left (家族の手続きの照会).

A run with somebody who is held is not there for whoever may not know of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from madoguchi.advice.api import age_on, answer_deadlines
from madoguchi.csops.api import Day, Purpose, days_of, pick_terminal
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.daytimes import Span, starts_within
from madoguchi.register.api import PersonRow, seen
from madoguchi.visits.domain.runs import Member, Pin, Plan, Reason, Step, plan_run
from madoguchi.visits.models import Run, RunMember, RunStep
from madoguchi.visits.queries.tables import run_rules

CONTINUED_USE_ENDS = "CONTINUED_USE_ENDS"
#: A reservation is so long at least, and a multiple of it.
STEP_MINUTES = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class DoneStep:
    """A step that was done (すんだ手順)."""

    person_id: str
    code: str
    at: datetime
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A day by which something of a run must be done (期限)."""

    code: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRow:
    """A run with everything its page shows (家族の手続き)."""

    run_id: str
    household_no: str
    reason: Reason
    place: str
    filed_on: date
    is_told: bool
    is_closed: bool
    members: tuple[Member, ...]
    people: Mapping[str, PersonRow]
    done: tuple[DoneStep, ...]
    plan: Plan
    dues: tuple[Due, ...]
    reservation_id: str
    terminal_no: str
    reserved_on: date | None
    reserved: Span | None

    @property
    def head(self) -> PersonRow:
        """Return the first of the household, by whom a run is called (世帯の代表)."""
        return self.people[self.members[0].person_id]

    @property
    def next(self) -> Step | None:
        """Return the step in turn (次の手順)."""
        return next(iter(self.plan.steps), None)


def find_run(run_id: str, *, actor: Actor, today: date) -> RunRow | None:
    """Return a run, or None where there is none this actor may see (家族の手続き)."""
    return next(iter(_rows(Run.objects.filter(run_id=run_id), actor=actor, today=today)), None)


def open_runs(*, actor: Actor, today: date, limit: int = 30) -> tuple[RunRow, ...]:
    """List the runs that are not finished, the oldest first, in three looks for any number (続いている手続き)."""
    runs = Run.objects.filter(closed_at__isnull=True).order_by("made_at", "run_id")
    return tuple(_rows(runs, actor=actor, today=today)[:limit])


def free_starts(place: str, day: date, *, minutes: int, not_before: int, most: int = 4) -> tuple[
    Span, ...
]:  # fmt: skip
    """List when a terminal is free for a whole run on a day (端末の空き)."""
    terminals = days_of(place, [day])[day]
    return tuple(
        span
        for at, span in enumerate(_fitting(terminals, minutes=minutes, not_before=not_before))
        if at < most
    )


def _fitting(day: Day, *, minutes: int, not_before: int) -> list[Span]:
    found: list[Span] = []
    for hours in day.hours:
        if hours.span.minutes < minutes:
            continue
        for span in starts_within(hours.span, minutes=minutes, step=STEP_MINUTES):
            far = not found or span.begins >= found[-1].begins + 6 * STEP_MINUTES
            if (
                span.begins >= not_before
                and far
                and isinstance(pick_terminal(day, span, Purpose.BOOKING), str)
            ):
                found.append(span)
    return found


def reserved_minutes(plan: Plan) -> int:
    """Return how long a terminal is kept for what is still to do there (確保する分)."""
    return -(-plan.terminal_minutes // STEP_MINUTES) * STEP_MINUTES


def _rows(runs: Iterable[Run], *, actor: Actor, today: date) -> list[RunRow]:
    """Return the runs this actor may see, in their order."""
    wanted = list(runs)
    members: dict[str, list[RunMember]] = {one.run_id: [] for one in wanted}
    for member in RunMember.objects.filter(run__in=wanted).order_by("position"):
        members[member.run_id].append(member)
    steps: dict[str, list[RunStep]] = {one.run_id: [] for one in wanted}
    for step in RunStep.objects.filter(run__in=wanted, undone_at__isnull=True).order_by("step_id"):
        steps[step.run_id].append(step)
    ids = {member.person_id for of_run in members.values() for member in of_run}
    people = seen.find_persons(sorted(ids), actor=actor)
    return [
        _row(run, members[run.run_id], steps[run.run_id], people=people, today=today)
        for run in wanted
        if all(member.person_id in people for member in members[run.run_id])
    ]


def _row(
    run: Run, rows: Sequence[RunMember], steps: Sequence[RunStep], *,
    people: Mapping[str, PersonRow], today: date,
) -> RunRow:  # fmt: skip
    members = tuple(_member(one, people[one.person_id], today=today) for one in rows)
    done = tuple(
        DoneStep(
            person_id=one.person_id, code=one.code, at=one.done_at.astimezone(JAPAN), by=one.done_by
        )
        for one in steps
    )
    dues = _dues(run)
    ends = {one.code: one.on for one in dues}.get(CONTINUED_USE_ENDS)
    plan = plan_run(
        members if run.told_at else (), reason=Reason(run.reason), rules=run_rules(today),
        too_late=ends is not None and today > ends,
    )  # fmt: skip
    return RunRow(
        run_id=run.run_id, household_no=run.household_no, reason=Reason(run.reason),
        place=run.place, filed_on=run.filed_on, is_told=run.told_at is not None,
        is_closed=run.closed_at is not None, members=members,
        people={one.person_id: people[one.person_id] for one in rows}, done=done,
        plan=plan.without({(one.person_id, one.code) for one in done}), dues=dues,
        reservation_id=run.reservation_id, terminal_no=run.terminal_no, reserved_on=run.reserved_on,
        reserved=_span(run),
    )  # fmt: skip


def _span(run: Run) -> Span | None:
    if run.begins is None or run.ends is None:
        return None
    return Span(begins=run.begins, ends=run.ends)


def _member(row: RunMember, person: PersonRow, *, today: date) -> Member:
    # Whose birth is not known to the day counts as grown up: a child's agent is asked for by eye.
    age = age_on(today, person.birth_sort) if person.birth_sort else 99
    return Member(
        person_id=row.person_id, age=age, is_here=row.is_here, card_here=row.card_here,
        pin=Pin(row.pin), lines_used=row.lines_used, wants_sign=row.wants_sign,
        has_card=row.has_card,
    )  # fmt: skip


def _dues(run: Run) -> tuple[Due, ...]:
    """Ask the tables by when (14, 30 and 90 days); a change of name or within the town has none."""
    if run.reason != Reason.MOVE_IN:
        return ()
    told = {
        "filed_on": run.filed_on, "moved_in_on": run.moved_in_on,
        "planned_move_out_on": run.planned_out_on,
    }  # fmt: skip
    case = {name: day.isoformat() for name, day in told.items() if day is not None}
    found, _ = answer_deadlines(case, folder=settings.MADOGUCHI_CARD_RULES)
    return tuple(Due(code=one.code, on=one.date) for one in found)
