"""Visits booked before coming, with their bookings (来庁の予定の照会)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.appointments.api import BookingRow, bookings_about
from madoguchi.moves.domain.visit import Window
from madoguchi.moves.models import Visit

#: What these visits are called in the appointments.
MOVE = "MOVE"
#: A visit nobody ever booked is left alone for so long: somebody may be choosing a time.
CHOOSING = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """What is known of whoever comes, by the number of their visit (来庁の予定)."""

    visit_id: str
    key: str
    case: str
    people: int
    minutes: int
    bring: tuple[str, ...]
    before: tuple[str, ...]
    window: Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A visit with its booking (来る人)."""

    visit: VisitRow
    booking: BookingRow


def find_visit(visit_id: str) -> VisitRow | None:
    """Return what is known of a visit (来庁の予定)."""
    row = Visit.objects.filter(visit_id=visit_id).first()
    return _row(row) if row else None


def booking_of(visit_id: str, *, now: datetime) -> BookingRow | None:
    """Return the booking of a visit; a hold whose time ran out is nobody's (予約)."""
    rows = bookings_about(MOVE, [visit_id]).get(visit_id, ())
    return next((one for one in rows if not one.is_held or one.hold_until > now), None)


def visit_of_number(booking_no: str) -> str | None:
    """Return whose visit a number as it is read out belongs to (予約番号からの来庁)."""
    found = bookings_about(MOVE, booking_no=booking_no)
    return next((about for about, rows in found.items() if not rows[0].is_held), None)


def expected_on(on: date) -> tuple[Expected, ...]:
    """List who comes on a day, in the order they come (その日に来る人)."""
    return _expected(bookings_about(MOVE, on=on))


def expected_by(booking_no: str) -> tuple[Expected, ...]:
    """Return the visit of one number (予約番号の来庁)."""
    return _expected(bookings_about(MOVE, booking_no=booking_no))


def visits_over(*, now: datetime) -> tuple[str, ...]:
    """List the visits whose booking is over, or was never made (終わった来庁)."""
    rows = Visit.objects.filter(made_at__lt=now - CHOOSING)
    known = list(rows.values_list("visit_id", flat=True))
    return tuple(sorted(set(known) - bookings_about(MOVE, known).keys())) if known else ()


def _expected(found: Mapping[str, Sequence[BookingRow]]) -> tuple[Expected, ...]:
    rows = [
        Expected(visit=_row(one), booking=booking)
        for one in Visit.objects.filter(visit_id__in=found)
        for booking in found[one.visit_id]
        if not booking.is_held
    ]
    return tuple(sorted(rows, key=lambda one: (one.booking.on, one.booking.span, one.booking.lane)))


def _row(row: Visit) -> VisitRow:
    return VisitRow(
        visit_id=row.visit_id, key=row.key, case=row.case, people=row.people, minutes=row.minutes,
        bring=tuple(row.bring), before=tuple(row.before),
        window=Window(first=row.first_on, deadline=row.deadline),
    )  # fmt: skip
