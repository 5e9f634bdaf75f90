"""A desk fitted to its own log, and held against days the fit has not seen (記録への当てはめ).

The log has no person in it: a service, when somebody came, when it began and ended. The last weeks
are held out; from the weeks before come how many there are a day, how days and hours differ, and
how long a matter takes. The model then foretells the held-out weeks, and the error is told beside
each figure, with how far chance alone moves such weeks.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from madoguchi.insights.domain.twin.intervals import Estimate, one_year
from madoguchi.insights.domain.twin.scenario import WEEK, Resource, Scenario, Service
from madoguchi.insights.domain.twin.year import replicate
from madoguchi.kernel.outcome import Problem

#: Fewer whole weeks say nothing of weekdays.
WEEKS_LEAST = 4
HOURS = 60
REPLICATIONS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """One matter of the log: minutes are counted from the opening of its day (記録の1件)."""

    on: date
    service: str
    came: float
    began: float
    ended: float
    terminal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Foretold:
    """One figure of the held-out weeks: what was seen and what the model said before (予測と実際)."""

    service: str
    measure: str
    seen: float
    expected: Estimate

    @property
    def error_percent(self) -> float | None:
        """How far off, in percent of what was seen; None where nothing was (誤差)."""
        return abs(self.expected.mean - self.seen) / self.seen * 100 if self.seen else None

    @property
    def is_chance(self) -> bool:
        """Tell whether such weeks differ as much by chance alone (偶然の幅のうち)."""
        low, high = self.expected.low, self.expected.high
        return low is not None and high is not None and low <= self.seen <= high


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """A scenario fitted to a log, and how well it foretold the weeks held out (当てはめ)."""

    scenario: Scenario
    days_fitted: int
    days_held_out: int
    foretold: tuple[Foretold, ...]

    def error_of(self, measure: str) -> float | None:
        """Return the error of a measure over all services, weighted by people seen (全体の誤差)."""
        seen = {one.service: one.seen for one in self.foretold if one.measure == "people_per_day"}
        rows = [one for one in self.foretold if one.measure == measure]
        whole = sum(one.seen * self._weight(one, seen) for one in rows)
        expected = sum(one.expected.mean * self._weight(one, seen) for one in rows)
        return abs(expected - whole) / whole * 100 if whole else None

    @staticmethod
    def _weight(one: Foretold, seen: Mapping[str, float]) -> float:
        """A mean counts once a person; a sum a day is a sum already."""
        return 1.0 if one.measure.endswith("per_day") else seen[one.service]


def check_log(rows: Sequence[Served], *, held_out_weeks: int) -> tuple[Problem, ...]:
    """Return why nothing can be fitted (記録の確認)."""
    weeks = _weeks(rows)
    if len(weeks) < held_out_weeks + WEEKS_LEAST:
        facts = {"weeks": str(len(weeks)), "least": str(held_out_weeks + WEEKS_LEAST)}
        return (Problem(code="TWIN_LOG_SHORT", facts=facts),)
    return ()


def fit(rows: Sequence[Served], base: Scenario, *, held_out_weeks: int) -> Fit:
    """Fit a scenario to all but the last weeks of a log and foretell those (当てはめと予測).

    ``base`` says what no log of visits tells: clerks, terminals, opening minutes, background work.
    """
    assert not check_log(rows, held_out_weeks=held_out_weeks)
    weeks = _weeks(rows)
    first_held = weeks[-held_out_weeks]
    learnt = [one for one in rows if one.on < first_held]
    held = [one for one in rows if one.on >= first_held]
    scenario = _fitted(learnt, base, days=WEEK * (len(weeks) - held_out_weeks))
    days = WEEK * held_out_weeks
    ahead = replicate(replace(scenario, days=days), replications=REPLICATIONS)
    return Fit(
        scenario=scenario, days_fitted=WEEK * (len(weeks) - held_out_weeks), days_held_out=days,
        foretold=tuple(_foretell(held, scenario, ahead, days)),
    )  # fmt: skip


def _fitted(rows: Sequence[Served], base: Scenario, *, days: int) -> Scenario:
    by_weekday = Counter(one.on.weekday() for one in rows)
    hours = max(1, round(base.open_minutes / HOURS))
    width = base.open_minutes / hours
    by_hour = Counter(min(hours - 1, max(0, int(one.came // width))) for one in rows)
    background = tuple(one for one in base.services if one.is_background)
    services = tuple(_service(name, some, days) for name, some in _by_service(rows).items())
    return replace(
        base, days=base.days, services=(*services, *background), seasons=(), absences=(),
        weekday_weight=tuple(by_weekday[day] / len(rows) * WEEK for day in range(WEEK)),
        hour_weight=tuple(by_hour[hour] / len(rows) * hours for hour in range(hours)),
    )  # fmt: skip


def _service(name: str, rows: Sequence[Served], days: int) -> Service:
    minutes = [one.ended - one.began for one in rows]
    mean = statistics.fmean(minutes)
    spread = statistics.pstdev(minutes) / mean
    # A matter holds the terminal if most of its kind do.
    at_terminal = sum(one.terminal for one in rows) * 2 > len(rows)
    needs = frozenset(Resource) if at_terminal else frozenset({Resource.CLERK})
    return Service(
        name=name, per_day=len(rows) / days, seconds=mean * 60, needs=needs, variation=spread
    )


def _foretell(
    held: Sequence[Served], scenario: Scenario, ahead: Mapping[tuple[str, str], Sequence[float]],
    days: int,
) -> Iterable[Foretold]:  # fmt: skip
    seen = _by_service(held)
    for service in scenario.services:
        if service.is_background:
            continue
        rows = seen.get(service.name, [])
        waits = [one.began - one.came for one in rows]
        people = [count / days for count in ahead["people", service.name]]
        for measure, found, values in (
            ("people_per_day", len(rows) / days, people),
            ("work_min_per_day", sum(one.ended - one.began for one in rows) / days,
             [count * service.seconds / 60 for count in people]),
            ("wait_mean_min", statistics.fmean(waits) if waits else 0.0,
             ahead["wait_mean", service.name]),
            ("wait_p90_min", float(np.percentile(waits, 90)) if waits else 0.0,
             ahead["wait_p90", service.name]),
        ):  # fmt: skip
            yield Foretold(
                service=service.name, measure=measure, seen=found, expected=one_year(values)
            )


def _by_service(rows: Iterable[Served]) -> dict[str, list[Served]]:
    found: dict[str, list[Served]] = {}
    for one in rows:
        found.setdefault(one.service, []).append(one)
    return dict(sorted(found.items()))


def _weeks(rows: Iterable[Served]) -> list[date]:
    """Return the Mondays of the whole weeks between the first and the last day."""
    days = [one.on for one in rows]
    if not days:
        return []
    first = min(days) - timedelta(days=min(days).weekday())
    last = max(days) - timedelta(days=max(days).weekday())
    return [first + timedelta(weeks=n) for n in range((last - first).days // 7 + 1)]
