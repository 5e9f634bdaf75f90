"""A letter from the queue to the post office, and back (発送する手紙)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem


@unique
class LetterKind(StrEnum):
    """What is sent (手紙の種類)."""

    ISSUE_NOTICE = "ISSUE_NOTICE"  # 交付通知書に添える町の案内
    RENOTICE = "RENOTICE"  # 再通知
    FINAL_NOTICE = "FINAL_NOTICE"  # 最終通知
    MAIL_CARD = "MAIL_CARD"  # カードの送付（申請時来庁）
    MOVE_RECEIPT = "MOVE_RECEIPT"  # 住民異動届受理通知
    MOVE_INQUIRY = "MOVE_INQUIRY"  # 転入通知未着照会書
    REMOVAL_NOTICE = "REMOVAL_NOTICE"  # 職権で住民票を消した通知（令12条4項）
    CERTIFICATE_REQUEST = "CERTIFICATE_REQUEST"  # 転出証明書の交付の依頼（前の市区町村へ）
    RESIDENCE_INQUIRY = "RESIDENCE_INQUIRY"  # お住まいの照会（住基法34条）
    RESIDENCE_URGE = "RESIDENCE_URGE"  # 住民異動の届出の催告


#: Kinds that ask somebody to come; the town's sheet goes into a window envelope.
NOTICES = frozenset({LetterKind.ISSUE_NOTICE, LetterKind.RENOTICE, LetterKind.FINAL_NOTICE})
#: Ask at the registered address whether somebody lives there; a last day for the answer is on them.
OF_RESIDENCE = frozenset({LetterKind.RESIDENCE_INQUIRY, LetterKind.RESIDENCE_URGE})
#: May be about somebody who is not registered here: then there is nobody to ask the gate about.
OF_NOBODY_HERE = frozenset({LetterKind.CERTIFICATE_REQUEST})


@unique
class MailClass(StrEnum):
    """How the post office carries it (郵便の種別)."""

    ORDINARY = "ORDINARY"  # 普通
    SIMPLE_REGISTERED = "SIMPLE_REGISTERED"  # 簡易書留
    ADDRESSEE_ONLY = "ADDRESSEE_ONLY"  # 本人限定受取(特例型)
    REGISTERED_EXPRESS = "REGISTERED_EXPRESS"  # 書留速達


#: Classes for which the post office gives a number for each piece (引受番号).
WITH_RECEIPT = frozenset(MailClass) - {MailClass.ORDINARY}


@unique
class LetterState(StrEnum):
    """Where a letter stands (手紙の状態)."""

    QUEUED = "QUEUED"  # 発送待ち
    PRINTED = "PRINTED"  # 印刷済
    POSTED = "POSTED"  # 差出済
    RETURNED = "RETURNED"  # 返戻
    DELIVERED = "DELIVERED"  # 届いた
    HELD = "HELD"  # 止めている
    CANCELLED = "CANCELLED"  # とりやめ
    SUPERSEDED = "SUPERSEDED"  # 新しい手紙に替えた


#: What may follow what. POSTED leads back to PRINTED only while the pile is still in the house.
STEPS: Mapping[LetterState, frozenset[LetterState]] = {
    LetterState.QUEUED: frozenset(
        {LetterState.PRINTED, LetterState.HELD, LetterState.CANCELLED, LetterState.SUPERSEDED}
    ),
    LetterState.PRINTED: frozenset(
        {
            LetterState.PRINTED,
            LetterState.POSTED,
            LetterState.QUEUED,
            LetterState.HELD,
            LetterState.CANCELLED,
            LetterState.SUPERSEDED,
        }
    ),
    LetterState.POSTED: frozenset(
        {LetterState.PRINTED, LetterState.RETURNED, LetterState.DELIVERED}
    ),
    LetterState.RETURNED: frozenset({LetterState.POSTED}),
    LetterState.DELIVERED: frozenset(),
    LetterState.HELD: frozenset(
        {LetterState.QUEUED, LetterState.CANCELLED, LetterState.SUPERSEDED}
    ),
    LetterState.CANCELLED: frozenset(),
    LetterState.SUPERSEDED: frozenset(),
}

#: Not posted yet, and still to be: of one kind there is at most one such letter a matter.
OPEN_STATES = frozenset({LetterState.QUEUED, LetterState.PRINTED, LetterState.HELD})


def check_step(before: LetterState, after: LetterState) -> tuple[Problem, ...]:
    """Return why a letter cannot go from one state to another (状態の移り)."""
    if after in STEPS[before]:
        return ()
    return (Problem(code="LETTER_STEP", facts={"state": before.value}),)


@unique
class ReturnReason(StrEnum):
    """What the post office wrote on a letter that came back (返戻の理由)."""

    UNKNOWN_THERE = "UNKNOWN_THERE"  # あて所に尋ねあたりません
    MOVED_AWAY = "MOVED_AWAY"  # 転居先不明・転送不要のため返送
    NOT_COLLECTED = "NOT_COLLECTED"  # 保管期間経過
    REFUSED = "REFUSED"  # 受取拒否
    OTHER = "OTHER"  # その他


@unique
class Why(StrEnum):
    """Why a letter was taken out of its batch (束から外した理由)."""

    #: One word for everything a clerk need not know: protected, blocked, being changed.
    NOT_AVAILABLE = "LETTER_NOT_AVAILABLE"
    MOVED_OUT = "LETTER_MOVED_OUT"
    DEAD = "LETTER_DEAD"
    REMOVED = "LETTER_REMOVED"
    NO_ADDRESS = "LETTER_NO_ADDRESS"
    DOES_NOT_FIT = "LETTER_DOES_NOT_FIT"
    GLYPH_MISSING = "LETTER_GLYPH_MISSING"
    ADDRESS_CHANGED = "LETTER_ADDRESS_CHANGED"
    READ_BACK_DIFFERS = "LETTER_READ_BACK_DIFFERS"


#: The paper was wrong, not the person: the letter goes back to the queue and is made again.
MADE_AGAIN = frozenset({Why.ADDRESS_CHANGED, Why.READ_BACK_DIFFERS})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom a letter goes, as the register knows them this moment (宛先).

    Name and place are an office's where an address was handed in for one; ``about`` is then the
    registered person the letter asks about.
    """

    name: str
    postcode: str
    address: str
    building: str
    status: str
    honorific: str = "　様"
    about: str = ""


_STATUS: Mapping[str, Why] = {
    "MOVED_OUT": Why.MOVED_OUT,
    "DEAD": Why.DEAD,
    "REMOVED": Why.REMOVED,
}


def check_sending(
    recipient: Recipient | None, *, may_leave: bool, gone: Collection[str] = ()
) -> tuple[Why, ...]:
    """Return every reason not to send to this person now; empty means go (発送の可否).

    Who may not leave is answered with that and nothing else: another reason beside it would
    tell that this one is not the usual one. ``gone``: in which ways its person may have left the
    register: such a letter does not go to the registered address, and is about just that.
    """
    if not may_leave or recipient is None:
        return (Why.NOT_AVAILABLE,)
    found = []
    if recipient.status in _STATUS and recipient.status not in gone:
        found.append(_STATUS[recipient.status])
    if not (recipient.name and recipient.address and recipient.postcode):
        found.append(Why.NO_ADDRESS)
    return tuple(found)
