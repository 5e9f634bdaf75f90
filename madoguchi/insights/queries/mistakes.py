"""Mistakes of our own records by fiscal year, beside the papers handed over (まちがいの集計)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.infra.facts import count_by_month
from madoguchi.infra.town_tables import read_table
from madoguchi.insights.domain.errors import (
    Mistakes,
    Sort,
    Trend,
    YearOfMistakes,
    trend_of,
    years_of_mistakes,
)
from madoguchi.insights.queries.sources import fiscal_year_of, may_count_own
from madoguchi.kernel.actor import Actor

_FOLDER = Path(__file__).resolve().parents[1] / "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class MistakeBoard:
    """What went wrong, by year, and whether it became less (まちがいの表)."""

    years: tuple[YearOfMistakes, ...]
    sorts: tuple[Sort, ...]
    trend: Trend | None
    leaves_out_own: bool


def mistakes(*, actor: Actor, today: date, folder: str) -> MistakeBoard:
    """Count what went wrong in months that are over (まちがいの表).

    Only for whoever may see held people: a count of the day's mistakes tells of them too.
    """
    rules = _rules(folder)
    sorts = tuple(sort for sort, _ in rules)
    if not may_count_own(actor):
        return MistakeBoard(years=(), sorts=sorts, trend=None, leaves_out_own=True)
    before = today.replace(day=1)
    found = [one for sort, row in rules for one in _counted(sort, row, before)]
    papers: dict[int, int] = {}
    seen: dict[int, set[int]] = {}
    for month in count_by_month(
        "certificate_handed_over", before=before, by=(), adding="copies", sample=False
    ):
        year = fiscal_year_of(month.year, month.month)
        papers[year] = papers.get(year, 0) + month.amount
        seen.setdefault(year, set()).add(month.month)
    months = {year: len(there) for year, there in seen.items()}
    years = years_of_mistakes(found, papers=papers, months=months, sorts=sorts)
    return MistakeBoard(years=years, sorts=sorts, trend=trend_of(years), leaves_out_own=False)


def _counted(sort: Sort, row: Mapping[str, Any], before: date) -> list[Mistakes]:
    by = (row["by"],) if "by" in row else ()
    practice: dict[str, Any] = {"sample": False} if row["fact"].startswith("certificate_") else {}
    return [
        Mistakes(sort=sort, fiscal_year=fiscal_year_of(one.year, one.month), times=one.times)
        for one in count_by_month(row["fact"], before=before, by=by, **practice)
        if _counts(one.values.get(row.get("by", ""), ""), row)
    ]


def _counts(value: str, row: Mapping[str, Any]) -> bool:
    if "by" not in row:
        return True
    return value in row["only"] if "only" in row else value not in row["not"]


@lru_cache(maxsize=4)
def _rules(folder: str) -> tuple[tuple[Sort, Mapping[str, Any]], ...]:
    table = read_table("errors", ours=_FOLDER, own=folder)
    return tuple(
        (Sort(code=row["code"], minutes=Fraction(str(row["minutes"])), source=row["source"]), row)
        for row in table["error"]
    )
