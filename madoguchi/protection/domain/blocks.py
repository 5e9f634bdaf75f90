"""Other holds: 抑止 on one process of one person or household (SPEC1 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem


@unique
class Process(StrEnum):
    """What a block stands in the way of (抑止する処理)."""

    INPUT = "INPUT"  # 異動入力
    ISSUE = "ISSUE"  # 証明書の発行
    INQUIRY = "INQUIRY"  # 照会


@unique
class Level(StrEnum):
    """How a block answers (抑止レベル): ERROR stops, ALERT can be passed."""

    ERROR = "ERROR"
    ALERT = "ALERT"


@unique
class SubjectKind(StrEnum):
    """Whom a block is on (抑止の単位)."""

    PERSON = "PERSON"
    HOUSEHOLD = "HOUSEHOLD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One block; several may stand on one person at once (抑止)."""

    block_id: str
    subject_kind: SubjectKind
    subject_id: str
    process: Process
    level: Level
    reason: str
    starts_on: date
    ends_on: date | None
    open_until: datetime | None = None
    cleared: bool = False


def stands(block: Block, *, now: datetime, today: date) -> bool:
    """Tell whether the block stands at this moment.

    Its last day does not lift it: it stands until it is cleared (SPEC1 3.1). A temporary
    unlock ends by its timer alone; nobody has to remember to lock again.
    """
    if block.cleared or block.starts_on > today:
        return False
    return block.open_until is None or now >= block.open_until


def is_over(block: Block, *, today: date) -> bool:
    """Tell whether the last day has passed, so that somebody should clear it (期間経過)."""
    return not block.cleared and block.ends_on is not None and today > block.ends_on


def check_block(block: Block) -> tuple[Problem, ...]:
    """Return every reason not to set this block (抑止の設定)."""
    found = []
    if not block.subject_id.strip():
        found.append(Problem(code="BLOCK_NO_SUBJECT", where="subject_id"))
    if not block.reason.strip():
        found.append(Problem(code="BLOCK_NO_REASON", where="reason"))
    if block.ends_on is not None and block.ends_on < block.starts_on:
        found.append(Problem(code="BLOCK_ENDS_BEFORE_START", where="ends_on"))
    return tuple(found)
