"""A complete cashless till inside the program, for demonstration and tests (決済端末の模擬).

What real tills share, as far as could be learnt, is *assumed*: one payment at a time is asked
for, it ends paid, declined or timed out, a paid one can be given back whole. Its book lies in
the private folder and outlives a restart. It refuses to exist outside the demonstration.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings

from madoguchi.adapters.book import kept
from madoguchi.infra import clock
from madoguchi.infra.files import private_folder
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import NoAnswer, PaymentStage

T = TypeVar("T")

#: A till gives up by itself when nobody holds a card against it (*assumed*).
GIVES_UP_AFTER = timedelta(seconds=120)
REMEMBERED = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSum:
    """A sum the till asks for just now (請求中の金額)."""

    reference: str
    yen: int
    asked_at: datetime


class EmulatedTill:
    """A till of which everything can be made to happen (決済端末の模擬)."""

    def __init__(self, *, terminal_no: str, now: Callable[[], datetime] = clock.now) -> None:
        if not settings.MADOGUCHI_DEMO:
            raise RuntimeError("the emulated till is for the demonstration only")
        self._now = now
        self._book = private_folder("tills", f"{terminal_no}-emulated") / "book.json"

    def ask(self, *, payment_id: str, yen: int) -> str | Unavailable:
        """See the port (支払いの請求)."""
        with self._open() as book:
            if book["off"]:
                return Unavailable(reason=NoAnswer.NOT_REACHED)
            payments = book["payments"]
            for reference, payment in payments.items():
                if payment["payment_id"] == payment_id:
                    # Another sum under the same id is a mistake, not a second payment.
                    same = payment["yen"] == yen
                    return reference if same else Unavailable(reason=NoAnswer.REFUSED)
            if yen <= 0:
                return Unavailable(reason=NoAnswer.REFUSED)
            reference = secrets.token_hex(8)
            payments[reference] = {
                "payment_id": payment_id,
                "yen": yen,
                "stage": PaymentStage.WAITING,
                "asked_at": self._now().isoformat(),
            }
            return self._answered(book, reference)

    def stage(self, reference: str) -> PaymentStage | Unavailable:
        """See the port (支払いの状態)."""
        return self._move(reference, {})

    def cancel(self, reference: str) -> PaymentStage | Unavailable:
        """See the port (支払いの取りやめ)."""
        return self._move(reference, {PaymentStage.WAITING: PaymentStage.CANCELLED})

    def refund(self, reference: str) -> PaymentStage | Unavailable:
        """See the port (返金): what was never paid is not given back."""
        return self._move(reference, {PaymentStage.PAID: PaymentStage.REFUNDED})

    # What a hand at the till does: the demonstration's page and tests.

    def waiting(self) -> tuple[AskedSum, ...]:
        """List the sums asked for just now (請求中の一覧)."""
        with self._open() as book:
            return tuple(
                AskedSum(
                    reference=reference,
                    yen=payment["yen"],
                    asked_at=datetime.fromisoformat(payment["asked_at"]),
                )
                for reference, payment in book["payments"].items()
                if payment["stage"] == PaymentStage.WAITING
            )

    def pay(self, reference: str) -> PaymentStage | Unavailable:
        """Hold a card against it: only a sum still asked for is taken (支払う)."""
        return self._by_hand(reference, PaymentStage.PAID)

    def decline(self, reference: str) -> PaymentStage | Unavailable:
        """Hold an empty card against it: nothing is taken (残高不足)."""
        return self._by_hand(reference, PaymentStage.CANCELLED)

    def is_off(self) -> bool:
        """Tell whether it answers nothing (電源)."""
        with self._open() as book:
            return bool(book["off"])

    def switch(self, *, on: bool) -> None:
        """Switch it on or off (電源の入切)."""
        with self._open() as book:
            book["off"] = not on

    def lose_answers(self, count: int) -> None:
        """Do what is asked the next times, and lose the answer (応答の喪失)."""
        with self._open() as book:
            book["lost_answers"] = count

    def _by_hand(self, reference: str, stage: PaymentStage) -> PaymentStage | Unavailable:
        with self._open() as book:
            payment = book["payments"].get(reference)
            if payment is None:
                return Unavailable(reason=NoAnswer.FORGOTTEN)
            if payment["stage"] == PaymentStage.WAITING:
                payment["stage"] = stage
            return PaymentStage(payment["stage"])

    def _move(
        self, reference: str, moves: dict[PaymentStage, PaymentStage]
    ) -> PaymentStage | Unavailable:
        with self._open() as book:
            if book["off"]:
                return Unavailable(reason=NoAnswer.NOT_REACHED)
            payment = book["payments"].get(reference)
            if payment is None:
                return Unavailable(reason=NoAnswer.FORGOTTEN)
            stage = PaymentStage(payment["stage"])
            payment["stage"] = moves.get(stage, stage)
            return self._answered(book, PaymentStage(payment["stage"]))

    def _answered(self, book: dict[str, Any], answer: T) -> T | Unavailable:
        if book["lost_answers"] > 0:
            book["lost_answers"] -= 1
            return Unavailable(reason=NoAnswer.CUT_OFF)
        return answer

    @contextmanager
    def _open(self) -> Iterator[dict[str, Any]]:
        """Open the book, with what timed out meanwhile."""
        now = self._now()
        with kept(self._book) as book:
            book.setdefault("payments", {})
            book.setdefault("off", False)
            book.setdefault("lost_answers", 0)
            for reference, payment in list(book["payments"].items()):
                age = now - datetime.fromisoformat(payment["asked_at"])
                if payment["stage"] == PaymentStage.WAITING and age > GIVES_UP_AFTER:
                    payment["stage"] = PaymentStage.CANCELLED
                if age > REMEMBERED:
                    del book["payments"][reference]
            yield book
