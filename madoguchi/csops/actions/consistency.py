"""Keep that the register was laid beside an extract of the CS, with the counts (整合性の確認の記録)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.csops.actions.work import must_run
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor


def note_check(
    *, rows: int, counts: Mapping[str, int], sha256: str, actor: Actor, now: datetime
) -> None:
    """Record a check: which file by its hash, and how many differences; nothing else changes (記録)."""
    must_run(actor)
    record(actor=actor, action="CS_CHECKED", subjects=(),
           detail={"rows": rows, "sha256": sha256, **counts})  # fmt: skip
    facts.note("cs_checked", at=now, rows=rows, differences=sum(counts.values()))
