"""Letters that are printed together, in one fixed order (束)."""

from __future__ import annotations

from enum import StrEnum, unique

#: As many as one press prints; the rest is the next press's.
LETTERS_MAX = 1_000


@unique
class BatchState(StrEnum):
    """Where a batch stands (束の状態)."""

    MADE = "MADE"  # まとめた
    PRINTED = "PRINTED"  # 印刷した
    POSTED = "POSTED"  # 差し出した
    UNDONE = "UNDONE"  # 戻した
