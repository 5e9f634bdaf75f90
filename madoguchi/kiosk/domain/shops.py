"""On to the store: where the same steps work tomorrow, until when, at what price (コンビニ交付への導線)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from madoguchi.kernel.outcome import Problem
from madoguchi.kiosk.domain.hours import Timetable, hours_on, opening_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """A store with a terminal, from one day to another (コンビニ等の店)."""

    name: str
    where: str
    opens: time
    closes: time
    valid_from: date
    valid_until: date | None = None

    def holds_on(self, day: date) -> bool:
        """Tell whether the store's terminal is there on a day (適用日)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopTomorrow:
    """One store as it can be used tomorrow (あす使える店)."""

    name: str
    where: str
    opens: time
    closes: time


@dataclass(frozen=True, slots=True, kw_only=True)
class WayToShop:
    """What the last screen says of the store (コンビニのご案内).

    ``shops`` empty and ``closed_until`` unset: there is none here, and the screen says so.
    """

    day: date
    shops: tuple[ShopTomorrow, ...]
    fee_yen: int | None  # of one copy at a store; None: not given there
    closed_until: datetime | None  # where the whole service rests tomorrow


def way_to_shop(
    shops: Iterable[Shop], *, service: Timetable, fee_yen: int | None, now: datetime
) -> WayToShop:
    """Say where, until when and at what price the same steps work tomorrow (あすの店).

    A store is open no longer than the issuing service itself (6:30–23:00; none 12/29–1/3).
    """
    day = now.date() + timedelta(days=1)
    midnight = datetime.combine(day, time.min, tzinfo=now.tzinfo)
    row = hours_on(day, service)
    first = opening_at(midnight, service)
    opens_tomorrow = first.is_open or (
        first.reopens_at is not None and first.reopens_at.date() == day
    )
    if row is None or not opens_tomorrow:
        return WayToShop(day=day, shops=(), fee_yen=fee_yen, closed_until=first.reopens_at)
    found = tuple(
        ShopTomorrow(name=one.name, where=one.where, opens=opens, closes=closes)
        for one in shops
        if one.holds_on(day)
        and (opens := max(one.opens, row.opens)) < (closes := min(one.closes, row.closes))
    )
    return WayToShop(day=day, shops=found, fee_yen=fee_yen, closed_until=None)


def check_shop(row: Shop) -> tuple[Problem, ...]:
    """Return everything wrong with a row of the table (店の確認)."""
    found = []
    if not row.name.strip():
        found.append(Problem(code="KIOSK_SHOP_NEEDS_NAME", where="name"))
    if not row.where.strip():
        found.append(Problem(code="KIOSK_SHOP_NEEDS_PLACE", where="where"))
    if row.opens >= row.closes:
        found.append(Problem(code="KIOSK_HOURS_BACKWARDS", where="closes"))
    if row.valid_until is not None and row.valid_until < row.valid_from:
        found.append(Problem(code="KIOSK_DAYS_BACKWARDS", where="valid_until"))
    return tuple(found)
