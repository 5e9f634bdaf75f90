"""The terminals' own tables: changed by the chief from a day on; no visitor is left outside."""

from datetime import datetime

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.csops.models import ClosedDay, Hours, Reservation, Terminal
from madoguchi.csops.queries.days import days_of, terminals_at
from madoguchi.csops.testing import PLACE, TUESDAY, span
from madoguchi.infra import clock
from madoguchi.infra.clock import frozen

pytestmark = pytest.mark.django_db
PAGE = reverse("csops:tables")
NOW = datetime(2027, 1, 18, 9, 0, tzinfo=clock.JAPAN)
HOURS = {"place": PLACE, "weekdays": ["1"], "begins": "17:15", "ends": "19:00",
         "walk_in_percent": "0", "valid_from": "2027-01-20"}  # fmt: skip


@pytest.fixture
def kai(client):
    with frozen(NOW):
        yield staff.signed_in(client, staff.kai())


def booked(begins, ends):
    minutes = span(begins, ends)
    Reservation.objects.create(
        reservation_id="r1", terminal_no="CS1", place=PLACE, on=TUESDAY, begins=minutes.begins,
        ends=minutes.ends, purpose="BOOKING", reserved_by="kaede", reserved_at=NOW,
    )  # fmt: skip


def post(client, name, given, args=()):
    return client.post(reverse(f"csops:{name}", args=args), given)


def test_q1_hours_are_added_shown_and_ended(kai):
    assert post(kai, "add_hours", HOURS).status_code == 302
    assert [one.span.ends for one in days_of(PLACE, [TUESDAY])[TUESDAY].hours][-1] == 1140
    assert "17:15〜19:00" in kai.get(PAGE).content.decode()
    row = Hours.objects.latest("hours_id")
    assert post(kai, "end_hours", {"last_day": "R9.1.20"}, [row.hours_id]).status_code == 302
    assert [one.span.ends for one in days_of(PLACE, [TUESDAY])[TUESDAY].hours][-1] == 1035


def test_q1_a_terminal_comes_and_goes(kai):
    given = {"terminal_no": "CS3", "name": "3号機", "place": PLACE, "valid_from": "2027-01-20"}
    assert post(kai, "add_terminal", given).status_code == 302
    assert [one.terminal_no for one in terminals_at(PLACE, TUESDAY)] == ["CS1", "CS2", "CS3"]
    assert "3号機" in kai.get(PAGE).content.decode()
    assert post(kai, "end_terminal", {"last_day": "2027-01-25"}, ["CS3"]).status_code == 302
    assert Terminal.objects.get(terminal_no="CS3").valid_until.isoformat() == "2027-01-25"


def test_q1_a_day_is_closed_and_worked_after_all(kai):
    given = {"place": PLACE, "on": str(TUESDAY), "reason": "端末の更新"}
    assert post(kai, "close_day", given).status_code == 302
    assert "端末の更新" in kai.get(PAGE).content.decode()
    assert not days_of(PLACE, [TUESDAY])[TUESDAY].hours
    assert post(kai, "work_again", given).status_code == 302
    assert not ClosedDay.objects.exists()


def test_t6_no_booked_visitor_is_left_at_a_terminal_nobody_works_at(kai):
    booked("9:00", "9:30")
    row = Hours.objects.filter(place=PLACE, begins__lte=540, ends__gte=570).first()
    answer = post(kai, "end_hours", {"last_day": "2027-01-25"}, [row.hours_id])
    assert answer.status_code == 422 and "TERMINAL_LEAVES_OUT" in answer.content.decode()
    given = {"place": PLACE, "on": str(TUESDAY), "reason": "更新"}
    assert "TERMINAL_LEAVES_OUT" in post(kai, "close_day", given).content.decode()
    hidden = HOURS | {"begins": "10:00", "ends": "12:00"}
    assert "TERMINAL_LEAVES_OUT" in post(kai, "add_hours", hidden).content.decode()
    assert days_of(PLACE, [TUESDAY])[TUESDAY].hours[0].span.begins == 510


@pytest.mark.parametrize(
    "name",
    ["tables", "add_hours", "end_hours", "add_terminal", "end_terminal", "close_day", "work_again"],
)
def test_q2_the_wrong_role_is_refused(client, name):
    staff.signed_in(client, staff.kaede())
    asked = client.get if name == "tables" else client.post
    args = {"end_hours": [1], "end_terminal": ["CS1"]}.get(name, [])
    assert asked(reverse(f"csops:{name}", args=args)).status_code == 403


@pytest.mark.parametrize(
    ("name", "given", "args", "code"),
    [("add_hours", HOURS | {"ends": "9:00"}, (), "ROW_SPAN_BACKWARDS"),
     ("add_hours", HOURS | {"valid_from": "2027-01-01"}, (), "ROW_IN_THE_PAST"),
     ("add_hours", HOURS | {"walk_in_percent": "101"}, (), "FIELD_INVALID"),
     ("add_terminal", {"terminal_no": "CS1", "name": "x", "place": "y", "valid_from": "R9.2.1"}, (),
      "TERMINAL_ROW_THERE"),
     ("close_day", {"place": PLACE, "on": "R9.1.26", "reason": ""}, (), "FIELD_REQUIRED"),
     ("end_hours", {"last_day": "x"}, (1,), "DATE_UNREADABLE"),
     ("end_hours", {"last_day": "R9.2.1"}, (0,), "TERMINAL_ROW_UNKNOWN"),
     ("work_again", {"on": "x"}, (), "DATE_UNREADABLE"),
     ("work_again", {"on": "R9.2.1"}, (), "TERMINAL_ROW_UNKNOWN")],
)  # fmt: skip
def test_q4_bad_input_is_told_and_changes_nothing(kai, name, given, args, code):
    answer = post(kai, name, given, args)
    assert answer.status_code == 422 and code in answer.content.decode()
