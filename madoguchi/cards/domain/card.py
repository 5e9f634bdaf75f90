"""A card on its way from the box to its holder: numbers, kinds, states (個人番号カード).

The number people scan is the 交付通知書番号: three letters or digits, a dash, six digits (cards.md
5.1). It is not the 個人番号 and says nothing about anybody. No check digit of it is known.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem

#: What a booking calls this matter; its number is our card id.
CARD = "card"
NOTICE_NO_PATTERN = "^[0-9A-Z]{3}-[0-9]{6}$"
APPLICATION_NO_PATTERN = "^[0-9]{23}$"
_NOTICE_NO = re.compile(r"([0-9A-Z]{3})-?([0-9]{6})")
_APPLICATION_NO = re.compile(r"[0-9]{23}")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─━ー－"), "-")


@unique
class CardKind(StrEnum):
    """Why the card was made (申請区分)."""

    NEW = "NEW"  # 新規
    RENEWAL = "RENEWAL"  # 更新
    REISSUE = "REISSUE"  # 再交付
    EXPRESS = "EXPRESS"  # 特急発行
    ABROAD = "ABROAD"  # 国外転出者
    UNKNOWN = "UNKNOWN"  # 一覧に書かれていない


@unique
class CardState(StrEnum):
    """Where a card stands (カードの状態). That it is notified is read from its letters."""

    ARRIVED = "ARRIVED"  # 受領済み
    SET_UP = "SET_UP"  # 交付前設定済み
    WRONG = "WRONG"  # 止めている
    HANDED_OVER = "HANDED_OVER"  # 交付済み
    RETURNED = "RETURNED"  # 返納・返送
    DISCARDED = "DISCARDED"  # 廃棄済み

    @property
    def is_kept(self) -> bool:
        """The card lies in the town's cabinet (保管中)."""
        return self in (CardState.ARRIVED, CardState.SET_UP, CardState.WRONG)


#: Which step leads where; the letters are those of the README.
MOVES: Mapping[CardState, frozenset[CardState]] = {
    CardState.ARRIVED: frozenset(
        {CardState.SET_UP, CardState.WRONG, CardState.RETURNED, CardState.DISCARDED}
    ),
    CardState.SET_UP: frozenset(
        {
            CardState.ARRIVED,
            CardState.WRONG,
            CardState.HANDED_OVER,
            CardState.RETURNED,
            CardState.DISCARDED,
        }
    ),
    CardState.WRONG: frozenset(
        {CardState.ARRIVED, CardState.SET_UP, CardState.RETURNED, CardState.DISCARDED}
    ),
    CardState.HANDED_OVER: frozenset({CardState.SET_UP}),
    # A scan taken back, or a card sent back that came again.
    CardState.RETURNED: frozenset({CardState.ARRIVED, CardState.WRONG, CardState.DISCARDED}),
    CardState.DISCARDED: frozenset(),
}


@unique
class SetupOutcome(StrEnum):
    """What came of the last try at the terminal (交付前設定の結果)."""

    NONE = ""
    DONE = "DONE"  # 済み
    LATER = "LATER"  # あとで
    CARD_UNREADABLE = "CARD_UNREADABLE"  # カードが読めない
    NOT_FOUND = "NOT_FOUND"  # 端末に出てこない
    DIFFERS = "DIFFERS"  # 端末の表示がカードとちがう
    REFUSED = "REFUSED"  # 端末が受け付けない

    @property
    def is_fault(self) -> bool:
        """The card itself, or what is known of it, is wrong (不良)."""
        return self not in (SetupOutcome.NONE, SetupOutcome.DONE, SetupOutcome.LATER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """What the card or the list with it says of its holder (券面の記載)."""

    name: str = ""
    kana: str = ""
    birth_on: date | None = None
    address: str = ""
    made_on: date | None = None
    expires_on: date | None = None


def plain(text: str) -> str:
    """Return a scanned or typed number in ASCII capitals without spaces (半角)."""
    return "".join(unicodedata.normalize("NFKC", text.translate(_DASHES)).upper().split())


def read_notice_no(text: str, *, where: str | None = None) -> str | Problem:
    """Read a 交付通知書番号 as scanned or typed, with or without its dash (交付通知書番号)."""
    found = _NOTICE_NO.fullmatch(plain(text)[:40])
    if found is None:
        # Not what was scanned: whoever scans a 個人番号 by mistake must not see it kept.
        return Problem(code="CARD_NOTICE_NO_UNREADABLE", where=where)
    return f"{found.group(1)}-{found.group(2)}"


def read_application_no(text: str, *, where: str | None = None) -> str | Problem:
    """Read a 申請書ID of 23 digits; nothing is nothing (申請書ID)."""
    digits = plain(text).replace("-", "")
    if not digits or _APPLICATION_NO.fullmatch(digits):
        return digits
    return Problem(code="CARD_APPLICATION_NO_UNREADABLE", where=where)


def check_move(before: CardState, after: CardState) -> tuple[Problem, ...]:
    """Say why a card cannot go from one state to another (状態の移り変わり)."""
    if after in MOVES[before]:
        return ()
    return (Problem(code="CARD_STATE_FORBIDS", facts={"state": before.value}),)
