"""A section answers its task: done, or not needed and why (関連課の用事の答え)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.moves.domain.rights import must_see
from madoguchi.moves.domain.tasks import TaskState, check_answer
from madoguchi.moves.models import Task
from madoguchi.moves.queries.tasks import find_task


def answer_task(
    *, task_id: str, state: TaskState, answer: str, seen: bool, actor: Actor, now: datetime
) -> None:
    """Answer a task once; what wants eyes is not done without them (用事を終える)."""
    must_see(actor)
    # The row is held, so that two clerks cannot both answer it.
    held = Task.objects.select_for_update().filter(task_id=task_id).first()
    row = find_task(task_id, actor=actor)
    if held is None or row is None:
        raise Refused(Problem(code="MOVE_TASK_UNKNOWN"))
    problems = check_answer(
        state=TaskState(held.state), now=state, answer=answer, face_to_face=held.face_to_face,
        seen=seen,
    )  # fmt: skip
    if problems:
        raise Refused(problems)
    held.state, held.answer, held.seen_face_to_face = state.value, answer.strip(), seen
    held.done_by, held.done_at = actor.staff_id, now
    Task.objects.filter(task_id=task_id).update(
        state=held.state, answer=held.answer, seen_face_to_face=seen, done_by=held.done_by,
        done_at=now,
    )  # fmt: skip
    subjects = [row.person.person_id] if row.person else sorted(row.people)
    detail = {"task": task_id, "code": row.code, "state": state.value}
    record(actor=actor, action="MOVE_TASK_ANSWERED", subjects=subjects, detail=detail)
    facts.note("move_task_answered", at=now, code=row.code, state=state.value, section=row.section)
