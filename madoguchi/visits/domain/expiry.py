"""How many renewals are to be expected, and what they take (更新の見込み)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.visits.domain.figures import next_month

CARD, CERTIFICATE = "CARD", "CERTIFICATE"
MONTHS_AHEAD = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What runs out in a month, and the minutes its renewals take (月の見込み)."""

    first: date
    cards: int
    certificates: int
    minutes: int


def months_ahead(today: date) -> tuple[date, ...]:
    """Return the first days of this month and those to come (月の一覧)."""
    found = [today.replace(day=1)]
    while len(found) < MONTHS_AHEAD:
        found.append(next_month(found[-1]))
    return tuple(found)


def forecast(
    months: tuple[date, ...], counts: Mapping[tuple[date, str], int], *, card_minutes: int,
    certificate_minutes: int,
) -> tuple[Month, ...]:  # fmt: skip
    """Return each month with its minutes; a month without any stands there with nought (見込み)."""
    found = []
    for first in months:
        cards, certificates = counts.get((first, CARD), 0), counts.get((first, CERTIFICATE), 0)
        minutes = cards * card_minutes + certificates * certificate_minutes
        found.append(Month(first=first, cards=cards, certificates=certificates, minutes=minutes))
    return tuple(found)
