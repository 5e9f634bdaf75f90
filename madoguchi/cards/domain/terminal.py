"""What a terminal shows and does, held against our own row (統合端末の証拠).

Whoever works the terminal, a person or a robot, brings evidence of this kind. A robot sets up
nothing that it could not compare, and believes nothing that it has not read back.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.kernel.outcome import Problem, Unavailable

#: So many of reading, birth date and 申請書ID must be known, or a person compares by eye.
COMPARED_MIN = 2


@unique
class SetupHow(StrEnum):
    """Who worked the terminal (設定のしかた)."""

    BY_HAND = "BY_HAND"  # 職員が手で
    ROBOT = "ROBOT"  # ロボットが画面から


@unique
class NoAnswer(StrEnum):
    """Why the terminal told nothing (端末の応答なし): the reason of an ``Unavailable``."""

    NOT_REACHED = "ROBOT_NOT_REACHED"  # つながらない
    TOO_SLOW = "ROBOT_TOO_SLOW"  # 画面が出てこない
    SESSION_LOST = "ROBOT_SESSION_LOST"  # 時間切れ
    SCREEN_UNKNOWN = "ROBOT_SCREEN_UNKNOWN"  # 手順書にない画面
    BOX_IN_THE_WAY = "ROBOT_BOX_IN_THE_WAY"  # 知らない小窓
    SIGN_ON_REFUSED = "ROBOT_SIGN_ON_REFUSED"  # ログインできない
    NO_CARD = "ROBOT_NO_CARD"  # カードを置けなかった


@unique
class Doing(StrEnum):
    """What to do with a card that lies on the reader (次にすること)."""

    PRESS = "PRESS"  # 設定を押す
    NOTE = "NOTE"  # 押さずに結果を書く
    LEAVE = "LEAVE"  # 触らずに止まる


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """A card that waits for the terminal, as our row has it (照らし合わせる内容)."""

    card_id: str
    version: int
    person_id: str
    notice_no: str
    shelf: str
    kana: str
    birth_on: date | None
    application_no: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the terminal shows of the card on its reader; never a 個人番号 (端末の表示)."""

    notice_no: str
    kana: str = ""
    birth_on: date | None = None
    application_no: str = ""
    #: The terminal says that this card is set up already.
    is_set: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What the terminal's own list says of a card; NONE: nothing (端末の記録)."""

    notice_no: str
    outcome: SetupOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to do with a card, and what speaks against going on (判断)."""

    doing: Doing
    outcome: SetupOutcome = SetupOutcome.NONE
    problems: tuple[Problem, ...] = ()


def check_expected(expected: Expected) -> tuple[Problem, ...]:
    """Say why no robot may compare this card: too little is known of it (照合できるか)."""
    known = (expected.kana, expected.birth_on, expected.application_no)
    if sum(map(bool, known)) >= COMPARED_MIN:
        return ()
    return (Problem(code="ROBOT_TOO_LITTLE_KNOWN", where=expected.notice_no),)


def check_shown(expected: Expected, shown: Shown) -> tuple[Problem, ...]:
    """Return everything in which the terminal's screen and our row differ (画面との照合).

    What our row does not know is not held against the screen; what the screen does not show
    differs from what we know.
    """
    found = [
        (bool(expected.kana) and _same_letters(expected.kana) != _same_letters(shown.kana),
         "ROBOT_KANA_DIFFERS"),
        (bool(expected.birth_on) and expected.birth_on != shown.birth_on, "ROBOT_BIRTH_DIFFERS"),
        (bool(expected.application_no) and expected.application_no != shown.application_no,
         "ROBOT_APPLICATION_DIFFERS"),
    ]  # fmt: skip
    if shown.notice_no != expected.notice_no:
        # Another card lies there: what it says of somebody else is nobody's business.
        return (Problem(code="ROBOT_WRONG_CARD", where=expected.notice_no),)
    return tuple(Problem(code=code, where=expected.notice_no) for wrong, code in found if wrong)


def plan_card(expected: Expected, begun: Shown | SetupOutcome | Unavailable) -> Plan:
    """Decide on a card from what the terminal answered to it (設定するかの判断)."""
    if isinstance(begun, Unavailable):
        return Plan(doing=Doing.LEAVE, problems=(no_answer(begun, where=expected.notice_no),))
    if isinstance(begun, SetupOutcome):
        problem = _said(begun, expected)
        if begun.is_fault:
            return Plan(doing=Doing.NOTE, outcome=begun, problems=(problem,))
        return Plan(doing=Doing.LEAVE, problems=(problem,))
    return _plan_shown(expected, begun)


def _plan_shown(expected: Expected, shown: Shown) -> Plan:
    if problems := check_expected(expected):
        return Plan(doing=Doing.LEAVE, problems=problems)
    if problems := check_shown(expected, shown):
        if shown.notice_no != expected.notice_no:
            return Plan(doing=Doing.LEAVE, problems=problems)
        return Plan(doing=Doing.NOTE, outcome=SetupOutcome.DIFFERS, problems=problems)
    if shown.is_set:
        return Plan(doing=Doing.NOTE, outcome=SetupOutcome.DONE)
    return Plan(doing=Doing.PRESS)


def plan_noting(
    expected: Expected,
    ended: SetupOutcome | Unavailable,
    written: Written | Unavailable,
) -> Plan:
    """Decide what is written down of a card that was set, from its end and the list (結果の判断).

    Only where screen and list agree is it done. Whatever is less stays as it is: the next run
    asks the terminal before it presses anything.
    """
    where = expected.notice_no
    problems = _against(ended, expected)
    if isinstance(written, Unavailable):
        return _maybe_set(expected, (*problems, no_answer(written, where=where)))
    told = isinstance(ended, SetupOutcome)
    if written.notice_no == where:
        if written.outcome is SetupOutcome.DONE and (ended is SetupOutcome.DONE or not told):
            return Plan(doing=Doing.NOTE, outcome=SetupOutcome.DONE, problems=problems)
        # What the terminal refused need not stand on its list.
        quiet = written.outcome in (SetupOutcome.NONE, ended)
        if isinstance(ended, SetupOutcome) and ended.is_fault and quiet:
            return Plan(doing=Doing.NOTE, outcome=ended, problems=problems)
        if not told and written.outcome is SetupOutcome.NONE:
            return Plan(doing=Doing.LEAVE, problems=problems)  # surely not set, so far
    if told:
        problems = (*problems, Problem(code="ROBOT_LIST_DIFFERS", where=where))
    return _maybe_set(expected, problems)


def no_answer(answer: Unavailable, *, where: str) -> Problem:
    """Put a missing answer as a problem of the catalogue (応答なしの文)."""
    return Problem(code=NoAnswer(answer.reason).value, where=where)


def _against(ended: SetupOutcome | Unavailable, expected: Expected) -> tuple[Problem, ...]:
    if isinstance(ended, Unavailable):
        return (no_answer(ended, where=expected.notice_no),)
    return () if ended is SetupOutcome.DONE else (_said(ended, expected),)


def _maybe_set(expected: Expected, problems: tuple[Problem, ...]) -> Plan:
    maybe = Problem(code="ROBOT_MAYBE_SET", where=expected.notice_no)
    return Plan(doing=Doing.LEAVE, problems=(*problems, maybe))


def _said(outcome: SetupOutcome, expected: Expected) -> Problem:
    return Problem(code=_SAID[outcome], where=expected.notice_no)


#: What the terminal says against a card; whatever else it says is no answer to what was asked.
_SAID = {
    SetupOutcome.CARD_UNREADABLE: "ROBOT_CARD_UNREADABLE",
    SetupOutcome.NOT_FOUND: "ROBOT_CARD_NOT_FOUND",
    SetupOutcome.REFUSED: "ROBOT_CARD_REFUSED",
    SetupOutcome.DIFFERS: "ROBOT_CARD_DIFFERS",
    SetupOutcome.NONE: NoAnswer.SCREEN_UNKNOWN.value,
    SetupOutcome.LATER: NoAnswer.SCREEN_UNKNOWN.value,
    SetupOutcome.DONE: NoAnswer.SCREEN_UNKNOWN.value,
}


def _same_letters(text: str) -> str:
    """Half and full width count as one, and spaces do not count; no letter stands for another."""
    return "".join(unicodedata.normalize("NFKC", text).split())
