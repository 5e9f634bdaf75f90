"""Windows of several towns: every answer valid, and there is one exactly if trying out all finds one."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.csops.domain import windows_search
from madoguchi.csops.domain.windows import (
    Plan,
    Stretch,
    TownTimes,
    Window,
    gaps_of,
    is_answer,
    most_at_once,
    starts_of,
)
from madoguchi.csops.domain.windows_search import InTheWay, NoRoom, Undecided, find_windows

BEGIN = datetime(2027, 1, 1)
HOURS = 20


def at(hour):
    return BEGIN + timedelta(hours=hour)


def stretch(begins, ends):
    return Stretch(begins=at(begins), ends=at(ends))


def plan(towns, *, length=2, at_once=1, until=HOURS):
    return Plan(
        whole=stretch(0, until), length=timedelta(hours=length), at_once=at_once,
        towns=tuple(
            TownTimes(name=f"町{number}", quiet=tuple(stretch(*one) for one in quiet),
                      peaks=tuple(stretch(*one) for one in peaks))
            for number, (quiet, peaks) in enumerate(towns)
        ),
    )  # fmt: skip


def tried_out(wanted):
    """Try every full hour for every town, knowing nothing of gaps, blocks or chains."""
    length = wanted.length // timedelta(hours=1)
    last = (wanted.whole.ends - BEGIN) // timedelta(hours=1) - length

    def may(town, hour):
        window = stretch(hour, hour + length)
        return any(one.begins <= window.begins and window.ends <= one.ends for one in town.quiet) and not any(
            one.begins < window.ends and window.begins < one.ends for one in town.peaks
        )  # fmt: skip

    choices = sorted(
        ([hour for hour in range(last + 1) if may(town, hour)] for town in wanted.towns), key=len
    )

    def place(number, load):
        if number == len(choices):
            return True
        for hour in choices[number]:
            hours = range(hour, hour + length)
            if all(load[one] < wanted.at_once for one in hours):
                more = list(load)
                for one in hours:
                    more[one] += 1
                if place(number + 1, tuple(more)):
                    return True
        return False

    return place(0, (0,) * HOURS * 2)


spans = st.lists(
    st.tuples(st.integers(0, HOURS), st.integers(1, 7)).map(lambda one: (one[0], one[0] + one[1])),
    min_size=0, max_size=3,
)  # fmt: skip
plans = st.builds(
    plan, st.lists(st.tuples(spans.filter(len), spans), min_size=1, max_size=8),
    length=st.integers(1, 4), at_once=st.integers(1, 3), until=st.integers(8, HOURS),
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(plans)
def test_w1_w2_there_is_an_answer_exactly_if_trying_out_finds_one_and_it_is_one(wanted):
    found = find_windows(wanted)
    assert not isinstance(found, Undecided)
    if tried_out(wanted):
        assert is_answer(wanted, found)
    else:
        assert isinstance(found, InTheWay) or all(isinstance(one, NoRoom) for one in found)


@settings(max_examples=60, deadline=None)
@given(plans)
def test_w3_who_is_in_the_way_clashes_and_one_town_fewer_does_not(wanted):
    found = find_windows(wanted)
    if not isinstance(found, InTheWay):
        return
    assert found.is_smallest
    clash = [one for one in wanted.towns if one.name in found.towns]
    assert not tried_out(part(wanted, clash))
    for town in clash:
        assert tried_out(part(wanted, [one for one in clash if one is not town]))
    more = Plan(whole=wanted.whole, length=wanted.length, at_once=found.at_once_enough,
                towns=wanted.towns)  # fmt: skip
    assert tried_out(more) and not isinstance(find_windows(more), InTheWay)


def part(wanted, towns):
    return Plan(
        whole=wanted.whole, length=wanted.length, at_once=wanted.at_once, towns=tuple(towns)
    )


def test_touching_at_an_end_is_allowed():
    """A window begins as a peak ends, ends as the next begins, and follows another town's at once."""
    wanted = plan([([(0, 6)], [(0, 2), (4, 6)]), ([(2, 6)], [])])
    assert find_windows(wanted) == (
        Window(town="町0", span=stretch(2, 4)), Window(town="町1", span=stretch(4, 6)),
    )  # fmt: skip


def test_two_quiet_spans_that_adjoin_are_two():
    (found,) = find_windows(plan([([(0, 1), (1, 2)], [])]))
    assert found == NoRoom(town="町0", has_quiet=True)


def test_starts_off_the_hour_are_found_by_going_back_from_town_to_town():
    """Three windows, one after another from a begin only the first town has: no other start fits."""
    half = timedelta(minutes=30)
    whole = stretch(0, 8)
    towns = tuple(
        TownTimes(name=name, quiet=(Stretch(begins=begins, ends=at(6) + half),))
        for name, begins in (("い", at(0) + half), ("ろ", at(0)), ("は", at(0)))
    )  # fmt: skip
    wanted = Plan(whole=whole, length=timedelta(hours=2), at_once=1, towns=towns)
    starts = starts_of(wanted)
    assert at(2) + half in starts["ろ"] and at(4) + half in starts["は"]
    assert is_answer(wanted, find_windows(wanted))


@settings(max_examples=60, deadline=None)
@given(plans)
def test_the_same_plan_has_the_same_answer(wanted):
    assert find_windows(wanted) == find_windows(wanted)


def test_past_the_limit_nothing_is_claimed(monkeypatch):
    """Ragged spans in one block, one place short: without steps it is neither yes nor no."""
    monkeypatch.setattr(windows_search, "STEPS_MAX", 1e-9)
    ragged = [([(n % 3, 14 + n % 4)], [(4 + n % 5, 5 + n % 5)]) for n in range(8)]
    assert isinstance(find_windows(plan(ragged)), Undecided)


@pytest.mark.parametrize(
    ("windows", "why"),
    [
        ([], "none"),
        ([("町0", 0, 2)], "one missing"),
        ([("町0", 0, 2), ("町1", 1, 3)], "two at once"),
        ([("町0", 0, 2), ("町1", 2, 5)], "too long"),
        ([("町0", 0, 2), ("町1", 8, 10)], "not quiet"),
        ([("町0", 3, 5), ("町1", 0, 2)], "on a peak"),
    ],
)
def test_what_is_no_answer_is_seen(windows, why):
    wanted = plan([([(0, 6)], [(4, 5)]), ([(0, 6)], [])])
    given_windows = [Window(town=town, span=stretch(a, b)) for town, a, b in windows]
    assert not is_answer(wanted, given_windows), why


def test_gaps_and_the_fullest_moment():
    town = TownTimes(name="町", quiet=(stretch(-5, 9),), peaks=(stretch(1, 2), stretch(3, 5)))
    found = gaps_of(town, whole=stretch(0, 7), length=timedelta(hours=1))
    assert found == (stretch(0, 1), stretch(2, 3), stretch(5, 7))
    assert most_at_once([stretch(0, 2), stretch(1, 3), stretch(2, 4)]) == 2
