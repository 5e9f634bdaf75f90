"""Between reports (報告どうしの差): what one report hides, another must not give back.

A report belongs to a period: the days on which its cases began. Two reports of the same cases
less one tell of that one; so no case is ever in two reports that differ:

- of one period there is one report; the same again may be drawn again, another is refused;
- periods that have a day in common are refused, whatever they hold. A rule that looked whether
  the difference is small would itself tell that it is (and differences of several numbers at
  once are more than anybody looks through: what a month leaves of a way, less what its first
  week leaves);
- fewer than ``k`` cases are no report.

What is kept of a report is only what it showed: whoever reads the list of releases learns
nothing that was hidden.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.journeys.domain.areas import TOWN
from madoguchi.journeys.domain.privacy import Report
from madoguchi.kernel.outcome import Problem

SCHEMA = "madoguchi.journey-releases/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What a report showed, number by number, of the cases begun in its days (出した報告)."""

    first_on: date
    last_on: date
    #: What is counted, as text such as ``TOWN|受付|申請`` or ``TOWN|`` for all cases.
    shown: Mapping[str, int]

    def meets(self, other: Release) -> bool:
        """Tell whether the two have days in common (期間の重なり)."""
        return self.first_on <= other.last_on and other.first_on <= self.last_on

    def same_days(self, other: Release) -> bool:
        """Tell whether both are of the same days (同じ期間)."""
        return (self.first_on, self.last_on) == (other.first_on, other.last_on)


def release_of(report: Report, *, first_on: date, last_on: date) -> Release:
    """Return what is kept of a report (報告の控え)."""
    shown = {f"{TOWN}|": report.cases}
    shown |= {f"{TOWN}|{one.before}|{one.after}": one.count for one in report.edges}
    shown |= {f"{TOWN}|last|{name}": count for name, count in report.stopped.items()}
    shown |= {f"{TOWN}|again|{name}": count for name, count in report.again.items()}
    for way in report.variants:
        shown[f"{TOWN}|way|{'|'.join(way.steps)}"] = way.count
    for group in report.groups:
        shown[f"{group.code}|"] = group.cases
        for (before, after), count in group.edges.items():
            shown[f"{group.code}|{before}|{after}"] = count
    return Release(first_on=first_on, last_on=last_on, shown=shown)


def check_release(new: Release, earlier: Sequence[Release], *, k: int) -> tuple[Problem, ...]:
    """Return why a report must not leave beside those that left already (公表の可否)."""
    problems: list[Problem] = []
    if new.shown[f"{TOWN}|"] < k:
        problems.append(Problem(code="JOURNEY_CASES_FEW", facts={"k": f"{k}"}))
    for one in earlier:
        days = {"first": one.first_on.isoformat(), "last": one.last_on.isoformat()}
        if one.same_days(new):
            if one.shown != new.shown:
                problems.append(Problem(code="JOURNEY_RELEASED_ALREADY", facts=days))
        elif one.meets(new):
            problems.append(Problem(code="JOURNEY_PERIODS_OVERLAP", facts=days))
    return tuple(problems)


# -- kept in a file ----------------------------------------------------------------------------


def write_releases(releases: Sequence[Release]) -> str:
    """Return the list of releases as text (控えの書出し)."""
    rows = [
        {"first_on": one.first_on.isoformat(), "last_on": one.last_on.isoformat(),
         "shown": dict(sorted(one.shown.items()))}
        for one in releases
    ]  # fmt: skip
    return json.dumps({"schema": SCHEMA, "releases": rows}, ensure_ascii=False, indent=1) + "\n"


def read_releases(text: str) -> tuple[Release, ...] | Problem:
    """Read a list of releases; one that cannot be read protects nobody and is a problem (控え)."""
    try:
        whole = json.loads(text)
        if whole["schema"] != SCHEMA:
            return Problem(code="JOURNEY_RELEASES_UNREADABLE")
        return tuple(_release(row) for row in _rows(whole))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return Problem(code="JOURNEY_RELEASES_UNREADABLE")


def _rows(whole: Any) -> Iterator[Mapping[str, Any]]:
    yield from whole["releases"]


def _release(row: Mapping[str, Any]) -> Release:
    return Release(
        first_on=date.fromisoformat(row["first_on"]), last_on=date.fromisoformat(row["last_on"]),
        shown={str(name): int(count) for name, count in row["shown"].items()},
    )  # fmt: skip
