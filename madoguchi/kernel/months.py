"""Months counted in the calendar (月の数え方): to the same day, or the month's last (民法143条)."""

from __future__ import annotations

import calendar
from datetime import date

_MONTHS = 12
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def months_after(day: date, months: int) -> date:
    """Return the same day so many months on, or the last day of that month (月数の応当日)."""
    count = day.year * _MONTHS + day.month - 1 + months
    year, month = divmod(count, _MONTHS)
    return date(year, month + 1, min(day.day, days_in_month(year, month + 1)))


def days_in_month(year: int, month: int) -> int:
    """Count the days of a month; ``calendar.monthrange`` finds its weekday too, at thrice the time."""
    return 29 if month == 2 and calendar.isleap(year) else _DAYS[month - 1]
