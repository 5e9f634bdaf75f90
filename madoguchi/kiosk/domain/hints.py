"""With each visit of one mode the hints grow fewer (手がかりの減らし方)."""

from __future__ import annotations

#: How many visits of a mode see all hints, and how many see few of them (*assumed*).
ALL_UNTIL = 2
FEW_UNTIL = 4
ALL, FEW, NONE = 2, 1, 0


def hints_after(visits: int) -> int:
    """Return how much help to show on the visit after so many: 2 all, 1 few, 0 none (手がかり)."""
    assert visits >= 0, visits
    if visits < ALL_UNTIL:
        return ALL
    return FEW if visits < FEW_UNTIL else NONE
