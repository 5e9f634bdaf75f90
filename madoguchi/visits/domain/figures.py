"""What the matters of a month took, against what was planned (用件のまとめ)."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from madoguchi.visits.domain.matters import Ends


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """One matter that ended, without any person (終わった用件)."""

    on: date
    place: str
    matter: str
    outcome: str
    ends: Ends
    planned: int
    minutes: int | None  # None: not measured
    extended: bool
    booked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """The matters of one kind together (用件ごとの数)."""

    matter: str
    count: int
    planned: int
    measured: int  # how many of them were
    minutes: int  # of those measured
    median: float | None
    extended: int
    ends: Mapping[Ends, int]


def figures_of(rows: Iterable[Ended]) -> tuple[Figure, ...]:
    """Add matters up by kind, the most first; every sum is one of the rows (集計)."""
    kinds: dict[str, list[Ended]] = {}
    for row in rows:
        kinds.setdefault(row.matter, []).append(row)
    found = [_figure(matter, some) for matter, some in kinds.items()]
    return tuple(sorted(found, key=lambda one: (-one.count, one.matter)))


def total_of(rows: Iterable[Ended]) -> Figure:
    """Add all matters up (合計)."""
    return _figure("", list(rows))


def months_back(today: date, count: int) -> tuple[date, ...]:
    """Return the first days of this month and of those before it, newest first (月の一覧)."""
    found = [today.replace(day=1)]
    while len(found) < count:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return tuple(found)


def next_month(first: date) -> date:
    """Return the first day of the month after (翌月)."""
    return (first.replace(day=28) + timedelta(days=4)).replace(day=1)


def _figure(matter: str, rows: list[Ended]) -> Figure:
    taken = [row.minutes for row in rows if row.minutes is not None]
    ends = Counter(row.ends for row in rows)
    return Figure(
        matter=matter, count=len(rows), planned=sum(row.planned for row in rows),
        measured=len(taken), minutes=sum(taken),
        median=statistics.median(taken) if taken else None,
        extended=sum(row.extended for row in rows), ends={one: ends[one] for one in Ends},
    )  # fmt: skip
