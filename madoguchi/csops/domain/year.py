"""Twelve months of backups at a glance, and what the work cost (年間表・時間外).

A month is done when its backup left a copy with size, hash and place. That a copy can be read
back is another thing, and is said apart: a restore test by which nothing came back undoes it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from fractions import Fraction

from madoguchi.csops.domain.work import CsTable, Rate, fiscal_year

_MONTHS = 12
_FIRST_MONTH = 4
_HUNDRED = 100
_MINUTE = timedelta(minutes=1)


@unique
class MonthState(StrEnum):
    """What one month of the year has (月の状態)."""

    TESTED = "TESTED"  # done, and read back
    DONE = "DONE"
    BROKEN = "BROKEN"  # done, and its restore test failed
    MISSING = "MISSING"
    UNKNOWN = "UNKNOWN"  # before the first record: nobody can say
    NOT_YET = "NOT_YET"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that left a copy, and how its last restore test ended; nothing: none yet (バックアップ)."""

    work_id: str
    month: date  # its first day
    restored: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """One month of the year's table (年間表のひと月)."""

    first: date
    state: MonthState
    work_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Worked:
    """Somebody's time at a piece of work (作業の時間); whole minutes, Japan's clock."""

    staff_id: str
    began: datetime
    ended: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """Hours of work, and what of them was overtime at which price (時間と時間外)."""

    minutes: int = 0
    overtime_minutes: int = 0
    yen: int = 0


def months_of(
    year: int, backups: Iterable[Backup], *, today: date, known_from: date | None
) -> tuple[Month, ...]:
    """Return the twelve months of a fiscal year, April first (年間表).

    Of several backups of a month the best counts: a second one after a failure mends it. What
    lies before the month of the first record is not missing but unknown.
    """
    best = [MonthState.TESTED, MonthState.DONE, MonthState.BROKEN]
    found: dict[date, Month] = {}
    for one in backups:
        state = _STATES[one.restored]
        there = found.get(one.month)
        if there is None or best.index(state) < best.index(there.state):
            found[one.month] = Month(first=one.month, state=state, work_id=one.work_id)
    first_open = today.replace(day=1)
    return tuple(
        found.get(first)
        or Month(first=first, state=_without(first, first_open=first_open, known_from=known_from))
        for first in _firsts(year)
    )  # fmt: skip


def _without(first: date, *, first_open: date, known_from: date | None) -> MonthState:
    if first >= first_open:
        return MonthState.NOT_YET
    known = known_from is not None and first >= known_from.replace(day=1)
    return MonthState.MISSING if known else MonthState.UNKNOWN


def _firsts(year: int) -> Iterator[date]:
    for count in range(_MONTHS):
        month = _FIRST_MONTH + count
        yield date(year + (month > _MONTHS), (month - 1) % _MONTHS + 1, 1)


_STATES = {True: MonthState.TESTED, None: MonthState.DONE, False: MonthState.BROKEN}


def cost_of(
    worked: Iterable[Worked], *, table: CsTable, is_office_day: Callable[[date], bool]
) -> Cost:
    """Add up time and overtime; two stretches of one person that meet count once (時間外の計算).

    Work on an office day within the office's hours is none. Each minute has the price of its own
    day; the yen are rounded once, over everything (*assumed*).
    """
    minutes, over, hundredths = 0, 0, Fraction()
    for minute in _minutes(worked):
        minutes += 1
        price = _percent(minute, table, is_office_day)
        if price is not None:
            rate, percent = price
            over += 1
            hundredths += Fraction(rate.yen_per_hour * percent, 60)
    return Cost(minutes=minutes, overtime_minutes=over, yen=round(hundredths / _HUNDRED))


def _minutes(worked: Iterable[Worked]) -> Iterator[datetime]:
    seen: dict[str, set[datetime]] = {}
    for one in worked:
        minute = one.began.replace(second=0, microsecond=0)
        own = seen.setdefault(one.staff_id, set())
        while minute < one.ended:
            if minute not in own:
                own.add(minute)
                yield minute
            minute += _MINUTE


def _percent(
    minute: datetime, table: CsTable, is_office_day: Callable[[date], bool]
) -> tuple[Rate, int] | None:
    rate = next((one for one in table.rates if one.days.holds_on(minute.date())), None)
    assert rate is not None, "no price of an hour for a day of work"
    at, open_day = minute.hour * 60 + minute.minute, is_office_day(minute.date())
    if open_day and rate.office_begins <= at < rate.office_ends:
        return None
    percent = rate.weekday_percent if open_day else rate.holiday_percent
    if at >= rate.night_begins or at < rate.night_ends:
        percent += rate.night_more_percent
    return rate, percent


def of_year(worked: Iterable[Worked], year: int) -> tuple[Worked, ...]:
    """Return what was worked in a fiscal year, by the day it began (年度の作業)."""
    return tuple(one for one in worked if fiscal_year(one.began.date()) == year)
