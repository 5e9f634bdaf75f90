"""What the desk sees of the machines: no names, ever (キオスクのいま)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Max

from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.domain.books import What
from madoguchi.kiosk.domain.cases import Decision, decisions_for, stops_channel
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.models import Case, CoinCount, Payment, Session, Terminal
from madoguchi.kiosk.queries.books import span_of
from madoguchi.kiosk.queries.sweeping import DuePayment, due_row
from madoguchi.kiosk.queries.terminals import TerminalRow, list_terminals

LIST_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRow:
    """A machine that rings (職員の呼び出し)."""

    terminal_no: str
    name: str
    step: str
    called_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class NowRow:
    """Somebody at a machine: how far, and nothing of who (利用中)."""

    mode: str
    language: str
    step: str
    step_since: datetime
    staff_beside: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardRow:
    """One machine with what happens at it (端末のいま)."""

    terminal: TerminalRow
    now: tuple[NowRow, ...]
    ends: Mapping[str, int]  # today, by end; practice apart
    last_count: datetime | None

    @property
    def has_box(self) -> bool:
        """Whether coins are taken here (料金箱の有無)."""
        return Method.COIN_BOX in self.terminal.methods


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """Something that does not add up (食い違い)."""

    case_id: int
    day: date
    channel: str
    terminal_no: str
    kind: str
    what: What
    expected: int
    found: int
    request_id: str
    opened_at: datetime
    stops: bool
    decisions: tuple[Decision, ...]
    decision: str
    decided_by: str
    decided_at: datetime | None
    note: str


def open_calls() -> tuple[CallRow, ...]:
    """List the machines that ring, the longest first (職員の呼び出し)."""
    rows = Terminal.objects.filter(called_at__isnull=False).order_by("called_at")
    return tuple(
        CallRow(
            terminal_no=row.terminal_no,
            name=row.name,
            step=row.called_step,
            called_at=row.called_at,
        )
        for row in rows
        if row.called_at is not None
    )


def open_cases() -> tuple[CaseRow, ...]:
    """List what nobody has decided yet, oldest first (判断を待つ食い違い)."""
    rows = Case.objects.filter(decided_at__isnull=True).order_by("opened_at", "case_id")
    return tuple(case_row(row) for row in rows[:LIST_MAX])


def find_case(case_id: int) -> CaseRow | None:
    """Return one case, or None (食い違いの照会)."""
    row = Case.objects.filter(case_id=case_id).first()
    return case_row(row) if row is not None else None


def decided_cases() -> tuple[CaseRow, ...]:
    """List the last decisions, newest first (判断の記録)."""
    rows = Case.objects.filter(decided_at__isnull=False).order_by("-decided_at")
    return tuple(case_row(row) for row in rows[:20])


def refunds_due() -> tuple[DuePayment, ...]:
    """List what is owed to residents, oldest first (返金を待つもの)."""
    rows = Payment.objects.filter(stage__in=[str(Stage.REFUND_DUE), str(Stage.CANCEL_DUE)])
    return tuple(due_row(row) for row in rows.order_by("asked_at")[:LIST_MAX])


def board(*, now: datetime) -> tuple[BoardRow, ...]:
    """Return every machine with what happens at it now and happened today (キオスクのいま)."""
    start, end = span_of(now.astimezone(JAPAN).date())
    at: dict[str, list[NowRow]] = {}
    for row in Session.objects.filter(end="").order_by("opened_at"):
        at.setdefault(row.terminal_no, []).append(
            NowRow(
                mode=row.mode,
                language=row.language,
                step=row.step,
                step_since=row.step_since,
                staff_beside=bool(row.staff_id),
            )
        )
    ends: dict[str, dict[str, int]] = {}
    ended = Session.objects.filter(ended_at__gte=start, ended_at__lt=end).exclude(mode="PRACTICE")
    for number, how, count in ended.values_list("terminal_no", "end").annotate(Count("pk")):
        ends.setdefault(number, {})[how] = count
    counts = dict(CoinCount.objects.values_list("terminal_no").annotate(Max("counted_at")))
    return tuple(
        BoardRow(
            terminal=one,
            now=tuple(at.get(one.terminal_no, ())),
            ends=ends.get(one.terminal_no, {}),
            last_count=counts.get(one.terminal_no),
        )
        for one in list_terminals()
    )


def case_row(row: Case) -> CaseRow:
    """Return a case as the desk sees it (食い違い)."""
    what = What(row.what)
    return CaseRow(
        case_id=row.case_id,
        day=row.day,
        channel=row.channel,
        terminal_no=row.terminal_no,
        kind=row.kind,
        what=what,
        expected=row.expected,
        found=row.found,
        request_id=row.request_id,
        opened_at=row.opened_at,
        stops=stops_channel(what),
        decisions=decisions_for(what),
        decision=row.decision,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        note=row.note,
    )
