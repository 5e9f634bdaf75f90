"""How busy the terminals will be, and which minutes are quiet (混みぐあい・すいている時間).

The slides say: two terminals, full on Mondays and Fridays, so cards are set up in overtime.
What visitors without a booking will need is learnt from what they needed: the mean of an hour
of a weekday, beginning from an *assumed* one that weighs as much as ``PRIOR_WEEKS`` weeks.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.csops.domain.terminals import Day, Purpose, free_spans
from madoguchi.kernel.daytimes import Span, starts_within
from madoguchi.kernel.outcome import Problem

HOUR = 60
PRIOR_WEEKS = 4
#: Only so far back: the load of a year with many expiries is not that of the next.
WEEKS_BACK = 26
#: Minutes of terminal an hour of each weekday asks for without a booking (*assumed*; the slides
#: name Monday and Friday as the full days, and give no figures).
ASSUMED_MINUTES: tuple[int, ...] = (60, 30, 30, 30, 60, 20, 20)

Hourly = Mapping[tuple[int, int], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """Minutes a visitor without a booking spent at a terminal (窓口での利用)."""

    on: date
    begins: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """What a day is asked for and what it has, in minutes of terminal (一日の混みぐあい)."""

    on: date
    open_minutes: int
    booked: int
    set_up: int  # reserved for 交付前設定 and upkeep, in hours or after
    expected: int  # visitors without a booking
    waiting: int  # cards that wait for 交付前設定, in minutes
    overtime: int  # minutes on the clock after closing, all terminals at work

    @property
    def asked(self) -> int:
        """Return all that is asked of the day (必要な分)."""
        return self.booked + self.set_up + self.expected + self.waiting

    @property
    def percent(self) -> int:
        """Return the asked minutes in a hundred open ones; closed days are 0 (混雑率)."""
        return round(100 * self.asked / self.open_minutes) if self.open_minutes else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """Minutes of a terminal few will ask for (すいている時間)."""

    on: date
    terminal_no: str
    span: Span
    percent: int  # what bookings and walk-ins are expected to take of all terminals then


def learn(uses: Iterable[Use], *, weeks_seen: int) -> Hourly:
    """Return the expected minutes of each hour of each weekday (曜日と時刻ごとの見込み)."""
    sums: dict[tuple[int, int], int] = {}
    for use in uses:
        begins, ends = use.begins, use.begins + use.minutes
        for hour in range(begins // HOUR, -(-ends // HOUR)):
            shared = min(ends, (hour + 1) * HOUR) - max(begins, hour * HOUR)
            key = (use.on.weekday(), hour)
            sums[key] = sums.get(key, 0) + shared
    return {
        (weekday, hour): (sums.get((weekday, hour), 0) + PRIOR_WEEKS * assumed)
        / (weeks_seen + PRIOR_WEEKS)
        for weekday, assumed in enumerate(ASSUMED_MINUTES)
        for hour in range(24)
    }


def expected_within(span: Span, *, on: date, hourly: Hourly) -> float:
    """Return the minutes walk-ins are expected to need within a span (飛び込みの見込み)."""
    total = 0.0
    for hour in range(span.begins // HOUR, -(-span.ends // HOUR)):
        part = Span(begins=hour * HOUR, ends=(hour + 1) * HOUR).shared(span)
        total += hourly.get((on.weekday(), hour), 0.0) * part / HOUR
    return total


def load_of_day(day: Day, *, hourly: Hourly, waiting: int = 0) -> Load:
    """Add up what a day is asked for; what does not fit is overtime (残業の見込み).

    Minutes reserved outside the hours are overtime whatever the day is like.
    """
    inside = [_inside(day, one.span) for one in day.taken]
    outside = sum(one.span.minutes for one in day.taken) - sum(inside)
    booked = sum(one.span.minutes for one in day.taken if one.purpose is Purpose.BOOKING)
    set_up = sum(one.span.minutes for one in day.taken) - booked
    expected = round(
        sum(expected_within(one.span, on=day.on, hourly=hourly) for one in day.hours)
    ) if day.terminals else 0  # fmt: skip
    over = max(0, sum(inside) + expected + waiting - day.open_minutes) + outside
    return Load(
        on=day.on, open_minutes=day.open_minutes, booked=booked, set_up=set_up,
        expected=expected, waiting=waiting,
        overtime=-(-over // len(day.terminals)) if day.terminals else 0,
    )  # fmt: skip


def quiet_spans(
    days: Iterable[Day], *, minutes: int, hourly: Hourly, most: int
) -> tuple[Quiet, ...]:
    """Return the quietest free stretches of a length, none beside another's minutes (静かな時間の提案).

    Walk-ins first: a stretch after which the others' terminals would not hold what is
    expected then is never proposed.
    """
    found = sorted(
        (one for day in days for one in _candidates(day, minutes=minutes, hourly=hourly)),
        key=lambda one: (one.percent, one.on, one.span.begins, one.terminal_no),
    )
    kept: list[Quiet] = []
    for one in found:
        if len(kept) == most:
            break
        if not any(other.on == one.on and other.span.meets(one.span) for other in kept):
            kept.append(one)
    return tuple(kept)


def check_stretch(minutes: int) -> tuple[Problem, ...]:
    """Return what is wrong with a length of time asked for (長さの確認)."""
    if 5 <= minutes <= 8 * HOUR:
        return ()
    return (Problem(code="TERMINAL_MINUTES_UNKNOWN", where="minutes"),)


def _candidates(day: Day, *, minutes: int, hourly: Hourly) -> Iterable[Quiet]:
    for terminal_no in day.terminals:
        for gap in free_spans(day, terminal_no):
            for span in starts_within(gap, minutes=minutes, step=30):
                asked = expected_within(span, on=day.on, hourly=hourly)
                asked += sum(one.span.shared(span) for one in day.taken)
                whole = span.minutes * len(day.terminals)
                if whole - minutes >= asked:
                    yield Quiet(
                        on=day.on, terminal_no=terminal_no, span=span,
                        percent=round(100 * asked / whole),
                    )  # fmt: skip


def _inside(day: Day, span: Span) -> int:
    return sum(one.span.shared(span) for one in day.hours)
