"""Booking by phone: works, wrong role, somebody else's, bad input; no person stands on it."""

import pytest
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
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
    kaede.post(reverse("appointments:give_up", args=[row.booking_id]))
    assert Booking.objects.get().state == "CANCELLED"


def test_taken_meanwhile_shows_other_times_with_the_same_kind(kaede):
    a.made(), a.made()
    given = {"kind": "COLLECT", "people": "1", "on": str(a.DAY), "begins": "540"}
    answer = kaede.post(MAKE, given)
    text = answer.content.decode()
    assert answer.status_code == 422 and "VISIT_TAKEN" in text and 'data-key="a"' in text


@pytest.mark.parametrize(("name", "args"), [("bookings", []), ("make", []), ("give_up", ["x"])])
def test_the_wrong_role_is_refused(client, name, args):
    staff.signed_in(client, staff.tsuru())
    asked = client.get if name == "bookings" else client.post
    assert asked(reverse(f"appointments:{name}", args=args)).status_code == 403


def test_what_is_not_there_is_said(kaede):
    answer = kaede.post(reverse("appointments:give_up", args=["x"]))
    assert "BOOKING_UNKNOWN" in answer.content.decode()
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
