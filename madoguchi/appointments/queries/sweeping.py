"""What the queue has to see to: holds that ran out, reminders that are due (見回り)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from madoguchi.appointments.domain.booking import State
from madoguchi.appointments.models import Booking
from madoguchi.infra.clock import JAPAN

#: The day before, once people are awake (*assumed*).
REMIND_DAYS, REMIND_HOUR = 1, 9


def days_with_overdue_holds(*, now: datetime) -> tuple[tuple[str, date], ...]:
    """List the places and days on which a hold ran out (期限切れの仮押さえ)."""
    rows = Booking.objects.filter(state=State.HELD, hold_until__lte=now)
    return tuple(sorted(set(rows.values_list("place", "on"))))


def days_with_absent(*, today: date) -> tuple[tuple[str, date], ...]:
    """List the places and days that are over and still have somebody expected (締めていない日)."""
    rows = Booking.objects.filter(state=State.CONFIRMED, on__lt=today)
    return tuple(sorted(set(rows.values_list("place", "on"))))


def reminders_due(*, now: datetime) -> tuple[str, ...]:
    """List the bookings of tomorrow whose reminder has not gone; those of today it is too late for (お知らせ)."""
    local = now.astimezone(JAPAN)
    if local.hour < REMIND_HOUR:
        return ()
    rows = Booking.objects.filter(
        state=State.CONFIRMED, on=local.date() + timedelta(days=REMIND_DAYS), reminded_at=None
    ).exclude(mail_to="")
    return tuple(rows.order_by("begins", "booking_id").values_list("booking_id", flat=True))
