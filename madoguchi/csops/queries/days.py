"""Days of the terminals as the rules want them (統合端末の一日の読取り)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Q

from madoguchi.csops.domain.load import (
    WEEKS_BACK,
    Hourly,
    Load,
    Quiet,
    Use,
    learn,
    load_of_day,
    quiet_spans,
)
from madoguchi.csops.domain.terminals import Day, Hours, Purpose, Taken, hours_on
from madoguchi.csops.models import ClosedDay, Reservation, Shift, Terminal
from madoguchi.csops.models import Hours as HoursRow
from madoguchi.csops.models import Use as UseRow
from madoguchi.infra.office import is_holiday
from madoguchi.kernel.daytimes import DayRule, Span


@dataclass(frozen=True, slots=True, kw_only=True)
class ShiftRow:
    """Who sits at a terminal, and when (端末の当番)."""

    shift_id: int
    terminal_no: str
    span: Span
    staff_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalRow:
    """A terminal as the desk lists it (統合端末)."""

    terminal_no: str
    name: str
    place: str


def list_places() -> tuple[str, ...]:
    """List the places that have, or had, a terminal (端末のある場所)."""
    return tuple(sorted(set(Terminal.objects.values_list("place", flat=True))))


def terminals_at(place: str, on: date) -> tuple[TerminalRow, ...]:
    """List the terminals that stand at a place on a day (その日の端末)."""
    rows = Terminal.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=on), place=place, valid_from__lte=on
    )
    return tuple(
        TerminalRow(terminal_no=row.terminal_no, name=row.name, place=row.place)
        for row in rows.order_by("terminal_no")
    )


def days_of(place: str, days: Iterable[date]) -> dict[date, Day]:
    """Return each of these days of a place: terminals, hours, what is taken (端末の日ごとの状況)."""
    wanted = sorted(set(days))
    terminals = list(Terminal.objects.filter(place=place).order_by("terminal_no"))
    rows = [_hours(row) for row in HoursRow.objects.filter(place=place)]
    closed = set(ClosedDay.objects.filter(place=place, on__in=wanted).values_list("on", flat=True))
    taken: dict[date, list[Taken]] = {on: [] for on in wanted}
    for row in Reservation.objects.filter(
        place=place, on__in=wanted, given_back_at__isnull=True
    ).order_by("begins"):
        taken[row.on].append(_taken(row))
    return {
        on: Day(
            place=place,
            on=on,
            terminals=tuple(
                one.terminal_no
                for one in terminals
                if one.valid_from <= on and (one.valid_until is None or on <= one.valid_until)
            ),
            hours=() if on in closed else hours_on(on, _speaking_of(on, rows)),
            taken=tuple(taken[on]),
        )
        for on in wanted
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRow:
    """Hours that hold every week, with their number and where they come from (毎週の稼働時間)."""

    hours_id: int
    place: str
    row: Hours
    source: str


def list_weekly(*, today: date) -> tuple[WeeklyRow, ...]:
    """List the hours that hold, or will hold, place by place; not those of one day (稼働時間の一覧)."""
    rows = HoursRow.objects.filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today) & ~Q(valid_until=F("valid_from"))
    ).order_by("place", "begins", "valid_from")
    return tuple(
        WeeklyRow(hours_id=int(row.hours_id), place=row.place, row=_hours(row), source=row.source)
        for row in rows
    )


def list_terminals(*, today: date) -> tuple[tuple[TerminalRow, date, date | None], ...]:
    """List the terminals that serve, or will, each with its first and last day (端末の一覧)."""
    rows = Terminal.objects.filter(Q(valid_until__isnull=True) | Q(valid_until__gte=today))
    return tuple(
        (TerminalRow(terminal_no=row.terminal_no, name=row.name, place=row.place),
         row.valid_from, row.valid_until)
        for row in rows.order_by("place", "terminal_no")
    )  # fmt: skip


def list_closed(*, today: date) -> tuple[tuple[str, date, str], ...]:
    """List the days to come on which no terminal of a place works: place, day, reason (休止日)."""
    rows = ClosedDay.objects.filter(on__gte=today).order_by("on", "place")
    return tuple(rows.values_list("place", "on", "reason"))


def hourly_of(place: str, *, today: date) -> Hourly:
    """Return what walk-ins are expected to need, by hour and weekday (飛び込みの見込み)."""
    since = today - timedelta(weeks=WEEKS_BACK)
    rows = list(UseRow.objects.filter(place=place, on__gte=since, on__lt=today))
    first = min((row.on for row in rows), default=today)
    return learn(
        (Use(on=row.on, begins=row.begins, minutes=row.minutes) for row in rows),
        weeks_seen=-(-(today - first).days // 7),
    )


def load_of(place: str, days: Iterable[date], *, today: date, waiting: int = 0) -> tuple[Load, ...]:
    """Return how busy these days will be; what waits is added to the first (混みぐあい)."""
    hourly = hourly_of(place, today=today)
    return tuple(
        load_of_day(day, hourly=hourly, waiting=0 if index else waiting)
        for index, day in enumerate(days_of(place, days).values())
    )


def quiet_minutes(
    place: str, days: Iterable[date], *, today: date, minutes: int, most: int = 5
) -> tuple[Quiet, ...]:
    """Propose free stretches of a length in which few visitors are expected (静かな時間)."""
    return quiet_spans(
        days_of(place, days).values(), minutes=minutes, most=most,
        hourly=hourly_of(place, today=today),
    )  # fmt: skip


def shifts_on(place: str, on: date) -> tuple[ShiftRow, ...]:
    """List who sits at which terminal on a day (当番)."""
    numbers = [one.terminal_no for one in terminals_at(place, on)]
    return tuple(
        ShiftRow(
            shift_id=row.shift_id, terminal_no=row.terminal_no, staff_id=row.staff_id,
            span=Span(begins=row.begins, ends=row.ends),
        )
        for row in Shift.objects.filter(terminal_no__in=numbers, on=on).order_by("begins")
    )  # fmt: skip


def _speaking_of(on: date, rows: Iterable[Hours]) -> Iterable[Hours]:
    """On a holiday only a row for this very day holds: somebody decided it."""
    if not is_holiday(on):
        return rows
    return [one for one in rows if one.rule.valid_from == one.rule.valid_until == on]


def _hours(row: HoursRow) -> Hours:
    return Hours(
        rule=DayRule(
            valid_from=row.valid_from, valid_until=row.valid_until,
            weekdays=frozenset(row.weekdays), nth=frozenset(row.nth),
        ),
        span=Span(begins=row.begins, ends=row.ends),
        walk_in_percent=row.walk_in_percent,
    )  # fmt: skip


def _taken(row: Reservation) -> Taken:
    return Taken(
        reservation_id=row.reservation_id, terminal_no=row.terminal_no,
        span=Span(begins=row.begins, ends=row.ends), purpose=Purpose(row.purpose), note=row.note,
    )  # fmt: skip
