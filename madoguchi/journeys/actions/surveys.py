"""Open and close a survey, and keep an answer nobody is named in (アンケートの処理)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.infra import locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.journeys.actions.maps import EDIT
from madoguchi.journeys.domain.maps import Phase
from madoguchi.journeys.domain.surveys import Channel, Face, check_sentence
from madoguchi.journeys.models import AnswerRow, SurveyRow
from madoguchi.journeys.queries.maps import find_version
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: Whoever answers: nobody in particular.
RESIDENT = Actor(
    staff_id="resident", name="住民", rights=frozenset(), place="", terminal="",
    purpose="窓口のアンケート",
)  # fmt: skip


def open_survey(*, map_id: str, phase: Phase, actor: Actor, now: datetime) -> str:
    """Open a survey about a phase of a map; its id is the address on the poster (始める)."""
    _must(actor)
    locks.take([(LockKind.NUMBERING, f"survey {map_id} {phase.value}")])
    found = find_version(map_id)
    if found is None or not any(step.phase is phase for step in found.map.steps):
        raise Refused(Problem(code="JOURNEY_MAP_UNKNOWN"))
    open_one = SurveyRow.objects.filter(map_id=map_id, phase=phase.value, closed_on__isnull=True)
    if open_one.exists():
        raise Refused(Problem(code="JOURNEY_SURVEY_THERE"))
    row = SurveyRow.objects.create(
        survey_id=new_id(), map_id=map_id, phase=phase.value, opened_by=actor.staff_id,
        opened_on=day_of(now),
    )  # fmt: skip
    detail = {"map": map_id, "phase": phase.value}
    record(actor=actor, action="JOURNEY_SURVEY_OPENED", subjects=[], detail=detail)
    return row.survey_id


def close_survey(*, survey_id: str, actor: Actor, now: datetime) -> None:
    """Take no more answers; those given stay (終える)."""
    _must(actor)
    closed = SurveyRow.objects.filter(survey_id=survey_id, closed_on__isnull=True).update(
        closed_on=day_of(now)
    )
    if not closed:
        raise Refused(Problem(code="JOURNEY_SURVEY_CLOSED"))
    record(actor=actor, action="JOURNEY_SURVEY_ENDED", subjects=[], detail={"survey": survey_id})


def answer(
    *, survey_id: str, face: str, sentence: str, channel: Channel, actor: Actor, now: datetime
) -> None:
    """Keep one answer, under the day it came in, also one from paper (答えを残す).

    A day that is past takes none: what was told of it would change by one person.
    """
    problems = list(check_sentence(sentence.strip()))
    if face not in set(Face):
        problems.append(Problem(code="JOURNEY_FACE_MISSING", where="face"))
    if not SurveyRow.objects.filter(survey_id=survey_id, closed_on__isnull=True).exists():
        problems.append(Problem(code="JOURNEY_SURVEY_CLOSED"))
    if problems:
        raise Refused(problems)
    AnswerRow.objects.create(
        answer_id=new_id(), survey_id=survey_id, answered_on=day_of(now), face=Face(face).value,
        sentence=sentence.strip(), channel=channel.value,
    )  # fmt: skip
    # No face and no survey here: the record has an hour, and the answer has none.
    record(actor=actor, action="JOURNEY_SURVEY_ANSWERED", subjects=[])


def _must(actor: Actor) -> None:
    if not actor.may(EDIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
