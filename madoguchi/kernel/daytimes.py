"""Times of one day as minutes, and on which days a row of a town's table holds (時刻と日の決まり).

Japan moves no clocks, so a time of day is its minutes since midnight, and a span of them never
means two different lengths. A legal day stays a `date`; only the rim makes moments of the two.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from madoguchi.kernel.outcome import Problem

DAY_MINUTES = 24 * 60
_WEEKDAYS = 7
_WEEKS_OF_MONTH = 5
_CLOCK = re.compile(r"([0-9]{1,2}):?([0-9]{2})|([0-9]{1,2})時(?:([0-9]{1,2})分)?")


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A stretch of one day, in minutes since midnight; its end is not part of it (時間帯)."""

    begins: int
    ends: int

    def __post_init__(self) -> None:
        assert 0 <= self.begins < self.ends <= DAY_MINUTES, (self.begins, self.ends)

    @property
    def minutes(self) -> int:
        """Return how long it is (分)."""
        return self.ends - self.begins

    def meets(self, other: "Span") -> bool:
        """Tell whether two spans share a minute (重なり)."""
        return self.begins < other.ends and other.begins < self.ends

    def holds(self, other: "Span") -> bool:
        """Tell whether another span lies wholly within this one (内包)."""
        return self.begins <= other.begins and other.ends <= self.ends

    def shared(self, other: "Span") -> int:
        """Return how many minutes two spans share (重なる分)."""
        return max(0, min(self.ends, other.ends) - max(self.begins, other.begins))


@dataclass(frozen=True, slots=True, kw_only=True)
class DayRule:
    """On which days a row of a table holds (適用日): one day, or weekdays of a dated run.

    ``nth`` narrows a weekday to the so-manieth of its month, such as the 2nd and 4th Monday.
    """

    valid_from: date
    valid_until: date | None = None  # last day, or open
    weekdays: frozenset[int] = frozenset(range(_WEEKDAYS))  # 0 Monday … 6 Sunday
    nth: frozenset[int] = frozenset()  # empty: every one

    def holds_on(self, day: date) -> bool:
        """Tell whether the row speaks of a day (適用)."""
        begun = self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)
        wanted = not self.nth or nth_in_month(day) in self.nth
        return begun and day.weekday() in self.weekdays and wanted


def nth_in_month(day: date) -> int:
    """Return the so-manieth of its weekday in its month a day is: 1 to 5 (第何曜日)."""
    return (day.day - 1) // _WEEKDAYS + 1


def free_within(whole: Span, taken: Iterable[Span]) -> tuple[Span, ...]:
    """Return what is left of a span when others are cut out of it (空き時間)."""
    found, begins = [], whole.begins
    for one in sorted(taken):
        if one.ends <= begins or one.begins >= whole.ends:
            continue
        if begins < one.begins:
            found.append(Span(begins=begins, ends=one.begins))
        begins = max(begins, one.ends)
    if begins < whole.ends:
        found.append(Span(begins=begins, ends=whole.ends))
    return tuple(found)


def starts_within(whole: Span, *, minutes: int, step: int) -> Iterator[Span]:
    """Yield each span of a length that fits, beginning on the step of the clock (開始時刻の候補)."""
    assert minutes > 0 and step > 0
    first = -(-whole.begins // step) * step
    for begins in range(first, whole.ends - minutes + 1, step):
        yield Span(begins=begins, ends=begins + minutes)


def clock_text(minute: int) -> str:
    """Write a minute of the day as people read it: 9:05 (時刻)."""
    return f"{minute // 60}:{minute % 60:02}"


def parse_clock(text: str, *, where: str | None = None) -> int | Problem:
    """Read a time of day: 9:05, 905, 9時5分 (時刻の読取り)."""
    found = _CLOCK.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found:
        hours = int(found[1] or found[3])
        minutes = int(found[2] or found[4] or 0)
        if minutes < 60 and hours * 60 + minutes <= DAY_MINUTES:
            return hours * 60 + minutes
    return Problem(code="CLOCK_UNREADABLE", where=where, facts={"written": text[:20]})


def check_not_past(day: date, *, today: date, where: str = "valid_from") -> tuple[Problem, ...]:
    """Return why a row cannot begin, or end, on a day: it is over (過去の日の確認)."""
    return (Problem(code="ROW_IN_THE_PAST", where=where),) if day < today else ()


def check_days(rule: DayRule) -> tuple[Problem, ...]:
    """Return everything wrong with the days of a row (適用日の確認)."""
    found = []
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        found.append(Problem(code="ROW_DAYS_BACKWARDS", where="valid_until"))
    if not rule.weekdays or not rule.weekdays <= set(range(_WEEKDAYS)):
        found.append(Problem(code="ROW_WEEKDAY_UNKNOWN", where="weekdays"))
    if not rule.nth <= set(range(1, _WEEKS_OF_MONTH + 1)):
        found.append(Problem(code="ROW_NTH_UNKNOWN", where="nth"))
    return tuple(found)
