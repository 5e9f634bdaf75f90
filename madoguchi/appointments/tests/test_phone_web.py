"""Booking by phone: works, wrong role, somebody else's, bad input; no person stands on it."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.appointments.domain.services import Errand, Kind
from madoguchi.appointments.models import Booking
from madoguchi.infra.clock import frozen

pytestmark = pytest.mark.django_db
PAGE = reverse("appointments:bookings")
MAKE = reverse("appointments:make")


@pytest.fixture
def kaede(client):
    with frozen(a.NOW):
        yield staff.signed_in(client, staff.kaede())


def test_two_keys_after_the_door_and_it_is_booked(kaede):
    """g b, the kind, the time: four keys; each is on the page as a key."""
    text = kaede.get(f"{PAGE}?kind=COLLECT").content.decode()
    assert 'data-key="1"' in text and 'data-key="a"' in text and "2027-01-18" in text
    given = {"kind": "COLLECT", "people": "2", "on": str(a.DAY), "begins": "540"}
    answer = kaede.post(MAKE, given)
    row = Booking.objects.get()
    assert (answer.status_code, row.ends - row.begins) == (302, 15)
    text = kaede.get(answer.url).content.decode()
    assert text.count(row.booking_no) == 2 and "（2人）" in text
    found = kaede.get(reverse("appointments:find"), {"booking_no": row.booking_no.lower()})
    assert found.url == reverse("appointments:booking", args=[row.booking_id])
    kaede.post(reverse("appointments:give_up", args=[row.booking_id]))
    assert Booking.objects.get().state == "CANCELLED"


def test_taken_meanwhile_shows_other_times_with_the_same_kind(kaede):
    a.made(), a.made()
    given = {"kind": "COLLECT", "people": "1", "on": str(a.DAY), "begins": "540"}
    answer = kaede.post(MAKE, given)
    text = answer.content.decode()
    assert answer.status_code == 422 and "VISIT_TAKEN" in text and 'data-key="a"' in text


@pytest.mark.parametrize(("name", "args"), [("bookings", []), ("find", []), ("booking", ["x"]), ("make", []),
                          ("give_up", ["x"]), ("move", ["x"]), ("remind", ["x"]), ("absent", ["x"])])  # fmt: skip
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name in ("bookings", "find", "booking") else client.post
    assert asked(reverse(f"appointments:{name}", args=args)).status_code == 403


def test_what_is_not_there_is_said(kaede):
    for name in ("booking", "give_up", "absent"):
        asked = kaede.get if name == "booking" else kaede.post
        answer = asked(reverse(f"appointments:{name}", args=["x"]))
        assert answer.status_code == 404 and "BOOKING_UNKNOWN" in answer.content.decode()
    for number, code in (("x", "BOOKING_NO_UNREADABLE"), ("3333-3333", "BOOKING_UNKNOWN")):
        answer = kaede.get(reverse("appointments:find"), {"booking_no": number})
        assert answer.status_code == 422 and code in answer.content.decode()
    assert kaede.get(f"{PAGE}?kind=X&people=-1&made=x").status_code == 200


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"kind": "X"}, "FIELD_CHOICE"), ({"on": "x"}, "DATE_UNREADABLE"), ({"people": "9"}, "VISIT_PARTY_TOO_LARGE"),
     ({"begins": "715"}, "VISIT_CLOSED_THEN"), ({"begins": ""}, "FIELD_REQUIRED")],
)  # fmt: skip
def test_bad_input(kaede, wrong, code):
    given = {"kind": "COLLECT", "people": "1", "on": str(a.DAY), "begins": "540"}
    text = kaede.post(MAKE, given | wrong).content.decode()
    assert code in text and not Booking.objects.exists()


def test_b3_another_time_by_phone_is_one_key(kaede):
    kept = a.made()
    text = kaede.get(reverse("appointments:booking", args=[kept.booking_id])).content.decode()
    assert 'data-key="a"' in text and "来なかった" not in text
    moved = {"on": str(a.DAY), "begins": "600"}
    kaede.post(reverse("appointments:move", args=[kept.booking_id]), moved)
    row = Booking.objects.get()
    assert (row.begins, row.state, row.sequence) == (600, "CONFIRMED", 1)
    answer = kaede.post(reverse("appointments:move", args=[kept.booking_id]), {"on": "x"})
    assert answer.status_code == 422 and Booking.objects.get().begins == 600


def test_its_own_minutes_are_free_for_itself_and_its_own_time_is_no_change(kaede):
    """Two counters and two terminals are full at ten; a quarter later meets only itself."""
    kept = a.made(600, party=(Errand(kind=Kind.RENEWAL),))
    a.made(600, party=(Errand(kind=Kind.RENEWAL),))
    page = reverse("appointments:booking", args=[kept.booking_id])
    assert '"begins" value="600"' not in kaede.get(page, {"since": str(a.DAY)}).content.decode()
    moved = {"on": str(a.DAY), "begins": "605"}
    assert (
        kaede.post(reverse("appointments:move", args=[kept.booking_id]), moved).status_code == 302
    )


def test_a_reminder_may_be_wanted_later_and_is_not_repeated_on_the_page(kaede):
    kept = a.made()
    url = reverse("appointments:remind", args=[kept.booking_id])
    assert kaede.post(url, {"mail": "no"}).status_code == 422
    kaede.post(url, {"mail": "aoi@town.example"})
    assert Booking.objects.get().mail_to == "aoi@town.example"
    page = kaede.get(reverse("appointments:booking", args=[kept.booking_id])).content.decode()
    assert "送ります" in page and "aoi@" not in page
    kaede.post(url, {"mail": ""})
    assert Booking.objects.get().mail_to == ""


def test_who_did_not_come_is_noted_once_the_time_is_over(kaede):
    kept = a.made()
    url = reverse("appointments:absent", args=[kept.booking_id])
    assert "BOOKING_NOT_YET" in kaede.post(url).content.decode()
    with frozen(a.NOW + timedelta(days=1, minutes=1)):
        page = kaede.get(reverse("appointments:booking", args=[kept.booking_id]))
        assert "来なかった" in page.content.decode()
        kaede.post(url)
    assert Booking.objects.get().state == "NO_SHOW"


def test_an_island_is_booked_from_the_hall(kaede):
    text = kaede.get(PAGE, {"kind": "APPLY_HELP", "place": "与路島"}).content.decode()
    assert 'value="与路島"' in text
    day = date(2027, 1, 28)  # the fourth Thursday
    given = {
        "kind": "APPLY_HELP",
        "people": "1",
        "on": str(day),
        "begins": "660",
        "place": "与路島",
    }
    assert kaede.post(MAKE, given).status_code == 302
    assert Booking.objects.get().place == "与路島"
