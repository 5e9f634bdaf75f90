"""Blocks that stand (抑止の一覧)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.protection import models
from madoguchi.protection.domain.blocks import (
    Block,
    Level,
    Process,
    SubjectKind,
    is_over,
    stands,
)
from madoguchi.protection.domain.gate import hidden_from


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockRow:
    """A block with who set it and whether it stands now (抑止の行)."""

    block: Block
    set_by: str
    set_at: datetime
    stands: bool
    over: bool


def list_blocks(*, actor: Actor) -> tuple[BlockRow, ...]:
    """List blocks that nobody has cleared, newest first; over ones stay (抑止対象者一覧)."""
    if hidden_from(actor):
        return ()
    now, today = clock.now(), clock.today()
    rows = models.Block.objects.filter(cleared_at=None).order_by("-set_at", "block_id")
    return tuple(
        BlockRow(
            block=block,
            set_by=row.set_by,
            set_at=row.set_at,
            stands=stands(block, now=now, today=today),
            over=is_over(block, today=today),
        )
        for row in rows
        for block in (
            Block(
                block_id=row.block_id,
                subject_kind=SubjectKind(row.subject_kind),
                subject_id=row.subject_id,
                process=Process(row.process),
                level=Level(row.level),
                reason=row.reason,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                open_until=row.open_until,
            ),
        )
    )
