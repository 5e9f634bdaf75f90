"""When a machine is open: dated tables, and the next opening (利用時間・休止日)."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from madoguchi.kernel.outcome import Problem

#: How far ahead an opening is looked for; beyond it the machine says "until further notice".
LOOK_AHEAD_DAYS = 400
_WEEKDAYS = 7
_LEAP_YEAR = 2024
#: How a day of each year is typed: 12/29, 12-29, 12月29日, in either width (月日).
MONTH_DAY = r"^\s*[0-9０-９]{1,2}\s*[/／.．月-]\s*[0-9０-９]{1,2}\s*日?\s*$"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """From when to when a machine is open, on one weekday or on all (利用時間).

    A row for one weekday wins over a row for all of them; the later ``valid_from`` wins.
    """

    opens: time
    closes: time
    valid_from: date
    valid_until: date | None = None  # last day, or open
    weekday: int | None = None  # 0 Monday … 6 Sunday

    def holds_on(self, day: date) -> bool:
        """Tell whether this row speaks of a day (適用日)."""
        begun = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        return begun and self.weekday in (None, day.weekday())


@dataclass(frozen=True, slots=True, kw_only=True)
class YearlyClosing:
    """Days of each year on which nothing is given, such as 12/29–1/3 (毎年の休止日)."""

    first: tuple[int, int]  # month, day
    last: tuple[int, int]
    reason: str
    valid_from: date | None = None  # none: it always was so
    valid_until: date | None = None  # last day, or open

    def holds_on(self, day: date) -> bool:
        """Tell whether a day falls into it, over the turn of the year too (適用日)."""
        if day < (self.valid_from or day) or day > (self.valid_until or day):
            return False
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedTime:
    """One closed day, or some hours of maintenance (臨時休止・保守)."""

    starts_at: datetime
    ends_at: datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Timetable:
    """All rows of one channel (利用時間の表)."""

    hours: tuple[Hours, ...]
    yearly: tuple[YearlyClosing, ...] = ()
    closed: tuple[ClosedTime, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """Whether a machine is open now, until when, and when again (利用できる時間)."""

    is_open: bool
    until: datetime | None  # the end of this opening, where open
    reopens_at: datetime | None  # where closed; None: nobody knows
    reason: str = ""  # of a closing with a reason


def opening_at(now: datetime, table: Timetable) -> Opening:
    """Say whether the machine is open at a moment, and what comes next (開閉の判定)."""
    assert now.tzinfo is not None
    for opens, closes in _spans(now.date(), 1, table, now.tzinfo):
        if opens <= now < closes:
            return Opening(is_open=True, until=closes, reopens_at=None)
    later = (one for one, _ in _spans(now.date(), LOOK_AHEAD_DAYS, table, now.tzinfo) if one > now)
    return Opening(
        is_open=False, until=None, reopens_at=next(later, None), reason=_reason(now, table)
    )


def hours_on(day: date, table: Timetable) -> Hours | None:
    """Return the row that holds on a day, closings apart (その日の利用時間)."""
    found = [one for one in table.hours if one.holds_on(day)]
    return max(found, key=lambda one: (one.weekday is not None, one.valid_from), default=None)


def last_closing(day: date, table: Timetable, *, zone: tzinfo) -> datetime | None:
    """Return when the machine closes for the day, or None where it does not open (終業)."""
    return max((closes for _, closes in _spans(day, 1, table, zone)), default=None)


def check_hours(row: Hours) -> tuple[Problem, ...]:
    """Return everything wrong with a row of the table (利用時間の確認)."""
    found = []
    if row.opens >= row.closes:
        found.append(Problem(code="KIOSK_HOURS_BACKWARDS", where="closes"))
    if row.weekday is not None and not 0 <= row.weekday < _WEEKDAYS:
        found.append(Problem(code="KIOSK_WEEKDAY_UNKNOWN", where="weekday"))
    if row.valid_until is not None and row.valid_until < row.valid_from:
        found.append(Problem(code="KIOSK_DAYS_BACKWARDS", where="valid_until"))
    return tuple(found)


def check_yearly(row: YearlyClosing) -> tuple[Problem, ...]:
    """Return everything wrong with days that are closed each year (毎年の休止日の確認)."""
    found = []
    for where, (month, day) in (("first", row.first), ("last", row.last)):
        # 2月29日 is a day of some years; it is closed in those.
        if not (1 <= month <= 12 and 1 <= day <= monthrange(_LEAP_YEAR, month)[1]):
            found.append(Problem(code="KIOSK_NO_SUCH_DAY", where=where))
    if row.valid_from and row.valid_until and row.valid_until < row.valid_from:
        found.append(Problem(code="KIOSK_DAYS_BACKWARDS", where="valid_until"))
    if not row.reason.strip():
        found.append(Problem(code="KIOSK_CLOSING_NEEDS_REASON", where="reason"))
    return tuple(found)


def check_closed(row: ClosedTime) -> tuple[Problem, ...]:
    """Return everything wrong with a closed time (休止の確認)."""
    found = []
    if row.ends_at <= row.starts_at:
        found.append(Problem(code="KIOSK_DAYS_BACKWARDS", where="ends_at"))
    if not row.reason.strip():
        found.append(Problem(code="KIOSK_CLOSING_NEEDS_REASON", where="reason"))
    return tuple(found)


def _spans(
    first: date, days: int, table: Timetable, zone: tzinfo
) -> Iterable[tuple[datetime, datetime]]:
    """Yield each span of a run of days in which the machine is open, closed times cut out."""
    for offset in range(days):
        day = first + timedelta(days=offset)
        row = hours_on(day, table)
        if row is None or any(one.holds_on(day) for one in table.yearly):
            continue
        span = (
            datetime.combine(day, row.opens, tzinfo=zone),
            datetime.combine(day, row.closes, tzinfo=zone),
        )
        yield from _cut(span, table.closed)


def _cut(
    span: tuple[datetime, datetime], closed: tuple[ClosedTime, ...]
) -> Iterable[tuple[datetime, datetime]]:
    begin, end = span
    for one in sorted(closed, key=lambda one: one.starts_at):
        if one.ends_at <= begin or one.starts_at >= end:
            continue
        if begin < one.starts_at:
            yield begin, one.starts_at
        begin = max(begin, one.ends_at)
    if begin < end:
        yield begin, end


def _reason(now: datetime, table: Timetable) -> str:
    for one in table.closed:
        if one.starts_at <= now < one.ends_at:
            return one.reason
    return next((one.reason for one in table.yearly if one.holds_on(now.date())), "")
