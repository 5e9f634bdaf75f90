"""A day of the terminals: hours, what is taken, which terminal takes the next (統合端末の一日)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel.daytimes import DayRule, Span, check_days, free_within
from madoguchi.kernel.outcome import Problem

PERCENT = 100


@unique
class Purpose(StrEnum):
    """What a terminal's minutes are taken for (用途)."""

    BOOKING = "BOOKING"  # 予約
    SETUP = "SETUP"  # 交付前設定
    UPKEEP = "UPKEEP"  # 保守


#: Done without a visitor, so the desk may do it before opening or after closing: overtime.
AFTER_HOURS = frozenset({Purpose.SETUP, Purpose.UPKEEP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When the terminals of a place are worked at, and what of it is kept for walk-ins (稼働時間).

    Of the minutes of all terminals in this span, ``walk_in_percent`` are never booked.
    """

    rule: DayRule
    span: Span
    walk_in_percent: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Minutes of a terminal that are given to something (確保した時間)."""

    reservation_id: str
    terminal_no: str
    span: Span
    purpose: Purpose
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """One day of the terminals of one place (統合端末の一日); no hours: closed."""

    place: str
    on: date
    terminals: tuple[str, ...]
    hours: tuple[Hours, ...]
    taken: tuple[Taken, ...]

    @property
    def open_minutes(self) -> int:
        """Return the minutes of all terminals together while the desk is open (稼働分)."""
        return sum(one.span.minutes for one in self.hours) * len(self.terminals)


def hours_on(day: date, rows: Iterable[Hours]) -> tuple[Hours, ...]:
    """Return the hours that hold on a day; of two that meet, the newer row counts (その日の稼働時間)."""
    found: list[Hours] = []
    fitting = (one for one in rows if one.rule.holds_on(day))
    for one in sorted(fitting, key=lambda row: row.rule.valid_from, reverse=True):
        if not any(one.span.meets(kept.span) for kept in found):
            found.append(one)
    return tuple(sorted(found, key=lambda row: row.span))


def bookable_left(day: Day, hours: Hours) -> int:
    """Return how many minutes may still be booked in a span: never the walk-ins' share (予約の残り)."""
    all_minutes = hours.span.minutes * len(day.terminals)
    booked = sum(one.span.shared(hours.span) for one in day.taken if one.purpose is Purpose.BOOKING)
    return all_minutes * (PERCENT - hours.walk_in_percent) // PERCENT - booked


def free_spans(day: Day, terminal_no: str) -> tuple[Span, ...]:
    """Return where a terminal is free while the desk is open (端末の空き)."""
    taken = [one.span for one in day.taken if one.terminal_no == terminal_no]
    return tuple(part for one in day.hours for part in free_within(one.span, taken))


def pick_terminal(day: Day, span: Span, purpose: Purpose) -> str | tuple[Problem, ...]:
    """Return the terminal that takes these minutes, or every reason why none does (端末の割当て).

    The one with the smallest gap around them: long stretches stay whole for set-up.
    """
    facts = {"place": day.place}
    if not day.terminals:
        return (Problem(code="TERMINAL_NONE_HERE", facts=facts),)
    found: list[Problem] = []
    within = next((one for one in day.hours if one.span.holds(span)), None)
    if within is None and purpose not in AFTER_HOURS:
        found.append(Problem(code="TERMINAL_CLOSED", where="begins"))
    if within and purpose is Purpose.BOOKING and bookable_left(day, within) < span.minutes:
        found.append(Problem(code="TERMINAL_WALK_INS_FIRST", where="begins"))
    around = {no: _gap_around(day, no, span) for no in day.terminals}
    free = {no: gap for no, gap in around.items() if gap is not None}
    if not free:
        found.append(Problem(code="TERMINAL_TAKEN", where="begins"))
    if found:
        return tuple(found)
    return min(free, key=lambda no: (free[no], no))


def left_outside(before: Day, after: Day) -> tuple[Taken, ...]:
    """Return the visitors' minutes that lay in the hours and would not after a change (取り残される予約)."""

    def worked(day: Day, one: Taken) -> bool:
        return one.terminal_no in day.terminals and any(h.span.holds(one.span) for h in day.hours)

    return tuple(
        one for one in after.taken
        if one.purpose is Purpose.BOOKING and worked(before, one) and not worked(after, one)
    )  # fmt: skip


def check_hours(row: Hours) -> tuple[Problem, ...]:
    """Return everything wrong with a row of hours (稼働時間の確認)."""
    found = list(check_days(row.rule))
    if not 0 <= row.walk_in_percent <= PERCENT:
        found.append(Problem(code="TERMINAL_PERCENT_UNKNOWN", where="walk_in_percent"))
    return tuple(found)


def _gap_around(day: Day, terminal_no: str, span: Span) -> int | None:
    """Return the length of the free gap a span would lie in; None where it meets another."""
    others = [one.span for one in day.taken if one.terminal_no == terminal_no]
    if any(one.meets(span) for one in others):
        return None
    before = max((one.ends for one in others if one.ends <= span.begins), default=0)
    after = min((one.begins for one in others if one.begins >= span.ends), default=24 * 60)
    return after - before
