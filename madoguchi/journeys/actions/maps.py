"""Correct a cell, add or drop a step, keep a version, bring a map in (マップの処理)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from madoguchi.audit.api import record
from madoguchi.infra import locks
from madoguchi.infra.clock import day_of
from madoguchi.infra.locks import LockKind
from madoguchi.journeys.domain.figures import SURVEY, cell_from, feeling_from, renewals_of, renewed
from madoguchi.journeys.domain.mapfile import to_plain
from madoguchi.journeys.domain.maps import (
    MINUTES,
    Cell,
    Field,
    JourneyMap,
    Phase,
    Step,
    check_map,
    read_cell,
)
from madoguchi.journeys.models import MapRow, VersionRow
from madoguchi.journeys.queries.maps import Version, find_version, rules
from madoguchi.journeys.queries.observed import figures_left
from madoguchi.journeys.queries.surveys import tallies_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: Who may correct a map; everybody at the desk may read one.
EDIT = Right.FILE_CHANGE
NAME_MAX = 20


def edit_cell(
    *, map_id: str, step_id: str, name: Field, text: str, evidence: str, actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Write one cell of the newest version, or empty it (欄を直す)."""
    cell = read_cell(name, text, evidence)
    if isinstance(cell, Problem):
        raise Refused(cell)

    def change(one: JourneyMap) -> JourneyMap:
        if one.step(step_id) is None:
            raise Refused(Problem(code="JOURNEY_STEP_UNKNOWN"))
        return one.with_cell(step_id, name, cell)

    _change(map_id, change, actor, now)
    detail = {"map": map_id, "step": step_id, "field": name.value}
    record(actor=actor, action="JOURNEY_CELL", subjects=[], detail=detail)


def observe_cell(
    *, map_id: str, step_id: str, name: Field, figure: str, actor: Actor, now: datetime
) -> None:
    """Put a figure of a month that left into a cell of minutes (記録から欄に入れる)."""
    chosen = next((one for one in figures_left() if one.key == figure), None)
    if chosen is None or name not in MINUTES:
        raise Refused(Problem(code="JOURNEY_FIGURE_UNKNOWN"))

    def change(one: JourneyMap) -> JourneyMap:
        if one.step(step_id) is None:
            raise Refused(Problem(code="JOURNEY_STEP_UNKNOWN"))
        return one.with_cell(step_id, name, cell_from(chosen))

    _change(map_id, change, actor, now)
    detail = {"map": map_id, "step": step_id, "field": name.value, "figure": figure}
    record(actor=actor, action="JOURNEY_OBSERVED", subjects=[], detail=detail)


def observe_feeling(*, map_id: str, step_id: str, actor: Actor, now: datetime) -> None:
    """Put what a survey told of its phase into a step's feeling (アンケートから欄に入れる)."""
    today = day_of(now)

    def change(one: JourneyMap) -> JourneyMap:
        step = one.step(step_id)
        told = None if step is None else tallies_of(map_id, today=today).get(step.phase)
        if step is None or told is None or told.mean is None or told.n < rules().k:
            raise Refused(Problem(code="JOURNEY_FIGURE_UNKNOWN"))
        # Today is never told, so the newest answer is of yesterday at the latest.
        month = (today - timedelta(days=1)).replace(day=1)
        cell = feeling_from(phase=step.phase, mean=told.mean, count=told.n, month=month)
        return one.with_cell(step_id, Field.FEELING, cell)

    _change(map_id, change, actor, now)
    detail = {"map": map_id, "step": step_id, "field": Field.FEELING.value, "figure": SURVEY}
    record(actor=actor, action="JOURNEY_OBSERVED", subjects=[], detail=detail)


def renew_cells(*, map_id: str, actor: Actor, now: datetime) -> int:
    """Put the newest month into every cell that rests on an older one (新しい月で入れ直す)."""
    figures = figures_left()
    count = 0

    def change(one: JourneyMap) -> JourneyMap:
        nonlocal count
        found = renewals_of(one, figures)
        count = len(found)
        if not found:
            raise Refused(Problem(code="JOURNEY_NOTHING_NEWER"))
        return renewed(one, found)

    _change(map_id, change, actor, now)
    told = {"map": map_id, "cells": f"{count}"}
    record(actor=actor, action="JOURNEY_RENEWED", subjects=[], detail=told)
    return count


def add_step(
    *, map_id: str, phase: Phase, lane: str, doing: Cell, actor: Actor, now: datetime
) -> None:
    """Add a step as the last of its phase (行動を足す)."""

    def change(one: JourneyMap) -> JourneyMap:
        order = list(Phase)
        place = sum(order.index(each.phase) <= order.index(phase) for each in one.steps)
        new = Step(step_id=new_id(), phase=phase, lane=lane, cells={Field.DOING: doing})
        return replace(one, steps=(*one.steps[:place], new, *one.steps[place:]))

    _change(map_id, change, actor, now)
    record(actor=actor, action="JOURNEY_STEP_ADDED", subjects=[], detail={"map": map_id})


def drop_step(*, map_id: str, step_id: str, actor: Actor, now: datetime) -> None:
    """Take a step out of the newest version; older versions keep it (行動をなくす)."""

    def change(one: JourneyMap) -> JourneyMap:
        if one.step(step_id) is None:
            raise Refused(Problem(code="JOURNEY_STEP_UNKNOWN"))
        return replace(one, steps=tuple(each for each in one.steps if each.step_id != step_id))

    _change(map_id, change, actor, now)
    detail = {"map": map_id, "step": step_id}
    record(actor=actor, action="JOURNEY_STEP_DROPPED", subjects=[], detail=detail)


def keep_version(*, map_id: str, name: str, actor: Actor, now: datetime) -> None:
    """Begin a new version with what the newest says; the one before stays as it is (版を残す)."""
    row = _held(map_id, actor, now)
    called = name.strip()
    if not called or len(called) > NAME_MAX:
        raise Refused(
            Problem(code="JOURNEY_VERSION_NAME", where="name", facts={"most": f"{NAME_MAX}"})
        )
    VersionRow.objects.create(
        map_id=map_id, number=row.number + 1, name=called, document=row.document,
        made_by=actor.staff_id, made_on=day_of(now),
    )  # fmt: skip
    record(actor=actor, action="JOURNEY_VERSION", subjects=[], detail={"map": map_id})


def bring_in(*, made: JourneyMap, actor: Actor, now: datetime) -> str:
    """Keep a map that came as a file, as a new one (マップを取り込む)."""
    _must(actor)
    problems = check_map(made, lanes=rules().lanes)
    if problems:
        raise Refused(problems)
    map_id = new_id().lower()
    _first(map_id, made, actor, now)
    record(actor=actor, action="JOURNEY_BROUGHT_IN", subjects=[], detail={"map": map_id})
    return map_id


# -- what they share -------------------------------------------------------------------------


def _must(actor: Actor) -> None:
    if not actor.may(EDIT):
        raise Refused(Problem(code="NOT_ALLOWED"))


def _held(map_id: str, actor: Actor, now: datetime) -> VersionRow:
    """Return the newest version's row, held; a draft of the table is written down first."""
    _must(actor)
    locks.take([(LockKind.NUMBERING, f"journey {map_id}")])
    found = find_version(map_id)
    if found is None:
        raise Refused(Problem(code="JOURNEY_MAP_UNKNOWN"))
    if found.made_on is None:
        return _first(map_id, found.map, actor, now)
    return VersionRow.objects.get(map_id=map_id, number=found.number)


def _first(map_id: str, made: JourneyMap, actor: Actor, now: datetime) -> VersionRow:
    MapRow.objects.create(map_id=map_id, made_by=actor.staff_id, made_on=day_of(now))
    return VersionRow.objects.create(
        map_id=map_id, number=1, name="", document=to_plain(made), made_by=actor.staff_id,
        made_on=day_of(now),
    )  # fmt: skip


def _change(
    map_id: str, change: Callable[[JourneyMap], JourneyMap], actor: Actor, now: datetime
) -> Version:
    row = _held(map_id, actor, now)
    found = find_version(map_id)
    assert found is not None
    made = change(found.map)
    problems = check_map(made, lanes=rules().lanes)
    if problems:
        raise Refused(problems)
    VersionRow.objects.filter(pk=row.pk).update(document=to_plain(made))
    return found
