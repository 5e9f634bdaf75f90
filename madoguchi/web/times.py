"""Choosing a time on a resident's page, whichever room's matter it is: words and pieces (日時を選ぶ画面).

The room says what may be had and what comes of it; here is only how it is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol

from django.http import HttpResponse
from django.utils.safestring import SafeString, mark_safe

from madoguchi.infra.clock import JAPAN
from madoguchi.infra.qr import qr_svg
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.language import Language
from madoguchi.web.days import day_in, span_in, year_in
from madoguchi.web.tongues import marked_html, marked_plain, sentences

FOLDER = Path(__file__).resolve().parent / "texts"
#: So many days are offered first, and so many times of a day.
DAYS_SHOWN, TIMES_SHOWN = 10, 48
SAID = ("confirmed", "changed", "cancelled")


class Start(Protocol):
    """A time that can be had (空いている日時)."""

    @property
    def on(self) -> date:
        """The day."""

    @property
    def span(self) -> Span:
        """From when to when."""


class Booked(Start, Protocol):
    """A booking, held or confirmed (予約)."""

    @property
    def booking_no(self) -> str:
        """The number people read out."""

    @property
    def is_held(self) -> bool:
        """Whether nobody has said yes yet."""

    @property
    def hold_until(self) -> datetime:
        """Until when it is held."""

    @property
    def errands(self) -> Sequence[object]:
        """One for each of the party."""


def texts(language: Language) -> Mapping[str, str]:
    """Return every shared sentence of a language by its key (文言)."""
    return sentences(FOLDER, "times", language)


def html(key: str, language: Language, **facts: object) -> SafeString:
    """Return a shared sentence as HTML, readings above their words (文)."""
    return marked_html(texts(language)[key].format_map(facts))


def plain(key: str, language: Language, **facts: object) -> str:
    """Return a shared sentence without readings (文)."""
    return marked_plain(texts(language)[key].format_map(facts))


def drawn(row: Booked, language: Language) -> dict[str, Any]:
    """Return a booking as the page shows it: when, and its number (予約の表示)."""
    count = len(row.errands)
    return {
        "people": html("people", language, count=count) if count > 1 else "",
        "is_held": row.is_held, "number": row.booking_no,
        "year": marked_html(year_in(row.on, language)),
        "day": marked_html(day_in(row.on, language)), "time": span_in(row.span),
        "until": f"{row.hold_until.astimezone(JAPAN):%-H:%M}",
        # Drawn by our own code from our own number: there is nothing of the visitor in it.
        "qr": mark_safe(qr_svg(row.booking_no)),  # noqa: S308  our own drawing
    }  # fmt: skip


def calendar_file(told: bytes) -> HttpResponse:
    """Hand out a booking as a file for the resident's own calendar (iCalendar)."""
    answer = HttpResponse(told, content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="yoyaku.ics"'
    return answer


def days_offered(free: Iterable[Start], language: Language) -> list[tuple[date, SafeString, str]]:
    """Return the days to choose from, each with its first time (選べる日)."""
    return [
        (one.on, marked_html(day_in(one.on, language)), span_in(one.span).split("〜")[0])
        for one in free
    ]


def times_offered(free: Iterable[Start]) -> list[tuple[date, int, str]]:
    """Return the times of one day to choose from (選べる時間)."""
    return [(one.on, one.span.begins, span_in(one.span)) for one in free]
