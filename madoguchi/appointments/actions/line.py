"""Numbers, calls, starts and stops: who is here, and what it took (番号札・呼び出し・対応)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Max

from madoguchi.appointments.actions.ending import arrive, finish
from madoguchi.appointments.domain.booking import is_late, minute_of
from madoguchi.appointments.domain.line import (
    Outcome,
    Stage,
    check_stage,
    next_in_line,
)
from madoguchi.appointments.domain.services import Kind
from madoguchi.appointments.models import Booking, Ticket
from madoguchi.appointments.queries.line import tickets_on
from madoguchi.appointments.queries.tables import place_of, services_of, terms_of
from madoguchi.audit.api import record
from madoguchi.csops.api import day_lock, note_use
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: A number of three figures can be heard and read across a hall.
NUMBER_MAX = 999


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A number somebody was given (渡した番号札)."""

    ticket_id: str
    number: int
    late: bool = False


def give_number(*, place: str, kind: Kind, actor: Actor, now: datetime) -> Given:
    """Give whoever came without a booking the next number of the day (番号札の発行)."""
    local = now.astimezone(JAPAN)
    locks.take([day_lock(place_of(place).place, local.date())])
    given = _give(place, kind, now=local)
    _tell("LINE_NUMBER_GIVEN", actor=actor, now=now, kind=kind)
    return given


def check_in(*, booking_no: str, actor: Actor, now: datetime) -> Given:
    """Give whoever booked a number; who comes late waits in the line, and is seen (予約の受付)."""
    local = now.astimezone(JAPAN)
    row = Booking.objects.filter(booking_no=booking_no).first()
    if row is None:
        raise Refused(Problem(code="BOOKING_UNKNOWN", where="booking_no"))
    locks.take([day_lock(row.place, local.date())])
    row.refresh_from_db()
    if row.on != local.date():
        raise Refused(Problem(code="BOOKING_ANOTHER_DAY", where="booking_no"))
    arrive(row, now=now)
    late = is_late(row.begins, arrived=minute_of(local), terms=terms_of(row.on))
    first = row.errands.order_by("errand_id").first()
    assert first is not None, "a booking is for somebody"
    kind = Kind(first.kind)
    given = _give(row.place, kind, now=local, booking_id=row.booking_id,
                  due=None if late else row.begins)  # fmt: skip
    _tell("LINE_CHECKED_IN", actor=actor, now=now, kind=kind)
    return Given(ticket_id=given.ticket_id, number=given.number, late=late)


def call_next(*, place: str, counter: str, actor: Actor, now: datetime) -> int:
    """Call whoever is next to a counter, and return the number (次の番号の呼び出し)."""
    local = now.astimezone(JAPAN)
    locks.take([day_lock(place, local.date())])
    waiting = [one for one in tickets_on(place, local.date()) if one.stage is Stage.WAITING]
    found = next_in_line(waiting, now=minute_of(local))
    if isinstance(found, Problem):
        raise Refused(found)
    rows = Ticket.objects.filter(place=place, on=local.date(), number=found.number)
    try:
        with transaction.atomic():
            rows.update(stage=Stage.CALLED, counter=counter, staff_id=actor.staff_id, called_at=now)
    except IntegrityError as error:
        raise Refused(Problem(code="LINE_COUNTER_BUSY", where="counter")) from error
    _tell("LINE_CALLED", actor=actor, now=now, kind=found.kind)
    return found.number


def put_back(*, ticket_id: str, actor: Actor, now: datetime) -> None:
    """Let somebody who was called and did not come wait on (呼び戻し)."""
    row = _locked(ticket_id, Stage.WAITING)
    _write(row, stage=Stage.WAITING, counter="")
    _tell("LINE_PUT_BACK", actor=actor, now=now, kind=Kind(row.kind))


def let_leave(*, ticket_id: str, actor: Actor, now: datetime) -> None:
    """Note that somebody went home (帰った)."""
    row = _locked(ticket_id, Stage.LEFT)
    _write(row, stage=Stage.LEFT, counter="", ended_at=now)
    finish(row.booking_id, now=now)
    _tell("LINE_LEFT", actor=actor, now=now, kind=Kind(row.kind))


def start(*, ticket_id: str, kind: Kind, actor: Actor, now: datetime) -> None:
    """Begin to serve; what it is about may turn out to be another kind (対応の開始)."""
    row = _locked(ticket_id, Stage.SERVING)
    _write(row, stage=Stage.SERVING, kind=kind.value, staff_id=actor.staff_id, started_at=now)
    _tell("LINE_STARTED", actor=actor, now=now, kind=kind)


def stop(*, ticket_id: str, outcome: Outcome, actor: Actor, now: datetime) -> int:
    """End serving; minutes and outcome are what figures and staffing are made of (対応の終了)."""
    row = _locked(ticket_id, Stage.DONE)
    assert row.started_at is not None, "who is served has begun to be"
    minutes = max(1, round((now - row.started_at).total_seconds() / 60))
    _write(row, stage=Stage.DONE, counter="", outcome=outcome.value, ended_at=now)
    finish(row.booking_id, now=now)
    kind = Kind(row.kind)
    place, service = place_of(row.place), services_of(row.on).get(kind)
    if service is not None and service.needs_terminal and place.terminals_of and not row.booking_id:
        note_use(place=place.terminals_of, on=row.on, minutes=minutes,
                 begins=minute_of(row.started_at.astimezone(JAPAN)))  # fmt: skip
    waited = round(((row.called_at or now) - row.issued_at).total_seconds() / 60)
    record(actor=actor, action="LINE_STOPPED", subjects=(), detail={"kind": kind.value})
    facts.note(
        "visit_ended", at=now, kind=kind.value, outcome=outcome.value, minutes=minutes,
        waited=waited, booked=bool(row.booking_id),
    )  # fmt: skip
    return minutes


def _give(
    place: str, kind: Kind, *, now: datetime, booking_id: str = "", due: int | None = None
) -> Given:
    on = now.date()
    last = Ticket.objects.filter(place=place, on=on).aggregate(last=Max("number"))["last"] or 0
    if last >= NUMBER_MAX:
        raise Refused(Problem(code="LINE_FULL"))
    row = Ticket.objects.create(
        ticket_id=new_id(), place=place, on=on, number=last + 1, kind=kind.value,
        stage=Stage.WAITING.value, booking_id=booking_id, due=due, issued_at=now,
    )  # fmt: skip
    return Given(ticket_id=row.ticket_id, number=row.number)


def _locked(ticket_id: str, to: Stage) -> Ticket:
    """Return a number that may come to this stage; two presses at once, and one is refused."""
    row = Ticket.objects.select_for_update().filter(ticket_id=ticket_id).first()
    if row is None:
        raise Refused(Problem(code="LINE_UNKNOWN"))
    problems = check_stage(Stage(row.stage), to)
    if problems:
        raise Refused(problems)
    return row


def _write(row: Ticket, **values: object) -> None:
    Ticket.objects.filter(ticket_id=row.ticket_id).update(**values)


def _tell(action: str, *, actor: Actor, now: datetime, kind: Kind) -> None:
    record(actor=actor, action=action, subjects=(), detail={"kind": kind.value})
    facts.note(action.lower(), at=now, kind=kind.value)
