"""The resident's page in three languages: sentences, days, times (住民のページの文言)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from django.utils.safestring import SafeString

from madoguchi.kernel.dates import from_day, show_in_eras
from madoguchi.kernel.daytimes import Span, clock_text
from madoguchi.kernel.language import Language
from madoguchi.web.tongues import marked_html, marked_plain, sentences

FOLDER = Path(__file__).resolve().parents[1] / "texts"
_WEEKDAYS = "月火水木金土日"
_READINGS = ("げつ", "か", "すい", "もく", "きん", "ど", "にち")
_EN_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EN_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def texts(language: Language) -> Mapping[str, str]:
    """Return every sentence of a language by its key (文言)."""
    return sentences(FOLDER, "booking", language)


def html(key: str, language: Language, **facts: object) -> SafeString:
    """Return a sentence as HTML, ruby above what carries a reading (文)."""
    return ruby(texts(language)[key].format_map(facts))


def plain(key: str, language: Language, **facts: object) -> str:
    """Return a sentence without ruby: for titles and the calendar file (文)."""
    return marked_plain(texts(language)[key].format_map(facts))


def ruby(marked: str) -> SafeString:
    """Return a marked text as HTML (ふりがな)."""
    return marked_html(marked)


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


def sentence_for(code: str, language: Language) -> SafeString:
    """Say a refusal in the resident's language; what a resident cannot mend says: call (断り)."""
    key = f"problem_{code.lower()}"
    return html(key if key in texts(language) else "problem_other", language)
