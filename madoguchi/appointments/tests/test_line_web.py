"""The line on its pages: works, wrong role, unknown, bad input; a number names nobody."""

from datetime import timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.appointments.models import Booking, Ticket
from madoguchi.appointments.views import hall
from madoguchi.infra import facts
from madoguchi.infra.clock import frozen

pytestmark = pytest.mark.django_db
TODAY = {"on": a.NOW.date(), "begins": 600}


def at(name, *args):
    return reverse(f"appointments:{name}", args=args)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def kaede(client):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kaede())


@pytest.fixture
def machine(kaede):
    kaede.post(at("be_panel"))
    return kaede


def give(client, kind="QUESTION"):
    client.post(at("give"), {"kind": kind})
    return Ticket.objects.latest("issued_at", "number")


# -- works -----------------------------------------------------------------------------------


def test_from_the_number_to_the_minutes_it_took(kaede):
    """Give, call, start as another kind, stop: the minutes stand with that kind."""
    row = give(kaede)
    assert kaede.post(at("call"), {"counter": "2"}).status_code == 302
    shown = text(kaede.get(at("board")))
    assert "窓口 2" in shown and 'value="2"' in shown
    kaede.post(at("start", row.ticket_id), {"kind": "PIN_RESET"})
    with frozen(a.NOW + timedelta(minutes=12)):
        kaede.post(at("stop", row.ticket_id), {"outcome": "COME_AGAIN"})
        shown = text(kaede.get(at("board")))
        week = text(kaede.get(at("load")))
    assert "すまなかったもの 1件" in shown
    assert "暗証番号の初期化" in week and "12分" in week and "1件" in week
    (fact,) = facts.list_facts(name="visit_ended", since=a.NOW)
    assert (fact.values["kind"], fact.values["minutes"]) == ("PIN_RESET", 12)
    assert fact.values["outcome"] == "COME_AGAIN"


def test_the_load_of_four_weeks_is_told_apart_by_week_and_kind(kaede):
    for weeks, kind in ((4, "INSURANCE"), (3, "LICENCE"), (1, "QUESTION"), (0, "QUESTION")):
        with frozen(a.NOW - timedelta(weeks=weeks)):
            staff.signed_in(kaede, staff.kaede())
            row = give(kaede, kind)
            kaede.post(at("call"), {"counter": "1"})
            kaede.post(at("start", row.ticket_id), {"kind": kind})
        with frozen(a.NOW - timedelta(weeks=weeks) + timedelta(minutes=7)):
            kaede.post(at("stop", row.ticket_id), {"outcome": "FINISHED"})
    staff.signed_in(kaede, staff.kaede())
    shown = text(kaede.get(at("load")))
    assert "14分" in shown and "運転免許証" in shown and "健康保険証" not in shown


def test_who_booked_is_checked_in_by_number_and_called_first(kaede):
    kept = a.made(**TODAY)
    give(kaede)
    with frozen(a.NOW + timedelta(hours=1)):
        kaede.post(at("check_in"), {"booking_no": kept.booking_no.lower()})
        kaede.post(at("call"), {"counter": "1"})
    assert Ticket.objects.get(stage="CALLED").booking_id == kept.booking_id
    assert Booking.objects.get().state == "ARRIVED"


def test_who_does_not_come_waits_on_and_who_goes_is_gone(kaede):
    row = give(kaede)
    kaede.post(at("call"), {"counter": "1"})
    kaede.post(at("put_back", row.ticket_id))
    row.refresh_from_db()
    assert (row.stage, row.counter) == ("WAITING", "")
    kaede.post(at("let_leave", row.ticket_id))
    row.refresh_from_db()
    assert row.stage == "LEFT"


def test_the_wall_shows_numbers_and_minutes_to_anybody(kaede, client):
    give(kaede), give(kaede), give(kaede, "RENEWAL")
    kaede.post(at("call"), {"counter": "3"})
    client.logout()
    shown = text(client.get(at("hall")))
    assert "窓口 3" in shown and "約<b>20</b>分" in shown and "お待ちの方 2人" in shown
    assert "カードの質問" not in shown and "更新" not in shown


def test_the_machine_gives_a_number_with_its_forecast(machine):
    answer = machine.post(at("draw"), {"kind": "QUESTION"}, follow=True)
    assert "あなたの番号" in text(answer) and "<b>1</b>" in text(answer)
    kept = a.made(**TODAY)
    assert "<b>2</b>" in text(
        machine.post(at("draw"), {"booking_no": kept.booking_no}, follow=True)
    )
    assert Ticket.objects.count() == 2


# -- who may, and what is wrong --------------------------------------------------------------


def test_a_device_that_becomes_the_machine_is_signed_out(machine):
    assert machine.get(at("board")).status_code == 302
    assert "きょうの用件" in text(machine.get(at("panel")))


def test_a_device_nobody_made_the_machine_gives_no_number(client):
    assert client.get(at("panel")).status_code == 403
    client.cookies["hall"] = "IuacrOW6gSI:1abcde:x"
    assert client.post(at("draw"), {"kind": "QUESTION"}).status_code == 403
    assert not Ticket.objects.exists()


def test_the_machine_gives_only_so_many_a_minute(machine):
    for _ in range(hall.NUMBERS_A_MINUTE_MAX + 3):
        last = machine.post(at("draw"), {"kind": "QUESTION"})
    assert "LINE_TOO_FAST" in text(last) and Ticket.objects.count() == hall.NUMBERS_A_MINUTE_MAX


@pytest.mark.parametrize(
    ("name", "args"),
    [("board", []), ("load", []), ("give", []), ("check_in", []), ("call", []), ("be_panel", []),
     ("start", ["x"]), ("stop", ["x"]), ("put_back", ["x"]), ("let_leave", ["x"])],
)  # fmt: skip
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in ("board", "load") else client.post
    assert asked(at(name, *args)).status_code == 403


@pytest.mark.parametrize(
    ("name", "args", "given", "code"),
    [("give", [], {"kind": "X"}, "VISIT_NOBODY"), ("call", [], {"counter": " "}, "LINE_COUNTER_MISSING"),
     ("call", [], {"counter": "1"}, "LINE_EMPTY"), ("check_in", [], {"booking_no": "1"}, "BOOKING_NO_UNREADABLE"),
     ("check_in", [], {"booking_no": "3333-3333"}, "BOOKING_UNKNOWN"),
     ("start", ["x"], {"kind": ""}, "VISIT_NOBODY"), ("start", ["x"], {"kind": "QUESTION"}, "LINE_UNKNOWN"),
     ("stop", ["x"], {"outcome": "X"}, "LINE_OUTCOME_MISSING"), ("stop", ["x"], {"outcome": "FINISHED"}, "LINE_UNKNOWN"),
     ("put_back", ["x"], {}, "LINE_UNKNOWN"), ("let_leave", ["x"], {}, "LINE_UNKNOWN")],
)  # fmt: skip
def test_bad_input_is_said(kaede, name, args, given, code):
    answer = kaede.post(at(name, *args), given)
    assert answer.status_code == 422 and code in text(answer)


@pytest.mark.parametrize("given", [{}, {"booking_no": "x"}, {"booking_no": "3333-3333"}])
def test_bad_input_at_the_machine_gives_no_number(machine, given):
    assert machine.post(at("draw"), given).status_code == 422
    assert machine.get(f"{at('panel')}?number=9").status_code == 200
    assert not Ticket.objects.exists()


def test_two_presses_at_once_start_one_visit(kaede):
    row = give(kaede)
    kaede.post(at("call"), {"counter": "1"})
    kaede.post(at("start", row.ticket_id), {"kind": "QUESTION"})
    assert "LINE_PASSED" in text(kaede.post(at("start", row.ticket_id), {"kind": "QUESTION"}))
    give(kaede)
    assert "LINE_COUNTER_BUSY" in text(kaede.post(at("call"), {"counter": "1"}))
