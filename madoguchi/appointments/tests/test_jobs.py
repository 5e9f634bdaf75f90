"""Holds that ran out are ended by the queue; a reminder goes once and says little."""

from datetime import timedelta
from smtplib import SMTPServerDisconnected

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from madoguchi.appointments import jobs
from madoguchi.appointments import testing as a
from madoguchi.appointments.actions.booking import cancel
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.services import Errand, Kind
from madoguchi.appointments.models import Booking
from madoguchi.csops.testing import held
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen

pytestmark = pytest.mark.django_db
TO = "aoi@town.example"


@pytest.fixture(autouse=True)
def server(settings):
    settings.MADOGUCHI_MAIL_HOST = "mail.town.example"


def remind(now=a.NOW):
    with frozen(now):
        jobs.remind()


def test_b2_a_hold_nobody_looked_at_is_ended_and_its_terminal_given_back():
    a.made(held=True)
    a.made(begins=600)
    with frozen(a.NOW + timedelta(minutes=9)):
        jobs.sweep()
    assert len(held()) == 2
    with frozen(a.NOW + timedelta(minutes=10)):
        jobs.sweep(), jobs.sweep()
    states = sorted(Booking.objects.values_list("state", flat=True))
    assert states == ["CONFIRMED", "EXPIRED"] and len(held()) == 1


def test_a_reminder_goes_once_the_day_before_and_names_nobody():
    kept = a.made(mail_to=TO)
    remind(a.NOW - timedelta(hours=1))
    assert mail.outbox == []
    remind(), remind()
    (sent,) = mail.outbox
    assert sent.to == [TO] and kept.booking_no in sent.body and "9:00" in sent.body
    assert "2027年1月19日" in sent.body and "カード" not in sent.body + sent.subject
    ((name, told, kind),) = [tuple(one) for one in sent.attachments]
    assert (name, kind) == ("yoyaku.ics", "text/calendar")
    assert "DTSTART;TZID=Asia/Tokyo:20270119T090000" in told


@pytest.mark.parametrize(
    "special", [{}, {"held": True}, {"mail_to": TO, "on": a.DAY + timedelta(days=1)}]
)
def test_whoever_asked_for_none_or_comes_later_gets_none(special):
    a.made(**special)
    remind()
    assert mail.outbox == []


def test_a_cancelled_booking_reminds_nobody():
    kept = a.made(mail_to=TO)
    unit.run(cancel, booking_id=kept.booking_id, channel=Channel.PHONE, actor=a.clerk(), now=a.NOW)
    remind()
    assert mail.outbox == []


def test_without_a_server_nothing_is_claimed(settings):
    settings.MADOGUCHI_MAIL_HOST = ""
    a.made(mail_to=TO)
    remind()
    assert Booking.objects.get().reminded_at is None


def test_what_no_server_took_is_told_without_the_address_and_tried_again(monkeypatch, caplog):
    a.made(mail_to=TO)

    def silent(_message):
        raise SMTPServerDisconnected(TO)

    with monkeypatch.context() as broken:
        broken.setattr(EmailMessage, "send", silent)
        with pytest.raises(jobs.ReminderNotTakenError):
            remind()
    assert TO not in caplog.text and "SMTPServerDisconnected" in caplog.text
    remind()
    assert len(mail.outbox) == 1


def test_who_did_not_come_is_noted_when_the_day_is_over():
    a.made()
    late = a.made(600, on=a.DAY + timedelta(days=1))
    with frozen(a.NOW + timedelta(days=1, hours=9)):
        jobs.close_days()
    assert {one.state for one in Booking.objects.all()} == {"CONFIRMED"}
    with frozen(a.NOW + timedelta(days=2)):
        jobs.close_days(), jobs.close_days()
    states = dict(Booking.objects.values_list("booking_no", "state"))
    assert states.pop(late.booking_no) == "CONFIRMED" and set(states.values()) == {"NO_SHOW"}


def matter(number, begins=540, **given):
    party = tuple(
        Errand(kind=Kind.COLLECT, about_kind="card", about_no=one) for one in number.split()
    )
    return a.made(begins, party=party, **given)


@pytest.mark.parametrize(
    ("when", "state"),
    [(timedelta(0), "CANCELLED"), (timedelta(days=1), "DONE")],
)
def test_b7_a_matter_done_otherwise_ends_its_booking_and_frees_its_terminal(when, state):
    matter("one")
    with frozen(a.NOW + when):
        for _twice in range(2):
            jobs.settle_matter(about_kind="card", about_no="one")
    assert Booking.objects.get().state == state and not held()


def test_b7_of_a_family_the_last_one_ends_it_and_the_line_ends_whom_it_serves():
    kept = matter("one two")
    with frozen(a.NOW + timedelta(days=1)):
        jobs.settle_matter(about_kind="card", about_no="one")
        assert Booking.objects.get().state == "CONFIRMED" and held()
        Booking.objects.update(state="ARRIVED")
        jobs.settle_matter(about_kind="card", about_no="two")
    assert Booking.objects.get(booking_id=kept.booking_id).state == "ARRIVED"
