"""Handing a card over: everything that must be so, told at once (カードの交付).

The PIN is the holder's: what is kept is that it was set. Of documents the kinds are kept, never
a number and never a copy.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.advice.api import Advice, Visitor
from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.kernel.outcome import Problem

#: Younger than this no 署名用電子証明書 in principle (遠野市).
SIGN_FROM_AGE = 15
#: Times of one step beyond this are no work but a page left open.
STEP_SECONDS_MAX = 3600

#: Which row of the table of visits a kind of card is handed over by.
VISIT_OF: Mapping[CardKind, str] = {
    CardKind.NEW: "new",
    CardKind.RENEWAL: "renewal",
    CardKind.REISSUE: "reissue",
    # Mailed by the maker as a rule; one that lies here after all is fetched like any first card,
    # and so is that of somebody abroad. The photograph was asked for when it was applied for.
    CardKind.EXPRESS: "new",
    CardKind.ABROAD: "new",
    # The list did not say: what is asked of everybody.
    CardKind.UNKNOWN: "new",
}


@unique
class Certificate(StrEnum):
    """A certificate the card is handed over with (電子証明書)."""

    SIGN = "SIGN"  # 署名用
    AUTH = "AUTH"  # 利用者証明用


@unique
class OldCard(StrEnum):
    """What became of the card before this one (いまのカード)."""

    NONE = "NONE"  # はじめて作った
    RECOVERED = "RECOVERED"  # 返してもらった
    LOST = "LOST"  # なくした届を受けた


@unique
class Step(StrEnum):
    """A part of the visit whose time is taken (窓口の段階)."""

    IDENTITY = "IDENTITY"
    PIN = "PIN"
    OUT = "OUT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """What happened at the counter, besides the documents (交付のときの確認)."""

    visitor: Visitor
    face_seen: bool
    pin_set: bool
    old_card: OldCard | None
    certificates: Collection[Certificate]
    fee_paid: bool
    holder_present: bool


def check_hand_over(
    handed: Handed, *, state: CardState, kind: CardKind, advice: Advice, age: int
) -> tuple[Problem, ...]:
    """Say everything that stands against giving this card away now (交付の確認).

    ``age`` in whole years. What nobody told is no yes: ``advice.undecided`` must be empty.
    """
    found: list[Problem] = []
    if state is not CardState.SET_UP:
        found.append(Problem(code="HANDOVER_NOT_SET_UP", facts={"state": state.value}))
    found += advice.problems
    found += [Problem(code="HANDOVER_UNDECIDED", where=one) for one in advice.undecided]
    # A proxy's holder is seen by the photograph on a document: that is the table's.
    if (handed.visitor is Visitor.SELF or handed.holder_present) and not handed.face_seen:
        found.append(Problem(code="HANDOVER_FACE_NOT_SEEN", where="face_seen"))
    if not handed.pin_set:
        found.append(Problem(code="HANDOVER_PIN_NOT_SET", where="pin_set"))
    found += _check_old_card(handed.old_card, kind)
    if age < SIGN_FROM_AGE and Certificate.SIGN in handed.certificates:
        found.append(Problem(code="HANDOVER_SIGN_UNDER_15", where="certificates"))
    if advice.fee_yen and not handed.fee_paid:
        facts = {"yen": f"{advice.fee_yen:,}"}
        found.append(Problem(code="HANDOVER_FEE_OPEN", where="fee_paid", facts=facts))
    return tuple(dict.fromkeys(found))


def _check_old_card(old_card: OldCard | None, kind: CardKind) -> list[Problem]:
    if old_card is None:
        return [Problem(code="HANDOVER_OLD_CARD_UNKNOWN", where="old_card")]
    if kind is CardKind.RENEWAL and old_card is OldCard.NONE:
        return [Problem(code="HANDOVER_OLD_CARD_STAYS", where="old_card")]
    return []


def check_undo(
    *, state: CardState, handed_over_on: date | None, today: date
) -> tuple[Problem, ...]:
    """Say why a hand-over cannot be taken back: only a slip of the same day (取消し)."""
    if state is not CardState.HANDED_OVER or handed_over_on is None:
        return (Problem(code="HANDOVER_NOT_DONE"),)
    if handed_over_on != today:
        return (Problem(code="HANDOVER_TOO_LATE_TO_UNDO"),)
    return ()


def read_steps(text: str) -> Mapping[Step, int]:
    """Read ``IDENTITY:40 PIN:95`` in seconds; what is none of it is left out (段階の時間).

    It comes from the browser and decides nothing: a figure that cannot be is no figure.
    """
    found: dict[Step, int] = {}
    for part in text[:200].split():
        name, _, seconds = part.partition(":")
        if name in set(Step) and seconds.isascii() and seconds.isdigit() and len(seconds) < 6:
            number = int(seconds)
            if number <= STEP_SECONDS_MAX:
                found[Step(name)] = number
    return found
