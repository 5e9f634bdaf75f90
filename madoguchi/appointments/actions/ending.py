"""How a booking ends, and what every step of one shares: its locks, its row, its terminal (予約の終わり).

Whatever ends gives its terminal back and forgets where its reminder would have gone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime

from madoguchi.appointments.domain.booking import Channel, State, check_move
from madoguchi.appointments.domain.services import Errand, Place
from madoguchi.appointments.models import Booking
from madoguchi.appointments.models import Errand as ErrandRow
from madoguchi.appointments.queries.tables import place_of
from madoguchi.audit.api import record
from madoguchi.csops.api import day_lock, give_back
from madoguchi.infra import facts, locks, queue
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused

#: The job that settles what another room has done.
SETTLE = "appointments.settle"


def note_no_show(*, booking_id: str, actor: Actor, now: datetime) -> None:
    """Note that nobody came; the day's end does the same (来庁なし)."""
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on]))
    row = again(row, now=now)
    local = now.astimezone(JAPAN)
    if (row.on, row.begins) > (local.date(), local.hour * 60 + local.minute):
        raise Refused(Problem(code="BOOKING_NOT_YET"))
    refuse_if(check_move(State(row.state), State.NO_SHOW))
    end(row, State.NO_SHOW, now=now)
    tell("BOOKING_NO_SHOW", actor=actor, now=now, channel=Channel(row.channel), party=())


def note_absent(*, place: str, on: date, actor: Actor, now: datetime) -> int:
    """Note, when a day is over, who had a booking and did not come (来庁なしの締め).

    Somebody who is still at a counter, or waits, is not absent.
    """
    if on >= now.astimezone(JAPAN).date():
        raise Refused(Problem(code="BOOKING_NOT_YET"))
    where = place_of(place)
    locks.take(locks_of(where, [on]))
    rows = list(Booking.objects.filter(place=place, on=on, state=State.CONFIRMED))
    for row in rows:
        end(row, State.NO_SHOW, now=now)
        tell("BOOKING_NO_SHOW", actor=actor, now=now, channel=Channel(row.channel), party=())
    record(actor=actor, action="BOOKING_DAY_CLOSED", subjects=(), detail={"count": len(rows)})
    return len(rows)


def expire_holds(*, place: str, on: date, actor: Actor, now: datetime) -> int:
    """Free what was held and never confirmed, on one day (仮押さえの期限切れ)."""
    where = place_of(place)
    locks.take(locks_of(where, [on]))
    count = free_overdue(place, [on], now=now)
    record(actor=actor, action="BOOKING_HOLDS_EXPIRED", subjects=(), detail={"count": count})
    return count


def settle(*, booking_id: str, about_kind: str, about_no: str, actor: Actor, now: datetime) -> bool:
    """Close one matter of a booking that was done otherwise; with its last one the booking ends (用件の済み).

    Whoever came in person on the day of the booking came by it; before that day the time goes
    back to others. While somebody stands at the counter, the line ends the booking. Returns
    whether the booking ended; may be asked twice.
    """
    row, where = row_of(booking_id)
    locks.take(locks_of(where, [row.on]))
    row = again(row, now=now)
    matter = ErrandRow.objects.filter(booking_id=booking_id, live=True)
    closed = matter.filter(about_kind=about_kind, about_no=about_no).update(live=False)
    state, today = State(row.state), now.astimezone(JAPAN).date()
    record(actor=actor, action="BOOKING_MATTER_SETTLED", subjects=(),
           detail={"matters": closed})  # fmt: skip
    if not closed or matter.exists() or state not in {State.HELD, State.CONFIRMED}:
        return False
    came = state is State.CONFIRMED and row.on == today
    end(row, State.DONE if came else State.CANCELLED, now=now)
    tell("BOOKING_SETTLED", actor=actor, now=now, channel=Channel(row.channel), party=())
    return True


def settle_later(*, about_kind: str, about_no: str) -> None:
    """Have every booking of another room's matter settled, after the caller's unit (済みの連絡).

    A unit takes its locks once, and the days of the bookings are not known to the caller.
    """
    queue.defer(SETTLE, queue="appointments", about_kind=about_kind, about_no=about_no)


# -- shared with the line ------------------------------------------------------------------


def arrive(row: Booking, *, now: datetime) -> None:
    """Let a booking's party be here, in the caller's unit (来庁)."""
    refuse_if(check_move(State(row.state), State.ARRIVED))
    put(row.booking_id, State.ARRIVED, now=now, mail_to="")


def finish(booking_id: str, *, now: datetime) -> None:
    """End a booking whose visit has ended, in the caller's unit (予約の終わり)."""
    row = Booking.objects.filter(booking_id=booking_id).first()
    if row is not None and State(row.state) is State.ARRIVED:
        end(row, State.DONE, now=now)


# -- what every step of a booking shares -----------------------------------------------------


def locks_of(where: Place, days: Iterable[date]) -> list[tuple[LockKind, str]]:
    """Return the locks of days: the place's own, and the place's whose terminals serve it (鍵)."""
    return [day_lock(one, on) for one in {where.place, where.terminals_of} - {""} for on in days]


def row_of(booking_id: str) -> tuple[Booking, Place]:
    """Return a booking and its place, or refuse (予約とその場所)."""
    row = Booking.objects.filter(booking_id=booking_id).first()
    if row is None:
        raise Refused(Problem(code="BOOKING_UNKNOWN"))
    return row, place_of(row.place)


def again(row: Booking, *, now: datetime) -> Booking:
    """Read a booking anew under the lock; moved meanwhile to another day, it is locked wrongly (読み直し)."""
    free_overdue(row.place, [row.on], now=now)
    fresh = Booking.objects.get(booking_id=row.booking_id)
    if fresh.on != row.on:
        raise Refused(Problem(code="BOOKING_MOVED"))
    return fresh


def free_terminal(row: Booking, *, now: datetime) -> None:
    """Give a booking's terminal back, if it has one (端末の返却)."""
    if row.reservation_id:
        give_back(reservation_id=row.reservation_id, now=now)


def free_overdue(place: str, days: Iterable[date], *, now: datetime) -> int:
    """End the holds of some days whose time ran out; return how many (期限切れの整理)."""
    rows = Booking.objects.filter(
        place=place, on__in=list(days), state=State.HELD, hold_until__lte=now
    )
    for row in rows:
        end(row, State.EXPIRED, now=now)
    return len(rows)


def end(row: Booking, state: State, *, now: datetime) -> None:
    """End a booking: its terminal goes back, its reminder is forgotten, its matters are free (終わり)."""
    free_terminal(row, now=now)
    Booking.objects.filter(booking_id=row.booking_id).update(
        state=state.value, state_at=now, mail_to="", reservation_id=""
    )
    ErrandRow.objects.filter(booking_id=row.booking_id).update(live=False)


def put(booking_id: str, state: State, *, now: datetime, mail_to: str) -> None:
    """Write a booking's state and where its reminder goes (状態の書込み)."""
    Booking.objects.filter(booking_id=booking_id).update(
        state=state.value, state_at=now, mail_to=mail_to
    )


def refuse_if(problems: tuple[Problem, ...]) -> None:
    """Refuse with all of these, if there are any (断り)."""
    if problems:
        raise Refused(problems)


def tell(
    action: str, *, actor: Actor, now: datetime, channel: Channel, party: Sequence[Errand]
) -> None:
    """Record a step and note it for the figures; nobody is named (記録)."""
    kinds = " ".join(one.kind.value for one in party)
    record(actor=actor, action=action, subjects=(),
           detail={"channel": channel.value, "kinds": kinds})  # fmt: skip
    facts.note(action.lower(), at=now, channel=channel.value, kinds=kinds, party=len(party))
