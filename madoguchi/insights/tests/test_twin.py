"""The desk tried out: held against queueing theory, hand calculation and a plain model (窓口の試算)."""

import math
from dataclasses import replace

import numpy as np
import pytest
import simpy
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.insights.domain.twin.answer import binding_of, compare, outcome_of
from madoguchi.insights.domain.twin.day import Desk, tasks_of
from madoguchi.insights.domain.twin.draws import draw_year
from madoguchi.insights.domain.twin.intervals import difference, estimate, one_year, t_quantile
from madoguchi.insights.domain.twin.scenario import (
    Absence,
    Leftover,
    Priority,
    Resource,
    Scenario,
    Season,
    Service,
)
from madoguchi.insights.domain.twin.year import ALL, replicate, run_year

CLERK, BOTH = frozenset({Resource.CLERK}), frozenset(Resource)
CERTIFICATE = Service(name="certificate", per_day=16.4, seconds=351, needs=CLERK)
HAND_OVER = Service(name="hand_over", per_day=8, seconds=600, needs=BOTH)
SETUP = Service(
    name="setup", per_day=8, seconds=1200, needs=BOTH, priority=Priority.BACKGROUND, variation=0.0
)


def desk(*services, **given):
    usual = {
        "days": 40, "open_minutes": 480, "clerks": 2, "cs_terminals": 2, "replications": 6,
        "weekday_weight": (1.35, 0.77, 0.77, 0.77, 1.35),
        "services": services or (CERTIFICATE, HAND_OVER, SETUP),
    }  # fmt: skip
    return Scenario(**(usual | given))


def a_day(*, clerks=1, terminals=1, open_minutes=60, overtime=True, services=3):
    return Desk(clerks=clerks, terminals=terminals, open_minutes=open_minutes, services=services,
                overtime=overtime)  # fmt: skip


def task_of(service, index, *, came, minutes):
    (one,) = tasks_of(service, index, came=[came], minutes=[minutes])
    return one


def certificate(came, minutes=6.0):
    return task_of(CERTIFICATE, 0, came=came, minutes=minutes)


def hand_over(came, minutes=10.0):
    return task_of(HAND_OVER, 1, came=came, minutes=minutes)


def setup(minutes=20.0, steps=2):
    return task_of(replace(SETUP, steps=steps), 2, came=0, minutes=minutes)


# -- against theory --------------------------------------------------------------------


def erlang_wait(servers, arrivals_a_minute, minutes):
    """Mean wait of M/M/c by the Erlang C formula."""
    load = arrivals_a_minute * minutes
    busy = load / servers
    last = load**servers / math.factorial(servers) / (1 - busy)
    waits = last / (sum(load**k / math.factorial(k) for k in range(servers)) + last)
    return waits * minutes / (servers * (1 - busy))


@pytest.mark.parametrize(("servers", "busy"), [(2, 0.6), (2, 0.75), (3, 0.6)])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_n1_waits_are_those_of_erlang(servers, busy, seed):
    """N1. Exponential times, one long day: three seeds, each within its own interval and a hair."""
    rate = busy * servers / 10
    queue = Service(name="queue", per_day=rate * 20_000, seconds=600, needs=CLERK, variation=1.0)
    scenario = desk(queue, days=1, open_minutes=20_000, clerks=servers, cs_terminals=0, seed=seed,
                    weekday_weight=(1.0,) * 5)  # fmt: skip
    found = estimate(replicate(scenario, replications=15)["wait_mean", "queue"])
    expected = erlang_wait(servers, rate, 10)
    # Three standard errors, and what an empty desk in the morning takes off the mean.
    allowed = (found.high - found.mean) / t_quantile(14) * 3 + 0.01 * expected
    assert abs(found.mean - expected) < allowed
    assert allowed < 0.2 * expected  # else the test could not fail


def test_littles_law_holds_between_a_watch_and_the_waits():
    """Who looks at the line every minute sees arrivals a minute times the mean wait."""
    scenario = desk(CERTIFICATE, days=1, open_minutes=20_000, clerks=1, cs_terminals=0,
                    weekday_weight=(1.0,) * 5)  # fmt: skip
    service = replace(CERTIFICATE, per_day=20_000 * 0.75 / 5.85)
    drawn = draw_year(scenario, service, 0)
    day = a_day(open_minutes=20_000, services=1)
    seen = []

    def watch():
        while True:
            yield day.env.timeout(1)
            seen.append(len(day.waiting))
            if day.env.now > 20_400:
                return

    day.env.process(watch())
    record = day.run(tasks_of(service, 0, came=drawn.at.tolist(), minutes=drawn.minutes.tolist()))
    (waits,) = record.waits
    assert sum(seen) == pytest.approx(sum(waits), rel=0.01)
    assert np.mean(waits) > 3


# -- against a hand and a plain model --------------------------------------------------


def test_a_day_without_chance_is_what_a_hand_reckons():
    day = a_day()
    record = day.run([setup(), certificate(3), certificate(4), certificate(58)])
    # 0-10 first step of the set-up; 10-16 and 16-22 the two who wait; 22-32 the second step;
    # 58-64 the last, four minutes of it after closing.
    assert record.waits[0] == pytest.approx([7, 12, 0])
    assert (record.clerk_open, record.clerk_after) == pytest.approx((34, 4))
    assert (record.cs_open, record.cs_after) == pytest.approx((20, 0))
    assert (record.left_at_closing, record.carried) == (0, [])


def test_who_waits_for_the_terminal_keeps_no_clerk_from_the_next():
    record = a_day(clerks=2, terminals=1).run([hand_over(0), hand_over(1), certificate(2)])
    assert record.waits[0] == pytest.approx([0])
    assert record.waits[1] == pytest.approx([0, 9])


def test_what_is_left_at_closing_is_done_in_overtime_or_next_morning():
    """Set-ups of 50 minutes in 5 steps: one done by 50, 10 of the next before closing at 60."""
    pieces = [setup(50, steps=5), setup(50, steps=5)]
    over = a_day().run(pieces)
    assert (over.left_at_closing, over.clerk_open, over.clerk_after) == pytest.approx((1, 60, 40))
    day = a_day(overtime=False)
    kept = day.run([setup(50, steps=5), setup(50, steps=5)])
    assert kept.clerk_after == pytest.approx(0, abs=1e-6)
    (left,) = kept.carried
    assert left.left == pytest.approx(40)
    assert kept.waits[2] == pytest.approx([0, 50])  # when each was begun, not each step
    again = a_day(overtime=False).run([], kept.carried)
    assert (again.clerk_open, again.carried, again.waits[2]) == (pytest.approx(40), [], [])
    # One that nobody began lies all day and is begun next morning after as many minutes.
    full = a_day(overtime=False).run([certificate(0.0, 60), setup(50, steps=5), setup(50, steps=5)])
    assert [one.fresh for one in full.carried] == [False, True]
    later = a_day(overtime=False, open_minutes=120).run([], full.carried)
    assert later.waits[2] == pytest.approx([60 + 40])  # behind what the first still wants


def plain_waits(tasks, clerks):
    """The same desk as SimPy's own resources and a process each: residents before the back."""
    env = simpy.Environment()
    staff = simpy.PriorityResource(env, clerks)
    waits = []

    def resident(one):
        yield env.timeout(one.came)
        with staff.request(priority=0) as turn:
            yield turn
            waits.append((one.came, env.now - one.came))
            yield env.timeout(one.left)

    def behind(one):
        left, step = one.left, one.step
        while left > 0:
            with staff.request(priority=1) as turn:
                yield turn
                yield env.timeout(min(left, step))
            left -= min(left, step)

    for one in tasks:
        env.process(behind(one) if one.background else resident(one))
    env.run()
    return [wait for _, wait in sorted(waits)]


@given(
    comes=st.lists(st.tuples(st.floats(0.1, 479), st.floats(0.5, 30)), min_size=1, max_size=40),
    clerks=st.integers(1, 3), pieces=st.integers(0, 6),
)  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_n2_callbacks_give_the_moments_of_plain_processes(comes, clerks, pieces):
    """N2. Everybody waits exactly as long as in a plain model of SimPy's processes."""

    def tasks():
        people = [certificate(round(came, 3), minutes) for came, minutes in sorted(comes)]
        # So that it makes no difference to residents which piece is taken up: pieces of one step
        # where several clerks share them, steps of one length where one does them all.
        back = [setup(20.0, steps=4) if clerks == 1 else setup(5.0, steps=1) for _ in range(pieces)]
        return [*back, *people]

    expected = plain_waits(tasks(), clerks)
    record = a_day(clerks=clerks, terminals=99, open_minutes=480).run(tasks())
    came = sorted(round(one, 3) for one, _ in comes)
    if len(set(came)) == len(came):  # two at one moment have no order
        assert sorted(record.waits[0]) == pytest.approx(sorted(expected), abs=1e-6)


# -- nothing is lost -------------------------------------------------------------------

SCENARIOS = st.builds(
    desk,
    st.builds(Service, name=st.just("front"), per_day=st.floats(0, 30), seconds=st.floats(60, 2400),
              needs=st.sampled_from([CLERK, BOTH]), variation=st.floats(0, 1.5),
              reserved=st.floats(0, 1), elsewhere=st.floats(0, 1)),
    st.builds(Service, name=st.just("back"), per_day=st.floats(0, 12), seconds=st.floats(60, 2400),
              needs=st.sampled_from([CLERK, BOTH]), priority=st.just(Priority.BACKGROUND),
              steps=st.integers(1, 8), every_days=st.integers(1, 5)),
    days=st.integers(1, 12), clerks=st.integers(2, 3), cs_terminals=st.integers(1, 2),
    leftover=st.sampled_from(Leftover), seed=st.integers(0, 99),
    hour_weight=st.sampled_from([(1.0,), (2.0, 1.0, 0.0, 3.0)]),
    absences=st.sampled_from([(), (Absence(resource=Resource.CLERK, days=9, every=2),)]),
    seasons=st.sampled_from([(), (Season(services=("front",), factor=1.7, first_day=2, days=3),)]),
)  # fmt: skip


@given(scenario=SCENARIOS)
@settings(max_examples=25, deadline=None)
def test_n3_no_minute_of_work_and_no_resident_is_lost(scenario):
    """N3. What was asked for is done before closing, after it, or left: to the minute."""
    year = run_year(scenario, 0)
    drawn = [draw_year(scenario, one, 0) for one in scenario.services]
    asked = sum(float(one.minutes.sum()) for one in drawn)
    done = year.clerk_open + year.clerk_after + year.unfinished_minutes
    assert done == pytest.approx(asked, abs=1e-6)
    assert len(year.waits[0]) == len(drawn[0].day)
    assert all(wait >= 0 for wait in year.waits[0])
    assert year.clerk_open <= scenario.open_minutes_of[Resource.CLERK] + 1e-6
    assert year.cs_open <= scenario.open_minutes_of[Resource.CS] + 1e-6


def test_cards_that_come_in_boxes_lie_over_the_days_between():
    """Ten days' cards at once: as many in all, and left from day to day where nobody works late."""
    box = replace(SETUP, per_day=12, every_days=10)
    scenario = desk(CERTIFICATE, box, days=40, leftover=Leftover.NEXT_DAY)
    drawn = draw_year(scenario, box, 0)
    assert set(drawn.day.tolist()) == {0, 10, 20, 30}
    assert len(drawn.day) == pytest.approx(12 * 40, rel=0.15)
    boxes, evenly = (
        outcome_of(scenario),
        outcome_of(replace(scenario, services=(CERTIFICATE, replace(box, every_days=1)))),
    )
    assert boxes.left_a_day.low > 10 > evenly.left_a_day.high
    assert boxes.lying["setup"].mean.low > 480 > evenly.lying["setup"].mean.high


# -- common random numbers -------------------------------------------------------------


def people(scenario, service):
    drawn = draw_year(scenario, service, 3)
    return set(zip(drawn.day.tolist(), drawn.at.tolist(), drawn.minutes.tolist(), strict=True))


@given(rate=st.floats(0.1, 30), more=st.floats(0, 20), part=st.floats(0, 1))
@settings(max_examples=30, deadline=None)
def test_n4_the_same_people_come_in_every_scenario(rate, more, part):
    """N4. More is the same people and others; less is some of them; who books only changes the day."""
    scenario = desk(days=23)
    service = replace(CERTIFICATE, per_day=rate)
    here = people(scenario, service)
    assert here <= people(scenario, replace(service, per_day=rate + more))
    assert here >= people(scenario, replace(service, elsewhere=part))
    booked = draw_year(scenario, replace(service, reserved=part), 3)
    assert sorted(booked.minutes.tolist()) == sorted(minutes for _, _, minutes in here)
    weeks = sorted(day // 5 for day, _, _ in here)
    assert sorted((booked.day // 5).tolist()) == weeks
    assert (np.diff(booked.day) >= 0).all()
    assert ((booked.at >= 0) & (booked.at <= 480)).all()


def test_who_books_comes_evenly():
    busy = replace(HAND_OVER, per_day=12, reserved=1.0)
    booked = draw_year(desk(days=50), busy, 0)
    walked = draw_year(desk(days=50), replace(busy, reserved=0.0), 0)
    by_day = [np.bincount(one.day, minlength=50).reshape(10, 5) for one in (booked, walked)]
    assert (np.ptp(by_day[0], axis=1) <= 1).all()  # within a week no day has two more than another
    assert by_day[1][:, 0].mean() > 1.3 * by_day[1][:, 1].mean()


@pytest.mark.parametrize("name", ["clerk", "kiosk", "pin"])
def test_n5_pairs_of_the_same_days_have_the_narrower_interval(name):
    """N5. The difference on the same days is told more sharply than on other days."""
    base = desk(days=60)
    other = {
        "clerk": replace(base, clerks=3),
        "kiosk": replace(base, services=(replace(CERTIFICATE, elsewhere=0.3), HAND_OVER, SETUP)),
        "pin": replace(base, services=(CERTIFICATE, replace(HAND_OVER, seconds=510), SETUP)),
    }[name]
    key = ("waiting_minutes", ALL)
    before = replicate(base, replications=10)[key]
    paired = difference(replicate(other, replications=10)[key], before)
    apart = difference(replicate(replace(other, seed=77), replications=10)[key], before)
    assert paired.high - paired.low < 0.8 * (apart.high - apart.low)


# -- what it answers -------------------------------------------------------------------


def test_one_more_terminal_without_a_clerk_does_nothing_and_a_clerk_binds():
    scenario = desk(days=60, replications=8)
    found = binding_of(outcome_of(scenario))
    assert found.resource is Resource.CLERK
    assert found.one_more["clerk"].low > 0
    assert not found.one_more["cs"].is_clear
    assert found.one_more["both"].low > 0


def test_a_terminal_out_of_order_binds_and_where_nobody_waits_nothing_does():
    cards = replace(HAND_OVER, per_day=25)
    narrow = desk(cards, days=30, clerks=4, cs_terminals=1)
    assert binding_of(outcome_of(narrow)).resource is Resource.CS
    idle = desk(replace(CERTIFICATE, per_day=0), days=10)
    assert binding_of(outcome_of(idle)).resource is None


def test_short_days_are_told_apart_and_wait_longer():
    base = desk(days=60, replications=8)
    ill = replace(base, absences=(Absence(resource=Resource.CLERK, days=60, every=4),))
    outcome = outcome_of(ill)
    assert outcome_of(base).short_waits == {}
    assert outcome.short_waits["certificate"].mean.low > outcome.waits["certificate"].mean.high
    assert outcome.load[Resource.CLERK].mean < 1


def test_a_comparison_of_a_desk_with_itself_is_zero_and_clear_of_nothing():
    outcome = outcome_of(desk(days=20))
    same = compare(outcome, outcome)
    assert (same.overtime_hours.mean, same.clerk_minutes.mean) == (0, 0)
    assert not same.waiting_hours.is_clear


def test_longer_matters_take_clerks_minutes_and_yen_by_the_hour():
    base = desk(days=50)
    longer = replace(base, services=(CERTIFICATE, replace(HAND_OVER, seconds=660), SETUP))
    found = compare(outcome_of(base), outcome_of(longer))
    # 8 a day, 50 days, a minute each; the yen are those minutes at 2,662 an hour.
    assert found.clerk_minutes.low < 400 < found.clerk_minutes.high
    assert found.clerk_yen.mean == pytest.approx(found.clerk_minutes.mean * 2662 / 60)


def test_a_single_year_lies_wider_than_the_mean_of_years():
    years = np.random.default_rng(5).normal(100, 10, 400)
    mean, one = estimate(years), one_year(years)
    assert one.mean == mean.mean
    assert one.high - one.low == pytest.approx((mean.high - mean.low) * 401**0.5)
    inside = ((years > one.low) & (years < one.high)).mean()
    assert 0.93 < inside < 0.97


def test_one_replication_has_no_interval():
    only = outcome_of(desk(days=5, replications=1))
    assert only.overtime_hours.low is None and not only.overtime_hours.is_clear


@pytest.mark.parametrize(
    ("freedom", "expected"),
    [(1, 12.706), (2, 4.303), (3, 3.182), (4, 2.776), (9, 2.262), (29, 2.045), (99, 1.984)],
)
def test_students_t_is_the_printed_one(freedom, expected):
    assert t_quantile(freedom) == pytest.approx(expected, abs=0.003)
