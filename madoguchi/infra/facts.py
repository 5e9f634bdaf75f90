"""Facts: what happened, when, without personal data (事実の記録)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, IntegerField, Q, Sum
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, TruncMonth

from madoguchi.infra.clock import JAPAN, start_of
from madoguchi.infra.models import Fact

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact as read back (事実)."""

    name: str
    at: datetime
    values: Mapping[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthOfFacts:
    """Facts of one month that agree in the values asked for (月ごとの事実の数).

    ``times`` counts them; ``amount`` adds up one of their values.
    """

    year: int
    month: int
    values: Mapping[str, str]
    times: int
    amount: int


def note(name: str, *, at: datetime, **values: Value) -> None:
    """Keep a fact in the caller's transaction: it stands or falls with the change it tells of.

    ``name`` is in the past tense (``certificate_released``). Never pass a name, an
    address, a birth date or an id of a person: figures do not need to know who.
    """
    Fact.objects.create(name=name, at=at, values=dict(values))


def list_facts(*, name: str, since: datetime) -> tuple[FactRow, ...]:
    """List facts of one name from ``since`` on, oldest first."""
    rows = Fact.objects.filter(name=name, at__gte=since).order_by("at", "id")
    return tuple(FactRow(name=row.name, at=row.at, values=row.values) for row in rows)


def count_by_month(
    name: str, *, before: date, by: tuple[str, ...], adding: str = "", **only: Value
) -> tuple[MonthOfFacts, ...]:
    """Count facts of one name by month and by some of their values, oldest first (月別の集計).

    Months are Japan's; facts of ``before`` and later are left out. ``adding`` names a whole number
    to add up; ``only`` keeps facts that have these values. One question, whatever the number.
    """
    asked = {f"by_{key}": KT(f"values__{key}") for key in by}
    amount = Sum(Cast(KT(f"values__{adding}"), IntegerField())) if adding else Count("id")
    rows = (
        Fact.objects.filter(
            Q(name=name, at__lt=start_of(before)), **{f"values__{k}": v for k, v in only.items()}
        )
        .annotate(of_month=TruncMonth("at", tzinfo=JAPAN), **asked)
        .values("of_month", *asked)
        .annotate(times=Count("id"), amount=amount)
        .order_by("of_month", *asked)
    )
    return tuple(
        MonthOfFacts(
            year=row["of_month"].year, month=row["of_month"].month,
            values={key: row[f"by_{key}"] or "" for key in by}, times=row["times"],
            amount=row["amount"] or 0,
        )
        for row in rows
    )  # fmt: skip
