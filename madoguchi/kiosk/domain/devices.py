"""What the kiosk learns from card, printer and till: evidence, no vendor words (機器からの知らせ)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
    HELD_UP = "HELD_UP"  # the printer stopped in the middle: jam, no paper
    DONE = "DONE"
    LOST = "LOST"  # cancelled or aborted: whatever came out is void


@dataclass(frozen=True, slots=True, kw_only=True)
class JobState:
    """A print job as the printer tells it (印刷の状態)."""

    stage: JobStage
    sheets_done: int
    troubles: frozenset[PrinterTrouble]


class PaymentStage(StrEnum):
    """How far a payment has come (支払いの進み)."""

    WAITING = "WAITING"
    PAID = "PAID"
    CANCELLED = "CANCELLED"  # nothing was taken
    REFUNDED = "REFUNDED"
