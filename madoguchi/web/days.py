"""Days and times as residents read them, in three languages (日付・時間のことば)."""

from __future__ import annotations

from datetime import date

from madoguchi.kernel.dates import from_day, show_in_eras
from madoguchi.kernel.daytimes import Span, clock_text
from madoguchi.kernel.language import Language

_WEEKDAYS = "月火水木金土日"
_READINGS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def day_in(on: date, language: Language) -> str:
    """Write a day as people say it, with its weekday; readings marked (日付)."""
    at = on.weekday()
    match language:
        case Language.ENGLISH:
            return f"{_EN_DAYS[at]}, {_EN_MONTHS[on.month - 1]} {on.day}"
        case Language.EASY_JAPANESE:
            return (
                f"{on.month}｜月《がつ》{on.day}｜日《にち》"
                f"（｜{_WEEKDAYS[at]}曜日《{_READINGS[at]}ようび》）"
            )
        case Language.JAPANESE:
            return f"{on.month}月{on.day}日（{_WEEKDAYS[at]}）"


def year_in(on: date, language: Language) -> str:
    """Write the year of a day, which a booking across the new year needs (年)."""
    if language is Language.ENGLISH:
        return str(on.year)
    if language is Language.EASY_JAPANESE:
        return f"{on.year}｜年《ねん》"
    return show_in_eras(from_day(on)).split("年")[0] + "年"


def span_in(span: Span) -> str:
    """Write from when to when (時間)."""
    return f"{clock_text(span.begins)}〜{clock_text(span.ends)}"
