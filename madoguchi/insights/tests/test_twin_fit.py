"""A desk fitted to its log: what it learns, what it foretells, what a wrong file says (当てはめ)."""

import io
from dataclasses import replace
from datetime import date

import pytest

from madoguchi.insights.documents.desk_log import read_log_file
from madoguchi.insights.domain.twin import fitting
from madoguchi.insights.domain.twin.fitting import Served, check_log, fit
from madoguchi.insights.domain.twin.scenario import Resource
from madoguchi.insights.tests.desk_log import OPENS, base, write_log
from madoguchi.kernel.intake import FileRefused


def rows_of(text):
    return read_log_file(io.BytesIO(text.encode()), opens_at=OPENS)


@pytest.fixture(scope="module")
def log():
    text = io.StringIO()
    write_log(text, weeks=52, seed=7)
    return rows_of(text.getvalue())


def test_it_learns_what_the_log_was_made_of(log):
    found = fit(log, base(), held_out_weeks=8)
    services = {one.name: one for one in found.scenario.services}
    assert (found.days_fitted, found.days_held_out) == (220, 40)
    assert services["certificate"].per_day == pytest.approx(26, rel=0.04)
    # A lognormal's mean lies above its middle: 11 minutes times e to half the variance.
    assert services["hand_over"].seconds / 60 == pytest.approx(11 * 1.1066, rel=0.04)
    assert services["hand_over"].variation == pytest.approx(0.474, rel=0.1)
    assert services["hand_over"].needs == frozenset(Resource)
    assert services["question"].needs == frozenset({Resource.CLERK})
    assert found.scenario.weekday_weight == pytest.approx((1.3, 0.85, 0.8, 0.85, 1.2), rel=0.06)
    assert found.scenario.hour_weight == pytest.approx(
        (0.7, 1.5, 1.3, 0.8, 0.6, 1.4, 1.2, 0.5), rel=0.08
    )
    assert services["setup"].is_background  # from the base: no log of visits tells it


def test_n7_held_out_weeks_are_foretold_as_well_as_chance_allows(log):
    """N7. Weeks it has not seen: counts and work within ten percent, waits within their chance.

    The log is generated, so this tests the model alone. How far off waits are over several such
    logs is measured in ``bench/twin.py``.
    """
    found = fit(log, base(), held_out_weeks=12)
    for measure in ("people_per_day", "work_min_per_day"):
        assert found.error_of(measure) < 10, measure
    waits = [one for one in found.foretold if one.measure.startswith("wait")]
    assert len(waits) == 6
    assert all(one.is_chance and one.error_percent < 20 for one in waits)


def test_a_model_with_the_wrong_number_of_clerks_is_found_out(log):
    """The check can fail: with a clerk more than there was, the waits are far off."""
    found = fit(log, base(clerks=3), held_out_weeks=12)
    assert found.error_of("wait_mean_min") > 30
    assert not all(one.is_chance for one in found.foretold)


def test_what_was_held_out_is_not_learnt_from(log):
    """The held-out weeks made twice as slow change what was seen, never what is expected."""
    cut = sorted({one.on for one in log})[-40]
    slower = [
        one if one.on < cut else replace(one, ended=one.began + 2 * (one.ended - one.began))
        for one in log
    ]
    one, other = (fit(rows, base(), held_out_weeks=8) for rows in (log, slower))
    assert one.scenario == other.scenario
    assert [each.expected for each in one.foretold] == [each.expected for each in other.foretold]
    assert other.error_of("work_min_per_day") > 40


def test_a_short_log_says_how_long_it_must_be():
    rows = [Served(on=date(2026, 1, 5), service="a", came=0, began=1, ended=2, terminal=False)]
    (problem,) = check_log(rows, held_out_weeks=2)
    assert (problem.code, problem.facts) == ("TWIN_LOG_SHORT", {"weeks": "1", "least": "6"})
    assert check_log([], held_out_weeks=1)[0].facts["weeks"] == "0"
    assert fitting.WEEKS_LEAST == 4


def test_every_wrong_cell_of_a_log_is_told():
    with pytest.raises(FileRefused) as refused:
        rows_of(
            "service,came_at,began_at,ended_at,terminal\n"
            "a,2026-01-05T09:00,2026-01-05T09:05,2026-01-05T09:10,0\n"
            ",2026-01-05T09:00,x,2026-01-05T09:10+09:00,2\n"
            "a,2026-01-05T09:06,2026-01-05T09:05,2026-01-05T09:10,1\n"
            "a,2026-01-10T09:00,2026-01-10T09:05,2026-01-10T09:10,1\n"
            "a,b\n"
        )
    assert [(one.code, one.where) for one in refused.value.report.problems] == [
        ("TWIN_LOG_MOMENT", "line 3, began_at"), ("TWIN_LOG_MOMENT", "line 3, ended_at"),
        ("TWIN_LOG_SERVICE", "line 3, service"), ("TWIN_LOG_TERMINAL", "line 3, terminal"),
        ("TWIN_LOG_ORDER", "line 4, came_at"), ("TWIN_LOG_DAY", "line 5, came_at"),
        ("CSV_RAGGED", "line 6"),
    ]  # fmt: skip
    with pytest.raises(FileRefused) as refused:
        rows_of("service,came_at\n")
    assert {one.code for one in refused.value.report.problems} == {"CSV_COLUMN_MISSING"}
