"""Begin, go on with, complete and erase a draft; none of it is an act on a record (下書き).

The record of what was done names a draft by its row: neither code nor person is in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.actions.cases import open_case
from madoguchi.moves.domain.draft import Answers, Step, kept, next_step, read_step
from madoguchi.moves.domain.drafted import expectation_of, with_notice
from madoguchi.moves.domain.notices import Expectation
from madoguchi.moves.models import Draft
from madoguchi.moves.queries.drafts import (
    DraftKey,
    DraftRow,
    as_row,
    key_of,
    new_code,
    old_drafts,
    seal,
)

#: Who acts on the resident's page: no member of staff, and no right of one.
RESIDENT = Actor(
    staff_id="resident", name="住民のページ", rights=frozenset(), place="", terminal="",
    purpose="引っ越しの下書き",
)  # fmt: skip


def begin_draft(*, now: datetime) -> str:
    """Begin a draft and return its code, which is kept nowhere here (下書きを始める)."""
    key = key_of(new_code())
    Draft.objects.create(
        draft_id=key.draft_id, sealed=seal({}, key), started_at=now, changed_at=now
    )
    _tell("MOVE_DRAFT_BEGUN", key)
    return key.code


def answer_draft(*, key: DraftKey, step: Step, given: Answers, now: datetime) -> None:
    """Keep the answer of one screen, and drop what no screen asks for any more (答えを残す)."""
    told = _held(key).answers
    read = read_step(step, given, today=day_of(now))
    if not isinstance(read, Mapping):
        raise Refused(read)
    Draft.objects.filter(draft_id=key.draft_id).update(
        sealed=seal(kept({**told, **read}), key), changed_at=now, completed_at=None
    )
    _tell("MOVE_DRAFT_ANSWERED", key)


def complete_draft(*, key: DraftKey, now: datetime) -> None:
    """Say that a draft is whole; the desk opens no other (下書きの完成)."""
    if next_step(_held(key).answers, today=day_of(now)) is not None:
        raise Refused(Problem(code="MOVE_DRAFT_NOT_WHOLE"))
    Draft.objects.filter(draft_id=key.draft_id).update(completed_at=now, changed_at=now)
    _tell("MOVE_DRAFT_COMPLETED", key)
    facts.note("move_draft_completed", at=now)


def erase_draft(*, key: DraftKey) -> None:
    """Erase a draft at its writer's wish (下書きを消す)."""
    _held(key)
    Draft.objects.filter(draft_id=key.draft_id).delete()
    _tell("MOVE_DRAFT_ERASED", key)


def take_draft(
    *, code: str, notice: Expectation | None, is_protected: bool, actor: Actor, now: datetime
) -> str:
    """Open a case with a whole draft, beside the old town's data where there is some (受付).

    What was drafted lies in one place at a time: from here on it is the case's.
    """
    key = key_of(code)
    found = _held(key)
    if not found.is_whole:
        raise Refused(Problem(code="MOVE_DRAFT_NOT_WHOLE"))
    expected = expectation_of(found.answers, drafted_on=found.told_on)
    if notice is not None:
        expected = with_notice(notice, expected)
    case_id = open_case(expected=expected, is_protected=is_protected, actor=actor, now=now)
    Draft.objects.filter(draft_id=key.draft_id).update(taken_at=now, sealed=b"")
    facts.note("move_draft_taken", at=now)
    return case_id


def forget_drafts(*, actor: Actor, now: datetime, keep_days: int) -> int:
    """Erase the drafts nobody went on with, and count them (使われなかった下書きの消去)."""
    gone, _each = old_drafts(now=now, keep_days=keep_days).delete()
    record(actor=actor, action="MOVE_DRAFTS_FORGOTTEN", subjects=[], detail={"count": gone})
    return gone


def _held(key: DraftKey) -> DraftRow:
    """Return the draft, its row held: two windows of one writer do not overwrite each other."""
    found = Draft.objects.select_for_update().filter(draft_id=key.draft_id, taken_at__isnull=True)
    row = found.first()
    if row is None:
        raise Refused(Problem(code="MOVE_DRAFT_UNKNOWN"))
    return as_row(row, key)


def _tell(action: str, key: DraftKey) -> None:
    record(actor=RESIDENT, action=action, subjects=[], detail={"draft": key.draft_id})
