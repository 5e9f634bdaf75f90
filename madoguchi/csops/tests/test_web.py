"""The terminals' page: works, wrong role, somebody else's, bad input; no person stands on it."""

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.csops.models import Reservation, Shift
from madoguchi.csops.testing import PLACE, TUESDAY

pytestmark = pytest.mark.django_db
DAY = f"{reverse('csops:day')}?on={TUESDAY}"


@pytest.fixture
def kaede(client):
    return staff.signed_in(client, staff.kaede())


def take(client, **special):
    given = {"purpose": "SETUP", "on": str(TUESDAY), "begins": "900", "minutes": "60", "note": ""}
    return client.post(reverse("csops:reserve"), given | special)


def test_it_works(kaede):
    assert take(kaede).status_code == 302
    text = kaede.get(DAY).content.decode()
    assert "9:00〜10:00" in text and "交付前設定" in text and "開いている時間におさまる" in text
    row = Reservation.objects.get()
    back = reverse("csops:give_back", args=[row.reservation_id])
    assert kaede.post(back, {"on": str(TUESDAY)}).status_code == 302
    assert "まだありません" in kaede.get(DAY).content.decode()


def test_the_day_without_a_date_is_today_and_a_wrong_one_too(kaede):
    assert kaede.get(reverse("csops:day")).status_code == 200
    assert kaede.get(reverse("csops:day"), {"on": "x", "waiting": "-1"}).status_code == 200


def test_cards_that_wait_are_counted_into_the_day(kaede):
    assert "残業になります" in kaede.get(f"{DAY}&waiting=400").content.decode()


@pytest.mark.parametrize("name", ["day", "reserve", "seat", "give_back", "unseat"])
def test_the_wrong_role_is_refused(client, name):
    staff.signed_in(client, staff.tsuru())
    args = {"give_back": ["x"], "unseat": [1]}.get(name, [])
    asked = client.get if name == "day" else client.post
    assert asked(reverse(f"csops:{name}", args=args)).status_code == 403


def test_what_is_not_there_is_said(kaede):
    text = kaede.post(reverse("csops:give_back", args=["x"])).content.decode()
    assert "TERMINAL_NOT_RESERVED" in text
    text = kaede.post(reverse("csops:unseat", args=[1])).content.decode()
    assert "TERMINAL_ROW_UNKNOWN" in text


@pytest.mark.parametrize(
    ("special", "code"),
    [
        ({"begins": "9"}, "CLOCK_UNREADABLE"),
        ({"begins": ""}, "FIELD_REQUIRED"),
        ({"minutes": "1"}, "TERMINAL_MINUTES_UNKNOWN"),
        ({"begins": "23:50"}, "TERMINAL_MINUTES_UNKNOWN"),
        ({"purpose": "BOOKING"}, "FIELD_CHOICE"),
        ({"note": "123456789018"}, "TEXT_HAS_INDIVIDUAL_NUMBER"),
        ({"on": "2020-01-07"}, "TERMINAL_DAY_OVER"),
    ],
)
def test_bad_input_is_told_beside_the_field(kaede, special, code):
    answer = take(kaede, **special)
    assert answer.status_code == 422
    assert code in answer.content.decode()
    assert not Reservation.objects.exists()


def test_the_rota(kaede):
    given = {"on": str(TUESDAY), "terminal_no": "CS1", "staff_id": "kaede",
             "begins": "9:00", "ends": "12:00"}  # fmt: skip
    assert kaede.post(reverse("csops:seat"), given).status_code == 302
    assert "川畑 かえで" in kaede.get(DAY).content.decode()
    assert "TERMINAL_SHIFT_MEETS" in kaede.post(reverse("csops:seat"), given).content.decode()
    backwards = given | {"ends": "8:00"}
    assert "ROW_SPAN_BACKWARDS" in kaede.post(reverse("csops:seat"), backwards).content.decode()
    kaede.post(reverse("csops:unseat", args=[Shift.objects.get().pk]))
    assert not Shift.objects.exists()


def test_a_place_without_terminals_says_so(kaede):
    session = kaede.session
    session["place"] = "与路島"
    session.save()
    assert "統合端末がありません" in kaede.get(DAY).content.decode()
    assert PLACE not in kaede.get(DAY).content.decode().split("<main")[1]
