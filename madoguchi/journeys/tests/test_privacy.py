"""Attacks on synthetic islands: total minus parts, reports minus reports, ways minus all (小さい数).

P1 no number of fewer than k · P2 no sum gives one back · P3 no two reports do · P4 small islands
never stand alone · P5 drawings are made of reports alone (in ``test_drawing``).
"""

import tomllib
from collections import Counter, defaultdict
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.journeys.documents.files import TABLES
from madoguchi.journeys.domain.areas import TOWN, group_areas, read_rules
from madoguchi.journeys.domain.log import Event, from_events
from madoguchi.journeys.domain.privacy import open_parts, report_of
from madoguchi.journeys.domain.releases import (
    check_release,
    read_releases,
    release_of,
    write_releases,
)
from madoguchi.kernel.outcome import Problem
from tests.patience import at_length

TABLE = tomllib.loads((TABLES / "journeys.toml").read_text(encoding="utf-8"))
RULES = read_rules(TABLE)
K = RULES.k
NINE = datetime(2026, 4, 1, 0, 0, tzinfo=UTC)
AREAS = ["MAIN", "KAKEROMA", "UKE", "YORO", ""]


def island(*cases):
    """A log of cases, each an area and its events as letters."""
    return from_events(
        Event(case_id=f"{number}", activity=name, at=NINE + timedelta(minutes=7 * place + number),
              area=area)
        for number, (area, steps) in enumerate(cases) for place, name in enumerate(steps)
    )  # fmt: skip


def truth(cases, group_of):
    """Cases of each pair in each group and in all, counted apart from the code under test."""
    found = defaultdict(Counter)
    for area, steps in cases:
        for pair in set(pairwise(steps)):
            found[group_of[area]][pair] += 1
            found["all"][pair] += 1
    return found


islands = st.lists(
    st.tuples(
        st.sampled_from(["MAIN"] * 6 + ["KAKEROMA"] * 3 + ["UKE", "YORO", ""]),
        st.sampled_from(["ABC", "ABC", "ABC", "ABBC", "AC", "ABAC", "AB", "ACB", "D", "ADC", "BA"]),
    ),
    min_size=1, max_size=120,
)  # fmt: skip


@at_length(600)
@given(islands)
def test_p1_and_p2_no_number_and_no_difference_is_a_few(cases):
    log = island(*cases)
    rules = replace(RULES, ends=frozenset("C"))
    report = report_of(log, rules=rules)
    group_of = group_areas(Counter(area for area, _ in cases), rules)
    real = truth(cases, group_of)
    # P1: each number that is shown stands for k cases.
    for edge in report.edges:
        assert real["all"][edge.pair] >= K
    for group in report.groups:
        assert group.cases >= K
        for pair in group.edges:
            assert real[group.code][pair] >= K
    assert all(way.count >= K for way in report.variants)
    assert all(count >= K for count in [*report.again.values(), *report.stopped.values()])
    # P2: all minus any choice of its shown parts leaves nobody, or k, in one and the same number.
    for edge in report.edges:
        shown = [real[one.code][edge.pair] for one in report.groups if edge.pair in one.edges]
        left = real["all"][edge.pair] - sum(shown)
        assert left == 0 or left >= K
        hidden = [one for one in report.groups if edge.pair not in one.edges]
        alone = [one for one in hidden if real[one.code][edge.pair]]
        assert not alone or len(hidden) >= 2, "one hidden part is known by subtraction"
        taken = sum(way.count for way in report.variants if edge.pair in way.pairs)
        assert not taken or real["all"][edge.pair] - taken in {0, *range(K, 999)}
    taken = sum(way.count for way in report.variants)
    assert not taken or len(cases) - taken in {0, *range(K, 999)}
    stopped = sum(report.stopped.values())
    assert not stopped or len(cases) - stopped in {0, *range(K, 999)}
    for name, count in report.stopped.items():
        taken = sum(way.count for way in report.variants if way.steps[-1] == name)
        assert not taken or count - taken in {0, *range(K, 999)}
    if report.whole is not None:
        ended = sum(steps[-1] == "C" for _, steps in cases)
        assert report.whole.count == ended >= K
        few = range(1, K)
        assert len(cases) - ended not in few
        assert len(cases) - ended - stopped not in few
        assert ended - sum(w.count for w in report.variants if w.steps[-1] == "C") not in few
    for name, count in report.again.items():
        taken = sum(way.count for way in report.variants if way.steps.count(name) > 1)
        assert not taken or count - taken in {0, *range(K, 999)}


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12), min_size=1))
def test_p2_parts_of_a_known_total(people):
    shown = open_parts(people, k=K)
    hidden = [count for name, count in people.items() if name not in shown]
    assert all(people[name] >= K for name in shown)
    if sum(people.values()) >= K:
        # Against this reader stands a second truth: somebody else among the hidden did it.
        assert sum(hidden) == 0 or sum(hidden) >= K
    assert sum(hidden) == 0 or sum(people.values()) < K or len(hidden) >= 2


def test_p1_a_restless_person_opens_no_number():
    """One case that goes round fifty times is one case."""
    cases = [("MAIN", "ABAB" * 25)] + [("MAIN", "AC")] * 6
    report = report_of(island(*cases), rules=RULES)
    assert [one.pair for one in report.edges] == [("A", "C")]
    assert report.suppressed_cells >= 3  # A→B, B→A, and their way


def test_p2_the_island_is_not_the_town_without_the_main_island():
    cases = [("MAIN", "ABC")] * 20 + [("KAKEROMA", "ABC")] * 3 + [("KAKEROMA", "AC")] * 9
    report = report_of(island(*cases), rules=RULES)
    edges = {one.pair: one.count for one in report.edges}
    groups = {one.code: one.edges for one in report.groups}
    assert edges["A", "B"] == 23
    assert ("A", "B") not in groups["MAIN"] and ("A", "B") not in groups["KAKEROMA"]


def test_p2_a_rare_way_is_not_what_the_listed_ways_leave():
    cases = [("MAIN", "ABC")] * 30 + [("MAIN", "ABABC")]
    report = report_of(island(*cases), rules=RULES)
    assert report.variants == () and report.ways == 2
    assert {one.pair for one in report.edges} == {("A", "B"), ("B", "C")}


@given(st.dictionaries(st.sampled_from(AREAS), st.integers(1, 300), min_size=1))
def test_p4_small_islands_never_stand_alone(cases):
    group = group_areas(cases, RULES)
    size = Counter()
    for area, count in cases.items():
        size[group[area]] += count
    assert not {"UKE", "YORO"} & size.keys()
    assert all(count >= K for count in size.values()) or size.keys() == {TOWN}
    for one, other in combinations(size, 2):
        # No group lies in another: what is left of the larger one would be a smaller one.
        assert one == TOWN or other == TOWN or not {one} & set(RULES.path(other))


def test_p4_yoro_goes_up_step_by_step():
    assert group_areas({"MAIN": 90, "KAKEROMA": 20, "UKE": 9, "YORO": 8}, RULES) == {
        "MAIN": "MAIN", "KAKEROMA": "KAKEROMA", "UKE": "UKE_YORO", "YORO": "UKE_YORO",
    }  # fmt: skip
    assert group_areas({"MAIN": 90, "KAKEROMA": 20, "UKE": 1, "YORO": 1}, RULES) == {
        "MAIN": "MAIN", "KAKEROMA": "ISLANDS", "UKE": "ISLANDS", "YORO": "ISLANDS",
    }  # fmt: skip
    assert set(group_areas({"MAIN": 90, "YORO": 3}, RULES).values()) == {TOWN}


# -- reports against reports --------------------------------------------------------------------

APRIL, MAY = (date(2026, 4, 1), date(2026, 4, 30)), (date(2026, 5, 1), date(2026, 5, 31))
BOTH = (APRIL[0], MAY[1])


def released(cases, days):
    return release_of(report_of(island(*cases), rules=RULES), first_on=days[0], last_on=days[1])


def codes(problems):
    return [one.code for one in problems]


CROWD = [("MAIN", "ABC")] * 20


def test_p3_the_same_report_with_one_person_less_is_refused():
    first = released([*CROWD, ("MAIN", "ABC")], APRIL)
    assert codes(check_release(first, [], k=K)) == []
    assert codes(check_release(first, [first], k=K)) == []
    other = released(CROWD, APRIL)
    assert codes(check_release(other, [first], k=K)) == ["JOURNEY_RELEASED_ALREADY"]


def test_p3_a_period_moved_by_a_day_or_made_longer_is_refused():
    first = released(CROWD, APRIL)
    for days in ((date(2026, 4, 2), date(2026, 5, 1)), (date(2026, 4, 1), date(2026, 4, 29)), BOTH):
        again = released([*CROWD, ("MAIN", "ABC")], days)
        assert codes(check_release(again, [first], k=K)) == ["JOURNEY_PERIODS_OVERLAP"]
    assert codes(check_release(released(CROWD, MAY), [first], k=K)) == []


def test_p3_whether_it_is_refused_tells_nothing_of_the_people():
    """Refused with one more person, refused with a crowd more, refused with the same."""
    first = released(CROWD, APRIL)
    for more in (0, 1, K - 1, K, 50):
        whole = released([*CROWD, *[("MAIN", "ABC")] * more], BOTH)
        assert codes(check_release(whole, [first], k=K)) == ["JOURNEY_PERIODS_OVERLAP"]


def test_p3_fewer_than_k_cases_are_no_report():
    few = released(CROWD[: K - 1], APRIL)
    assert codes(check_release(few, [], k=K)) == ["JOURNEY_CASES_FEW"]


@at_length(240)
@given(st.lists(st.tuples(st.integers(0, 3), st.sampled_from(["ABC", "AC", "ABBC"])), max_size=90),
       st.permutations([(0, 0), (1, 1), (2, 2), (3, 3), (0, 1), (2, 3), (0, 3), (1, 2)]))  # fmt: skip
def test_p3_whatever_is_let_out_one_after_another_gives_nobody_back(cases, spans):
    """Weeks, pairs of weeks and the month, asked for in any order: an attacker subtracts all he has."""
    monday = date(2026, 6, 1)
    out = []
    for first, last in spans:
        mine = [("MAIN", steps) for week, steps in cases if first <= week <= last]
        if not mine:
            continue
        days = (monday + timedelta(weeks=first), monday + timedelta(weeks=last, days=6))
        new = released(mine, days)
        if not check_release(new, out, k=K):
            out.append(new)
    assert not any(one.meets(other) for one, other in combinations(out, 2))
    # So nobody is in two of them, and there is nothing to subtract from anything.
    assert sum(one.shown[f"{TOWN}|"] for one in out) <= len(cases)
    assert out or all(Counter(week for week, _ in cases)[week] < K for week in range(4))


def test_p3_what_is_kept_comes_back_and_rubbish_protects_nobody():
    kept = (released(CROWD, APRIL), released(CROWD, MAY))
    assert read_releases(write_releases(kept)) == kept
    for text in ("", "[]", "{}", '{"schema": "x", "releases": []}',
                 '{"schema": "madoguchi.journey-releases/1", "releases": [{"first_on": "x"}]}'):  # fmt: skip
        assert read_releases(text) == Problem(code="JOURNEY_RELEASES_UNREADABLE")


def test_a_table_that_protects_nobody_stops_the_start():
    with pytest.raises(ValueError, match="at least 3"):
        read_rules(TABLE | {"k": 2})
    with pytest.raises(ValueError, match="parent"):
        read_rules(TABLE | {"areas": {"X": TABLE["areas"]["MAIN"] | {"parent": "NOWHERE"}}})
