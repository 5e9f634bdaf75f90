"""The desk tried out: scenarios read and answered, ready ones from the table (窓口の試算)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.infra.town_tables import read_table
from madoguchi.insights.documents.desk_log import read_log_file
from madoguchi.insights.domain.twin.answer import (
    Binding,
    Comparison,
    Outcome,
    Waits,
    binding_of,
    compare,
    outcome_of,
)
from madoguchi.insights.domain.twin.fitting import Fit, Served, check_log, fit
from madoguchi.insights.domain.twin.intervals import Estimate, one_year
from madoguchi.insights.domain.twin.reading import (
    check_scenario,
    read_scenario,
    scenario_schema,
    warn_of,
)
from madoguchi.insights.domain.twin.ready import Ready, Sort, Variant, read_ready, spared_by
from madoguchi.insights.domain.twin.scenario import Resource, Scenario

__all__ = [
    "Binding", "Comparison", "Estimate", "Fit", "Outcome", "Resource", "Scenario", "Served", "Variant", "Waits",
    "Wish", "binding_of", "check_log", "check_scenario", "compare", "fit", "for_page",
    "list_wishes", "outcome_of", "read_log_file", "read_scenario", "ready_scenarios",
    "scenario_schema", "try_out", "warn_of", "what_binds",
]  # fmt: skip
FOLDER = Path(__file__).resolve().parents[1] / "tables"
#: A page answers at once: so many replications, fewer where more people come in a year.
PAGE_REPLICATIONS = 10
PAGE_PEOPLE = 100_000
#: Of each "one more": half as many, for there are three of them.
PAGE_PROBES = 5
#: Wishes are only drawn, which is quick.
WISH_REPLICATIONS = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a wish of the town would spare in a year, with the width of single years (要望で減る手間)."""

    variant: Variant
    minutes: Estimate
    yen: Estimate
    #: How many times how long, reckoned without chance; None away from the desk.
    by_formula: float | None


@lru_cache(maxsize=4)
def ready_scenarios(folder: str = "") -> Ready:
    """Return the base and its variants, the town's own table before ours (用意した試算)."""
    table: Mapping[str, Any] = read_table("desk", ours=FOLDER, own=folder)
    return read_ready(table)


def for_page(scenario: Scenario) -> Scenario:
    """Return a scenario with as many replications as a page has time for (画面の反復)."""
    a_year = sum(
        scenario.rate_on(one, day) * (one.steps if one.is_background else 1)
        for one in scenario.services
        for day in range(scenario.days)
    )
    many = int(PAGE_PEOPLE * 2 / max(a_year, 1))
    return replace(scenario, replications=max(3, min(PAGE_REPLICATIONS, many)))


@lru_cache(maxsize=64)
def try_out(scenario: Scenario) -> Outcome:
    """Run a scenario; asked again, it is known already (試算する)."""
    return outcome_of(scenario)


@lru_cache(maxsize=64)
def what_binds(scenario: Scenario) -> Binding:
    """Say what binds at a desk, in the same way (効いている資源を調べる)."""
    return binding_of(try_out(scenario), probes_most=PAGE_PROBES)


@lru_cache(maxsize=16)
def list_wishes(base: Scenario, folder: str = "") -> tuple[Wish, ...]:
    """Return what each wish would spare a year at this desk, the most first (要望の一覧)."""
    found = []
    for one in ready_scenarios(folder).variants.values():
        if one.sort is Sort.WISH:
            formula = None if one.outside is not None else one.spared_minutes(base)
            minutes = one.outside or one_year(spared_by(one, base, replications=WISH_REPLICATIONS))
            if formula is not None:
                # What stands there is re-added by hand; the years that were drawn give the width.
                minutes = replace(minutes, mean=formula)
            found.append(
                Wish(variant=one, minutes=minutes, yen=minutes.times(base.yen_per_hour / 60),
                     by_formula=formula)
            )  # fmt: skip
    return tuple(sorted(found, key=lambda one: -one.minutes.mean))
