"""Give a terminal's minutes to something, and give them back (端末の確保・返却).

The database refuses a second one at the same minute by itself; the lock of the day only keeps
two who ask at once from waiting for each other, and guards the walk-ins' share.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from madoguchi.audit.api import record
from madoguchi.csops.domain.terminals import Purpose, pick_terminal
from madoguchi.csops.models import Reservation, Use
from madoguchi.csops.queries.days import days_of
from madoguchi.infra import facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

NOTE_LENGTH_MAX = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reserved:
    """A terminal's minutes that are now somebody's (確保した端末)."""

    reservation_id: str
    terminal_no: str


def day_lock(place: str, on: date) -> tuple[LockKind, str]:
    """Return the lock of a day of a place: of its terminals, and of who comes there (一日の確保)."""
    return (LockKind.COUNTER_DAY, f"{place}:{on.isoformat()}")


def reserve_terminal(
    *, place: str, on: date, span: Span, purpose: Purpose, actor: Actor, now: datetime,
    note: str = "",
) -> Reserved:  # fmt: skip
    """Give minutes of whichever terminal is best to something, in the caller's unit (端末の確保).

    The caller holds ``day_lock`` and records what it did.
    """
    found = pick_terminal(days_of(place, [on])[on], span, purpose)
    if not isinstance(found, str):
        raise Refused(found)
    row = Reservation(
        reservation_id=new_id(), terminal_no=found, place=place, on=on, begins=span.begins,
        ends=span.ends, purpose=purpose.value, note=note, reserved_by=actor.staff_id,
        reserved_at=now,
    )  # fmt: skip
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:
        raise Refused(Problem(code="TERMINAL_TAKEN", where="begins")) from error
    return Reserved(reservation_id=row.reservation_id, terminal_no=found)


def give_back(*, reservation_id: str, now: datetime) -> bool:
    """Give minutes back, in the caller's unit; False where they were nobody's any more (端末の返却)."""
    live = Reservation.objects.filter(reservation_id=reservation_id, given_back_at__isnull=True)
    return bool(live.update(given_back_at=now))


def reserve(
    *, place: str, on: date, span: Span, purpose: Purpose, note: str, actor: Actor, now: datetime
) -> Reserved:
    """Reserve minutes for set-up or upkeep, by a clerk (交付前設定・保守の確保)."""
    locks.take([day_lock(place, on)])
    _refuse_if(_check(purpose=purpose, note=note, on=on, now=now))
    done = reserve_terminal(
        place=place, on=on, span=span, purpose=purpose, actor=actor, now=now, note=note.strip()
    )
    _tell("TERMINAL_RESERVED", actor=actor, now=now, terminal=done.terminal_no, on=on,
          purpose=purpose.value, minutes=span.minutes)  # fmt: skip
    return done


def let_go(*, reservation_id: str, actor: Actor, now: datetime) -> None:
    """Give minutes back that a clerk reserved; a booking's go with the booking (確保の取消し)."""
    row = Reservation.objects.filter(reservation_id=reservation_id).first()
    if row is None or row.given_back_at is not None or row.purpose == Purpose.BOOKING:
        raise Refused(Problem(code="TERMINAL_NOT_RESERVED"))
    give_back(reservation_id=reservation_id, now=now)
    _tell("TERMINAL_GIVEN_BACK", actor=actor, now=now, terminal=row.terminal_no, on=row.on,
          purpose=row.purpose, minutes=row.ends - row.begins)  # fmt: skip


def note_use(*, place: str, on: date, begins: int, minutes: int) -> None:
    """Keep how long a visitor without a booking needed a terminal, in the caller's unit (利用の記録)."""
    Use.objects.create(place=place, on=on, begins=begins, minutes=minutes)


def _check(*, purpose: Purpose, note: str, on: date, now: datetime) -> tuple[Problem, ...]:
    found = list(check_free_text(note, limit=NOTE_LENGTH_MAX, where="note"))
    if purpose is Purpose.BOOKING:
        found.append(Problem(code="TERMINAL_BOOKED_BY_BOOKING", where="purpose"))
    if on < now.date():
        found.append(Problem(code="TERMINAL_DAY_OVER", where="on"))
    return tuple(found)


def _refuse_if(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Refused(problems)


def _tell(
    action: str, *, actor: Actor, now: datetime, terminal: str, on: date, purpose: str, minutes: int
) -> None:
    record(
        actor=actor, action=action, subjects=(),
        detail={"terminal": terminal, "on": on.isoformat(), "purpose": purpose, "minutes": minutes},
    )  # fmt: skip
    facts.note(action.lower(), at=now, purpose=purpose, minutes=minutes)
