"""What the kiosk wants from the world, in its own words (キオスクの外部接続).

Used by views and jobs only; the answers are evidence handed inward. ``Unavailable`` is never
"no": an unreachable revocation list refuses, an unreachable printer does not mean "printed".
The reason of a device's ``Unavailable`` is a ``NoAnswer``: it says whether anything was done.
"""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk.domain.devices import (
    JobState,
    PaymentStage,
    PrinterState,
    ProvenCertificate,
    TrayPaper,
)


class IdentityProof(Protocol):
    """Proof that whoever sits here holds the card and knew its PIN (公的個人認証)."""

    def check(
        self, *, certificate: bytes, signature: bytes, signed: bytes, now: datetime
    ) -> ProvenCertificate | tuple[Problem, ...] | Unavailable:
        """Check chain, validity, revocation and signature (利用者証明の検証).

        ``certificate`` is DER, ``signature`` PKCS#1 v1.5 with SHA-256 over the bytes ``signed``.
        Returns every problem at once; ``Unavailable`` where the revocation list is missing or
        too old.
        """
        ...


class Printer(Protocol):
    """The kiosk's paper printer (印刷機)."""

    def state(self) -> PrinterState | Unavailable:
        """Tell whether a job can be printed now (状態)."""
        ...

    def print(self, *, name: str, pdf: bytes) -> str | Unavailable:
        """Send one file as one job and return the printer's reference of it (印刷の依頼).

        ``name`` is opaque: it stands in the printer's own log and names nobody. Asked again with
        a name that was sent before, it answers that job and prints nothing: so a lost answer may
        be asked for again.
        """
        ...

    def job(self, reference: str) -> JobState | Unavailable:
        """Tell how far a job has come (印刷の状態)."""
        ...

    def cancel(self, reference: str) -> Unavailable | None:
        """Take a job back as far as it can still be (印刷の取消し)."""
        ...


class Printers(Protocol):
    """Which printer stands at which terminal (端末ごとの印刷機)."""

    def of(self, terminal_no: str) -> Printer:
        """Return the terminal's printer; a clerk prints where none is set (端末の印刷機)."""
        ...

    def tray_of(self, terminal_no: str) -> Tray | None:
        """Return the papers a clerk prints for this terminal; none where a machine does."""
        ...


class Tray(Protocol):
    """Papers of a terminal that a clerk prints and brings (職員が印刷する書類)."""

    def waiting(self) -> tuple[TrayPaper, ...]:
        """List what waits for a clerk, oldest first (印刷を待つ書類)."""
        ...

    def paper(self, reference: str) -> bytes | None:
        """Return the file to be printed; nothing once it was settled (印刷する書類)."""
        ...

    def settle(self, reference: str, *, printed: bool) -> bool:
        """Write down that it was printed, or spoiled; the file is wiped (印刷済み・印刷失敗).

        False where it was settled, cancelled or never known: the first word stands.
        """
        ...


class Till(Protocol):
    """A cashless till (キャッシュレス決済端末)."""

    def ask(self, *, payment_id: str, yen: int) -> str | Unavailable:
        """Ask for a sum and return the till's reference; asked twice for one id, the same."""
        ...

    def stage(self, reference: str) -> PaymentStage | Unavailable:
        """Tell how far a payment has come (支払いの状態)."""
        ...

    def cancel(self, reference: str) -> PaymentStage | Unavailable:
        """Stop asking; a payment that was made meanwhile stays PAID (支払いの取りやめ)."""
        ...

    def refund(self, reference: str) -> PaymentStage | Unavailable:
        """Give the whole sum back (返金)."""
        ...


class Tills(Protocol):
    """Which cashless till stands at which terminal (端末ごとの決済端末)."""

    def of(self, terminal_no: str) -> Till | None:
        """Return the terminal's till; none means that cashless is not offered there."""
        ...
