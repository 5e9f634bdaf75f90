"""Confirm and pay (確認と支払い)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kiosk.domain.devices import PaymentStage
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.queries.sessions import SessionRow


def confirm(*, session_id: str, now: datetime) -> SessionRow:
    """Have the paper drawn: CONFIRM → PAY (or PRINT where nothing is due), or REFUSED (確認)."""
    raise NotImplementedError


def start_payment(*, session_id: str, method: Method, now: datetime) -> SessionRow:
    """Open the payment; for CASHLESS the caller then asks the till for ``payment.yen`` (支払い開始)."""
    raise NotImplementedError


def note_payment(
    *, session_id: str, stage: PaymentStage, now: datetime, reference: str = ""
) -> SessionRow:
    """Note what the till, or at a coin box the resident, says; PAID leads to PRINT (支払いの知らせ)."""
    raise NotImplementedError
