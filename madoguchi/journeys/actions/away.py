"""Surveys on a trip without a line: which are open, and an answer brought home (持ち出しと持ち帰り)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from madoguchi.infra.clock import day_of
from madoguchi.journeys.actions.surveys import RESIDENT, answer
from madoguchi.journeys.domain.surveys import Channel, Face
from madoguchi.journeys.queries.surveys import list_surveys

FACES = tuple(one.value for one in Face)


def open_surveys(*, now: datetime) -> tuple[tuple[str, str], ...]:
    """List the surveys that take answers: (survey, title) (いまのアンケート)."""
    found = list_surveys(today=day_of(now))
    return tuple((one.survey_id, one.title) for one in found if one.closed_on is None)


def bring_answer(*, survey_id: str, payload: Mapping[str, Any], now: datetime) -> None:
    """Keep an answer under the day it comes home: a day that is past takes none (回答の持ち帰り)."""
    answer(
        survey_id=survey_id, face=str(payload.get("face", "")),
        sentence=str(payload.get("sentence", "")), channel=Channel.TABLET, actor=RESIDENT, now=now,
    )  # fmt: skip
