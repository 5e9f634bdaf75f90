"""A task of another section: open, done, not needed (関連課の用事の状態)."""

from __future__ import annotations

from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

ANSWER_MAX = 200


@unique
class TaskState(StrEnum):
    """Where a task stands (用事の状態)."""

    OPEN = "OPEN"  # まだ
    DONE = "DONE"  # すんだ
    NOT_NEEDED = "NOT_NEEDED"  # 要らない


def check_answer(
    *, state: TaskState, now: TaskState, answer: str, face_to_face: bool, seen: bool
) -> tuple[Problem, ...]:
    """Return why a task cannot be answered so, all at once (用事の答えの確認)."""
    found = list(check_free_text(answer, limit=ANSWER_MAX, where="answer"))
    if state is not TaskState.OPEN:
        found.append(Problem(code="MOVE_TASK_OVER"))
    if now is TaskState.DONE and face_to_face and not seen:
        found.append(Problem(code="MOVE_TASK_WANTS_EYES", where="seen"))
    if now is TaskState.NOT_NEEDED and not answer.strip():
        found.append(Problem(code="MOVE_TASK_WHY", where="answer"))
    return tuple(found)
