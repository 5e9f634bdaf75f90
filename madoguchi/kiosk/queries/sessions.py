"""Sessions as the screens draw them (利用の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.kiosk.domain.choices import Choices, Shown
from madoguchi.kiosk.domain.devices import JobStage
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.steps import End, Language, Mode, Step


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
    payment: PaymentRow | None
    prints: tuple[PrintRow, ...]  # by copy, the latest try of each
    copies: int  # of the paper that is being made; 0 until confirmed
    paper_ready: bool  # the file was made and read back: it can be printed once it is paid
    problems: tuple[str, ...]  # codes the resident is told of, for instance at the end
    trouble: str  # PrinterTrouble while the printer stands still, or ""
    refund_yen: int  # what the resident is owed at the end
    staff_beside: bool
    hints: int  # 2 all, 1 few, 0 none
    opened_at: datetime
    step_since: datetime
    touched_at: datetime
    idle_seconds_max: int


def find_session(session_id: str) -> SessionRow | None:
    """Return a session, open or ended, or None (利用の照会)."""
    raise NotImplementedError
