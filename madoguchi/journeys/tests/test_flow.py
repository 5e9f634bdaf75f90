"""What is counted of a log, by hand and against a slow and plain second way (流れの集計)."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.journeys.domain.flow import (
    _unique_rows,
    directly_follows,
    drop_outs,
    flow_of,
    rework,
    usual_lanes,
    usual_places,
    variants_of,
)
from madoguchi.journeys.domain.log import Event, from_events, in_order

NINE = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)


def log_of(*cases, lanes=None, step=5):
    """A log of cases, each written as a string of one-letter events, ``step`` minutes apart."""
    return from_events(
        Event(case_id=f"{number}", activity=name, at=NINE + timedelta(minutes=step * place),
              lane=(lanes or {}).get(name, ""))
        for number, steps in enumerate(cases) for place, name in enumerate(steps)
    )  # fmt: skip


def test_a_small_log_counted_by_hand():
    flow = flow_of(log_of("ABC", "ABC", "ABBC", "AB"), ends={"C"})
    assert flow.cases == 4
    assert {(one.before, one.after): one.count for one in flow.edges} == {
        ("A", "B"): 4, ("B", "C"): 3, ("B", "B"): 1,
    }  # fmt: skip
    assert [(one.steps, one.count) for one in flow.variants] == [
        (("A", "B", "C"), 2), (("A", "B"), 1), (("A", "B", "B", "C"), 1),
    ]  # fmt: skip
    assert flow.again == {"B": 1}
    assert flow.stopped == {"B": 1}


def test_the_middle_and_the_ninetieth_are_as_the_definitions_say():
    waits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 50]
    log = from_events(
        Event(case_id=f"{n}", activity=name, at=NINE + timedelta(minutes=minutes))
        for n, wait in enumerate(waits) for name, minutes in (("A", 0), ("B", wait))
    )  # fmt: skip
    (edge,) = directly_follows(log)
    # 0.9 * (10 - 1) = 8.1: a tenth of the way from the ninth wait to the tenth.
    assert (edge.count, edge.median_min, edge.p90_min) == (10, 5.5, pytest.approx(9 + 0.1 * 41))


def test_events_of_one_moment_keep_the_order_of_the_file():
    at_once = [Event(case_id="1", activity=name, at=NINE) for name in "CABD"]
    (way,) = variants_of(from_events(at_once))
    assert way.steps == ("C", "A", "B", "D")
    later_first = [Event(case_id="1", activity="A", at=NINE + timedelta(minutes=1)), *at_once[2:]]
    (way,) = variants_of(from_events(later_first))
    assert way.steps == ("B", "D", "A")


def test_cases_mixed_in_the_file_are_taken_apart():
    one, other = log_of("AB"), log_of("AB", "AB")
    assert variants_of(one)[0].count == 1
    mixed = from_events([
        Event(case_id=case, activity=name, at=NINE + timedelta(minutes=minute))
        for minute, name in enumerate("AB") for case in ("x", "y")
    ])  # fmt: skip
    assert directly_follows(mixed)[0].count == directly_follows(other)[0].count == 2


def test_with_no_known_end_nothing_is_called_a_drop_out():
    assert drop_outs(log_of("AB", "AC"), ends={"Z"}) == {}
    assert drop_outs(log_of("AB", "AC"), ends={"C"}) == {"B": 1}


def test_the_usual_lane_and_place_of_an_event():
    log = log_of("AB", "AB", "BA", lanes={"A": "FRONT", "B": "BACK"})
    assert usual_lanes(log) == {"A": "FRONT", "B": "BACK"}
    assert usual_places(log) == {"A": 0.0, "B": 5.0}


def test_ways_too_long_for_one_number_are_counted_all_the_same():
    cases = ["ABCDEFGHIJ" * 4, "ABCDEFGHIJ" * 4, "ABCDEFGHIJ" * 3 + "ABCDEFGHJI"]
    assert [one.count for one in variants_of(log_of(*cases))] == [2, 1]


@given(
    st.lists(st.lists(st.integers(0, 4), min_size=3, max_size=3), min_size=1, max_size=30),
    st.sampled_from([5, 300, 100_000, 5_000_000]),
)
def test_rows_are_told_apart_however_many_kinds_there_are(rows, kinds):
    ways, counts = _unique_rows(np.array(rows, dtype=np.int64), kinds)
    told = {tuple(way): count for way, count in zip(ways.tolist(), counts.tolist(), strict=True)}
    assert told == Counter(map(tuple, rows))


minutes = st.integers(0, 3)
events = st.lists(
    st.tuples(st.integers(0, 6), st.sampled_from("ABCD"), minutes), min_size=1, max_size=60
)


@given(events)
def test_all_of_it_is_what_a_plain_second_way_counts(rows):
    log = from_events(
        Event(case_id=f"{case}", activity=name, at=NINE + timedelta(minutes=minute))
        for case, name, minute in rows
    )
    cases = defaultdict(list)
    for case, name, minute in rows:
        cases[case].append((minute, name))
    ways = {case: sorted(steps, key=lambda one: one[0]) for case, steps in cases.items()}
    waits = defaultdict(list)
    for steps in ways.values():
        for (before, name), (after, other) in pairwise(steps):
            waits[name, other].append(after - before)
    for edge in directly_follows(log):
        mine = waits.pop((edge.before, edge.after))
        assert edge.count == len(mine)
        assert edge.median_min == pytest.approx(median(mine))
        assert edge.p90_min == pytest.approx(np.quantile(mine, 0.9))
    assert not waits
    names = Counter(tuple(name for _, name in steps) for steps in ways.values())
    assert {one.steps: one.count for one in variants_of(log)} == names
    doubled = Counter(
        name for steps in names.elements() for name in set(steps) if steps.count(name) > 1
    )
    assert rework(log) == doubled


@given(st.lists(st.tuples(st.integers(0, 5), st.sampled_from([0, 1, 2, 10**13, 9 * 10**17]))))
def test_the_order_is_by_case_then_time_then_file_however_far_apart(rows):
    case, at = (np.array([row[n] for row in rows], dtype=np.int64) for n in (0, 1))
    plain = sorted(range(len(rows)), key=lambda n: rows[n])
    assert in_order(case, at).tolist() == plain
