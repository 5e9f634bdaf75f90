"""A box: its number, its list, and the three counts that must be one (箱)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

from madoguchi.cards.domain.card import CardKind, Printed, plain
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import has_pin_note

#: More than this is a slip of the hand: a town of 8,000 gets some tens a week (*assumed*).
CARDS_MAX = 2_000
_BOX_NO = re.compile(r"[0-9A-Z-]{1,20}")
_NAMED_MAX = 10


@unique
class Disposal(StrEnum):
    """What became of an empty box (箱の処分の方法)."""

    SENT_BACK = "SENT_BACK"  # 返送
    SHREDDED = "SHREDDED"  # 裁断・溶解
    KEPT = "KEPT"  # 転用(送り状をはがして)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of the list that came with a box (送付一覧の1行)."""

    notice_no: str
    application_no: str = ""
    kind: CardKind = CardKind.UNKNOWN
    printed: Printed = field(default_factory=Printed)


def read_box_no(text: str, *, where: str | None = None) -> str | Problem:
    """Read the number on a box as scanned or typed (箱番号)."""
    if has_pin_note(text):
        # Looked at before its spaces go: two secrets joined would read as a number of a box.
        return Problem(code="TEXT_HAS_PIN", where=where)
    number = plain(text)
    if _BOX_NO.fullmatch(number):
        return number
    return Problem(code="CARD_BOX_NO_UNREADABLE", where=where)


def check_box(*, received_on: date, counted_in: int, today: date) -> tuple[Problem, ...]:
    """Say what is wrong with a box as it is opened (箱の検査)."""
    found = []
    if received_on > today:
        found.append(Problem(code="CARD_BOX_AHEAD", where="received_on"))
    if not 1 <= counted_in <= CARDS_MAX:
        facts = {"limit": f"{CARDS_MAX:,}"}
        found.append(Problem(code="CARD_BOX_COUNT", where="counted_in", facts=facts))
    return tuple(found)


def check_counts(
    *, counted_in: int | None, scanned: int, counted_out: int, not_seen: tuple[str, ...]
) -> tuple[Problem, ...]:
    """Say why a box is not empty: counted in, scanned and counted out differ (枚数の突合)."""
    found = []
    if counted_in != scanned:
        facts = {"counted": f"{counted_in or 0}", "scanned": f"{scanned}"}
        found.append(Problem(code="CARD_BOX_SCANNED_DIFFERS", facts=facts))
    if counted_out != scanned:
        facts = {"counted": f"{counted_out}", "scanned": f"{scanned}"}
        found.append(Problem(code="CARD_BOX_OUT_DIFFERS", where="counted_out", facts=facts))
    if not_seen:
        more = f" ほか{len(not_seen) - _NAMED_MAX}枚" if len(not_seen) > _NAMED_MAX else ""
        facts = {"numbers": "、".join(not_seen[:_NAMED_MAX]) + more, "count": f"{len(not_seen)}"}
        found.append(Problem(code="CARD_BOX_NOT_SEEN", facts=facts))
    return tuple(found)


def check_disposal(
    *, is_empty: bool, is_gone: bool, on: date, today: date, received_on: date
) -> tuple[Problem, ...]:
    """Say why a box cannot be disposed of (箱の処分の検査)."""
    found = []
    if not is_empty:
        found.append(Problem(code="CARD_BOX_NOT_EMPTY"))
    if is_gone:
        found.append(Problem(code="CARD_BOX_GONE"))
    if not received_on <= on <= today:
        found.append(Problem(code="CARD_BOX_DISPOSED_WHEN", where="on"))
    return tuple(found)
