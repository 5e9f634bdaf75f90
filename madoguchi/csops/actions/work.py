"""Plan work at the CS, do it step by step, end it, prove the copy (CSの作業の記録)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings

from madoguchi.audit.api import record
from madoguchi.csops.domain.work import (
    NAME_MAX,
    NOTE_MAX,
    OVER,
    Copy,
    WorkKind,
    WorkState,
    check_finish,
    check_hash,
    fold_hash,
)
from madoguchi.csops.models import HoursWorked, RestoreTest, Work, WorkStep
from madoguchi.csops.queries.work import cs_table
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

RUN = Right.RUN_CS


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What proves the work: the name of a file and its hash; the file stays with the town (証拠)."""

    name: str
    sha256: str


def plan_work(
    *, kind: WorkKind, title: str, planned_on: date, actor: Actor, now: datetime
) -> str:  # fmt: skip
    """Plan a piece of work; the run-book is copied as it stands today (作業の予定)."""
    must_run(actor)
    refuse_if(check_free_text(title, limit=NAME_MAX, where="title"))
    work = Work(
        work_id=new_id(), kind=kind.value, title=title.strip(), planned_on=planned_on,
        state=WorkState.PLANNED.value,
    )  # fmt: skip
    work.save(force_insert=True)
    steps = cs_table(settings.MADOGUCHI_CARD_RULES).run_books[kind]
    WorkStep.objects.bulk_create(
        WorkStep(work=work, number=number, words=one.words, minutes=one.minutes)
        for number, one in enumerate(steps, start=1)
    )
    _tell("CS_WORK_PLANNED", work, actor=actor, now=now)
    return work.work_id


def start_work(*, work_id: str, began: datetime, actor: Actor, now: datetime) -> None:
    """Begin: from here its time counts (作業の開始)."""
    work = _held(work_id, actor)
    if work.state != WorkState.PLANNED:
        raise Refused(Problem(code="CS_WORK_NOT_PLANNED"))
    refuse_if(_check_not_ahead(began, now, where="at"))
    work.state, work.began_at = WorkState.RUNNING.value, began
    work.save(update_fields=["state", "began_at"])
    _tell("CS_WORK_STARTED", work, actor=actor, now=now)


def tick_step(*, work_id: str, number: int, actor: Actor, now: datetime) -> None:
    """Say that a step is done (手順の確認)."""
    _mark(work_id, number, actor=actor, now=now, done_at=now, done_by=actor.staff_id)


def untick_step(*, work_id: str, number: int, actor: Actor, now: datetime) -> None:
    """Say that a step is not done after all (手順の取消し)."""
    _mark(work_id, number, actor=actor, now=now, done_at=None, done_by="")


def finish_work(
    *, work_id: str, to: WorkState, ended: datetime, result: str, copy: Copy | None,
    evidence: Evidence | None, actor: Actor, now: datetime,
) -> None:  # fmt: skip
    """End a piece of work, done or failed, with what proves it (作業の終了)."""
    assert to in OVER
    work = _held(work_id, actor)
    problems = [
        *check_finish(
            kind=WorkKind(work.kind), state=WorkState(work.state), to=to, copy=copy,
            open_steps=work.steps.filter(done_at__isnull=True).count(), result=result,
            began=work.began_at, ended=ended,
        ),
        *_check_not_ahead(ended, now, where="at"),
    ]  # fmt: skip
    if evidence is not None:
        problems += check_free_text(evidence.name, limit=120, where="evidence")
    refuse_if(problems)
    work.state, work.ended_at, work.result = to.value, ended, result.strip()
    if copy is not None and to is WorkState.DONE:
        work.place, work.size_bytes, work.sha256 = copy.place.strip(), copy.size_bytes, copy.sha256
    if evidence is not None:
        work.evidence_name, work.evidence_sha256 = evidence.name, evidence.sha256
    work.save()
    assert work.began_at is not None, "it ran"
    if not work.hours.filter(staff_id=actor.staff_id).exists():
        HoursWorked.objects.create(
            work=work, staff_id=actor.staff_id, began_at=work.began_at, ended_at=ended
        )
    _tell("CS_WORK_FINISHED", work, actor=actor, now=now)


def call_off(*, work_id: str, actor: Actor, now: datetime) -> None:
    """Take planned work back before it has begun (作業の取りやめ)."""
    work = _held(work_id, actor)
    if work.state != WorkState.PLANNED:
        raise Refused(Problem(code="CS_WORK_NOT_PLANNED"))
    work.state = WorkState.CALLED_OFF.value
    work.save(update_fields=["state"])
    _tell("CS_WORK_CALLED_OFF", work, actor=actor, now=now)


def note_hours(
    *, work_id: str, staff_id: str, began: datetime, ended: datetime, actor: Actor, now: datetime
) -> None:
    """Note who else worked at it, from when to when (作業した人)."""
    work = _held(work_id, actor)
    problems = list(_check_not_ahead(ended, now, where="ends"))
    if work.began_at is None:
        problems.append(Problem(code="CS_WORK_NOT_RUNNING"))
    if ended <= began:
        problems.append(Problem(code="CS_ENDS_BEFORE_BEGIN", where="ends"))
    refuse_if(problems)
    HoursWorked.objects.create(work=work, staff_id=staff_id, began_at=began, ended_at=ended)
    _tell("CS_HOURS_NOTED", work, actor=actor, now=now)


def note_restore_test(
    *, work_id: str, tested_on: date, restored: bool, sha256: str, note: str, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Keep how it went to read a copy back; it stays as it is, and another may follow (復元テスト).

    A copy whose hash is another than when it was made did not come back, whatever it looks like.
    """
    work = _held(work_id, actor)
    folded = fold_hash(sha256)
    problems = [*check_free_text(note, limit=NOTE_MAX, where="note"), *check_hash(folded)]
    if work.kind != WorkKind.BACKUP or work.state != WorkState.DONE:
        problems.append(Problem(code="CS_NO_COPY_TO_TEST"))
    elif not problems and restored and folded != work.sha256:
        problems.append(Problem(code="CS_HASH_DIFFERS", where="sha256"))
    if tested_on > day_of(now):
        problems.append(Problem(code="CS_MOMENT_AHEAD", where="tested_on"))
    elif work.ended_at is not None and tested_on < day_of(work.ended_at):
        problems.append(Problem(code="CS_ENDS_BEFORE_BEGIN", where="tested_on"))
    refuse_if(problems)
    RestoreTest.objects.create(
        work=work, tested_on=tested_on, restored=restored, sha256=folded, note=note.strip(),
        tested_by=actor.staff_id,
    )  # fmt: skip
    _tell("CS_COPY_TESTED", work, actor=actor, now=now)


def _mark(
    work_id: str, number: int, *, actor: Actor, now: datetime, done_at: datetime | None,
    done_by: str,
) -> None:  # fmt: skip
    work = _held(work_id, actor)
    if work.state != WorkState.RUNNING:
        raise Refused(Problem(code="CS_WORK_NOT_RUNNING"))
    if not work.steps.filter(number=number).update(done_at=done_at, done_by=done_by):
        raise Refused(Problem(code="CS_STEP_UNKNOWN"))
    _tell("CS_STEP_MARKED", work, actor=actor, now=now, step=number)


def _held(work_id: str, actor: Actor) -> Work:
    must_run(actor)
    work = Work.objects.select_for_update().filter(work_id=work_id).first()
    if work is None:
        raise Refused(Problem(code="CS_WORK_UNKNOWN"))
    return work


def must_run(actor: Actor) -> None:
    """Refuse whoever may not record work at the CS (権限)."""
    if not actor.may(RUN):
        raise Refused(Problem(code="NOT_ALLOWED"))


def refuse_if(problems: Iterable[Problem]) -> None:
    """Refuse where anything is wrong, with all of it (不備)."""
    found = tuple(problems)
    if found:
        raise Refused(found)


def _check_not_ahead(moment: datetime, now: datetime, *, where: str) -> tuple[Problem, ...]:
    return (Problem(code="CS_MOMENT_AHEAD", where=where),) if moment > now else ()


def _tell(action: str, work: Work, *, actor: Actor, now: datetime, step: int | None = None) -> None:
    detail: dict[str, str | int] = {"work": work.work_id, "kind": work.kind, "state": work.state}
    if step is not None:
        detail["step"] = step
    record(actor=actor, action=action, subjects=(), detail=detail)
    facts.note(action.lower(), at=now, kind=work.kind, state=work.state)
