"""The steps of a session, in the order of the convenience store (画面の順)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Step(StrEnum):
    """One screen of a session (画面); the order is that of the store's terminal."""

    ACCEPT = "ACCEPT"  # 利用規約への同意
    CARD = "CARD"  # カードを置く
    TOWN = "TOWN"  # 市区町村を選ぶ
    PIN = "PIN"  # 暗証番号
    CARD_BACK = "CARD_BACK"  # カードを取る
    KIND = "KIND"  # 証明書の種類
    PART = "PART"  # 交付種別 (本人・世帯全員・世帯の一部)
    ITEMS = "ITEMS"  # 記載事項
    COPIES = "COPIES"  # 部数
    CONFIRM = "CONFIRM"  # 内容の確認
    PAY = "PAY"  # 支払い
    PRINT = "PRINT"  # 印刷
    TAKE = "TAKE"  # 受け取り・領収書・お忘れ物


class Mode(StrEnum):
    """How the same steps are shown (画面の出し方)."""

    PLAIN = "PLAIN"  # ふつう
    ELDER = "ELDER"  # 大きな画面・音声
    PRACTICE = "PRACTICE"  # 体験


class End(StrEnum):
    """How a session ended (終わり方)."""

    DONE = "DONE"  # 受け取った
    REFUSED = "REFUSED"  # 交付できない: one neutral sentence
    LEFT = "LEFT"  # やめる
    TIMED_OUT = "TIMED_OUT"  # 時間切れ
    FAILED = "FAILED"  # 機械の不具合: voided, refunded, in the books


class How(StrEnum):
    """The way a screen was left (画面の離れ方)."""

    NEXT = "next"
    BACK = "back"
    LEAVE = "leave"
    TIMEOUT = "timeout"
    CALL = "call"


STORE_ORDER = tuple(Step)
#: Screens on which the resident chooses; only where there is something to choose are they shown.
CHOOSING = (Step.KIND, Step.PART, Step.ITEMS, Step.COPIES)
SKIPPABLE = frozenset({Step.PART, Step.ITEMS, Step.COPIES})
#: From here on a paper is being made: leaving undoes it, going back undoes it too.
WITH_PAPER = frozenset({Step.PAY, Step.PRINT, Step.TAKE})

_BEFORE_CARD_BACK: Mapping[Step, Step] = {
    Step.CARD: Step.ACCEPT,
    Step.TOWN: Step.CARD,
    Step.PIN: Step.TOWN,
}


def next_step(step: Step, *, skip: frozenset[Step] = frozenset()) -> Step | None:
    """Return the screen after this one, or None after the last (次の画面).

    ``skip`` names screens on which this paper leaves nothing to choose; no screen before the
    card is back, none from the confirmation on, can ever be skipped.
    """
    assert skip <= SKIPPABLE, skip
    later = STORE_ORDER[STORE_ORDER.index(step) + 1 :]
    return next((one for one in later if one not in skip), None)


def previous_step(step: Step, *, skip: frozenset[Step] = frozenset()) -> Step | None:
    """Return the screen もどる leads to, or None where there is no way back (前の画面).

    Never back over the card: it is in the resident's hand again. Never back out of printing.
    """
    if step in _BEFORE_CARD_BACK:
        return _BEFORE_CARD_BACK[step]
    first, last = STORE_ORDER.index(Step.KIND), STORE_ORDER.index(Step.PAY)
    at = STORE_ORDER.index(step)
    if not first < at <= last:
        return None
    earlier = reversed(STORE_ORDER[first:at])
    return next(one for one in earlier if one not in skip)
