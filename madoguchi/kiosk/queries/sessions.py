"""Sessions as the screens draw them (利用の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Sum

from madoguchi.certificates.api import self_service
from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.choices import COPIES_MAX, Choices, Shown
from madoguchi.kiosk.domain.devices import JobStage
from madoguchi.kiosk.domain.idle import idle_seconds_max
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.snapshot import choices_of, shown_of
from madoguchi.kiosk.domain.steps import WITH_PAPER, End, Mode, Step
from madoguchi.kiosk.models import Payment, PrintJob, Session

_STANDS = (JobStage.HELD_UP, JobStage.LOST)
_READY = ("RELEASED", "HANDED_OVER")


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRow:
    """The payment of a session (支払い)."""

    payment_id: str
    method: Method
    yen: int
    stage: Stage
    reference: str  # the till's; "" until it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintRow:
    """One copy on its way through the printer (印刷)."""

    job_id: str  # opaque; the job's name at the printer
    copy_no: int
    sheets: int
    sheets_done: int
    stage: JobStage
    trouble: str  # PrinterTrouble, or ""
    reference: str  # the printer's; "" until it is known


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRow:
    """One session as shown; nothing in it names the resident by number (利用)."""

    session_id: str
    terminal_no: str
    channel: str  # KIOSK or WEB
    mode: Mode
    language: Language
    step: Step
    end: End | None
    offer: Shown | None  # from PIN on; wiped at the end
    choices: Choices
    request_id: str
    fee_yen: int  # of all copies; 0 until confirmed
    copies: int  # of the paper that is being made; 0 until confirmed
    copies_max: int
    payment: PaymentRow | None
    prints: tuple[PrintRow, ...]  # by copy
    paper_ready: bool  # the file was made and read back: it can be printed once it is paid
    problems: tuple[str, ...]  # codes the resident is told of, for instance at the end
    trouble: str  # PrinterTrouble while the printer stands still or gave a copy up, or ""
    refund_yen: int  # what the resident is owed
    staff_beside: bool
    hints: int  # 3 all, 2, 1, 0 none
    opened_at: datetime
    touched_at: datetime
    idle_seconds_max: int


def find_session(session_id: str) -> SessionRow | None:
    """Return a session, open or ended, or None (利用の照会)."""
    found = Session.objects.filter(session_id=session_id).first()
    return row_of(found) if found is not None else None


def copies_max(channel: str) -> int:
    """Return how many copies one can ask for: a file one can copy oneself (部数の上限)."""
    return 1 if channel == "WEB" else COPIES_MAX


def row_of(session: Session) -> SessionRow:
    """Return a session as the screens draw it (利用)."""
    mode = Mode(session.mode)
    prints = _prints_of(session)
    return SessionRow(
        session_id=session.session_id,
        terminal_no=session.terminal_no,
        channel=session.channel,
        mode=mode,
        language=Language(session.language),
        step=Step(session.step),
        end=End(session.end) if session.end else None,
        offer=shown_of(session.offer) if session.offer is not None else None,
        choices=choices_of(session.choices),
        request_id=session.request_id,
        fee_yen=session.fee_yen,
        copies=session.copies,
        copies_max=copies_max(session.channel),
        payment=_payment_of(session),
        prints=prints,
        paper_ready=_is_ready(session),
        problems=tuple(session.problems),
        trouble=next((one.trouble for one in prints if one.stage in _STANDS), ""),
        refund_yen=_refund_of(session.session_id),
        staff_beside=bool(session.staff_id),
        hints=session.hints,
        opened_at=session.opened_at,
        touched_at=session.touched_at,
        idle_seconds_max=idle_seconds_max(mode=mode, staff_beside=bool(session.staff_id)),
    )


def _payment_of(session: Session) -> PaymentRow | None:
    if not session.request_id:
        return None
    ours = Payment.objects.filter(session_id=session.session_id, request_id=session.request_id)
    row = ours.order_by("-asked_at").first()
    if row is None:
        return None
    return PaymentRow(
        payment_id=row.payment_id,
        method=Method(row.method),
        yen=row.yen,
        stage=Stage(row.stage),
        reference=row.reference,
    )


def _prints_of(session: Session) -> tuple[PrintRow, ...]:
    if not session.request_id:
        return ()
    return tuple(
        PrintRow(
            job_id=row.job_id,
            copy_no=row.copy_no,
            sheets=row.sheets,
            sheets_done=row.sheets_done,
            stage=JobStage(row.stage),
            trouble=row.trouble,
            reference=row.reference,
        )
        for row in PrintJob.objects.filter(request_id=session.request_id).order_by("copy_no")
    )


def _is_ready(session: Session) -> bool:
    if Step(session.step) not in WITH_PAPER:
        return False
    if session.mode == Mode.PRACTICE:
        return True
    if not session.request_id:
        return False
    return self_service.progress_of(session.request_id).state in _READY


def _refund_of(session_id: str) -> int:
    due = Payment.objects.filter(session_id=session_id, stage=str(Stage.REFUND_DUE))
    return int(due.aggregate(yen=Sum("yen", default=0))["yen"])
