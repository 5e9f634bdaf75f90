"""Days opened and closed by name: an island visited for one person, a late evening, a storm (受付日).

The rows that hold every week are the town's table; these speak of one day.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.appointments.actions.ending import refuse_if
from madoguchi.appointments.domain.services import (
    BY_NAME,
    Opening,
    OpeningKind,
    check_opening,
    check_opening_day,
)
from madoguchi.appointments.models import LIVE_CODES, Booking, ClosedDay
from madoguchi.appointments.models import Opening as OpeningRow
from madoguchi.appointments.queries.tables import openings_of, place_of
from madoguchi.audit.api import record
from madoguchi.csops.api import day_lock, open_terminals
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.daytimes import DayRule, Span
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: Hours beyond the usual are the chief's to grant, as everywhere; a visit to an island is not.
CHIEF = Right.STOP_SWITCH


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOpening:
    """One day somebody wants to open (開ける一日); ``lands``, ``leaves``: the boat, if one decides."""

    place: str
    kind: OpeningKind
    on: date
    span: Span
    lanes: int
    step_minutes: int
    lands: int | None = None
    leaves: int | None = None
    with_terminals: bool = False


def open_day(*, asked: DayOpening, actor: Actor, now: datetime) -> int:
    """Open a place on one day, even for one person; return the opening's number (受付日を開ける).

    With its terminals, where the place has some: else nobody could be booked whose matter needs
    one. Raises ``Refused`` with everything that stands against it.
    """
    where = place_of(asked.place)
    if asked.kind is OpeningKind.EXTENDED and not actor.may(CHIEF):
        raise Refused(Problem(code="OPENING_CHIEF_ONLY", where="kind"))
    locks.take([day_lock(asked.place, asked.on)])
    row = Opening(
        kind=asked.kind,
        rule=DayRule(valid_from=asked.on, valid_until=asked.on,
                     weekdays=frozenset({asked.on.weekday()})),
        span=asked.span, lanes=asked.lanes, step_minutes=asked.step_minutes,
        lands=asked.lands, leaves=asked.leaves,
    )  # fmt: skip
    found = [*check_opening(row)]
    found += check_opening_day(
        row, asked.on, there=openings_of(asked.place, asked.on), today=day_of(now)
    )
    if asked.with_terminals and not actor.may(CHIEF):
        found.append(Problem(code="OPENING_CHIEF_ONLY", where="with_terminals"))
    if asked.with_terminals and not where.terminals_of:
        found.append(Problem(code="OPENING_NO_TERMINALS", where="with_terminals"))
    refuse_if(tuple(found))
    made = OpeningRow.objects.create(
        place=asked.place, kind=asked.kind.value, weekdays=[asked.on.weekday()], nth=[],
        begins=asked.span.begins, ends=asked.span.ends, lanes=asked.lanes,
        step_minutes=asked.step_minutes, lands=asked.lands, leaves=asked.leaves,
        valid_from=asked.on, valid_until=asked.on, source=actor.staff_id,
    )  # fmt: skip
    if asked.with_terminals:
        open_terminals(place=where.terminals_of, on=asked.on, span=asked.span, actor=actor, now=now)
    _tell("OPEN", asked.place, asked.kind.value, actor=actor, now=now)
    return int(made.opening_id)


def take_back_opening(*, opening_id: int, actor: Actor, now: datetime) -> None:
    """Take back a day that was opened by name, while nobody is booked in it (受付日の取消し)."""
    row = OpeningRow.objects.filter(
        opening_id=opening_id, kind__in=[one.value for one in BY_NAME]
    ).first()
    if row is None or row.valid_until != row.valid_from:
        raise Refused(Problem(code="OPENING_UNKNOWN"))
    locks.take([day_lock(row.place, row.valid_from)])
    span = Span(begins=row.begins, ends=row.ends)
    if row.kind == OpeningKind.EXTENDED.value and not actor.may(CHIEF):
        raise Refused(Problem(code="OPENING_CHIEF_ONLY"))
    _refuse_if_booked(row.place, row.valid_from, span)
    row.delete()
    terminals = place_of(row.place).terminals_of
    if row.kind == OpeningKind.EXTENDED.value and terminals:
        open_terminals(
            place=terminals, on=row.valid_from, span=span, actor=actor, now=now, back=True
        )
    _tell("TAKE_BACK", row.place, row.kind, actor=actor, now=now)


def close_day(*, place: str, on: date, reason: str, actor: Actor, now: datetime) -> None:
    """Book nobody on a day: a storm, a boat that does not sail (受付の休み).

    Whoever is booked must be told first: nothing is cancelled behind their back.
    """
    place_of(place)
    found = list(check_free_text(reason, limit=60, where="reason"))
    if not reason.strip():
        found.append(Problem(code="OPENING_CLOSING_NEEDS_REASON", where="reason"))
    if on < day_of(now):
        found.append(Problem(code="OPENING_DAY_OVER", where="on"))
    refuse_if(tuple(found))
    locks.take([day_lock(place, on)])
    _refuse_if_booked(place, on, Span(begins=0, ends=24 * 60))
    ClosedDay.objects.get_or_create(place=place, on=on, defaults={"reason": reason.strip()})
    _tell("CLOSE", place, "", actor=actor, now=now)


def open_again(*, place: str, on: date, actor: Actor, now: datetime) -> None:
    """Let a closed day be open after all (休みの取消し)."""
    locks.take([day_lock(place, on)])
    gone, _ = ClosedDay.objects.filter(place=place, on=on).delete()
    if not gone:
        raise Refused(Problem(code="OPENING_UNKNOWN"))
    _tell("OPEN_AGAIN", place, "", actor=actor, now=now)


def _refuse_if_booked(place: str, on: date, span: Span) -> None:
    count = Booking.objects.filter(
        place=place, on=on, state__in=LIVE_CODES, begins__lt=span.ends, ends__gt=span.begins
    ).count()
    if count:
        raise Refused(Problem(code="OPENING_HAS_BOOKINGS", facts={"count": str(count)}))


def _tell(how: str, place: str, kind: str, *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action="OPENING_CHANGED", subjects=(),
           detail={"how": how, "place": place, "kind": kind})  # fmt: skip
    facts.note("opening_changed", at=now, how=how, place=place, kind=kind)
