"""Ready scenarios: the base of the town, and what if (用意した試算)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum, unique
from typing import Any

from madoguchi.insights.domain.twin.draws import draw_year
from madoguchi.insights.domain.twin.intervals import Estimate
from madoguchi.insights.domain.twin.reading import read_scenario
from madoguchi.insights.domain.twin.scenario import Absence, Resource, Scenario, Season


@unique
class Sort(StrEnum):
    """Whether the town can do it itself, it befalls the town, or it wishes it of others (種類)."""

    MEASURE = "measure"
    EVENT = "event"
    WISH = "wish"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure of one service made another (変えるところ)."""

    service: str
    field: str
    to: float | None = None
    plus: float = 0.0
    times: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Variant:
    """A scenario as what it changes of the base, with its source (試算の案).

    ``outside_minutes`` are minutes a year spared away from the desk, least and most as the source
    gives them: no model is run for those.
    """

    code: str
    sort: Sort
    source: str
    assumed: str
    clerks: int = 0
    cs_terminals: int = 0
    changes: tuple[Change, ...] = ()
    absences: tuple[Absence, ...] = ()
    seasons: tuple[Season, ...] = ()
    outside_minutes: tuple[float, float] | None = None

    @property
    def outside(self) -> Estimate | None:
        """Return the minutes spared away from the desk, as a range and its middle (窓口の外の分)."""
        if self.outside_minutes is None:
            return None
        low, high = self.outside_minutes
        return Estimate(mean=(low + high) / 2, low=low, high=high)

    def on(self, base: Scenario) -> Scenario:
        """Return the base with the changes made (案をあてはめる)."""
        services = list(base.services)
        for change in self.changes:
            for number, service in enumerate(services):
                if service.name == change.service:
                    now = getattr(service, change.field) if change.to is None else change.to
                    value = now * change.times + change.plus
                    # Only fields that hold numbers are changed; ``read_ready`` has seen to that.
                    services[number] = replace(service, **{change.field: value})  # type: ignore[arg-type]  # a number field
        return replace(
            base, services=tuple(services), clerks=base.clerks + self.clerks,
            cs_terminals=base.cs_terminals + self.cs_terminals,
            absences=base.absences + self.absences, seasons=base.seasons + self.seasons,
        )  # fmt: skip

    def spared_minutes(self, base: Scenario) -> float:
        """Return the clerks' minutes a year it should spare: how many times how long (計算による分)."""
        return base.work_minutes[Resource.CLERK] - self.on(base).work_minutes[Resource.CLERK]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The base and its variants (用意した試算)."""

    base: Scenario
    #: What the base's figures rest on, and which are assumed, by name of service or field.
    sources: Mapping[str, str]
    variants: Mapping[str, Variant]


_CHANGED = ("per_day", "seconds", "variation", "reserved", "elsewhere")


def read_ready(table: Mapping[str, Any]) -> Ready:
    """Read the table; a slip in it stops here and not in a figure (表の読取り)."""
    raw = dict(table["base"])
    sources = dict(raw.pop("sources"))
    base = read_scenario(raw)
    assert isinstance(base, Scenario), base
    names = {one.name for one in base.services}
    assert names <= sources.keys(), names - sources.keys()
    variants = {one["code"]: _variant(one) for one in table["variant"]}
    for one in variants.values():
        for change in one.changes:
            assert change.service in names and change.field in _CHANGED, change
    return Ready(base=base, sources=sources, variants=variants)


def _variant(row: Mapping[str, Any]) -> Variant:
    known = {one.name for one in fields(Variant)}
    assert row.keys() <= known, row.keys() - known
    given = dict(row)
    given["sort"] = Sort(row["sort"])
    given["changes"] = tuple(Change(**one) for one in row.get("changes", ()))
    given["absences"] = tuple(
        Absence(**(one | {"resource": Resource(one["resource"])}))
        for one in row.get("absences", ())
    )
    given["seasons"] = tuple(
        Season(**(one | {"services": tuple(one["services"])})) for one in row.get("seasons", ())
    )
    if "outside_minutes" in row:
        low, high = row["outside_minutes"]
        given["outside_minutes"] = (low, high)
    return Variant(**given)


def spared_by(variant: Variant, base: Scenario, *, replications: int) -> tuple[float, ...]:
    """Return the clerks' minutes each year a variant spares (減る手間).

    Only the drawing is done, not the days: all that is asked for is done in the end, so the minutes
    of work are the minutes asked for (a test holds this against the days that were run).
    """
    there = variant.on(base)
    pairs = [
        (one, other)
        for one, other in zip(base.services, there.services, strict=True)
        if one != other and Resource.CLERK in one.needs
    ]
    return tuple(
        sum(
            float(draw_year(base, one, number).minutes.sum())
            - float(draw_year(there, other, number).minutes.sum())
            for one, other in pairs
        )
        for number in range(replications)
    )
