"""What waits for the sweep (見回りの対象)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, QuerySet

from madoguchi.kiosk.domain.books import Outcome
from madoguchi.kiosk.domain.idle import idle_seconds_max, is_overdue
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.prints import SILENT_MAX
from madoguchi.kiosk.domain.steps import Mode, Step
from madoguchi.kiosk.models import Docket, Payment, PrintJob, Session

LIMIT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRow:
    """A print job somebody has to ask about (印刷)."""

    job_id: str
    session_id: str
    terminal_no: str
    reference: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DuePayment:
    """A payment the till has to be told about (後始末の要る支払い)."""

    payment_id: str
    terminal_no: str
    method: Method
    yen: int
    stage: Stage
    reference: str
    asked_at: datetime


def overdue_sessions(*, now: datetime) -> tuple[str, ...]:
    """List the sessions that were quiet for too long (時間切れ)."""
    rows = Session.objects.filter(end="").exclude(step=str(Step.PRINT))
    return tuple(
        row.session_id
        for row in rows.order_by("touched_at")[:LIMIT]
        if is_overdue(
            step=Step(row.step), touched_at=row.touched_at, now=now,
            seconds_max=idle_seconds_max(mode=Mode(row.mode), staff_beside=bool(row.staff_id)),
        )
    )  # fmt: skip


def unprinted_sessions(*, now: datetime) -> tuple[str, ...]:
    """List those at PRINT that nobody drives and of which nothing was sent, or all was fetched."""
    jobs = PrintJob.objects.filter(request_id=OuterRef("request_id"))
    rows = Session.objects.filter(
        end="", step=str(Step.PRINT), touched_at__lt=now - SILENT_MAX
    ).annotate(has_job=Exists(jobs))
    return tuple(
        row.session_id for row in rows[:LIMIT] if row.channel == "WEB" or not row.has_job
    )  # fmt: skip


def stalled_sessions(*, now: datetime) -> tuple[str, ...]:
    """List those at PRINT with a copy out, none under way, and nobody to send the next (途中)."""
    jobs = PrintJob.objects.filter(request_id=OuterRef("request_id"))
    rows = Session.objects.filter(
        end="", step=str(Step.PRINT), channel="KIOSK", touched_at__lt=now - SILENT_MAX
    ).annotate(has_job=Exists(jobs), lives=Exists(jobs.filter(ended_at__isnull=True)))
    return tuple(row.session_id for row in rows.filter(has_job=True, lives=False)[:LIMIT])


def live_jobs(*, now: datetime) -> tuple[JobRow, ...]:
    """List the copies a printer has in hand that no browser has asked about lately (印刷中)."""
    rows = PrintJob.objects.filter(
        ended_at__isnull=True, heard_at__lt=now - timedelta(seconds=20)
    ).exclude(session_id__in=Session.objects.filter(channel="WEB").values("session_id"))
    return _jobs(rows.order_by("heard_at")[:LIMIT])


def jobs_to_cancel() -> tuple[JobRow, ...]:
    """List the jobs a printer has still to be told to drop (取消しの要る印刷)."""
    return _jobs(PrintJob.objects.filter(cancel_due=True).order_by("heard_at")[:LIMIT])


def payments_due() -> tuple[DuePayment, ...]:
    """List the payments of a till that are to be called off or given back (後始末の要る支払い)."""
    rows = Payment.objects.filter(
        method=str(Method.CASHLESS), stage__in=[str(Stage.CANCEL_DUE), str(Stage.REFUND_DUE)]
    )
    return tuple(due_row(row) for row in rows.order_by("asked_at")[:LIMIT])


def find_due(payment_id: str) -> DuePayment | None:
    """Return one payment, whatever its stage (支払いの照会)."""
    row = Payment.objects.filter(payment_id=payment_id).first()
    return due_row(row) if row is not None else None


def is_wanted(terminal_no: str, reference: str) -> bool:
    """Tell whether anybody still waits for a paper; a receipt stands in no book (待つ人の有無)."""
    jobs = PrintJob.objects.filter(terminal_no=terminal_no, reference=reference)
    return not jobs.filter(ended_at__isnull=False).exists()


def dockets_left_open() -> tuple[str, ...]:
    """List the requests whose session ended and left the machine's book open (途中の控え)."""
    ended = Session.objects.exclude(end="").values("session_id")
    rows = Docket.objects.filter(outcome=str(Outcome.OPEN), session_id__in=ended)
    return tuple(rows.values_list("request_id", flat=True)[:LIMIT])


def due_row(row: Payment) -> DuePayment:
    """Return a payment as the sweep and the desk see it (支払い)."""
    return DuePayment(
        payment_id=row.payment_id,
        terminal_no=row.terminal_no,
        method=Method(row.method),
        yen=row.yen,
        stage=Stage(row.stage),
        reference=row.reference,
        asked_at=row.asked_at,
    )


def _jobs(rows: QuerySet[PrintJob]) -> tuple[JobRow, ...]:
    return tuple(
        JobRow(
            job_id=row.job_id,
            session_id=row.session_id,
            terminal_no=row.terminal_no,
            reference=row.reference,
        )
        for row in rows
    )
