"""Minutes of a day and days of a row."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.daytimes import (
    DAY_MINUTES,
    DayRule,
    Span,
    clock_text,
    free_within,
    nth_in_month,
    parse_clock,
    starts_within,
)

spans = st.tuples(st.integers(0, DAY_MINUTES - 1), st.integers(1, 300)).map(
    lambda pair: Span(begins=pair[0], ends=min(DAY_MINUTES, pair[0] + pair[1]))
)


@given(spans, st.lists(spans, max_size=8))
def test_free_and_taken_make_the_whole(whole, taken):
    free = free_within(whole, taken)
    minutes = set(range(whole.begins, whole.ends))
    gone = {minute for one in taken for minute in range(one.begins, one.ends)}
    left = [minute for one in free for minute in range(one.begins, one.ends)]
    assert left == sorted(minutes - gone)


@given(spans, spans)
def test_to_meet_is_to_share_a_minute(one, other):
    assert one.meets(other) == bool(one.shared(other)) == other.meets(one)


@given(spans, st.integers(5, 90), st.sampled_from([5, 10, 15, 30]))
def test_starts_lie_within_and_on_the_step(whole, minutes, step):
    for one in starts_within(whole, minutes=minutes, step=step):
        assert whole.holds(one) and one.minutes == minutes and one.begins % step == 0


@given(st.integers(0, DAY_MINUTES))
def test_a_time_is_read_as_it_is_written(minute):
    assert parse_clock(clock_text(minute)) == minute


@pytest.mark.parametrize(
    ("text", "minute"),
    [("905", 545), ("９：０５", 545), ("9時", 540), ("9時5分", 545), (" 17:15 ", 1035)],
)
def test_times_as_people_type_them(text, minute):
    assert parse_clock(text) == minute


@pytest.mark.parametrize("text", ["", "9", "25:00", "9:60", "24:01", "noon", "-1:00"])
def test_what_is_no_time_is_a_problem(text):
    assert parse_clock(text).code == "CLOCK_UNREADABLE"


def test_the_4th_monday():
    assert [nth_in_month(date(2027, 2, day)) for day in (1, 8, 15, 22)] == [1, 2, 3, 4]
    assert nth_in_month(date(2027, 3, 29)) == 5
    rule = DayRule(valid_from=date(2027, 2, 9), weekdays=frozenset({0}), nth=frozenset({2, 4}))
    assert not rule.holds_on(date(2027, 2, 8))  # not yet
    assert rule.holds_on(date(2027, 2, 22))
    assert not rule.holds_on(date(2027, 3, 1))
