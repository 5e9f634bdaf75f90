"""The follow-ups of every section: who sees them, how they end (関連課の用事)."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from madoguchi.kernel.actor import Right
from madoguchi.moves.actions.tasks import answer_task
from madoguchi.moves.domain.tasks import TaskState
from madoguchi.moves.models import Task
from madoguchi.moves.queries.tasks import count_late, counts_by_section, open_tasks
from madoguchi.protection.testing import protect
from madoguchi.register.testing import clerk


@pytest.fixture
def family(counter):
    return counter.move_in()


def answer(counter, code, state=TaskState.DONE, **given):
    values = {"answer": "", "seen": False} | given
    task = Task.objects.filter(code=code).first()
    return counter.do(answer_task, task_id=task.task_id if task else "x", state=state, **values)


def test_each_section_sees_its_own_the_first_due_first(counter, family):
    schools = open_tasks(actor=counter.actor, section="SCHOOLS")
    assert {one.code for one in schools} == {"SCHOOL_TRANSFER"}
    assert schools[0].called.name == "港　岬"
    everything = open_tasks(actor=counter.actor)
    days = [one.due_on for one in everything]
    assert days == sorted(days)
    counts = counts_by_section(everything)
    assert sum(counts.values()) == len(everything) == Task.objects.count()
    assert counts["SCHOOLS"] == 1


def test_a_task_is_answered_once(counter, family, refused):
    answer(counter, "WATER_START", answer="開栓した")
    row = Task.objects.get(code="WATER_START")
    assert (row.state, row.answer, row.done_by) == ("DONE", "開栓した", "KAEDE")
    assert refused(answer, counter, "WATER_START") == ["MOVE_TASK_OVER"]


def test_m9_what_wants_eyes_is_not_done_without_them(counter, family, refused):
    assert refused(answer, counter, "CHILD_ALLOWANCE") == ["MOVE_TASK_WANTS_EYES"]
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(code="CHILD_ALLOWANCE").update(
            state="DONE", done_at="2026-11-27T09:00Z", done_by="x"
        )
    answer(counter, "CHILD_ALLOWANCE", seen=True)
    assert Task.objects.get(code="CHILD_ALLOWANCE").seen_face_to_face


def test_what_is_not_needed_says_why(counter, family, refused):
    assert refused(answer, counter, "WATER_START", TaskState.NOT_NEEDED) == ["MOVE_TASK_WHY"]
    answer(counter, "WATER_START", TaskState.NOT_NEEDED, answer="社宅")


@pytest.mark.parametrize("text", ["番号は 123456789018", "あ" * 201])
def test_an_answer_is_plain_text(counter, family, refused, text):
    assert refused(answer, counter, "WATER_START", answer=text)


def test_an_unknown_task_and_a_reader_without_the_right(counter, family, refused):
    assert refused(answer, counter, "NOTHING") == ["MOVE_TASK_UNKNOWN"]
    assert refused(answer, counter, "WATER_START", actor=clerk(Right.SEARCH)) == ["NOT_ALLOWED"]


def test_to_others_a_held_family_has_no_tasks(counter, family, refused):
    assert count_late(actor=counter.actor, today=date(2027, 12, 1)) > 5
    protect(family.person_ids["3"])
    assert open_tasks(actor=counter.actor) == ()
    assert count_late(actor=counter.actor, today=date(2027, 12, 1)) == 0
    assert refused(answer, counter, "WATER_START") == ["MOVE_TASK_UNKNOWN"]
