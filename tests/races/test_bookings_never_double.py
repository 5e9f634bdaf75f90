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
