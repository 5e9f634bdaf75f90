"""Which cards may be destroyed, and what two people say of it (カードの廃棄).

A card goes only on a ground that is found anew on the day, never by a clerk's word alone, and
only before a second person's eyes who counts. How long a card nobody fetches is kept runs from
its notices and is the town's table's to say.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from enum import StrEnum, unique

from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.kernel.outcome import Problem


@unique
class Ground(StrEnum):
    """Why a card may be destroyed (廃棄の理由)."""

    DIED = "DIED"  # 死亡
    MOVED_OUT = "MOVED_OUT"  # 転出
    REMOVED = "REMOVED"  # 消除
    EXPIRED = "EXPIRED"  # 有効期限切れ
    NOT_FETCHED = "NOT_FETCHED"  # 保管期間の終わり
    RETURNED = "RETURNED"  # 返納


@unique
class Means(StrEnum):
    """How cards are destroyed (廃棄の方法)."""

    SHREDDED = "SHREDDED"  # 裁断
    PUNCHED = "PUNCHED"  # 穿孔してから裁断


_OF_FAULT = {
    FaultCode.DIED: Ground.DIED,
    FaultCode.MOVED_OUT: Ground.MOVED_OUT,
    FaultCode.REMOVED: Ground.REMOVED,
    FaultCode.EXPIRED: Ground.EXPIRED,
}


def ground_of(
    *, state: CardState, faults: Collection[FaultCode], hold_until: date | None, today: date,
    kept_until: date | None = None, is_expected: bool = False,
) -> Ground | None:  # fmt: skip
    """Say on which ground a card may go, or None (廃棄の理由の判定).

    A card that is put by on request stays until that day, unless it has run out: nobody can be
    given an expired card. ``kept_until`` is the last day a card nobody fetches is kept; somebody
    who has booked is expected, and their card waits.
    """
    grounds = [ground for code, ground in _OF_FAULT.items() if code in faults]
    if kept_until is not None and kept_until < today and not is_expected:
        grounds.append(Ground.NOT_FETCHED)
    if not state.is_kept:
        grounds = [Ground.RETURNED] if state is CardState.RETURNED else []
    if hold_until is not None and hold_until >= today and Ground.EXPIRED not in grounds:
        return None
    return grounds[0] if grounds else None


def check_witness(
    *, made_by: str, witness: str, is_done: bool, listed: int, counted: int
) -> tuple[Problem, ...]:
    """Say why somebody cannot witness this list: everything at once (立会いの検査)."""
    found = []
    if is_done:
        found.append(Problem(code="CARD_DISPOSAL_DONE"))
    if witness == made_by:
        found.append(Problem(code="CARD_WITNESS_IS_MAKER"))
    if counted != listed:
        facts = {"counted": f"{counted}", "listed": f"{listed}"}
        found.append(Problem(code="CARD_DISPOSAL_COUNT", where="counted", facts=facts))
    return tuple(found)
