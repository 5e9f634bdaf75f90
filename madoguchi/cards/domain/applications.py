"""An application taken at the desk or on a trip, before there is a card (申請時来庁・出張申請).

The photograph is looked at and never kept, and nobody types a PIN: what is kept of a secret is
that its sheet is in a closed envelope, and who had the envelope when.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.advice.api import Advice
from madoguchi.cards.domain.people import Person, Standing
from madoguchi.kernel.outcome import Problem

#: Younger than this no photograph is wanted (since 2024-12-02, 玖珠町).
PHOTO_FROM_AGE = 1
#: How far ahead a trip may be written down.
TRIP_AHEAD_DAYS = 366


@unique
class ApplicationState(StrEnum):
    """Where an application stands; what became of its card is read from the card (申請の状態)."""

    PLANNED = "PLANNED"  # 出張で受ける予定
    TAKEN = "TAKEN"  # 受付済み
    SENT = "SENT"  # 申請書を送った
    WITHDRAWN = "WITHDRAWN"  # 取下げ


MOVES: Mapping[ApplicationState, frozenset[ApplicationState]] = {
    ApplicationState.PLANNED: frozenset({ApplicationState.TAKEN, ApplicationState.WITHDRAWN}),
    ApplicationState.TAKEN: frozenset({ApplicationState.SENT, ApplicationState.WITHDRAWN}),
    # What was sent too early is taken back as long as the authority has not made the card.
    ApplicationState.SENT: frozenset({ApplicationState.TAKEN, ApplicationState.WITHDRAWN}),
    ApplicationState.WITHDRAWN: frozenset(),
}


@unique
class Delivery(StrEnum):
    """How the finished card reaches its holder (受取り方)."""

    COUNTER = "COUNTER"  # 窓口で受け取る
    REGISTERED = "REGISTERED"  # 簡易書留
    PERSONAL = "PERSONAL"  # 本人限定受取(特例型)

    @property
    def is_by_mail(self) -> bool:
        """The card goes by post, so the PIN is set by the town from a closed envelope (郵送)."""
        return self is not Delivery.COUNTER


@unique
class PhotoRule(StrEnum):
    """What a person looks for in the photograph; the code says what is wrong without (写真の決まり)."""

    RECENT = "PHOTO_NOT_RECENT"  # 6か月以内
    FRONT = "PHOTO_NOT_FRONT"  # 正面
    NO_HAT = "PHOTO_NOT_NO_HAT"  # 帽子なし
    PLAIN = "PHOTO_NOT_PLAIN"  # 無背景
    EYES = "PHOTO_NOT_EYES"  # 目が見える
    ALONE = "PHOTO_NOT_ALONE"  # ほかの人や物が写っていない


@unique
class MailCondition(StrEnum):
    """What must be so before a card is promised by mail (郵送の条件; 川島町)."""

    NO_MOVE = "APPLICATION_MAIL_NO_MOVE"  # 受取りまでに住所を移す予定がない
    NO_FORWARDING = "APPLICATION_MAIL_NO_FORWARDING"  # 郵便局に転送の届を出していない
    CONSENT = "APPLICATION_MAIL_CONSENT"  # 職員が暗証番号を設定することを承知している


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What somebody says and shows when applying (申請のときの申出)."""

    delivery: Delivery
    photo: Collection[PhotoRule]
    conditions: Collection[MailCondition]
    #: The label on the closed envelope with the 暗証番号設定依頼書; empty: none was handed in.
    sheet_label: str
    sheet_closed: bool
    knows_lost_licence: bool


def check_person(person: Person | None) -> tuple[Problem, ...]:
    """Say why this town takes no application of somebody (申請できる人)."""
    if person is None:
        return (Problem(code="UNKNOWN_PERSON"),)
    if person.standing is Standing.MOVING_OUT:
        return (Problem(code="APPLICATION_MOVING_OUT"),)
    if person.standing is not Standing.RESIDENT:
        return (Problem(code="APPLICATION_NO_RESIDENT"),)
    return ()


def check_application(
    given: Given, *, advice: Advice, age: int, is_held: bool
) -> tuple[Problem, ...]:
    """Say everything that stands against taking an application (申請の確認).

    ``age`` in whole years. Who fetches the card at the counter proves then who they are.
    """
    found = list(check_photo(given.photo, age=age))
    if any(one.code.startswith("LICENCE_") for one in advice.warnings) and not (
        given.knows_lost_licence
    ):
        found.append(Problem(code="APPLICATION_LICENCE_NOT_TOLD", where="knows_lost_licence"))
    found += _check_sheet(given)
    if given.delivery.is_by_mail:
        # Nobody sees the holder again: who it is is proved now, and once.
        found += advice.problems
        # What was not told is never taken for told.
        found += [Problem(code="APPLICATION_UNDECIDED", where=one) for one in advice.undecided]
        found += [
            Problem(code=one.value, where="conditions")
            for one in MailCondition
            if one not in given.conditions
        ]
        if is_held:
            # The envelope would carry the address past strangers: only from hand to hand.
            found.append(Problem(code="APPLICATION_NOT_BY_MAIL", where="delivery"))
    return tuple(dict.fromkeys(found))


def check_photo(seen: Collection[PhotoRule], *, age: int) -> tuple[Problem, ...]:
    """Say what was not seen in the photograph; an infant needs none (写真の確認)."""
    if age < PHOTO_FROM_AGE:
        return ()
    return tuple(Problem(code=one.value, where="photo") for one in PhotoRule if one not in seen)


def _check_sheet(given: Given) -> list[Problem]:
    has_sheet = bool(given.sheet_label)
    if given.delivery.is_by_mail and not has_sheet:
        return [Problem(code="PIN_SHEET_MISSING", where="sheet_label")]
    if has_sheet and not given.sheet_closed:
        return [Problem(code="PIN_SHEET_OPEN", where="sheet_closed")]
    return []


def check_move(before: ApplicationState, after: ApplicationState) -> tuple[Problem, ...]:
    """Say why an application cannot go from one state to another (状態の移り変わり)."""
    if after in MOVES[before]:
        return ()
    return (Problem(code="APPLICATION_STATE_FORBIDS", facts={"state": before.value}),)


def check_trip(*, on: date, today: date) -> tuple[Problem, ...]:
    """Say why a trip cannot be written down for a day (出張の日)."""
    if not 0 <= (on - today).days <= TRIP_AHEAD_DAYS:
        return (Problem(code="TRIP_DAY_OUT_OF_RANGE", where="on"),)
    return ()
