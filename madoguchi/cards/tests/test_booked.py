"""A card and the booking it is fetched by: who comes today, and the end of both."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import connection

from madoguchi.accounts.testing import kaede, signed_in
from madoguchi.appointments import testing as appointments
from madoguchi.appointments.api import Errand, Kind, bookings_about
from madoguchi.cards.tests.test_boxes import NOW
from madoguchi.cards.tests.test_handover import give, shelved
from madoguchi.infra import clock
from madoguchi.protection.testing import protect


@pytest.fixture
def desk(client, db, settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    with clock.frozen(NOW):
        yield signed_in(client, kaede())


def booked(card, begins=540, on=None):
    return appointments.made(
        begins, on=on or NOW.date(), now=NOW - timedelta(days=3),
        party=(Errand(kind=Kind.COLLECT, about_kind="card", about_no=card.card_id),),
    )  # fmt: skip


def test_h5_a_hand_over_ends_the_booking_it_was_booked_for(db):
    card = shelved()
    kept = booked(card)
    with clock.frozen(NOW):
        give(card)
        wanted = {"about_kind": "card", "about_no": card.card_id}
        assert settle_matter_args().count(wanted) == 1
        appointments.settle_queued(**wanted)
    (row,) = appointments.bookings(booking_id=kept.booking_id)
    assert row.state == "DONE" and not bookings_about("card", [card.card_id])


def settle_matter_args():
    with connection.cursor() as cursor:
        cursor.execute(
            "select args from procrastinate_jobs where task_name = 'appointments.settle'"
        )
        return [json.loads(one) if isinstance(one, str) else one for (one,) in cursor.fetchall()]


def test_who_comes_today_is_listed_with_the_place_of_the_card(desk, db):
    card, other = shelved(1), shelved(2)
    kept = booked(card)
    booked(other, on=NOW.date() + timedelta(days=3))
    text = desk.get("/cards/hand-over/").content.decode()
    assert card.shelf in text and kept.booking_no in text and other.notice_no not in text
    answer = desk.post("/cards/hand-over/", {"number": kept.booking_no.lower()})
    assert answer.url == f"/cards/one/{card.card_id}/hand-over/"
    assert (
        "CARD_NOTICE_NO" in desk.post("/cards/hand-over/", {"number": "3333-3333"}).content.decode()
    )


def test_a_held_persons_booking_names_nobody(desk, db):
    card = shelved(3)
    booked(card)
    protect(card.person_id)
    text = desk.get("/cards/hand-over/").content.decode()
    assert card.shelf in text and card.printed_name not in text
