"""Work of this room that the queue does: holds that ran out, reminders by mail (後でする仕事).

Each line is its own unit. Everything may run twice; a reminder goes once.
"""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from procrastinate.contrib.django import app

from madoguchi.appointments.actions.ending import SETTLE, expire_holds, note_absent, settle
from madoguchi.appointments.actions.reminding import Due, claim_reminder, unclaim_reminder
from madoguchi.appointments.queries.bookings import booking_of, bookings_about
from madoguchi.appointments.queries.sweeping import (
    days_with_absent,
    days_with_overdue_holds,
    reminders_due,
)
from madoguchi.appointments.queries.tables import place_of
from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Refused

SWEEP = "appointments.sweep"
REMIND = "appointments.remind"
CLOSE_DAYS = "appointments.close_days"
log = logging.getLogger("madoguchi.appointments.jobs")
KEEPER = Actor(
    staff_id="system", name="予約の見回り", rights=frozenset(), place="", terminal="",
    purpose="仮押さえとお知らせ",
)  # fmt: skip


@job(name=SWEEP, queue="appointments")
def sweep(**_more: Any) -> None:
    """Give back what was held and never confirmed, on any day."""
    now = clock.now()
    for place, on in days_with_overdue_holds(now=now):
        try:
            unit.run(expire_holds, place=place, on=on, actor=KEEPER, now=now)
        except Busy:
            log.info("a day is busy and left to the next round")


@job(name=CLOSE_DAYS, queue="appointments")
def close_days(**_more: Any) -> None:
    """Note who did not come, on every day that is over."""
    now = clock.now()
    for place, on in days_with_absent(today=clock.today()):
        try:
            unit.run(note_absent, place=place, on=on, actor=KEEPER, now=now)
        except Busy:
            log.info("a day is busy and left to the next round")


@job(name=SETTLE, queue="appointments")
def settle_matter(about_kind: str, about_no: str, **_more: Any) -> None:
    """End the bookings of a matter that another room has done."""
    for row in bookings_about(about_kind, [about_no]).get(about_no, ()):
        unit.run(settle, booking_id=row.booking_id, about_kind=about_kind, about_no=about_no,
                 actor=KEEPER, now=clock.now())  # fmt: skip


@job(name=REMIND, queue="appointments")
def remind(**_more: Any) -> None:
    """Send the reminders of tomorrow's bookings; without a mail server there are none."""
    if not settings.MADOGUCHI_MAIL_HOST:
        return
    failed = 0
    for booking_id in reminders_due(now=clock.now()):
        try:
            due = unit.run(claim_reminder, booking_id=booking_id, actor=KEEPER, now=clock.now())
        except (Busy, Refused):
            continue  # another worker has it, or it was cancelled meanwhile
        try:
            _message(due).send()
        except (SMTPException, OSError) as error:
            # Its text may hold the address: the kind of the error is enough.
            log.warning("a reminder was not taken: %s", type(error).__name__)
            unit.run(unclaim_reminder, booking_id=booking_id, actor=KEEPER, now=clock.now())
            failed += 1
    if failed:
        raise ReminderNotTakenError(failed)


app.periodic(cron="* * * * *")(app.tasks[SWEEP])
app.periodic(cron="*/10 * * * *")(app.tasks[REMIND])
# Before anybody is at the desk, and again for a server that was off at night.
app.periodic(cron="10 * * * *")(app.tasks[CLOSE_DAYS])


class ReminderNotTakenError(Exception):
    """So many reminders were not taken by the mail server; they are tried again."""


def _message(due: Due) -> EmailMessage:
    """When, where, which number; neither who nor what for: mail is read by others too."""
    row = booking_of(due.booking_id)
    assert row is not None, "a booking is never deleted"
    town, place = settings.MADOGUCHI_TOWN_NAME, place_of(row.place)
    subject = f"{town}役場 予約のお知らせ"
    text = render_to_string(
        "appointments/reminder.txt",
        {"town": town, "row": row, "place": place.name, "phone": settings.MADOGUCHI_OFFICE_PHONE},
    )
    message = EmailMessage(
        subject=subject, body=text, from_email=settings.DEFAULT_FROM_EMAIL, to=[due.mail_to],
        headers={"Auto-Submitted": "auto-generated"},
    )  # fmt: skip
    told = row.calendar(
        summary=f"{town}役場の予約", location=place.name,
        description=f"予約番号 {row.booking_no}", now=clock.now(),
    )  # fmt: skip
    message.attach("yoyaku.ics", told.decode(), "text/calendar")
    return message
