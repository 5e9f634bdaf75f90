"""B1 with real commits: many contenders, 16 places, and nothing is sold twice.

200 in ``--full`` and in ``./run bench booking``; 40 every time.
"""

from __future__ import annotations

import pytest

from bench.booking import contest
from tests.homes import new_home

pytestmark = pytest.mark.races


#: Two days, four times, two lanes (``booking_crew``).
PLACES = 16
#: Of one day the page of moves gives away so many (``booking_crew``).
SHARE = 6


@pytest.mark.parametrize("contenders", [40, pytest.param(200, marks=pytest.mark.full)])
def test_nothing_is_sold_twice(contenders):
    with new_home() as home:
        found = contest(home, contenders=contenders)
    assert (found["oversold"], found["orphans"], found["broken"]) == (0, 0, 0)
    assert found["contenders"] == contenders
    # They did contend: nearly all places are gone, and more went away without one than there are.
    assert 8 <= found["live"] <= PLACES
    sent_away, cancelled = (found["ends"].get(end, 0) for end in ("NONE_LEFT", "CANCELLED"))
    assert sent_away > PLACES
    # A place given up is sold again, so more may have had one; everybody is accounted for.
    assert found["live"] + cancelled + sent_away == contenders


def test_m23_of_a_day_the_page_of_moves_gives_away_its_share_and_no_more():
    """Sixteen would find a lane: the share is counted under the lock of the day."""
    with new_home() as home:
        found = contest(home, contenders=40, role="move_in")
    assert (found["oversold"], found["orphans"], found["broken"]) == (0, 0, 0)
    booked, cancelled, sent_away = (
        found["ends"].get(end, 0) for end in ("BOOKED", "CANCELLED", "NONE_LEFT")
    )
    # A place given up late may find nobody left to take it.
    assert 1 <= found["live"] == found["most_a_day_by_web"] == booked <= SHARE
    assert booked + cancelled + sent_away == 40 and sent_away > 0
