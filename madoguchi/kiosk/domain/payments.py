"""A payment from the question to the coin, and back where no paper came (支払いと返金)."""

from __future__ import annotations

from enum import StrEnum

from madoguchi.kiosk.domain.devices import PaymentStage


class Method(StrEnum):
    """How the fee is paid (支払い方法)."""

    COIN_BOX = "COIN_BOX"  # 料金箱: counted each day by a clerk
    CASHLESS = "CASHLESS"  # キャッシュレス


def methods_at(channel: str) -> frozenset[Method]:
    """Return what can be paid with on a channel: no box stands beside the public page (支払い方法)."""
    return frozenset({Method.CASHLESS}) if channel == "WEB" else frozenset(Method)


class Stage(StrEnum):
    """Where a payment stands in our own book (支払いの状態)."""

    WAITING = "WAITING"
    PAID = "PAID"
    CANCEL_DUE = "CANCEL_DUE"  # the till must still be told to stop asking
    CANCELLED = "CANCELLED"  # nothing was taken
    REFUND_DUE = "REFUND_DUE"  # 要返金
    REFUNDED = "REFUNDED"


SETTLED = frozenset({Stage.PAID, Stage.CANCELLED, Stage.REFUNDED})


def taken_back(stage: Stage, *, method: Method) -> Stage:
    """Return what becomes of a payment when no paper will come of it (取りやめ).

    A coin box asks nobody, so what was not put in is simply not owed. A till may be taking
    the money this second, so it has to be asked.
    """
    match stage:
        case Stage.PAID:
            return Stage.REFUND_DUE
        case Stage.WAITING:
            return Stage.CANCELLED if method is Method.COIN_BOX else Stage.CANCEL_DUE
        case _:
            return stage


def told(stage: Stage, *, by_till: PaymentStage) -> Stage:
    """Return where our book stands after the till said where it stands (決済端末の知らせ).

    What the till says later than we decided never undoes the decision: a sum that arrives
    after the session ended is given back.
    """
    match stage, by_till:
        case Stage.WAITING, PaymentStage.PAID:
            return Stage.PAID
        case ((Stage.WAITING | Stage.CANCEL_DUE), (PaymentStage.CANCELLED | PaymentStage.REFUNDED)):
            return Stage.CANCELLED
        # The resident may pay in the very moment we stop asking: then it is paid, and given back.
        case Stage.CANCEL_DUE, PaymentStage.PAID:
            return Stage.REFUND_DUE
        case Stage.REFUND_DUE, PaymentStage.REFUNDED:
            return Stage.REFUNDED
        case _:
            return stage
