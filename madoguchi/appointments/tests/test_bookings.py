"""Hold, confirm, change, cancel, expire: rules and real tables."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from madoguchi.appointments import testing as a
from madoguchi.appointments.actions.booking import (
    cancel,
    change,
    confirm,
)
from madoguchi.appointments.actions.ending import expire_holds, note_no_show
from madoguchi.appointments.actions.line import (
    call_next,
    check_in,
    give_number,
    let_leave,
    put_back,
    start,
    stop,
)
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.icalendar import Entry, fold, write
from madoguchi.appointments.domain.line import Outcome, Stage, Ticket, forecast, order_of
from madoguchi.appointments.domain.numbers import ALPHABET, booking_no_of, parse_booking_no
from madoguchi.appointments.domain.services import Errand, Kind, minutes_of
from madoguchi.appointments.models import Booking
from madoguchi.appointments.models import Ticket as TicketRow
from madoguchi.appointments.queries.bookings import (
    booking_of,
    bookings_about,
    find_booking,
    list_bookings,
    list_free,
)
from madoguchi.appointments.queries.line import counts_on, hall_of
from madoguchi.appointments.queries.tables import services_of
from madoguchi.csops.api import days_of
from madoguchi.infra import facts, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.outcome import Refused

pytestmark = pytest.mark.django_db


def refused(action, **given):
    with pytest.raises(Refused) as caught:
        unit.run(action, **({"actor": a.clerk(), "now": a.NOW} | given))
    return [one.code for one in caught.value.problems]


def run(action, **given):
    return unit.run(action, **({"actor": a.clerk(), "now": a.NOW} | given))


def reserved(on=a.DAY):
    return days_of(a.PLACE, [on])[on].taken


def test_b1_the_lane_and_the_terminal_go_together():
    first, second = a.made(), a.made()
    assert {first.terminal_no, second.terminal_no} == {"CS1", "CS2"}
    with pytest.raises(Refused) as caught:
        a.made()
    assert [one.code for one in caught.value.problems] == ["VISIT_TAKEN"]
    assert len(reserved()) == Booking.objects.count() == 2
    # A question needs no terminal, but a lane; and no lane is free either.
    with pytest.raises(Refused):
        a.made(party=a.QUESTION)


def test_b1_the_database_itself_refuses():
    row = Booking.objects.get(booking_id=a.made().booking_id)
    row.booking_id, row.booking_no, row.begins = "x" * 26, "3333-3333", row.begins + 5
    with pytest.raises(IntegrityError), transaction.atomic():
        row.save(force_insert=True)


def test_b2_a_hold_runs_out_and_gives_everything_back():
    held = a.made(held=True, party=(Errand(kind=Kind.COLLECT, about_kind="CARD", about_no="A1"),))
    late = a.NOW + timedelta(minutes=10)
    with pytest.raises(Refused) as caught:
        unit.run(confirm, booking_id=held.booking_id, mail_to="", actor=a.clerk(), now=late)
    assert [one.code for one in caught.value.problems] == ["BOOKING_HOLD_OVER"]
    assert run(expire_holds, place=a.PLACE, on=a.DAY, now=late) == 1
    assert reserved() == ()
    again = a.made(party=(Errand(kind=Kind.COLLECT, about_kind="CARD", about_no="A1"),), now=late)
    assert booking_of(again.booking_id).state == "CONFIRMED"


def test_confirmed_in_time_it_stays():
    held = a.made(held=True)
    run(confirm, booking_id=held.booking_id, mail_to="aoi@example.test",
        now=a.NOW + timedelta(minutes=9))  # fmt: skip
    run(expire_holds, place=a.PLACE, on=a.DAY, now=a.NOW + timedelta(hours=1))
    assert find_booking(booking_no=held.booking_no).state == "CONFIRMED"
    assert refused(confirm, booking_id=held.booking_id, mail_to="") == ["BOOKING_IS_OVER"]


def test_b3_a_change_keeps_the_old_time_until_the_new_one_is_had():
    first, _, _ = a.made(), a.made(600), a.made(600)
    moved = {"booking_id": first.booking_id, "channel": Channel.PHONE, "on": a.DAY}
    assert refused(change, begins=600, **moved) == ["VISIT_TAKEN"]
    kept = booking_of(first.booking_id)
    assert (kept.span.begins, kept.terminal_no, len(reserved())) == (540, first.terminal_no, 3)
    run(change, begins=545, **moved)  # over its own old minutes
    assert booking_of(first.booking_id).sequence == 1
    assert len(reserved()) == 3


def test_a_cancelled_booking_forgets_and_gives_back():
    kept = a.made(mail_to="aoi@example.test")
    run(cancel, booking_id=kept.booking_id, channel=Channel.PHONE)
    row = booking_of(kept.booking_id)
    assert (row.state, row.has_mail, reserved()) == ("CANCELLED", False, ())
    assert refused(cancel, booking_id=kept.booking_id, channel=Channel.PHONE) == ["BOOKING_IS_OVER"]


def test_b4_one_matter_is_booked_once_at_a_time():
    party = (Errand(kind=Kind.COLLECT, about_kind="CARD", about_no="A1B-123456"),)
    first = a.made(party=party)
    with pytest.raises(Refused) as caught:
        a.made(600, party=party)
    assert [one.code for one in caught.value.problems] == ["BOOKING_THERE_ALREADY"]
    assert len(reserved()) == 1
    found = bookings_about("CARD", ["A1B-123456", "other"])
    assert [one.booking_id for one in found["A1B-123456"]] == [first.booking_id]
    run(cancel, booking_id=first.booking_id, channel=Channel.PHONE)
    a.made(600, party=party)


def test_every_reason_at_once_and_limits_of_the_page():
    far = {"on": a.DAY + timedelta(days=60), "party": (), "channel": Channel.PHONE}
    with pytest.raises(Refused) as caught:
        a.made(**far)
    assert [one.code for one in caught.value.problems] == ["VISIT_NOBODY", "VISIT_TOO_FAR"]
    with pytest.raises(Refused) as caught:
        a.made(600, on=a.NOW.date(), channel=Channel.WEB)
    assert [one.code for one in caught.value.problems] == ["VISIT_TOO_SOON"]
    kept = a.made(on=a.DAY, channel=Channel.WEB)
    same_day = a.NOW + timedelta(days=1)
    web = {"booking_id": kept.booking_id, "channel": Channel.WEB, "now": same_day}
    assert refused(cancel, **web) == ["BOOKING_CALL_US"]


def test_an_island_has_no_terminal():
    wednesday = a.DAY + timedelta(days=1)  # the 3rd of its month
    with pytest.raises(Refused) as caught:
        a.made(630, place="加計呂麻島", on=wednesday)
    assert [one.code for one in caught.value.problems] == ["VISIT_NEEDS_TERMINAL"]
    kept = a.made(630, place="加計呂麻島", on=wednesday, party=(Errand(kind=Kind.APPLY_HELP),))
    assert kept.terminal_no == ""


def test_a_family_is_one_booking_and_renewals_take_longer():
    services = services_of(a.DAY)
    assert minutes_of((Errand(kind=Kind.RENEWAL),), services) > minutes_of(a.COLLECT, services)
    five = tuple(Errand(kind=Kind.MOVE_IN_CARD) for _ in range(5))
    assert minutes_of(five, services) == 30  # the slides' large family
    lengths = [minutes_of(five[:n], services) for n in range(1, 6)]
    assert all(x < y for x, y in pairwise(lengths))


def test_free_times_can_all_be_had():
    a.made(), a.made()
    free = list_free(place=a.PLACE, party=a.COLLECT, since=a.DAY, channel=Channel.PHONE, now=a.NOW)
    assert free[0].span.begins != 540 and len(free) == 6
    assert [one.on for one in free[:3]] == [a.DAY] * 3
    for one in free:
        a.made(one.span.begins, on=one.on)
    assert len(list_bookings(a.PLACE, first=a.DAY, last=a.DAY + timedelta(days=30))) == 8


def test_who_did_not_come_is_noted_after_the_time():
    kept = a.made()
    assert refused(note_no_show, booking_id=kept.booking_id) == ["BOOKING_NOT_YET"]
    run(note_no_show, booking_id=kept.booking_id, now=a.NOW + timedelta(days=1, hours=2))
    assert booking_of(kept.booking_id).state == "NO_SHOW"


# -- the line --------------------------------------------------------------------------------

MORNING = a.NOW + timedelta(days=1)


def test_w1_a_booking_in_time_goes_before_the_line_and_a_late_one_is_seen():
    due, late = a.made(545), a.made(540)
    run(give_number, place=a.PLACE, kind=Kind.QUESTION, now=MORNING)
    run(check_in, booking_no=due.booking_no, now=MORNING + timedelta(minutes=5))
    given = run(check_in, booking_no=late.booking_no, now=MORNING + timedelta(minutes=15))
    assert given.late
    at = MORNING + timedelta(minutes=20)
    called = [run(call_next, place=a.PLACE, counter=str(n), now=at) for n in (1, 2, 3)]
    assert called == [2, 1, 3]
    assert refused(call_next, place=a.PLACE, counter="4", now=at) == ["LINE_EMPTY"]


def test_a_visit_is_measured_and_a_counter_has_one():
    for _ in range(2):
        run(give_number, place=a.PLACE, kind=Kind.PIN_RESET, now=MORNING)
    run(call_next, place=a.PLACE, counter="1", now=MORNING)
    assert refused(call_next, place=a.PLACE, counter="1", now=MORNING) == ["LINE_COUNTER_BUSY"]
    one = TicketRow.objects.get(number=1)
    run(put_back, ticket_id=one.ticket_id, now=MORNING)
    assert run(call_next, place=a.PLACE, counter="1", now=MORNING) == 1
    run(start, ticket_id=one.ticket_id, kind=Kind.PIN_RESET, now=MORNING)
    end = MORNING + timedelta(minutes=12)
    assert run(stop, ticket_id=one.ticket_id, outcome=Outcome.COME_AGAIN, now=end) == 12
    assert refused(start, ticket_id=one.ticket_id, kind=Kind.PIN_RESET) == ["LINE_PASSED"]
    run(let_leave, ticket_id=TicketRow.objects.get(number=2).ticket_id, now=end)
    (count,) = counts_on(a.PLACE, MORNING.date())
    assert (count.kind, count.minutes, count.not_finished) == (Kind.PIN_RESET, 12, 1)
    (fact,) = facts.list_facts(name="visit_ended", since=MORNING)
    assert fact.values["minutes"] == 12 and not fact.values["booked"]


def test_w2_the_hall_knows_numbers_only():
    run(give_number, place=a.PLACE, kind=Kind.COLLECT, now=MORNING)
    hall = hall_of(a.PLACE, now=MORNING)
    assert (hall.waiting[0].ticket.number, hall.newcomer.minutes) == (1, 10)
    assert not {"name", "person_id", "about_no"} & {f.name for f in TicketRow._meta.get_fields()}


def test_a_forecast_follows_todays_pace():
    line = [Ticket(number=n, kind=Kind.COLLECT, stage=Stage.WAITING, issued=540) for n in (1, 2)]
    usual = {Kind.COLLECT: 10}
    slow = forecast(line, ahead=2, counters=1, usual=usual, today={Kind.COLLECT: [21, 22, 20]})
    assert (slow.minutes, slow.measured) == (45, True)
    assert forecast(line, ahead=2, counters=2, usual=usual, today={}).minutes == 10
    assert order_of(line[::-1], now=600)[0].number == 1


# -- numbers and calendars ---------------------------------------------------------------------


def test_booking_numbers_are_read_as_people_write_them():
    assert {booking_no_of(n) for n in (0, 1)} == {"3333-3333", "4333-3333"}
    number = booking_no_of(12_345_678)
    for written in (number, number.lower(), number.replace("-", " "), number.replace("-", "ー")):
        assert parse_booking_no(written) == number
    assert not set("0O1IL8B5S2Z") & set(ALPHABET)
    assert parse_booking_no("K7M").code == "BOOKING_NO_UNREADABLE"


def test_the_calendar_file_reads_back():
    """Unfolded and unescaped, it says what was put in, and no line is longer than 75 octets."""
    text = "役場の予約; 持ち物, ほか\\二つ\n本人確認書類をお持ちください。" * 4
    entry = Entry(
        uid="k@madoguchi", sequence=2, on=a.DAY, span=Span(begins=545, ends=555),
        summary="役場の予約", location="役場本庁", description=text,
    )  # fmt: skip
    data = write(entry, stamped_at=a.NOW)
    assert all(len(line) <= 75 for line in data.split(b"\r\n"))
    lines = data.decode().replace("\r\n ", "").split("\r\n")
    values = dict(line.split(":", 1) for line in lines if line)
    assert values["DTSTART;TZID=Asia/Tokyo"] == "20270119T090500"
    assert values["DTSTAMP"] == "20270118T000000Z"
    (described,) = [line for line in lines if line.startswith("DESCRIPTION:役場の予約\\;")]
    plain = described.partition(":")[2].replace("\\n", "\n").replace("\\;", ";")
    assert plain.replace("\\,", ",").replace("\\\\", "\\") == text
    assert fold("あ" * 60).replace("\r\n ", "") == "あ" * 60
    assert a.NOW.tzinfo is JAPAN
