"""Hours, walk-ins, terminals, quiet minutes: the rules alone."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.csops.domain.load import (
    ASSUMED_MINUTES,
    PRIOR_WEEKS,
    Use,
    expected_within,
    learn,
    load_of_day,
    quiet_spans,
)
from madoguchi.csops.domain.terminals import (
    Hours,
    Purpose,
    bookable_left,
    check_hours,
    free_spans,
    hours_on,
    pick_terminal,
)
from madoguchi.csops.testing import EVENING_MONDAY, TUESDAY, a_day, hours, span, taken
from madoguchi.kernel.daytimes import DayRule, Span

NOBODY = learn((), weeks_seen=10_000)  # so long watched, so little seen: expects next to nothing


def codes(found):
    return sorted(one.code for one in found)


def test_of_two_rows_that_meet_the_newer_counts():
    old = hours("8:30", "12:00", since=date(2024, 4, 1))
    new = hours("9:00", "12:00", since=date(2026, 4, 1))
    assert hours_on(date(2025, 5, 7), [old, new]) == (old,)
    assert hours_on(TUESDAY, [old, new]) == (new,)


def test_an_evening_is_the_2nd_and_4th_monday_only():
    evening = Hours(
        rule=DayRule(valid_from=date(2024, 4, 1), weekdays=frozenset({0}), nth=frozenset({2, 4})),
        span=span("17:15", "19:00"),
        walk_in_percent=40,
    )
    mondays = [date(2027, 1, 4) + timedelta(weeks=week) for week in range(4)]
    assert [bool(hours_on(one, [evening])) for one in mondays] == [False, True, False, True]
    assert hours_on(EVENING_MONDAY + timedelta(days=1), [evening]) == ()


def test_t2_walk_ins_first():
    """Two terminals, three hours, 40 % kept: 216 of 360 minutes may be booked and not one more."""
    full = a_day(taken("CS1", "9:00", "12:00"), taken("CS2", "9:00", "9:30"))
    assert bookable_left(full, full.hours[0]) == 216 - 180 - 30
    assert pick_terminal(full, span("11:00", "11:06"), Purpose.BOOKING) == "CS2"
    assert codes(pick_terminal(full, span("11:00", "11:07"), Purpose.BOOKING)) == [
        "TERMINAL_WALK_INS_FIRST"
    ]
    # Set-up is the desk's own and gives way by itself: it is not kept out by the share.
    assert pick_terminal(full, span("11:00", "12:00"), Purpose.SETUP) == "CS2"


def test_every_reason_at_once():
    both = a_day(taken("CS1", "11:30", "12:00"), taken("CS2", "11:30", "12:00"))
    assert codes(pick_terminal(both, span("11:50", "12:10"), Purpose.BOOKING)) == [
        "TERMINAL_CLOSED",
        "TERMINAL_TAKEN",
    ]
    assert codes(pick_terminal(a_day(terminals=()), span("9:00", "9:10"), Purpose.BOOKING)) == [
        "TERMINAL_NONE_HERE"
    ]


def test_only_the_desks_own_work_lies_outside_the_hours():
    assert codes(pick_terminal(a_day(), span("17:30", "18:30"), Purpose.BOOKING)) == [
        "TERMINAL_CLOSED"
    ]
    assert pick_terminal(a_day(), span("17:30", "18:30"), Purpose.SETUP) == "CS1"


def test_long_stretches_stay_whole():
    """The terminal with the smaller gap takes the visit."""
    broken = a_day(taken("CS1", "9:30", "10:00"), taken("CS1", "10:30", "12:00"))
    assert pick_terminal(broken, span("10:05", "10:25"), Purpose.BOOKING) == "CS1"


spans = st.tuples(st.integers(540, 700), st.integers(5, 60)).map(
    lambda pair: Span(begins=pair[0], ends=min(720, pair[0] + pair[1]))
)


@given(st.lists(st.tuples(spans, st.sampled_from(list(Purpose))), max_size=12))
def test_t1_whatever_is_asked_nothing_meets(asked):
    day = a_day()
    for number, (wanted, purpose) in enumerate(asked):
        found = pick_terminal(day, wanted, purpose)
        if isinstance(found, str):
            one = taken(found, "9:00", "9:01", purpose)
            day = a_day(*day.taken, type(one)(reservation_id=str(number), terminal_no=found,
                                              span=wanted, purpose=purpose))  # fmt: skip
    for terminal in day.terminals:
        mine = sorted(one.span for one in day.taken if one.terminal_no == terminal)
        assert all(a.ends <= b.begins for a, b in pairwise(mine))
    assert bookable_left(day, day.hours[0]) >= 0


def test_t5_minutes_outside_the_hours_are_overtime():
    load = load_of_day(a_day(taken("CS1", "17:00", "18:00", Purpose.SETUP)), hourly=NOBODY)
    assert load.overtime == 30  # sixty minutes, two terminals
    assert load.open_minutes == 2 * 7 * 60


def test_what_does_not_fit_is_overtime():
    load = load_of_day(a_day(), hourly=NOBODY, waiting=2 * 7 * 60 + 90)
    assert (load.overtime, load.percent) == (45, 111)


def test_nothing_known_is_the_assumption_and_records_outweigh_it():
    fresh = learn((), weeks_seen=0)
    assert fresh[0, 9] == ASSUMED_MINUTES[0] > fresh[1, 9]
    monday = date(2026, 11, 2)
    uses = [Use(on=monday - timedelta(weeks=w), begins=570, minutes=60) for w in range(26)]
    learnt = learn(uses, weeks_seen=26)
    assert learnt[0, 9] == pytest.approx((26 * 30 + PRIOR_WEEKS * 60) / 30)
    assert learnt[0, 10] == pytest.approx((26 * 30 + PRIOR_WEEKS * 60) / 30)
    assert learnt[0, 14] == pytest.approx(PRIOR_WEEKS * 60 / 30)
    assert expected_within(span("9:30", "10:30"), on=monday, hourly=learnt) == pytest.approx(34)


@given(
    st.lists(st.tuples(st.sampled_from(["CS1", "CS2"]), spans), max_size=6),
    st.integers(30, 120),
)
def test_t4_what_is_proposed_is_free_and_leaves_room(given_taken, minutes):
    day = a_day(
        *(
            type(t)(reservation_id=str(n), terminal_no=no, span=s, purpose=Purpose.SETUP)
            for n, (no, s) in enumerate(given_taken)
            for t in (taken("CS1", "9:00", "9:01"),)
        )
    )
    hourly = learn((), weeks_seen=0)
    for one in quiet_spans([day], minutes=minutes, hourly=hourly, most=5):
        assert any(gap.holds(one.span) for gap in free_spans(day, one.terminal_no))
        others = sum(t.span.shared(one.span) for t in day.taken)
        need = expected_within(one.span, on=day.on, hourly=hourly)
        assert 2 * minutes - others - minutes >= need


def test_on_a_full_monday_nothing_is_proposed():
    """Walk-ins are expected to need a whole terminal on Mondays: one booking and it is full."""
    monday = a_day(taken("CS1", "9:00", "12:00"), taken("CS2", "13:00", "17:00"))
    monday = type(monday)(place=monday.place, on=EVENING_MONDAY, terminals=monday.terminals,
                          hours=monday.hours, taken=monday.taken)  # fmt: skip
    assert quiet_spans([monday], minutes=60, hourly=learn((), weeks_seen=0), most=3) == ()


def test_a_row_of_hours_says_all_that_is_wrong():
    bad = Hours(
        rule=DayRule(
            valid_from=date(2026, 4, 1), valid_until=date(2026, 3, 1),
            weekdays=frozenset(), nth=frozenset({6}),
        ),
        span=span("9:00", "10:00"),
        walk_in_percent=101,
    )  # fmt: skip
    assert codes(check_hours(bad)) == [
        "ROW_DAYS_BACKWARDS",
        "ROW_NTH_UNKNOWN",
        "ROW_WEEKDAY_UNKNOWN",
        "TERMINAL_PERCENT_UNKNOWN",
    ]
