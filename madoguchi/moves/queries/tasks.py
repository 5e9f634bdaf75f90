"""The follow-ups as each section sees its own, without anybody held from the reader (用事の照会)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.kernel.actor import Actor
from madoguchi.moves.domain.tasks import TaskState
from madoguchi.moves.models import FilingPerson, Task
from madoguchi.register.api import PersonRow, seen

ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task with whom it is about (用事の行)."""

    task_id: str
    filing_id: str
    code: str
    section: str
    due_on: date | None
    face_to_face: bool
    person: PersonRow | None
    #: Everybody of the filing, the first of the household first.
    people: Mapping[str, PersonRow]

    @property
    def called(self) -> PersonRow:
        """Return by whom a task is called: the person, or the first of the household (呼び名)."""
        return self.person or next(iter(self.people.values()))


def open_tasks(*, actor: Actor, section: str = "") -> tuple[TaskRow, ...]:
    """List the tasks that wait, of one section or of all, the first due first (待っている用事)."""
    found = Task.objects.filter(state=TaskState.OPEN.value)
    if section:
        found = found.filter(section=section)
    return tuple(_rows(found.order_by("due_on", "task_id"), actor=actor)[:ROWS_MAX])


def tasks_of(filing_id: str, *, actor: Actor) -> tuple[tuple[TaskRow, str], ...]:
    """List the tasks of a filing with where each stands (届出の用事)."""
    found = Task.objects.filter(filing=filing_id).order_by("section", "task_id")
    states = dict(found.values_list("task_id", "state"))
    return tuple((row, states[row.task_id]) for row in _rows(found, actor=actor))


def find_task(task_id: str, *, actor: Actor) -> TaskRow | None:
    """Return a task, or None where there is none this actor may know of (用事の照会)."""
    return next(iter(_rows(Task.objects.filter(task_id=task_id), actor=actor)), None)


def count_late(*, actor: Actor, today: date) -> int:
    """Count the tasks whose day has passed, as this actor may know of them (期限を過ぎた用事)."""
    late = Task.objects.filter(state=TaskState.OPEN.value, due_on__lt=today)
    return len(_rows(late, actor=actor))


def counts_by_section(rows: Iterable[TaskRow]) -> Mapping[str, int]:
    """Count the waiting tasks a section (課ごとの件数)."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.section] = found.get(row.section, 0) + 1
    return found


def _rows(tasks: Iterable[Task], *, actor: Actor) -> list[TaskRow]:
    """Leave out every task of a filing with somebody who is held: a household tells on them."""
    wanted = list(tasks)
    named: dict[str, list[str]] = {one.filing_id: [] for one in wanted}
    for one in FilingPerson.objects.filter(filing__in=list(named)).order_by("row_id"):
        named[one.filing_id].append(one.person_id)
    ids = sorted({person_id for people in named.values() for person_id in people})
    people = seen.find_persons(ids, actor=actor)
    return [
        TaskRow(
            task_id=one.task_id, filing_id=one.filing_id, code=one.code, section=one.section,
            due_on=one.due_on, face_to_face=one.face_to_face,
            person=people[one.person_id] if one.person_id else None,
            people={person_id: people[person_id] for person_id in named[one.filing_id]},
        )
        for one in wanted
        if all(person_id in people for person_id in named[one.filing_id])
    ]  # fmt: skip
