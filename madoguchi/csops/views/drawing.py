"""A day of the terminals as bars to be drawn (一日の帯)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from madoguchi.csops.domain.terminals import Day, Taken, free_spans
from madoguchi.csops.queries.days import ShiftRow, TerminalRow
from madoguchi.kernel.daytimes import Span

#: What the bar shows where the town's rows say nothing else.
FIRST_HOUR, LAST_HOUR = 8, 19


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One piece of a bar, in minutes from its left end (帯の一片)."""

    x: int
    width: int
    kind: str
    words: str

    @property
    def middle(self) -> int:
        """Return where its words stand (中央)."""
        return self.x + self.width // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """Who sits there, by name (当番)."""

    shift_id: int
    span: Span
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A terminal's day: pieces, who sits there, free minutes (端末の帯)."""

    terminal: TerminalRow
    pieces: tuple[Piece, ...]
    free_minutes: int
    longest: Span | None
    taken: tuple[Taken, ...]
    shifts: tuple[Sitting, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All bars under one scale of hours (帯の図)."""

    bars: tuple[Bar, ...]
    hours: tuple[tuple[int, int], ...]  # x, hour
    width: int
    now_x: int | None


def picture_of(
    day: Day,
    *,
    terminals: tuple[TerminalRow, ...],
    shifts: tuple[ShiftRow, ...],
    names: Mapping[str, str],
    now: int | None,
) -> Picture:
    """Draw a day; every minute that is open or taken lies on the scale (一日の図)."""
    spans = [one.span for one in day.hours] + [one.span for one in day.taken]
    first = min(FIRST_HOUR, *(one.begins // 60 for one in spans), FIRST_HOUR)
    last = max(LAST_HOUR, *(-(-one.ends // 60) for one in spans), LAST_HOUR)
    left = first * 60
    sitting = {
        one.terminal_no: tuple(
            Sitting(
                shift_id=row.shift_id, span=row.span, name=names.get(row.staff_id, row.staff_id)
            )
            for row in shifts
            if row.terminal_no == one.terminal_no
        )
        for one in terminals
    }
    return Picture(
        bars=tuple(_bar(day, one, shifts=sitting[one.terminal_no], left=left) for one in terminals),
        hours=tuple((hour * 60 - left, hour) for hour in range(first, last + 1)),
        width=last * 60 - left,
        now_x=now - left if now is not None and left <= now <= last * 60 else None,
    )


def _bar(day: Day, terminal: TerminalRow, *, shifts: tuple[Sitting, ...], left: int) -> Bar:
    free = free_spans(day, terminal.terminal_no)
    taken = tuple(one for one in day.taken if one.terminal_no == terminal.terminal_no)
    pieces = [
        Piece(x=one.begins - left, width=one.minutes, kind="free", words="") for one in free
    ] + [
        Piece(x=one.span.begins - left, width=one.span.minutes,
              kind=one.purpose.value.lower(), words=one.purpose.value)
        for one in taken
    ]  # fmt: skip
    return Bar(
        terminal=terminal,
        pieces=tuple(sorted(pieces, key=lambda one: one.x)),
        free_minutes=sum(one.minutes for one in free),
        longest=max(free, key=lambda one: one.minutes, default=None),
        taken=taken,
        shifts=shifts,
    )
