"""The one place that reads the clock (時計): legal days are days in Japan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from zoneinfo import ZoneInfo

JAPAN = ZoneInfo("Asia/Tokyo")

_frozen: ContextVar[datetime | None] = ContextVar("frozen_clock", default=None)


def now() -> datetime:
    """Return this moment in Japan, time zone included (処理日時)."""
    return _frozen.get() or datetime.now(JAPAN)  # noqa: TID251  the clock itself


def today() -> date:
    """Return today's date in Japan (処理日)."""
    return day_of(now())


def day_of(moment: datetime) -> date:
    """Return the legal day of a moment: Japan's (その日)."""
    return moment.astimezone(JAPAN).date()


def start_of(day: date) -> datetime:
    """Return the first moment of a day in Japan (一日の始まり)."""
    return datetime(day.year, day.month, day.day, tzinfo=JAPAN)


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Hold the clock at ``moment``: for tests and for rehearsing next month."""
    assert moment.tzinfo is not None, "a moment without a time zone is not a moment"
    token = _frozen.set(moment)
    try:
        yield
    finally:
        _frozen.reset(token)
