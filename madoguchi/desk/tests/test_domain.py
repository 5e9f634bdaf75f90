"""What a person can have now, and the slider over their years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.desk.domain.tasks import TimeSpan, tasks_for

DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1))


def tasks(**facts):
    given_facts = {"is_resident": True, "has_draft": False} | facts
    found = tasks_for(person_id="1", certificate_url="/new/", **given_facts)
    return {one.code: one.why_not for one in found}


@pytest.mark.parametrize(
    ("facts", "open_ones"),
    [
        ({}, {"HOUSEHOLD", "INDIVIDUAL", "ITEMS"}),
        ({"is_resident": False}, {"REMOVED"}),
        ({"has_draft": True}, set()),
    ],
)
def test_who_can_have_what(facts, open_ones):
    assert {code for code, why in tasks(**facts).items() if not why} == open_ones


@given(st.booleans(), st.booleans())
def test_d4_a_greyed_button_says_why(is_resident, has_draft):
    found = tasks(is_resident=is_resident, has_draft=has_draft)
    assert len(found) >= 4
    living, removed = found["HOUSEHOLD"], found["REMOVED"]
    assert bool(living) or bool(removed), "nobody is both here and gone"


@given(DAYS, DAYS, st.integers(-10, 100_000))
def test_the_slider_stays_within_the_record(a, b, offset):
    span = TimeSpan(first=min(a, b), last=max(a, b))
    assert span.first <= span.day(offset) <= span.last


@given(DAYS, DAYS, DAYS)
def test_day_and_place_are_each_others_way_back(a, b, c):
    first, day, last = sorted((a, b, c))
    span = TimeSpan(first=first, last=last)
    assert span.day(span.offset(day)) == day
