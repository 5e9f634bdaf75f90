"""Servers, live changes, kills, cut lines, sabotage: 0 wrong person, 0 wrong page, 0 lost numbers.

A sample of what ``./run bench races`` runs at length.
"""

from __future__ import annotations

import pytest

from bench.races import promises_of, race
from tests.homes import new_home

pytestmark = pytest.mark.races


def check(found, *, goal):
    promises = promises_of(found, goal=goal)["promises"]
    assert [one for one in promises if not one["held"]] == []
    good = found["states"].get("HANDED_OVER", 0) + found["states"].get("RELEASED", 0)
    assert good >= goal // 6, f"the race did not run: {found}"
    assert found["read"] >= goal // 6
    assert found["kills"] >= 1


def test_a_sample_of_the_race():
    with new_home() as home:
        check(race(home, goal=50, seconds_max=240, kill_every_seconds=5), goal=50)


@pytest.mark.full(minutes=6)
def test_a_longer_race():
    with new_home() as home:
        check(race(home, goal=3_000, seconds_max=1_500), goal=3_000)
