"""Hold, confirm, change, cancel: one booking at a time (予約の流れ); how it ends is in ``ending``.

Each takes the lock of the day and place first, then frees what has run out, then looks, then
writes. That the lock is right is not what keeps two from one place: the database is.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q

from madoguchi.appointments.actions.ending import (
    again,
    end,
    free_overdue,
    free_terminal,
    locks_of,
    put,
    refuse_if,
    row_of,
    tell,
)
from madoguchi.appointments.domain.booking import (
    Channel,
    State,
    check_change,
    check_day,
    check_move,
    pick_lane,
    span_at,
)
from madoguchi.appointments.domain.numbers import ALPHABET, LENGTH, booking_no_of
from madoguchi.appointments.domain.services import (
    Errand,
    Kind,
    Place,
    check_party,
    minutes_of,
    needs_terminal,
)
from madoguchi.appointments.models import Booking
from madoguchi.appointments.models import Errand as ErrandRow
from madoguchi.appointments.queries.bookings import full_days
from madoguchi.appointments.queries.tables import diaries_of, place_of, services_of, terms_of
from madoguchi.csops.api import Purpose, reserve_terminal
from madoguchi.infra import locks
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A booking that was made or moved, as whoever asked needs it (とった予約)."""

    booking_id: str
    booking_no: str
    on: date
    span: Span
    terminal_no: str
    hold_until: datetime


def hold(
    *, place: str, on: date, begins: int, party: Sequence[Errand], channel: Channel,
    actor: Actor, now: datetime, a_day_max: int | None = None,
) -> Kept:  # fmt: skip
    """Keep a time for a party for some minutes, lane and terminal together (仮押さえ).

    Who looks at one time after another holds the last one only. ``a_day_max``: so many of this
    matter are taken this way on a day, and no more, though the counter were free.
    """
    where = place_of(place)
    earlier = _holds_about(party, place=place)
    locks.take(locks_of(where, {on, *(row.on for row in earlier)}))
    for row in earlier:
        row.refresh_from_db()
        if State(row.state) is State.HELD:
            over = row.hold_until <= now
            end(row, State.EXPIRED if over else State.CANCELLED, now=now)
    kept = _seat(where, on, begins, party=party, channel=channel, actor=actor, now=now,
                 a_day_max=a_day_max)  # fmt: skip
    tell("BOOKING_HELD", actor=actor, now=now, channel=channel, party=party)
    return kept


def book(
    *, place: str, on: date, begins: int, party: Sequence[Errand], channel: Channel,
    actor: Actor, now: datetime, mail_to: str = "",
) -> Kept:  # fmt: skip
    """Hold and confirm at once: by phone or at the desk somebody has just said yes (予約の受付)."""
    where = place_of(place)
    locks.take(locks_of(where, [on]))
    kept = _seat(where, on, begins, party=party, channel=channel, actor=actor, now=now)
    put(kept.booking_id, State.CONFIRMED, now=now, mail_to=mail_to)
    tell("BOOKING_MADE", actor=actor, now=now, channel=channel, party=party)
    return kept


def confirm(*, booking_id: str, mail_to: str, actor: Actor, now: datetime) -> None:
    """Make a held booking a booking; after its time it is nobody's any more (確定)."""
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on]))
    row = again(row, now=now)
    refuse_if(check_move(State(row.state), State.CONFIRMED))
    put(booking_id, State.CONFIRMED, now=now, mail_to=mail_to)
    tell("BOOKING_CONFIRMED", actor=actor, now=now, channel=Channel(row.channel), party=())


def change(
    *, booking_id: str, on: date, begins: int, channel: Channel, actor: Actor, now: datetime,
    a_day_max: int | None = None,
) -> Kept:  # fmt: skip
    """Move a booking to another time of the same place; until the new one is had, the old one is kept (変更)."""
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on, on]))
    row = again(row, now=now)
    if State(row.state) is not State.CONFIRMED:
        raise Refused(Problem(code="BOOKING_IS_OVER", facts={"state": row.state}))
    local = now.astimezone(JAPAN)
    terms = terms_of(local.date())
    refuse_if(check_change(row.on, channel=channel, terms=terms, now=local))
    party = _party(row)
    # Given back first, so that the same terminal can be had again; a refusal undoes it.
    free_terminal(row, now=now)
    span, lane = _fit(where, on, begins, party, channel=channel, now=now, without=booking_id,
                      a_day_max=a_day_max)  # fmt: skip
    terminal = _terminal(where, on, span, party, actor=actor, now=now)
    _write_once(
        lambda: Booking.objects.filter(booking_id=booking_id).update(
            on=on, begins=span.begins, ends=span.ends, lane=lane, reservation_id=terminal[0],
            terminal_no=terminal[1], sequence=row.sequence + 1, reminded_at=None, state_at=now,
        )
    )  # fmt: skip
    tell("BOOKING_CHANGED", actor=actor, now=now, channel=channel, party=())
    return Kept(
        booking_id=booking_id, booking_no=row.booking_no, on=on, span=span,
        terminal_no=terminal[1], hold_until=row.hold_until,
    )  # fmt: skip


def cancel(*, booking_id: str, channel: Channel, actor: Actor, now: datetime) -> None:
    """Give a booking's time back (取消し)."""
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on]))
    row = again(row, now=now)
    local = now.astimezone(JAPAN)
    refuse_if(check_move(State(row.state), State.CANCELLED))
    if State(row.state) is State.CONFIRMED:
        terms = terms_of(local.date())
        refuse_if(check_change(row.on, channel=channel, terms=terms, now=local))
    end(row, State.CANCELLED, now=now)
    tell("BOOKING_CANCELLED", actor=actor, now=now, channel=channel, party=())


def remind_at(*, booking_id: str, mail_to: str, actor: Actor, now: datetime) -> None:
    """Write down where the reminder of a booking goes, or that none is wanted (お知らせの宛先)."""
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on]))
    row = again(row, now=now)
    if State(row.state) is not State.CONFIRMED:
        raise Refused(Problem(code="BOOKING_IS_OVER", facts={"state": row.state}))
    Booking.objects.filter(booking_id=booking_id).update(mail_to=mail_to)
    tell("BOOKING_REMINDER_SET", actor=actor, now=now, channel=Channel(row.channel), party=())


# -- one booking ---------------------------------------------------------------------------


def _holds_about(party: Sequence[Errand], *, place: str) -> list[Booking]:
    """The times this party holds already and has not said yes to."""
    wanted = Q()
    for one in party:
        if one.about_no:
            wanted |= Q(errands__about_kind=one.about_kind, errands__about_no=one.about_no)
    if not wanted:
        return []
    rows = Booking.objects.filter(wanted, place=place, state=State.HELD, errands__live=True)
    return list(rows.distinct())


def _seat(
    where: Place, on: date, begins: int, *, party: Sequence[Errand], channel: Channel,
    actor: Actor, now: datetime, a_day_max: int | None = None,
) -> Kept:  # fmt: skip
    free_overdue(where.place, [on], now=now)
    span, lane = _fit(where, on, begins, party, channel=channel, now=now, a_day_max=a_day_max)
    reservation_id, terminal_no = _terminal(where, on, span, party, actor=actor, now=now)
    minutes = terms_of(now.astimezone(JAPAN).date()).hold_minutes
    row = Booking(
        booking_id=new_id(), booking_no=booking_no_of(secrets.randbelow(len(ALPHABET) ** LENGTH)),
        place=where.place, lane=lane, on=on, begins=span.begins, ends=span.ends,
        state=State.HELD.value, channel=channel.value, reservation_id=reservation_id,
        terminal_no=terminal_no, hold_until=now + timedelta(minutes=minutes),
        made_by=actor.staff_id, made_at=now, state_at=now,
    )  # fmt: skip
    _write_once(lambda: row.save(force_insert=True))
    _write_once(
        lambda: ErrandRow.objects.bulk_create(
            ErrandRow(booking=row, kind=one.kind.value, about_kind=one.about_kind,
                      about_no=one.about_no, minutes=one.minutes, mark=one.mark)
            for one in party
        ),
        code="BOOKING_THERE_ALREADY",
    )  # fmt: skip
    return Kept(
        booking_id=row.booking_id, booking_no=row.booking_no, on=on, span=span,
        terminal_no=terminal_no, hold_until=row.hold_until,
    )  # fmt: skip


def _fit(
    where: Place, on: date, begins: int, party: Sequence[Errand], *, channel: Channel,
    now: datetime, without: str = "", a_day_max: int | None = None,
) -> tuple[Span, int]:  # fmt: skip
    """Return the stretch and the lane of a visit, or refuse with every reason."""
    local = now.astimezone(JAPAN)
    terms, services = terms_of(local.date()), services_of(on)
    found = list(check_party(party, services, place=where, terms=terms))
    found += check_day(on, begins, channel=channel, terms=terms, now=local)
    if a_day_max is not None and full_days(
        where.place, [on], party, channel=channel, a_day_max=a_day_max, without=without
    ):
        found.append(Problem(code="VISIT_DAY_FULL", where="on"))
    if not found:
        span = span_at(begins, minutes_of(party, services))
        if isinstance(span, Problem):
            raise Refused(span)
        lane = pick_lane(diaries_of(where.place, [on], without=without)[on], span)
        if isinstance(lane, int):
            return span, lane
        found += lane
    raise Refused(found)


def _terminal(
    where: Place, on: date, span: Span, party: Sequence[Errand], *, actor: Actor, now: datetime
) -> tuple[str, str]:
    if not needs_terminal(party, services_of(on)):
        return "", ""
    done = reserve_terminal(
        place=where.terminals_of, on=on, span=span, purpose=Purpose.BOOKING, actor=actor, now=now
    )
    return done.reservation_id, done.terminal_no


def _party(row: Booking) -> tuple[Errand, ...]:
    return tuple(
        Errand(
            kind=Kind(one.kind),
            about_kind=one.about_kind,
            about_no=one.about_no,
            minutes=one.minutes,
            mark=one.mark,
        )
        for one in ErrandRow.objects.filter(booking_id=row.booking_id).order_by("errand_id")
    )


def _write_once(write: Callable[[], object], *, code: str = "VISIT_TAKEN") -> None:
    """Write what the database may refuse because somebody else was there first."""
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        raise Refused(Problem(code=code, where="begins")) from error
