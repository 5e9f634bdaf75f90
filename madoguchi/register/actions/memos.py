"""Notes of the office about a person: on no paper, and edits are kept (メモ)."""

from __future__ import annotations

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.register.models import Memo
from madoguchi.register.queries.loading import hidden_among
from madoguchi.register.queries.rows import read_heads


def write_memo(*, actor: Actor, person_id: str, text: str, replaces: int | None = None) -> int:
    """Write a note, or another in place of one; an empty text strikes it (メモの記入).

    Run it in ``unit.run``. The old note stays in the table: who wrote what, when.
    """
    locks.take([(LockKind.PERSON, person_id)])
    found = list(check_free_text(text, where="text"))
    if not actor.may(Right.FILE_CHANGE):
        found.append(Problem(code="NOT_ALLOWED"))
    if not read_heads((person_id,)) or hidden_among((person_id,), actor=actor):
        found.append(Problem(code="PERSON_UNKNOWN", facts={"person_id": person_id}))
    if replaces is None and not text.strip():
        found.append(Problem(code="BLANK_FORBIDDEN", where="text"))
    if replaces is not None and not _stands(replaces, person_id):
        found.append(Problem(code="MEMO_UNKNOWN", where="replaces"))
    if found:
        raise Refused(found)
    memo = Memo.objects.create(
        person_id=person_id,
        text=text,
        replaces=replaces,
        written_by=actor.staff_id,
        written_at=clock.now(),
    )
    audit.record(
        actor=actor,
        action="REGISTER_WRITE_MEMO",
        subjects=[person_id],
        detail={"memo": memo.id, "replaces": replaces},
    )
    facts.note("memo_written", at=clock.now())
    return memo.id


def _stands(memo_id: int, person_id: str) -> bool:
    here = Memo.objects.filter(id=memo_id, person_id=person_id).exists()
    return here and not Memo.objects.filter(replaces=memo_id).exists()
