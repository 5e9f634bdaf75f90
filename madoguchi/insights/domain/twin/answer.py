"""What a scenario answers: waits, loads, overtime, and what binds (試算の答え).

**What binds.** The year is run again with one more clerk, with one more terminal, and with one
more of both, on the same days. A minute a resident waits and a minute of overtime count the same.
The resource whose one more takes most of these minutes away binds, if the 95 % interval of the
paired difference leaves zero out; where none does, none binds. What one more of both brings beyond
the better one stands beside it: a terminal without a clerk may do nothing, the two together much.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from madoguchi.insights.domain.twin.intervals import Estimate, difference, estimate
from madoguchi.insights.domain.twin.scenario import Resource, Scenario
from madoguchi.insights.domain.twin.year import ALL, Measures, Tell, replicate

BOTH = "both"
#: Replications of each "one more": enough to see what binds, a third of the time of all hundred.
PROBES_MAX = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Waits:
    """How long residents wait for one service, in minutes (待ち時間)."""

    mean: Estimate
    p50: Estimate
    p90: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What came of the years of one scenario (試算の結果)."""

    scenario: Scenario
    measures: Measures
    waits: Mapping[str, Waits]
    #: On days when somebody or something was missing.
    short_waits: Mapping[str, Waits]
    #: How long background work lies before it is begun, in opening minutes.
    lying: Mapping[str, Waits]
    load: Mapping[Resource, Estimate]
    overtime_hours: Estimate
    overtime_yen: Estimate
    waiting_hours: Estimate
    left_a_day: Estimate
    left_monday_friday: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Which resource binds, and what one more of each would spare a year, in minutes (効いている資源)."""

    resource: Resource | None
    one_more: Mapping[str, Estimate]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Another scenario less this one, on the same days (比べた差)."""

    wait_mean: Mapping[str, Estimate]
    wait_p90: Mapping[str, Estimate]
    overtime_hours: Estimate
    overtime_yen: Estimate
    waiting_hours: Estimate
    #: Clerks' minutes of work, overtime in them, and their worth at the usual hour.
    clerk_minutes: Estimate
    clerk_yen: Estimate
    left_a_day: Estimate


def outcome_of(scenario: Scenario, *, tell: Tell = lambda: None) -> Outcome:
    """Run a scenario and say what came of it (試算)."""
    measures = replicate(scenario, tell=tell)
    hours = _mean(measures, "overtime_minutes").times(1 / 60)
    return Outcome(
        scenario=scenario,
        measures=measures,
        waits=_waits(measures, "wait"),
        short_waits=_waits(measures, "short"),
        lying=_waits(measures, "lying"),
        load={one: estimate(measures["load", one]) for one in Resource},
        overtime_hours=hours,
        overtime_yen=hours.times(scenario.yen_per_hour * scenario.overtime_factor),
        waiting_hours=_mean(measures, "waiting_minutes").times(1 / 60),
        left_a_day=_mean(measures, "left"),
        left_monday_friday=estimate(measures["left", "monday_friday"]),
    )


def binding_of(
    outcome: Outcome, *, probes_most: int = PROBES_MAX, tell: Tell = lambda: None
) -> Binding:
    """Say which resource binds, by running the year with one more of each (効いている資源)."""
    scenario = outcome.scenario
    probes = min(scenario.replications, probes_most)
    before = _burden(outcome.measures)[:probes]
    clerks, terminals = scenario.clerks + 1, scenario.cs_terminals + 1
    more = {
        Resource.CLERK.value: replace(scenario, clerks=clerks),
        Resource.CS.value: replace(scenario, cs_terminals=terminals),
        BOTH: replace(scenario, clerks=clerks, cs_terminals=terminals),
    }
    spared = {
        name: difference(before, _burden(replicate(one, replications=probes, tell=tell)))
        for name, one in more.items()
    }
    clear = [one for one in Resource if spared[one].is_clear and spared[one].mean > 0]
    most = max(clear, key=lambda one: spared[one].mean, default=None)
    return Binding(resource=most, one_more=spared)


def compare(base: Outcome, other: Outcome) -> Comparison:
    """Say what is different in another scenario of the same days (比較)."""
    a, b = base.measures, other.measures
    shared = [name for name in base.waits if name in other.waits]
    many = min(base.scenario.replications, other.scenario.replications)

    def less(name: str, of: str = ALL) -> Estimate:
        return difference(b[name, of][:many], a[name, of][:many])

    hours = less("overtime_minutes").times(1 / 60)
    minutes = less("work_minutes", Resource.CLERK)
    return Comparison(
        wait_mean={name: less("wait_mean", name) for name in shared},
        wait_p90={name: less("wait_p90", name) for name in shared},
        overtime_hours=hours,
        overtime_yen=hours.times(base.scenario.yen_per_hour * base.scenario.overtime_factor),
        waiting_hours=less("waiting_minutes").times(1 / 60),
        clerk_minutes=minutes,
        clerk_yen=minutes.times(base.scenario.yen_per_hour / 60),
        left_a_day=less("left"),
    )


def _burden(measures: Measures) -> list[float]:
    """What weighs on residents and clerks: minutes waited and minutes of overtime."""
    waited, over = measures["waiting_minutes", ALL], measures["overtime_minutes", ALL]
    return [one + other for one, other in zip(waited, over, strict=True)]


def _mean(measures: Measures, name: str) -> Estimate:
    return estimate(measures[name, ALL])


def _waits(measures: Measures, name: str) -> dict[str, Waits]:
    services = [of for kind, of in measures if kind == f"{name}_mean"]
    return {
        of: Waits(
            mean=estimate(measures[f"{name}_mean", of]),
            p50=estimate(measures[f"{name}_p50", of]),
            p90=estimate(measures[f"{name}_p90", of]),
        )
        for of in services
    }
