"""What makes a card one that must not be announced (止める理由): asked at every step anew.

A card is looked at when it is received, and again before its letter is queued; whoever posts
asks the gate once more. Each reason is found on its own, so all are seen at once.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.cards.domain.card import Printed, SetupOutcome
from madoguchi.cards.domain.people import (
    Match,
    Person,
    Standing,
    has_present_name,
    lives_as_printed,
)
from madoguchi.kernel.outcome import Problem


@unique
class FaultCode(StrEnum):
    """One reason why a card is stopped (止める理由)."""

    NOT_LISTED = "CARD_FAULT_NOT_LISTED"  # 送付一覧にない
    WRONG_BOX = "CARD_FAULT_WRONG_BOX"  # 別の箱の一覧にある
    NOBODY = "CARD_FAULT_NOBODY"  # 名義人が見つからない
    UNSURE = "CARD_FAULT_UNSURE"  # 名義人が一人に決まらない
    PROTECTED = "CARD_FAULT_PROTECTED"  # 支援措置
    MOVED = "CARD_FAULT_MOVED"  # 転居
    MOVING_OUT = "CARD_FAULT_MOVING_OUT"  # 転出予定
    MOVED_OUT = "CARD_FAULT_MOVED_OUT"  # 転出
    DIED = "CARD_FAULT_DIED"  # 死亡
    REMOVED = "CARD_FAULT_REMOVED"  # 職権消除など
    NAME_CHANGED = "CARD_FAULT_NAME_CHANGED"  # 氏名の変更
    BIRTH_DIFFERS = "CARD_FAULT_BIRTH_DIFFERS"  # 生年月日の相違
    EXPIRED = "CARD_FAULT_EXPIRED"  # 有効期限切れ
    TWO_CARDS = "CARD_FAULT_TWO_CARDS"  # 同じ人のカードが2枚
    FACE = "CARD_FAULT_FACE"  # 券面の不良
    SETUP = "CARD_FAULT_SETUP"  # 交付前設定で不良


#: Found by looking with one's eyes or at the terminal: only a person takes them away.
SEEN_BY_HAND = frozenset({FaultCode.FACE, FaultCode.SETUP})
#: A clerk may say: I know, it may go on. What is not here is mended or the card goes back.
ACCEPTABLE = SEEN_BY_HAND | {
    FaultCode.NOT_LISTED,
    FaultCode.WRONG_BOX,
    FaultCode.MOVED,
    FaultCode.MOVING_OUT,
    FaultCode.NAME_CHANGED,
    FaultCode.PROTECTED,
}
#: To whom may not know of a held person, such a card is one whose holder is not settled.
HIDDEN_AS = FaultCode.UNSURE

_OF_STANDING = {
    Standing.MOVING_OUT: FaultCode.MOVING_OUT,
    Standing.MOVED_OUT: FaultCode.MOVED_OUT,
    Standing.DEAD: FaultCode.DIED,
    Standing.REMOVED: FaultCode.REMOVED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """All that is known about one card just now (判定の前提)."""

    printed: Printed
    #: None: nobody, or not settled; then ``match`` tells which.
    person: Person | None
    match: Match
    #: Boxes whose list names this card; empty where no box has a list.
    listed_in: Collection[str]
    box_no: str
    box_has_list: bool
    #: How many cards of this person are kept, this one among them.
    kept_of_person: int
    today: date


def find_faults(known: Situation) -> frozenset[FaultCode]:
    """Find every reason that the records give to stop this card (止める理由の判定)."""
    return frozenset({*_of_box(known), *_of_person(known), *_of_days(known)})


def _of_box(known: Situation) -> Collection[FaultCode]:
    if known.box_no in known.listed_in:
        return ()
    if known.listed_in:
        return (FaultCode.WRONG_BOX,)
    return (FaultCode.NOT_LISTED,) if known.box_has_list else ()


def _of_person(known: Situation) -> Collection[FaultCode]:
    person = known.person
    if person is None:
        return (FaultCode.UNSURE,) if known.match.candidates else (FaultCode.NOBODY,)
    found = set()
    if person.is_held:
        found.add(FaultCode.PROTECTED)
    if person.standing in _OF_STANDING:
        found.add(_OF_STANDING[person.standing])
    elif not lives_as_printed(known.printed, person):
        found.add(FaultCode.MOVED)
    if not has_present_name(known.printed, person):
        found.add(FaultCode.NAME_CHANGED)
    if known.printed.birth_on and known.printed.birth_on != person.birth_on:
        found.add(FaultCode.BIRTH_DIFFERS)
    if known.kept_of_person > 1:
        found.add(FaultCode.TWO_CARDS)
    return found


def _of_days(known: Situation) -> Collection[FaultCode]:
    expires_on = known.printed.expires_on
    return (FaultCode.EXPIRED,) if expires_on and expires_on < known.today else ()


def shown_to(codes: Collection[FaultCode], *, may_see_held: bool) -> tuple[FaultCode, ...]:
    """Say which reasons somebody may read: a held person's card is one not settled (見せる理由)."""
    if FaultCode.PROTECTED in codes and not may_see_held:
        return (HIDDEN_AS,)
    return tuple(code for code in FaultCode if code in codes)


def problem_of(code: FaultCode) -> Problem:
    """Put a reason as a problem of the catalogue (理由の文)."""
    return Problem(code=code.value)


def after_setup(outcome: SetupOutcome) -> frozenset[FaultCode]:
    """Say what an outcome at the terminal stops (交付前設定の不良)."""
    return frozenset({FaultCode.SETUP}) if outcome.is_fault else frozenset()
