"""What the kiosk learns from card, printer and till: evidence, no vendor words (機器からの知らせ)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class NoAnswer(StrEnum):
    """Why a device gave no answer, and whether anything can have happened (応答なしの理由)."""

    NOT_REACHED = "NOT_REACHED"  # nothing was sent: it certainly did nothing
    REFUSED = "REFUSED"  # it answered no: it did nothing
    CUT_OFF = "CUT_OFF"  # sent, and the answer was lost: it may have done it
    GARBLED = "GARBLED"  # it answered what nobody can read: it may have done it
    FORGOTTEN = "FORGOTTEN"  # it answers, and knows nothing of this job or payment


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvenCertificate:
    """A 利用者証明用 certificate that signed our challenge and was valid then (証明書の確認結果).

    ``issuer`` is the RFC 4514 text of the issuing authority's name, ``serial`` the decimal
    serial number: together they name one certificate, and nobody's name.
    """

    issuer: str
    serial: str


class PrinterTrouble(StrEnum):
    """Why the printer cannot print now (印刷機の異常)."""

    PAPER_OUT = "PAPER_OUT"
    PAPER_JAM = "PAPER_JAM"
    COVER_OPEN = "COVER_OPEN"
    TONER_OUT = "TONER_OUT"
    STOPPED = "STOPPED"
    OTHER = "OTHER"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterState:
    """Whether the printer takes a job now (印刷機の状態)."""

    troubles: frozenset[PrinterTrouble]

    @property
    def ready(self) -> bool:
        """Nothing stands in the way of the next job (印刷可)."""
        return not self.troubles


class JobStage(StrEnum):
    """How far a print job has come (印刷の進み)."""

    WAITING = "WAITING"
    PRINTING = "PRINTING"
    HELD_UP = "HELD_UP"  # nothing moves until somebody comes: jam, no paper, stopped
    DONE = "DONE"
    LOST = "LOST"  # cancelled or aborted: whatever came out is void


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A print job as the printer tells it (印刷の状態).

    ``sheets_done`` is the printer's own count: evidence for the books, and 0 where it keeps none.
    ``counts`` says whether a 0 is a count: only then does it mean that no paper came out.
    """

    stage: JobStage
    sheets_done: int
    troubles: frozenset[PrinterTrouble]
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class TrayPaper:
    """A paper that waits for a clerk to print it (職員が印刷する書類)."""

    reference: str
    sheets: int
    asked_at: datetime


class PaymentStage(StrEnum):
    """How far a payment has come (支払いの進み)."""

    WAITING = "WAITING"
    PAID = "PAID"
    CANCELLED = "CANCELLED"  # nothing was taken
    REFUNDED = "REFUNDED"
