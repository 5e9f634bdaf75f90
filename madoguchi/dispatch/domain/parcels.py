"""Sealed parcels between two towns, and who holds the ball (書留速達の授受).

For 特急発行 of a child whose birth was notified elsewhere: the copy of the 出生届 and the sealed
envelope with the 暗証番号 travel together. What lies inside is known by kind, never by content.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem


@unique
class Direction(StrEnum):
    """Whether we send it or receive it (発送・受領)."""

    OUT = "OUT"
    IN = "IN"


@unique
class Enclosed(StrEnum):
    """What lies in a parcel, by kind (同封物)."""

    BIRTH_NOTICE_COPY = "BIRTH_NOTICE_COPY"  # 出生届の写し（暗証番号の部分を除いたもの）
    SECRET_ENVELOPE = "SECRET_ENVELOPE"  # noqa: S105  暗証番号の封筒（封をしたもの）
    APPLICATION = "APPLICATION"  # 交付申請書
    TRANSMITTAL = "TRANSMITTAL"  # 送付状


@unique
class ParcelState(StrEnum):
    """Where a parcel stands in its chain (授受の状態)."""

    PREPARED = "PREPARED"  # 準備中
    SENT = "SENT"  # 差出済
    RECEIVED_SEALED = "RECEIVED_SEALED"  # 封のまま受領
    RECEIVED_OPEN = "RECEIVED_OPEN"  # 開いていた（受け付けない）
    USED = "USED"  # 使用済
    DESTROYING = "DESTROYING"  # 廃棄の立会い待ち
    DESTROYED = "DESTROYED"  # 廃棄済
    RETURNED = "RETURNED"  # 返送済
    CALLED_OFF = "CALLED_OFF"  # とりやめ


PARCEL_STEPS: Mapping[ParcelState, frozenset[ParcelState]] = {
    ParcelState.PREPARED: frozenset({ParcelState.SENT, ParcelState.CALLED_OFF}),
    ParcelState.SENT: frozenset({ParcelState.RECEIVED_SEALED, ParcelState.RECEIVED_OPEN}),
    ParcelState.RECEIVED_SEALED: frozenset(
        {ParcelState.USED, ParcelState.RETURNED, ParcelState.DESTROYING}
    ),
    # What came open is never used: whoever opened it may know what is in it.
    ParcelState.RECEIVED_OPEN: frozenset({ParcelState.RETURNED, ParcelState.DESTROYING}),
    ParcelState.USED: frozenset({ParcelState.RETURNED, ParcelState.DESTROYING}),
    ParcelState.DESTROYING: frozenset({ParcelState.DESTROYED}),
    ParcelState.DESTROYED: frozenset(),
    ParcelState.RETURNED: frozenset(),
    ParcelState.CALLED_OFF: frozenset(),
}
ENDED = frozenset(state for state, after in PARCEL_STEPS.items() if not after)


@unique
class Desk(StrEnum):
    """The two desks of one case (担当)."""

    FAMILY_REGISTER = "FAMILY_REGISTER"  # 戸籍
    CARD = "CARD"  # マイナンバーカード


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckItem:
    """One thing a desk ticks, and what must be ticked before it (確認項目)."""

    code: str
    desk: Desk
    after: tuple[str, ...] = ()


def _items(*rows: tuple[str, Desk, tuple[str, ...]]) -> tuple[CheckItem, ...]:
    return tuple(CheckItem(code=code, desk=desk, after=after) for code, desk, after in rows)


#: The order is the seed's: the family register desk copies and removes, then hands on.
CHECKLIST: Mapping[Direction, tuple[CheckItem, ...]] = {
    Direction.OUT: _items(
        ("BIRTH_NOTICE_TAKEN", Desk.FAMILY_REGISTER, ()),
        ("COPY_MADE", Desk.FAMILY_REGISTER, ("BIRTH_NOTICE_TAKEN",)),
        ("SECRET_PART_REMOVED", Desk.FAMILY_REGISTER, ("COPY_MADE",)),
        ("HANDED_TO_CARD_DESK", Desk.FAMILY_REGISTER, ("SECRET_PART_REMOVED",)),
        ("ENVELOPE_SEALED", Desk.CARD, ("HANDED_TO_CARD_DESK",)),
        ("TRANSMITTAL_ENCLOSED", Desk.CARD, ("ENVELOPE_SEALED",)),
    ),
    Direction.IN: _items(
        ("SEAL_SEEN", Desk.CARD, ()),
        ("COPY_TO_FAMILY_REGISTER", Desk.CARD, ("SEAL_SEEN",)),
        ("BIRTH_RECORDED", Desk.FAMILY_REGISTER, ("COPY_TO_FAMILY_REGISTER",)),
        ("RESIDENT_RECORD_MADE", Desk.FAMILY_REGISTER, ("BIRTH_RECORDED",)),
        ("EXPRESS_APPLIED", Desk.CARD, ("RESIDENT_RECORD_MADE",)),
    ),
}
#: Everything must be ticked before this step.
_GUARDED = {(Direction.OUT, ParcelState.SENT), (Direction.IN, ParcelState.USED)}


def items_open_now(direction: Direction, done: Collection[str]) -> tuple[CheckItem, ...]:
    """Return what can be ticked now: not done, and nothing before it is open (いまできること)."""
    return tuple(
        item
        for item in CHECKLIST[direction]
        if item.code not in done and all(before in done for before in item.after)
    )


def waits_for(direction: Direction, done: Collection[str]) -> frozenset[Desk]:
    """Return which desk the other one waits for, both never without knowing (待っている相手)."""
    return frozenset(item.desk for item in items_open_now(direction, done))


def check_tick(direction: Direction, done: Collection[str], code: str) -> tuple[Problem, ...]:
    """Return why this item cannot be ticked now (確認項目の順序)."""
    item = next((one for one in CHECKLIST[direction] if one.code == code), None)
    if item is None:
        return (Problem(code="CHECK_UNKNOWN"),)
    if code in done:
        return (Problem(code="CHECK_DONE"),)
    if any(before not in done for before in item.after):
        return (Problem(code="CHECK_TOO_EARLY"),)
    return ()


def check_parcel_step(
    *,
    direction: Direction,
    before: ParcelState,
    after: ParcelState,
    done: Collection[str],
    last_actor: str,
    actor: str,
) -> tuple[Problem, ...]:
    """Return every reason why a parcel cannot take this step (授受の移り)."""
    found = []
    if after not in PARCEL_STEPS[before]:
        found.append(Problem(code="PARCEL_STEP", facts={"state": before.value}))
    if (direction, after) in _GUARDED and items_missing(direction, done):
        found.append(Problem(code="PARCEL_CHECKS_OPEN"))
    if after is ParcelState.DESTROYED and actor == last_actor:
        found.append(Problem(code="PARCEL_NEEDS_WITNESS"))
    return tuple(found)


def items_missing(direction: Direction, done: Collection[str]) -> tuple[CheckItem, ...]:
    """Return what is not ticked yet, in order (残りの確認項目)."""
    return tuple(item for item in CHECKLIST[direction] if item.code not in done)


def check_new_parcel(
    *, other_town: str, enclosed: Sequence[Enclosed], secret_sealed: bool
) -> tuple[Problem, ...]:
    """Return every reason not to open a chain for this parcel (受付の検査)."""
    found = []
    if not other_town.strip():
        found.append(Problem(code="PARCEL_NEEDS_TOWN", where="other_town"))
    if not enclosed:
        found.append(Problem(code="PARCEL_EMPTY", where="enclosed"))
    if Enclosed.SECRET_ENVELOPE in enclosed and not secret_sealed:
        found.append(Problem(code="PARCEL_NOT_SEALED", where="secret_sealed"))
    return tuple(found)
