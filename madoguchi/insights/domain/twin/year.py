"""A year at the desk, once or many times (窓口の一年)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from madoguchi.insights.domain.twin.day import Desk, Task, tasks_of
from madoguchi.insights.domain.twin.draws import draw_year
from madoguchi.insights.domain.twin.scenario import WEEK, Leftover, Resource, Scenario

#: What is measured of each replication, by name and service or resource: name -> values in order.
Measures: TypeAlias = Mapping[tuple[str, str], tuple[float, ...]]
#: Told after each replication that it is done; may raise to stop.
Tell: TypeAlias = Callable[[], None]
ALL = ""


@dataclass(slots=True, kw_only=True)
class YearRecord:
    """One replication of the year (一年の結果)."""

    waits: list[list[float]]
    short_waits: list[list[float]]
    clerk_open: float = 0.0
    cs_open: float = 0.0
    clerk_after: float = 0.0
    cs_after: float = 0.0
    left: list[int]
    unfinished_minutes: float = 0.0


def replicate(
    scenario: Scenario, *, replications: int | None = None, tell: Tell = lambda: None
) -> Measures:
    """Run the year many times and measure each (反復)."""
    found: dict[tuple[str, str], list[float]] = {}
    for number in range(scenario.replications if replications is None else replications):
        for key, value in _measure(scenario, run_year(scenario, number)).items():
            found.setdefault(key, []).append(value)
        tell()
    return {key: tuple(values) for key, values in found.items()}


def run_year(scenario: Scenario, replication: int) -> YearRecord:
    """Run one year, day by day; only what is left over goes from one day into the next (一年)."""
    many = len(scenario.services)
    year = YearRecord(
        waits=[[] for _ in range(many)], short_waits=[[] for _ in range(many)], left=[]
    )
    days = _tasks(scenario, replication)
    carried: list[Task] = []
    for day, tasks in enumerate(days):
        desk = Desk(
            clerks=scenario.count_on(Resource.CLERK, day),
            terminals=scenario.count_on(Resource.CS, day),
            open_minutes=scenario.open_minutes, services=many,
            overtime=scenario.leftover is Leftover.OVERTIME,
        )  # fmt: skip
        record = desk.run(tasks, carried)
        carried = record.carried
        short = scenario.is_short(day)
        for service, waits in enumerate(record.waits):
            year.waits[service] += waits
            if short:
                year.short_waits[service] += waits
        year.clerk_open += record.clerk_open
        year.cs_open += record.cs_open
        year.clerk_after += record.clerk_after
        year.cs_after += record.cs_after
        year.left.append(record.left_at_closing)
    year.unfinished_minutes = sum(one.left for one in carried)
    return year


def _tasks(scenario: Scenario, replication: int) -> list[list[Task]]:
    """Everything that is asked for, day by day and in the order it comes."""
    days: list[list[Task]] = [[] for _ in range(scenario.days)]
    for index, service in enumerate(scenario.services):
        drawn = draw_year(scenario, service, replication)
        tasks = tasks_of(service, index, came=drawn.at.tolist(), minutes=drawn.minutes.tolist())
        for day, one in zip(drawn.day.tolist(), tasks, strict=True):
            days[day].append(one)
    return days


def _measure(scenario: Scenario, year: YearRecord) -> dict[tuple[str, str], float]:
    found: dict[tuple[str, str], float] = {}
    waited = 0.0
    for index, service in enumerate(scenario.services):
        waits = np.asarray(year.waits[index])
        if service.is_background:
            _of_waits(found, "lying", service.name, waits)
            continue
        waited += float(waits.sum())
        found["people", service.name] = float(len(waits))
        _of_waits(found, "wait", service.name, waits)
        if scenario.absences:
            _of_waits(found, "short", service.name, np.asarray(year.short_waits[index]))
    there = scenario.open_minutes_of
    found["load", Resource.CLERK] = _share(year.clerk_open, there[Resource.CLERK])
    found["load", Resource.CS] = _share(year.cs_open, there[Resource.CS])
    found["work_minutes", Resource.CLERK] = year.clerk_open + year.clerk_after
    found["work_minutes", Resource.CS] = year.cs_open + year.cs_after
    found["overtime_minutes", ALL] = year.clerk_after
    found["waiting_minutes", ALL] = waited
    left = np.asarray(year.left, dtype=float)
    found["left", ALL] = float(left.mean())
    edge = np.isin(np.arange(len(left)) % WEEK, (0, WEEK - 1))
    found["left", "monday_friday"] = float(left[edge].mean())
    return found


def _of_waits(
    found: dict[tuple[str, str], float], name: str, service: str, waits: np.ndarray
) -> None:
    found[f"{name}_mean", service] = float(waits.mean()) if len(waits) else 0.0
    found[f"{name}_p90", service] = float(np.percentile(waits, 90)) if len(waits) else 0.0
    found[f"{name}_p50", service] = float(np.percentile(waits, 50)) if len(waits) else 0.0


def _share(part: float, whole: float) -> float:
    return part / whole if whole else 0.0
