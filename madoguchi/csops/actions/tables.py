"""The town's rows about its terminals: terminals, hours, closed days, rota (端末の表)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from madoguchi.audit.api import record
from madoguchi.csops.actions.reserving import day_lock
from madoguchi.csops.domain.terminals import Hours, Purpose, check_hours, left_outside
from madoguchi.csops.models import ClosedDay, Reservation, Shift, Terminal
from madoguchi.csops.models import Hours as HoursRow
from madoguchi.csops.queries.days import days_of
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.daytimes import Span, check_not_past
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: Changing what all days are like is the chief's, as at the kiosk.
TABLE_RIGHT = Right.STOP_SWITCH


def add_terminal(
    *, terminal_no: str, name: str, place: str, valid_from: date, actor: Actor, now: datetime
) -> None:
    """Add a terminal from a day on (統合端末の登録)."""
    _must(actor)
    _refuse_if((*check_free_text(name, limit=60, where="name"),
                *check_free_text(place, limit=40, where="place")))  # fmt: skip
    if Terminal.objects.filter(terminal_no=terminal_no).exists():
        raise Refused(Problem(code="TERMINAL_ROW_THERE", where="terminal_no"))
    Terminal.objects.create(
        terminal_no=terminal_no, name=name.strip(), place=place.strip(), valid_from=valid_from
    )
    _tell("TERMINALS", "add", actor=actor, now=now)


def end_terminal(*, terminal_no: str, on: date, actor: Actor, now: datetime) -> None:
    """Let a terminal serve until a day and no longer; what was reserved after it must go first (端末の廃止)."""
    _must(actor)
    if Reservation.objects.filter(
        terminal_no=terminal_no, on__gt=on, given_back_at__isnull=True
    ).exists():
        raise Refused(Problem(code="TERMINAL_STILL_RESERVED"))
    holds = Q(valid_until__isnull=True) | Q(valid_until__gt=on)
    if not Terminal.objects.filter(holds, terminal_no=terminal_no).update(valid_until=on):
        raise Refused(Problem(code="TERMINAL_ROW_UNKNOWN"))
    _tell("TERMINALS", "end", actor=actor, now=now)


def add_hours(*, place: str, row: Hours, source: str, actor: Actor, now: datetime) -> None:
    """Add hours from a day on; of two that meet, the newer counts (稼働時間の追加)."""
    _must(actor)
    _refuse_if((*check_hours(row), *check_not_past(row.rule.valid_from, today=day_of(now)),
                *check_free_text(source, limit=200, where="source")))  # fmt: skip
    with _nobody_left_outside(place, now=now):
        HoursRow.objects.create(
            place=place, weekdays=sorted(row.rule.weekdays), nth=sorted(row.rule.nth),
            begins=row.span.begins, ends=row.span.ends, walk_in_percent=row.walk_in_percent,
            valid_from=row.rule.valid_from, valid_until=row.rule.valid_until,
            source=source.strip(),
        )  # fmt: skip
    _tell("HOURS", "add", actor=actor, now=now)


def end_hours(*, hours_id: int, last_day: date, actor: Actor, now: datetime) -> None:
    """Let hours hold until a day and no longer; those not begun by then never do (稼働時間の終了)."""
    _must(actor)
    row = HoursRow.objects.filter(hours_id=hours_id).first()
    if row is None or (row.valid_until is not None and row.valid_until < day_of(now)):
        raise Refused(Problem(code="TERMINAL_ROW_UNKNOWN"))
    _refuse_if(check_not_past(last_day, today=day_of(now), where="last_day"))
    with _nobody_left_outside(row.place, now=now):
        if last_day < row.valid_from:
            row.delete()
        else:
            HoursRow.objects.filter(hours_id=hours_id).update(valid_until=last_day)
    _tell("HOURS", "end", actor=actor, now=now)


def open_terminals(
    *, place: str, on: date, span: Span, actor: Actor, now: datetime, back: bool = False
) -> None:
    """Work at the terminals of a place on one day more, or not after all (一日の追加稼働).

    In the caller's unit, for whoever opens a counter beyond the usual hours: holidays included,
    and nothing is kept for walk-ins. ``back`` takes it back; whoever asks has seen to it that
    nothing is reserved in it.
    """
    _must(actor)
    rows = HoursRow.objects.filter(place=place, valid_from=on, valid_until=on)
    rows.filter(begins=span.begins, ends=span.ends).delete()
    if not back:
        HoursRow.objects.create(
            place=place, weekdays=[on.weekday()], nth=[], begins=span.begins, ends=span.ends,
            walk_in_percent=0, valid_from=on, valid_until=on, source=actor.staff_id,
        )  # fmt: skip
    _tell("HOURS", "end" if back else "add", actor=actor, now=now)


def close_day(*, place: str, on: date, reason: str, actor: Actor, now: datetime) -> None:
    """Close the terminals of a place for a day, with the reason, while nobody is booked (端末の休止)."""
    _must(actor)
    found = [
        *check_free_text(reason, limit=60, where="reason"),
        *check_not_past(on, today=day_of(now), where="on"),
    ]
    if not reason.strip():
        found.append(Problem(code="TERMINAL_CLOSING_NEEDS_REASON", where="reason"))
    _refuse_if(tuple(found))
    with _nobody_left_outside(place, now=now):
        ClosedDay.objects.get_or_create(place=place, on=on, defaults={"reason": reason.strip()})
    _tell("CLOSED", "add", actor=actor, now=now)


def work_again(*, place: str, on: date, actor: Actor, now: datetime) -> None:
    """Let the terminals of a place work on a closed day after all (休止の取消し)."""
    _must(actor)
    gone, _ = ClosedDay.objects.filter(place=place, on=on).delete()
    if not gone:
        raise Refused(Problem(code="TERMINAL_ROW_UNKNOWN"))
    _tell("CLOSED", "end", actor=actor, now=now)


def seat(
    *, terminal_no: str, on: date, span: Span, staff_id: str, actor: Actor, now: datetime
) -> None:
    """Put somebody at a terminal for some time; two at one, or one at two, is refused (当番の割当て)."""
    if not Terminal.objects.filter(terminal_no=terminal_no).exists():
        raise Refused(Problem(code="TERMINAL_ROW_UNKNOWN", where="terminal_no"))
    try:
        with transaction.atomic():
            Shift.objects.create(
                terminal_no=terminal_no, on=on, begins=span.begins, ends=span.ends,
                staff_id=staff_id,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(Problem(code="TERMINAL_SHIFT_MEETS", where="begins")) from error
    _tell("ROTA", "add", actor=actor, now=now)


def unseat(*, shift_id: int, actor: Actor, now: datetime) -> None:
    """Take a line out of the rota (当番の取消し)."""
    gone, _ = Shift.objects.filter(shift_id=shift_id).delete()
    if not gone:
        raise Refused(Problem(code="TERMINAL_ROW_UNKNOWN"))
    _tell("ROTA", "end", actor=actor, now=now)


@contextmanager
def _nobody_left_outside(place: str, *, now: datetime) -> Iterator[None]:
    """Refuse a change after which a booked terminal would not be worked at (予約の保護).

    Set-up and upkeep may lie outside the hours; a visitor's minutes may not.
    """
    booked = Reservation.objects.filter(
        place=place, on__gte=day_of(now), given_back_at__isnull=True, purpose=Purpose.BOOKING.value
    )
    days = set(booked.values_list("on", flat=True))
    locks.take(day_lock(place, on) for on in sorted(days))
    before = days_of(place, days)
    yield
    after = days_of(place, days)
    outside = sum(len(left_outside(before[on], after[on])) for on in days)
    if outside:
        raise Refused(Problem(code="TERMINAL_LEAVES_OUT", facts={"count": str(outside)}))


def _must(actor: Actor) -> None:
    if not actor.may(TABLE_RIGHT):
        raise Refused(Problem(code="TERMINAL_NOT_ALLOWED"))


def _refuse_if(problems: tuple[Problem, ...]) -> None:
    if problems:
        raise Refused(problems)


def _tell(table: str, how: str, *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action="TERMINAL_TABLE_CHANGED", subjects=(),
           detail={"table": table, "how": how})  # fmt: skip
    facts.note("terminal_table_changed", at=now, table=table, how=how)
