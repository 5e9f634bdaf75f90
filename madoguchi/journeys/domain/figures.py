"""What of a month that left can stand in a map (記録から欄へ): minutes between two events, as shown.

A figure is taken from a report, so nothing small is in it and nothing more is told by putting it
into a map: the month it is of has left already, with the same numbers.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.journeys.domain.maps import (
    MINUTES,
    MINUTES_MAX,
    Basis,
    Cell,
    Evidence,
    Field,
    JourneyMap,
    Phase,
)
from madoguchi.journeys.domain.privacy import Report

#: The origin of a feeling: answers told together, not a log.
SURVEY = "SURVEY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The minutes between two events, or of whole cases, in one month of an origin (記録の数)."""

    origin: str
    month: date
    before: str
    after: str
    count: int
    median_min: float
    p90_min: float

    @property
    def key(self) -> str:
        """Name it for a form: no code of an event holds a stroke (名)."""
        return f"{self.origin}|{self.month.isoformat()}|{self.before}|{self.after}"

    @property
    def pair(self) -> tuple[str, str, str]:
        """Return what it measures, whatever the month (何の数か)."""
        return (self.origin, self.before, self.after)


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """A cell that rests on an older month than the newest that left (入れ直せる欄)."""

    step_id: str
    doing: str
    field: Field
    before: Cell
    after: Cell


def plain_figures(report: Report) -> list[list[Any]]:
    """Return what of a report can stand in a map, as JSON holds it (保存する数)."""
    found: list[list[Any]] = [
        [one.before, one.after, one.count, one.median_min, one.p90_min] for one in report.edges
    ]
    if report.whole is not None:
        whole = report.whole
        found.append(["", "", whole.count, whole.median_min, whole.p90_min])
    return found


def read_figures(rows: Iterable[Any], *, origin: str, month: date) -> Iterator[Figure]:
    """Read what was kept of a month, the most frequent first (保存した数)."""
    for before, after, count, median, p90 in rows:
        yield Figure(
            origin=origin, month=month, before=str(before), after=str(after), count=int(count),
            median_min=float(median), p90_min=float(p90),
        )  # fmt: skip


def cell_from(figure: Figure) -> Cell:
    """Make an observed cell of a figure; minutes are whole in a map (観察の欄)."""
    basis = Basis(
        origin=figure.origin, month=figure.month.isoformat(), before=figure.before,
        after=figure.after, count=figure.count, p90_min=_minutes(figure.p90_min),
    )  # fmt: skip
    return Cell(value=_minutes(figure.median_min), evidence=Evidence.OBSERVED, basis=basis)


def feeling_from(*, phase: Phase, mean: float, count: int, month: date) -> Cell:
    """Make an observed feeling of what a survey told of a phase; the nearest of five (観察の気持ち)."""
    value = int(math.copysign(math.floor(abs(mean) + 0.5), mean))
    basis = Basis(origin=SURVEY, month=month.isoformat(), before=phase.value, after="", count=count,
                  p90_min=0)  # fmt: skip
    return Cell(value=value, evidence=Evidence.OBSERVED, basis=basis)


def may_rest(name: Field, basis: Basis) -> bool:
    """Tell whether a cell can rest on that: minutes on events, a feeling on answers (出どころの別)."""
    if name is Field.FEELING:
        return basis.origin == SURVEY and basis.before in set(Phase)
    return name in MINUTES and basis.origin != SURVEY


def _minutes(exact: float) -> int:
    return min(MINUTES_MAX, int(exact + 0.5))


def renewals_of(one: JourneyMap, figures: Iterable[Figure]) -> tuple[Renewal, ...]:
    """List the cells for which a newer month left the same figure (入れ直せる欄)."""
    newest: dict[tuple[str, str, str], Figure] = {}
    for figure in sorted(figures, key=lambda each: each.month):
        newest[figure.pair] = figure
    found = []
    for step in one.steps:
        for name in MINUTES:
            cell = step.cells.get(name)
            if cell is None or cell.basis is None:
                continue
            basis = cell.basis
            newer = newest.get((basis.origin, basis.before, basis.after))
            if newer is not None and newer.month.isoformat() > basis.month:
                found.append(
                    Renewal(step_id=step.step_id, doing=step.text(Field.DOING), field=name,
                            before=cell, after=cell_from(newer))
                )  # fmt: skip
    return tuple(found)


def renewed(one: JourneyMap, renewals: Iterable[Renewal]) -> JourneyMap:
    """Return the map with those cells put in (入れ直し)."""
    for each in renewals:
        one = one.with_cell(each.step_id, each.field, each.after)
    return one


# -- a basis in a file ---------------------------------------------------------------------------

_TEXTS = ("origin", "month", "before", "after")
_NUMBERS = ("count", "p90_min")
_LETTERS_MAX = 60


def plain_basis(basis: Basis) -> dict[str, Any]:
    """Return a basis as what JSON can hold (出どころの書出し)."""
    return {name: getattr(basis, name) for name in (*_TEXTS, *_NUMBERS)}


def read_basis(given: Any) -> Basis | None:
    """Read a basis from plain values; None where it is none (出どころの読取り)."""
    if not isinstance(given, Mapping) or set(given) != {*_TEXTS, *_NUMBERS}:
        return None
    texts, numbers = [given[name] for name in _TEXTS], [given[name] for name in _NUMBERS]
    if not all(isinstance(one, str) and len(one) <= _LETTERS_MAX and one.isprintable()
               for one in texts):  # fmt: skip
        return None
    if not all(type(one) is int and 0 <= one <= 10**9 for one in numbers):
        return None
    try:
        date.fromisoformat(given["month"])
    except ValueError:
        return None
    return Basis(**given)


def basis_text(basis: Basis) -> str:
    """Return a basis as one text, for a file that has room for a text only (文字の出どころ)."""
    return json.dumps(plain_basis(basis), ensure_ascii=False, separators=(",", ":"))


def basis_from_text(text: str) -> Any:
    """Read what ``basis_text`` wrote; anything else comes back as it is, to be complained of."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text
