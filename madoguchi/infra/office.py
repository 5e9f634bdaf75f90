"""When a town hall is closed by law (閉庁日): the one place that asks for holidays."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import jpholiday

_SATURDAY = 5


@lru_cache(maxsize=4_000)
def is_holiday(day: date) -> bool:
    """Tell whether a day is a public holiday or one of 29 Dec to 3 Jan (休日)."""
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return year_end or jpholiday.is_holiday(day)


def is_office_day(day: date) -> bool:
    """Tell whether the town hall is open: neither a weekend nor a holiday (開庁日)."""
    return day.weekday() < _SATURDAY and not is_holiday(day)
