"""The closed envelope with a wish for PINs, and who had it when (暗証番号設定依頼書の封筒).

The town sets the PIN at the terminal for somebody who will not come again. Until then the
envelope lies closed; an opened one is never used (交野市). What is in it is nowhere here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum, unique

from madoguchi.cards.domain.card import plain
from madoguchi.kernel.outcome import Problem

LABEL_PATTERN = "^[0-9A-Z]{1,4}-[0-9]{1,6}$"


@unique
class SheetState(StrEnum):
    """Where an envelope is (封筒の状態)."""

    CLOSED = "CLOSED"  # 封のまま保管
    OUT = "OUT"  # 端末で使うために出した
    FOUND_OPEN = "FOUND_OPEN"  # 封が開いていた
    USED = "USED"  # 端末で使った。廃棄を待つ
    DESTROYED = "DESTROYED"  # 廃棄した
    GIVEN_BACK = "GIVEN_BACK"  # 本人に返した


MOVES: Mapping[SheetState, frozenset[SheetState]] = {
    SheetState.CLOSED: frozenset({SheetState.OUT, SheetState.FOUND_OPEN, SheetState.GIVEN_BACK}),
    # Back into the cabinet only still closed; opened at the terminal it is used.
    SheetState.OUT: frozenset({SheetState.CLOSED, SheetState.FOUND_OPEN, SheetState.USED}),
    SheetState.USED: frozenset({SheetState.DESTROYED}),
    # Never used, whatever else becomes of it.
    SheetState.FOUND_OPEN: frozenset({SheetState.DESTROYED, SheetState.GIVEN_BACK}),
    SheetState.DESTROYED: frozenset(),
    SheetState.GIVEN_BACK: frozenset(),
}
#: An envelope that is over: nothing more is owed to anybody.
OVER = frozenset({SheetState.DESTROYED, SheetState.GIVEN_BACK})
_LABEL = re.compile(LABEL_PATTERN)


def read_label(text: str, *, where: str | None = None) -> str | Problem:
    """Read the number on the label of an envelope; nothing is nothing (封筒の番号)."""
    found = plain(text)[:40]
    if not found or _LABEL.match(found):
        return found
    # Never what was typed: it may be the secret itself.
    return Problem(code="PIN_SHEET_LABEL_UNREADABLE", where=where)


def check_step(
    before: SheetState, after: SheetState, *, staff_id: str, last_by: str
) -> tuple[Problem, ...]:
    """Say why an envelope cannot go there; its end is seen by two (封筒の受渡し)."""
    found = []
    if after not in MOVES[before]:
        found.append(Problem(code="PIN_SHEET_STATE_FORBIDS", facts={"state": before.value}))
    if after is SheetState.DESTROYED and staff_id == last_by:
        found.append(Problem(code="PIN_SHEET_SECOND_MISSING"))
    return tuple(found)
