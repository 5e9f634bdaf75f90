"""Days as plain counts, with their text looked up: a million rows need it fast (日付の表)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

# Before the oldest person of the town was born, and after the last day anybody asks for.
_FIRST = date(1850, 1, 1).toordinal()
_LAST = date(2120, 12, 31).toordinal()
# Padded at the front, so that a day is its own index.
_TEXT = ("",) * _FIRST + tuple(
    date.fromordinal(day).isoformat() for day in range(_FIRST, _LAST + 1)
)

YEAR = 365.2425
_WEEK = 7
_FRIDAY = 5  # ordinals count 1 for a Monday

#: Moments at which a desk records something, in order (処理時刻).
MOMENTS = tuple(
    f"T{8 + (30 + step) // 60:02d}:{(30 + step) % 60:02d}:{step * 37 % 60:02d}+09:00"
    for step in range(525)
)
#: Numbers as forms print them (全角数字).
WIDE = tuple(
    str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    for number in range(3_000)
)


#: Writes a day as ISO 8601 (日付); the table's own method, since a call more costs a tenth.
text: Callable[[int], str] = _TEXT.__getitem__


def year(day: int) -> int:
    """Return the western year of a day (西暦年)."""
    return int(_TEXT[day][:4])


def new_year(western: int) -> int:
    """Return the first of January of a year (1月1日)."""
    return date(western, 1, 1).toordinal()


def full_years(born: int, on: int) -> int:
    """Return whole years between two days, to a day or so (満年齢)."""
    return int((on - born) / YEAR)


def working_day(day: int) -> int:
    """Return the day itself, or the Monday after a weekend (開庁日)."""
    weekday = (day - 1) % _WEEK + 1
    return day if weekday <= _FRIDAY else day + 8 - weekday


def years_before(on: date, years: int, month: int, day: int) -> int:
    """Return a day some years before the year of ``on`` (何年前の何月何日)."""
    return date(on.year - years, month, day).toordinal()
