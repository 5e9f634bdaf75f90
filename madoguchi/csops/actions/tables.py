"""The town's rows about its terminals: terminals, hours, closed days, rota (端末の表)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q

from madoguchi.audit.api import record
from madoguchi.csops.domain.terminals import Hours, check_hours
from madoguchi.csops.models import ClosedDay, Reservation, Shift, Terminal
from madoguchi.csops.models import Hours as HoursRow
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.daytimes import Span
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
    _refuse_if((*check_hours(row), *check_free_text(source, limit=200, where="source")))
    HoursRow.objects.create(
        place=place, weekdays=sorted(row.rule.weekdays), nth=sorted(row.rule.nth),
        begins=row.span.begins, ends=row.span.ends, walk_in_percent=row.walk_in_percent,
        valid_from=row.rule.valid_from, valid_until=row.rule.valid_until, source=source.strip(),
    )  # fmt: skip
    _tell("HOURS", "add", actor=actor, now=now)


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
    """Close the terminals of a place for a day, with the reason (端末の休止)."""
    _must(actor)
    _refuse_if(check_free_text(reason, limit=60, where="reason"))
    if not reason.strip():
        raise Refused(Problem(code="TERMINAL_CLOSING_NEEDS_REASON", where="reason"))
    ClosedDay.objects.get_or_create(place=place, on=on, defaults={"reason": reason.strip()})
    _tell("CLOSED", "add", actor=actor, now=now)


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
