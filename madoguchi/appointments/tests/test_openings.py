"""Days opened and closed by name: one person is enough, and nobody booked is lost."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.appointments.actions.booking import cancel
from madoguchi.appointments.actions.openings import (
    DayOpening,
    close_day,
    open_again,
    open_day,
    take_back_opening,
)
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.services import Errand, Kind, OpeningKind
from madoguchi.appointments.models import Booking, ClosedDay, Opening
from madoguchi.appointments.queries.bookings import list_free
from madoguchi.appointments.queries.tables import list_special_days
from madoguchi.csops.api import days_of
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.outcome import Refused

pytestmark = pytest.mark.django_db
#: A Sunday, and a national holiday: nobody is booked then of itself.
SUNDAY, HOLIDAY = date(2027, 1, 24), date(2027, 2, 11)
YORO = DayOpening(
    place="与路島", kind=OpeningKind.OUTREACH, on=SUNDAY, span=Span(begins=660, ends=720), lanes=1,
    step_minutes=30, lands=640, leaves=840,
)  # fmt: skip
LATE = DayOpening(
    place=a.PLACE, kind=OpeningKind.EXTENDED, on=HOLIDAY, span=Span(begins=540, ends=660),
    lanes=1, step_minutes=15, with_terminals=True,
)  # fmt: skip
PAGE = reverse("appointments:special")


def chief():
    return staff.actor_for(staff.kai())


def run(action, actor=None, **given):
    return unit.run(action, actor=actor or a.clerk(), now=a.NOW, **given)


def refused(action, actor=None, **given):
    with pytest.raises(Refused) as caught:
        run(action, actor, **given)
    return [one.code for one in caught.value.problems]


def free(place, kind, since):
    return list_free(place=place, party=(Errand(kind=kind),), since=since, until=since,
                     channel=Channel.PHONE, now=a.NOW)  # fmt: skip


def test_b5_an_island_is_visited_for_one_person_and_between_the_boats():
    assert not free("与路島", Kind.APPLY_HELP, SUNDAY)
    run(open_day, asked=YORO)
    assert [one.span.begins for one in free("与路島", Kind.APPLY_HELP, SUNDAY)] == [660, 690]
    early = replace(YORO, on=SUNDAY + timedelta(days=7), span=Span(begins=600, ends=720))
    assert refused(open_day, asked=early) == ["OPENING_WITHOUT_BOAT"]


def test_b5_a_holiday_is_opened_with_its_terminals_by_the_chief():
    assert refused(open_day, asked=LATE) == ["OPENING_CHIEF_ONLY"]
    assert not free(a.PLACE, Kind.COLLECT, HOLIDAY)
    run(open_day, chief(), asked=LATE)
    kept = a.made(540, on=HOLIDAY)
    assert kept.terminal_no
    (row,) = Opening.objects.filter(kind="EXTENDED")
    assert refused(take_back_opening, chief(), opening_id=row.opening_id) == [
        "OPENING_HAS_BOOKINGS"
    ]
    run(cancel, booking_id=kept.booking_id, channel=Channel.PHONE)
    run(take_back_opening, chief(), opening_id=row.opening_id)
    assert days_of(a.PLACE, [HOLIDAY])[HOLIDAY].hours == ()


def test_without_its_terminals_a_card_cannot_be_fetched_then():
    run(open_day, chief(), asked=replace(LATE, with_terminals=False))
    assert not free(a.PLACE, Kind.COLLECT, HOLIDAY) and free(a.PLACE, Kind.QUESTION, HOLIDAY)


def test_everything_that_stands_against_a_day_is_said_at_once():
    wrong = replace(YORO, kind=OpeningKind.ISLAND, on=a.DAY - timedelta(days=9), leaves=None,
                    lanes=0, with_terminals=True)  # fmt: skip
    assert set(refused(open_day, asked=wrong)) == {
        "OPENING_LANES_UNKNOWN", "OPENING_KIND_UNKNOWN", "OPENING_DAY_OVER", "OPENING_ONE_BOAT",
        "OPENING_NO_TERMINALS", "OPENING_CHIEF_ONLY",
    }  # fmt: skip
    run(open_day, asked=YORO)
    assert refused(open_day, asked=YORO) == ["OPENING_MEETS"]


def test_b6_nobody_who_is_booked_is_lost_by_closing():
    opening_id = run(open_day, asked=YORO)
    kept = a.made(660, on=SUNDAY, place="与路島", party=(Errand(kind=Kind.APPLY_HELP),))
    assert refused(take_back_opening, opening_id=opening_id) == ["OPENING_HAS_BOOKINGS"]
    assert refused(close_day, place="与路島", on=SUNDAY, reason="台風") == ["OPENING_HAS_BOOKINGS"]
    Booking.objects.filter(booking_id=kept.booking_id).update(state="CANCELLED")
    run(close_day, place="与路島", on=SUNDAY, reason="台風のため船が出ない")
    assert not free("与路島", Kind.APPLY_HELP, SUNDAY)
    run(open_again, place="与路島", on=SUNDAY)
    run(take_back_opening, opening_id=opening_id)
    assert not list_special_days(since=a.DAY)


def test_a_row_of_every_week_is_not_taken_back_as_a_day():
    weekly = Opening.objects.filter(kind="REGULAR").first()
    assert refused(take_back_opening, opening_id=weekly.opening_id) == ["OPENING_UNKNOWN"]
    assert refused(open_again, place=a.PLACE, on=a.DAY) == ["OPENING_UNKNOWN"]


def test_closing_wants_a_reason_that_holds_no_number():
    assert refused(close_day, place=a.PLACE, on=a.DAY, reason=" ") == [
        "OPENING_CLOSING_NEEDS_REASON"
    ]
    assert refused(close_day, place=a.PLACE, on=a.DAY, reason="123456789018")
    assert refused(close_day, place="x", on=a.DAY, reason="台風") == ["PLACE_UNKNOWN"]


# -- pages ---------------------------------------------------------------------------------


GIVEN = {"kind": "OUTREACH", "place": "与路島", "on": str(SUNDAY), "begins": "11:00",
         "ends": "12:00", "lanes": "1", "step_minutes": "30", "lands": "10:40", "leaves": "14:00"}  # fmt: skip


@pytest.fixture
def kaede(client):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kaede())


def test_a_day_is_opened_shown_and_taken_back_on_the_page(kaede):
    assert kaede.post(reverse("appointments:open_day"), GIVEN).status_code == 302
    text = kaede.get(PAGE).content.decode()
    assert "11:00〜12:00" in text and "出張" in text
    day = kaede.get(reverse("appointments:day"), {"on": str(SUNDAY), "place": "与路島"})
    assert "11:00〜12:00" in day.content.decode()
    row = Opening.objects.get(kind="OUTREACH")
    kaede.post(reverse("appointments:take_back", args=[row.opening_id]))
    assert not Opening.objects.filter(kind="OUTREACH").exists()


def test_a_day_is_closed_and_opened_again_on_the_page(kaede):
    given = {"place": a.PLACE, "on": str(a.DAY), "reason": "停電"}
    assert kaede.post(reverse("appointments:close_day"), given).status_code == 302
    day = kaede.get(reverse("appointments:day"), {"on": str(a.DAY)}).content.decode()
    assert "停電" in day and "停電" in kaede.get(PAGE).content.decode()
    kaede.post(reverse("appointments:open_again"), given)
    assert not ClosedDay.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"kind": "REGULAR"}, "FIELD_CHOICE"), ({"place": "x"}, "FIELD_CHOICE"),
     ({"on": "x"}, "DATE_UNREADABLE"), ({"ends": "10:00"}, "ROW_SPAN_BACKWARDS"),
     ({"ends": "15:00"}, "OPENING_WITHOUT_BOAT"), ({"begins": "x"}, "CLOCK_UNREADABLE"),
     ({"kind": "EXTENDED"}, "OPENING_CHIEF_ONLY")],
)  # fmt: skip
def test_bad_input_opens_nothing(kaede, wrong, code):
    answer = kaede.post(reverse("appointments:open_day"), GIVEN | wrong)
    assert answer.status_code == 422 and code in answer.content.decode()
    assert not Opening.objects.filter(kind__in=["OUTREACH", "EXTENDED"]).exists()


@pytest.mark.parametrize("name", ["special", "day", "open_day", "close_day", "open_again"])
def test_the_wrong_role_is_refused(client, name):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in ("special", "day") else client.post
    assert asked(reverse(f"appointments:{name}")).status_code == 403
