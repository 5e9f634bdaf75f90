"""Note that a reminder is on its way, or did not go after all (予約のお知らせ)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.appointments.domain.booking import State
from madoguchi.appointments.models import Booking
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A reminder that was claimed: where it goes; what it says is read from the booking (お知らせ)."""

    booking_id: str
    mail_to: str


def claim_reminder(*, booking_id: str, actor: Actor, now: datetime) -> Due:
    """Claim a reminder, so that two workers never send it twice (お知らせの引受け)."""
    row = Booking.objects.select_for_update().filter(booking_id=booking_id).first()
    if row is None or row.state != State.CONFIRMED or not row.mail_to or row.reminded_at:
        raise Refused(Problem(code="BOOKING_IS_OVER", facts={"state": row.state if row else ""}))
    Booking.objects.filter(booking_id=booking_id).update(reminded_at=now)
    record(actor=actor, action="BOOKING_REMINDED", subjects=())
    facts.note("booking_reminded", at=now)
    return Due(booking_id=booking_id, mail_to=row.mail_to)


def unclaim_reminder(*, booking_id: str, actor: Actor, now: datetime) -> None:
    """Give a reminder back that no mail server took (お知らせの不達)."""
    Booking.objects.filter(booking_id=booking_id).update(reminded_at=None)
    record(actor=actor, action="BOOKING_REMINDER_FAILED", subjects=())
    facts.note("booking_reminder_failed", at=now)
