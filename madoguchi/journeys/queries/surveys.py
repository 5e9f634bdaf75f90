"""Surveys and what may be told of them (アンケートの照会)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from madoguchi.journeys.domain.maps import Phase
from madoguchi.journeys.domain.surveys import Tally, answers_of, tally_of
from madoguchi.journeys.models import AnswerRow, SurveyRow
from madoguchi.journeys.queries.maps import find_version, rules


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One survey as the office sees it (アンケート)."""

    survey_id: str
    map_id: str
    phase: Phase
    title: str
    persona: str
    opened_on: date
    closed_on: date | None
    tally: Tally


def find_open(survey_id: str) -> tuple[str, Phase] | None:
    """Return what an open survey asks about, or None: closed and unknown look the same (照会)."""
    row = SurveyRow.objects.filter(survey_id=survey_id, closed_on__isnull=True).first()
    found = None if row is None else find_version(row.map_id)
    return None if row is None or found is None else (found.map.title, Phase(row.phase))


def find_survey(survey_id: str, *, today: date) -> Survey | None:
    """Return a survey with what may be told of it (アンケート)."""
    return next((one for one in list_surveys(today=today) if one.survey_id == survey_id), None)


def list_surveys(*, today: date) -> tuple[Survey, ...]:
    """List the surveys, open ones first (アンケートの一覧)."""
    rows = sorted(
        SurveyRow.objects.all(),
        key=lambda row: (row.closed_on is not None, -row.opened_on.toordinal(), row.survey_id),
    )
    return tuple(one for row in rows if (one := _survey(row, today)) is not None)


def tallies_of(map_id: str, *, today: date) -> Mapping[Phase, Tally]:
    """Count the answers about a map by phase, all surveys of a phase together (集計).

    Together, so that a survey opened anew does not cut the batches smaller.
    """
    found: dict[Phase, list[tuple[date, str, str]]] = {}
    rows = AnswerRow.objects.filter(survey__map_id=map_id).values_list(
        "survey__phase", "answered_on", "face", "sentence"
    )
    for phase, on, face, sentence in rows:
        found.setdefault(Phase(phase), []).append((on, face, sentence))
    k = rules().k
    return {phase: tally_of(answers_of(given), k=k, today=today) for phase, given in found.items()}


def _survey(row: SurveyRow, today: date) -> Survey | None:
    found = find_version(row.map_id)
    if found is None:
        return None
    phase = Phase(row.phase)
    nothing = tally_of((), k=rules().k, today=today)
    return Survey(
        survey_id=row.survey_id, map_id=row.map_id, phase=phase, title=found.map.title,
        persona=found.map.persona, opened_on=row.opened_on, closed_on=row.closed_on,
        tally=tallies_of(row.map_id, today=today).get(phase, nothing),
    )  # fmt: skip
