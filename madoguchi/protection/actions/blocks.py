"""Set, clear and open blocks; each with a right of its own (抑止)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from madoguchi.audit import api as audit
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.protection import models
from madoguchi.protection.actions.store import need, refuse_if
from madoguchi.protection.domain.blocks import Block, Level, Process, SubjectKind, check_block
from madoguchi.protection.queries.errands import setting


def set_block(
    *,
    actor: Actor,
    subject_kind: str,
    subject_id: str,
    process: str,
    level: str,
    reason: str,
    starts_on: date,
    ends_on: date | None = None,
) -> str:
    """Set a block on one process of a person or household (抑止の設定); return its id."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    block = Block(
        block_id=new_id(),
        subject_kind=SubjectKind(subject_kind),
        subject_id=subject_id.strip(),
        process=Process(process),
        level=Level(level),
        reason=reason,
        starts_on=starts_on,
        ends_on=ends_on,
    )
    refuse_if([*check_block(block), *check_free_text(reason, where="reason")])
    models.Block.objects.create(
        block_id=block.block_id,
        subject_kind=block.subject_kind.value,
        subject_id=block.subject_id,
        process=block.process.value,
        level=block.level.value,
        reason=block.reason,
        starts_on=block.starts_on,
        ends_on=block.ends_on,
        set_by=actor.name,
        set_at=clock.now(),
    )
    _record(actor, "SET", block.block_id, block.subject_kind, block.subject_id)
    return block.block_id


def clear_block(*, actor: Actor, block_id: str) -> None:
    """Clear a block for good (抑止の解除); its last day alone never does."""
    need(actor, Right.LIFT_PROTECTION, Right.SEE_PROTECTED)
    row = _load(block_id)
    changed = models.Block.objects.filter(block_id=block_id, cleared_at=None).update(
        cleared_at=clock.now(), cleared_by=actor.name
    )
    if not changed:
        raise Refused(Problem(code="BLOCK_UNKNOWN"))
    _record(actor, "CLEARED", block_id, SubjectKind(row.subject_kind), row.subject_id)


def open_block(*, actor: Actor, block_id: str) -> datetime:
    """Open a block for some minutes (一時解除); the timer closes it, and no other system hears."""
    need(actor, Right.APPROVE, Right.SEE_PROTECTED)
    row = _load(block_id)
    minutes = setting("BLOCK_OPEN_MINUTES", on=clock.today())
    until = clock.now() + timedelta(minutes=minutes)
    models.Block.objects.filter(block_id=block_id, cleared_at=None).update(open_until=until)
    _record(actor, "OPENED", block_id, SubjectKind(row.subject_kind), row.subject_id)
    return until


def _load(block_id: str) -> models.Block:
    row = models.Block.objects.filter(block_id=block_id, cleared_at=None).first()
    if row is None:
        raise Refused(Problem(code="BLOCK_UNKNOWN"))
    return row


def _record(actor: Actor, what: str, block_id: str, kind: SubjectKind, subject_id: str) -> None:
    audit.record(
        actor=actor,
        action=f"PROTECTION_BLOCK_{what}",
        subjects=[subject_id] if kind is SubjectKind.PERSON else [],
        detail={"block_id": block_id, "kind": kind.value},
    )
