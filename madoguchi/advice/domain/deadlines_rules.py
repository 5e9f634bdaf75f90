"""How days are counted: birthdays, months, limits of moves (期限の数え方).

Months and years are counted to the same day of the month, or its last day (民法143条). Whoever
was born on 29 February has a birthday on 28 February in other years (*assumed* for cards, as the
road traffic law says it for licences).
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta

from madoguchi.kernel.months import days_in_month

SPECIAL_PLANNED_DAYS = 30
SPECIAL_MOVED_DAYS = 14
CONTINUED_USE_DAYS = 90
_FEBRUARY_29 = (2, 29)

IsOfficeDay = Callable[[date], bool]


def days_after(day: date, days: int) -> date:
    """Return the last of so many days, the first day not counted (日数の満了)."""
    return day + timedelta(days=days)


def month_end(day: date) -> date:
    """Return the last day of a month (月末)."""
    return day.replace(day=days_in_month(day.year, day.month))


def birthday_in(year: int, birth_date: date) -> date:
    """Return the birthday in a year; 29 February is the 28th in other years (その年の誕生日)."""
    leap_born = (birth_date.month, birth_date.day) == _FEBRUARY_29
    if leap_born and not calendar.isleap(year):
        return date(year, 2, 28)
    return birth_date.replace(year=year)


def nth_birthday_after(day: date, birth_date: date, count: int) -> date:
    """Return the n-th birthday after a day; a birthday on that very day is not one (n回目の誕生日)."""
    assert count > 0
    first = day.year if birthday_in(day.year, birth_date) > day else day.year + 1
    return birthday_in(first + count - 1, birth_date)


def age_on(day: date, birth_date: date) -> int:
    """Return the age on a day; born on 29 February one is older from 1 March (年齢)."""
    before = (day.month, day.day) < (birth_date.month, birth_date.day)
    return day.year - birth_date.year - before


def special_move_in_ends(
    *, planned_move_out_on: date | None, moved_in_on: date | None
) -> date | None:
    """Return the last day of 特例転入: thirty days or fourteen, the earlier (特例転入の期限)."""
    ends = []
    if planned_move_out_on is not None:
        ends.append(days_after(planned_move_out_on, SPECIAL_PLANNED_DAYS))
    if moved_in_on is not None:
        ends.append(days_after(moved_in_on, SPECIAL_MOVED_DAYS))
    return min(ends, default=None)


def continued_use_ends(filed_on: date) -> date:
    """Return the last day of 継続利用 after a notification of moving in (継続利用の期限)."""
    return days_after(filed_on, CONTINUED_USE_DAYS)


def overseas_ends(departs_on: date) -> date:
    """Return the last day to keep the card abroad: the day before leaving (国外転出の前日)."""
    return departs_on - timedelta(days=1)


def infant_express_ends(birth_date: date) -> date:
    """Return the last day of an infant's express card: before the first birthday (1歳の前日)."""
    return birthday_in(birth_date.year + 1, birth_date) - timedelta(days=1)


def next_office_day(day: date, *, is_office_day: IsOfficeDay) -> date:
    """Return the day itself, or the first open day after it (次の開庁日)."""
    while not is_office_day(day):
        day += timedelta(days=1)
    return day


def last_office_day(day: date, *, is_office_day: IsOfficeDay) -> date:
    """Return the day itself, or the last open day before it (直前の開庁日)."""
    while not is_office_day(day):
        day -= timedelta(days=1)
    return day
