"""How an operation comes home: applied, a conflict, or there already (持ち帰りの決まり).

Every operation ends in exactly one of the three. What decides is what the town has now and what
the trip's own operations before it did; the order files are merged in, and how often, does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kit.domain.operations import Operation


@unique
class Outcome(StrEnum):
    """What became of an operation (結果)."""

    APPLIED = "APPLIED"  # 町の記録に入った
    CONFLICT = "CONFLICT"  # 食い違い
    DROPPED = "DROPPED"  # 人が見て、町の記録のままにした


@unique
class Step(StrEnum):
    """What a merge does with an operation now (次にすること)."""

    APPLY = "APPLY"
    CONFLICT = "CONFLICT"
    ALREADY = "ALREADY"


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """An operation the town has an end of (町が知る操作)."""

    digest: str
    outcome: Outcome
    #: The version of its subject that it left behind; None where it has none or did nothing.
    left: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What to do, and the code of why not (判断)."""

    step: Step
    code: str = ""


def decide(one: Operation, *, known: Mapping[str, Known], version: int | None) -> Decision:
    """Decide about one operation (持ち帰りの判断).

    ``known`` holds at least this operation and the one it came after; ``version`` is the
    subject's in the town now, None where it is gone or has none.
    """
    before = known.get(one.op_id)
    if before is not None and before.digest == one.digest:
        return Decision(step=Step.ALREADY)
    code = "KIT_NOT_THE_SAME" if before is not None else _check_base(one, known, version)
    return Decision(step=Step.CONFLICT, code=code) if code else Decision(step=Step.APPLY)


def _check_base(one: Operation, known: Mapping[str, Known], version: int | None) -> str:
    """Say why the town is not as the laptop saw it; empty: it is, or nothing was looked at."""
    if one.base is None:
        return ""
    if version is None:
        return "KIT_SUBJECT_GONE"
    expected: int | None = one.base
    if one.after:
        earlier = known.get(one.after)
        # An earlier one that conflicted left nothing to build on, whatever the number is now:
        # somebody else's change may have brought the town to the same number.
        if earlier is None or earlier.outcome is not Outcome.APPLIED:
            return "KIT_EARLIER_MISSING"
        expected = earlier.left
    return "" if version == expected else "KIT_CHANGED_MEANWHILE"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What a merge did, so that it adds up (集計)."""

    operations: int
    applied: int
    conflicts: int
    already: int
    lost: int
    doubled: int

    @property
    def adds_up(self) -> bool:
        """Tell whether nothing is lost and nothing doubled (過不足なし)."""
        return self.lost == 0 and self.doubled == 0


def tally_of(
    read: list[str], *, steps: Mapping[str, Step], kept: Mapping[str, int]
) -> Tally:  # fmt: skip
    """Count what came of the operations of a file (集計).

    ``read`` are the names in the file, ``steps`` what this merge did, ``kept`` how often each
    stands in the town's book, counted from the book itself.
    """
    distinct = set(read)
    done = list(steps.values())
    return Tally(
        operations=len(distinct),
        applied=done.count(Step.APPLY),
        conflicts=done.count(Step.CONFLICT),
        already=done.count(Step.ALREADY),
        lost=sum(kept.get(op_id, 0) == 0 for op_id in distinct),
        doubled=sum(kept.get(op_id, 0) > 1 for op_id in distinct),
    )
