"""Lists and analyses of the record."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from madoguchi.audit.api import EntryFilter, Kind, list_entries, look, record_sign_in
from madoguchi.audit.queries import analyses
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor

pytestmark = pytest.mark.django_db

YEAR = {"since": date(2026, 1, 1), "until": date(2026, 12, 31)}


def actor(staff_id="kaede"):
    return Actor(
        staff_id=staff_id,
        name=staff_id,
        rights=frozenset(),
        place="本庁",
        terminal="01",
        purpose="住民票の交付",
    )


def look_at(*persons, when, staff_id="kaede"):
    with clock.frozen(datetime.fromisoformat(when).replace(tzinfo=clock.JAPAN)):
        look(actor=actor(staff_id), screen="PERSON_PAGE", subjects=persons)


def fail(staff_id, address, when="2026-11-24T10:00"):
    with clock.frozen(datetime.fromisoformat(when).replace(tzinfo=clock.JAPAN)):
        record_sign_in(actor=actor(staff_id), action="SIGN_IN_FAILED", detail={"address": address})


def test_who_looked_at_this_person():
    look_at("p1", "p2", when="2026-11-24T10:00", staff_id="kaede")
    look_at("p2", when="2026-11-24T11:00", staff_id="nagi")
    look_at("p3", when="2026-11-24T12:00", staff_id="kai")
    assert [e.note.staff_id for e in analyses.list_looks_at("p2", **YEAR)] == ["nagi", "kaede"]
    assert analyses.list_looks_at("p9", **YEAR) == ()


@pytest.mark.parametrize(
    ("when", "stands_out"),
    [
        ("2026-11-24T08:29", True),
        ("2026-11-24T08:30", False),
        ("2026-11-24T12:00", False),
        ("2026-11-24T17:15", False),
        ("2026-11-24T17:16", True),
        ("2026-11-24T23:59", True),
        ("2026-11-22T10:00", True),  # Sunday
        ("2026-11-23T10:00", True),  # 勤労感謝の日, a Monday
        ("2026-12-28T10:00", False),
        ("2026-12-29T10:00", True),
        ("2026-12-31T10:00", True),
    ],
)
def test_looks_at_night_on_weekends_and_holidays(when, stands_out):
    look_at("p1", when=when)
    assert bool(analyses.list_looks_out_of_hours(**YEAR)) is stands_out


def test_failed_sign_ins_by_id_and_address():
    for _ in range(3):
        fail("kaede", "10.0.0.5")
    fail("kaede", "10.0.0.6")
    fail("(不明)", "10.0.0.5")
    found = analyses.list_failed_sign_ins(**YEAR)
    assert (found[0].staff_id, found[0].times, found[0].note) == ("kaede", 3, "10.0.0.5")
    assert len(found) == 3


def test_sign_ins_by_id_with_the_number_of_addresses():
    for address in ("a", "a", "b"):
        record_sign_in(actor=actor(), action="SIGNED_IN", detail={"address": address})
    record_sign_in(actor=actor("nagi"), action="DEMO_SIGNED_IN", detail={"address": "a"})
    record_sign_in(actor=actor("nagi"), action="SIGNED_OUT", detail={"address": "a"})
    day = clock.today()
    found = analyses.list_sign_ins_by_id(since=day, until=day)
    assert [(line.staff_id, line.times, line.note) for line in found] == [
        ("kaede", 3, "2"),
        ("nagi", 1, "1"),
    ]


def test_many_persons_in_one_hour_stand_out():
    for hour in (9, 10):
        for number in range(4):
            look_at(f"p{number}", when=f"2026-11-24T{hour:02}:{number:02}")
    look_at(*[f"q{n}" for n in range(3)], when="2026-11-24T10:30")
    (found,) = analyses.list_bulk_looks(**YEAR, persons_an_hour=5)
    assert (found.staff_id, found.persons, found.times, found.note) == ("kaede", 7, 5, "10時台")
    assert analyses.list_bulk_looks(**YEAR, persons_an_hour=7) == ()


def test_looking_at_the_same_person_often_is_not_looking_at_many():
    for number in range(10):
        look_at("p1", when=f"2026-11-24T10:{number:02}")
    assert analyses.list_bulk_looks(**YEAR, persons_an_hour=5) == ()


def test_the_list_narrows_and_pages_with_one_query_each(django_assert_num_queries):
    for number in range(7):
        look_at(f"p{number % 2}", when=f"2026-11-{20 + number}T10:00")
    record_sign_in(actor=actor("nagi"), action="SIGNED_IN")
    with django_assert_num_queries(1):
        first = list_entries(wanted=EntryFilter(kind=Kind.LOOK), limit=4)
    assert [e.seq for e in first.entries] == [7, 6, 5, 4]
    assert first.next_before == 4
    rest = list_entries(wanted=EntryFilter(kind=Kind.LOOK), limit=4, before=first.next_before)
    assert [e.seq for e in rest.entries] == [3, 2, 1]
    assert rest.next_before is None
    of_p1 = list_entries(wanted=EntryFilter(person_id="p1"))
    assert [e.seq for e in of_p1.entries] == [6, 4, 2]
    days = list_entries(wanted=EntryFilter(since=date(2026, 11, 21), until=date(2026, 11, 22)))
    assert [e.seq for e in days.entries] == [3, 2]
    assert [e.note.staff_id for e in list_entries(wanted=EntryFilter(staff_id="nagi")).entries] == [
        "nagi"
    ]


def test_year_end_is_closed_across_the_turn_of_the_year():
    found = analyses.holidays_between(date(2026, 12, 28), date(2027, 1, 4))
    assert found == [
        date(2026, 12, 29),
        date(2026, 12, 30),
        date(2026, 12, 31),
        date(2027, 1, 1),
        date(2027, 1, 2),
        date(2027, 1, 3),
    ]
