"""B1 with real commits: 200 contenders, 16 places, and nothing is sold twice."""

from __future__ import annotations

import pytest

from bench.booking import contest

pytestmark = pytest.mark.races


def test_200_contenders(tmp_path):
    tmp_path.chmod(0o755)
    found = contest(tmp_path / "home", contenders=200)
    assert (found["oversold"], found["orphans"], found["broken"]) == (0, 0, 0)
    assert found["contenders"] == 200
    # They did contend: nearly all places are gone, and most went away without one.
    assert 8 <= found["live"] <= 16
    assert found["ends"].get("NONE_LEFT", 0) > 100
