"""Terminals for tests (試験用の統合端末)."""

from __future__ import annotations

from datetime import date

from madoguchi.csops.domain.terminals import Day, Hours, Purpose, Taken
from madoguchi.csops.models import Reservation
from madoguchi.kernel.daytimes import DayRule, Span

PLACE = "本庁"
#: A Tuesday with nothing special about it, and the Monday before it, the 4th of its month.
TUESDAY = date(2027, 1, 26)
EVENING_MONDAY = date(2027, 1, 25)


def span(begins: str, ends: str) -> Span:
    """Write a stretch as people do: 9:00, 9:20 (時間帯)."""
    first, last = ((int(h) * 60 + int(m)) for h, m in (x.split(":") for x in (begins, ends)))
    return Span(begins=first, ends=last)


def hours(begins: str, ends: str, *, percent: int = 40, since: date = date(2020, 4, 1)) -> Hours:
    """Make hours of every day (稼働時間)."""
    return Hours(rule=DayRule(valid_from=since), span=span(begins, ends), walk_in_percent=percent)


def taken(terminal_no: str, begins: str, ends: str, purpose: Purpose = Purpose.BOOKING) -> Taken:
    """Make minutes that are taken (確保した時間)."""
    return Taken(
        reservation_id=f"{terminal_no}{begins}", terminal_no=terminal_no,
        span=span(begins, ends), purpose=purpose,
    )  # fmt: skip


def a_day(*given: Taken, terminals: tuple[str, ...] = ("CS1", "CS2"), percent: int = 40) -> Day:
    """Make a day of two terminals, open 9 to 12 and 13 to 17 (統合端末の一日)."""
    return Day(
        place=PLACE, on=TUESDAY, terminals=terminals, taken=given,
        hours=(hours("9:00", "12:00", percent=percent), hours("13:00", "17:00", percent=percent)),
    )  # fmt: skip


def held() -> list[str]:
    """Return the numbers of all reservations nobody gave back, in order (確保中の番号)."""
    live = Reservation.objects.filter(given_back_at__isnull=True)
    return sorted(live.values_list("reservation_id", flat=True))
