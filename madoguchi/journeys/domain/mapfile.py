"""A map as our own JSON (マップのファイル): ``madoguchi.journey-map/1``, read strictly, all problems at once."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from madoguchi.journeys.domain.figures import may_rest, plain_basis, read_basis
from madoguchi.journeys.domain.maps import (
    NUMBERS,
    STEPS_MAX,
    Cell,
    Evidence,
    Field,
    JourneyMap,
    Phase,
    Step,
    check_map,
    read_cell,
)
from madoguchi.kernel.outcome import Problem

SCHEMA = "madoguchi.journey-map/1"
BYTES_MAX = 512 * 1024


def to_plain(one: JourneyMap) -> dict[str, Any]:
    """Return a map as what JSON can hold (書出し)."""
    return {
        "schema": SCHEMA, "title": one.title, "persona": one.persona, "sketch": one.sketch,
        "steps": [
            {"id": step.step_id, "phase": step.phase.value, "lane": step.lane,
             "cells": {name.value.lower(): _plain_cell(cell) for name, cell in step.cells.items()}}
            for step in one.steps
        ],
    }  # fmt: skip


def _plain_cell(cell: Cell) -> dict[str, Any]:
    plain: dict[str, Any] = {"value": cell.value, "evidence": cell.evidence.value}
    return plain if cell.basis is None else {**plain, "basis": plain_basis(cell.basis)}


def write_map(one: JourneyMap) -> str:
    """Return a map as text (書出し)."""
    return json.dumps(to_plain(one), ensure_ascii=False, indent=1) + "\n"


def read_map(
    text: str, *, lanes: Mapping[str, object]
) -> tuple[JourneyMap | None, tuple[Problem, ...]]:
    """Read a map from text; return it, or everything that is wrong with it (読取り)."""
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        return None, (Problem(code="JOURNEY_FILE_UNREADABLE"),)
    return from_plain(whole, lanes=lanes)


def from_plain(
    whole: Any, *, lanes: Mapping[str, object]
) -> tuple[JourneyMap | None, tuple[Problem, ...]]:
    """Make a map of plain values, as a file or a table holds them (読取り)."""
    if not isinstance(whole, Mapping) or not isinstance(whole.get("steps"), list):
        return None, (Problem(code="JOURNEY_FILE_UNREADABLE"),)
    if whole.get("schema", SCHEMA) != SCHEMA:
        return None, (Problem(code="JOURNEY_FILE_UNREADABLE"),)
    if len(whole["steps"]) > STEPS_MAX:
        # Told before anything of them is read: each is compared with all before it.
        return None, (Problem(code="JOURNEY_STEPS", facts={"most": f"{STEPS_MAX}"}),)
    problems: list[Problem] = []
    steps = [_step(row, number, problems) for number, row in enumerate(whole["steps"], start=1)]
    made = JourneyMap(
        title=str(whole.get("title", "")), persona=str(whole.get("persona", "")),
        sketch=str(whole.get("sketch", ""))[:400],
        steps=tuple(one for one in steps if one is not None),
    )  # fmt: skip
    if None not in steps:
        problems += check_map(made, lanes=lanes)
    return (None if problems else made), tuple(problems)


def _step(row: Any, number: int, problems: list[Problem]) -> Step | None:
    where = f"step {number}"
    if not isinstance(row, Mapping) or not isinstance(row.get("cells", {}), Mapping):
        problems.append(Problem(code="JOURNEY_FILE_UNREADABLE", where=where))
        return None
    phase = str(row.get("phase", ""))
    if phase not in set(Phase):
        facts = {"phase": phase[:40]}
        problems.append(Problem(code="JOURNEY_PHASE_MISSING", where=where, facts=facts))
        return None
    cells: dict[Field, Cell] = {}
    for key, given in row.get("cells", {}).items():
        cell = _cell(str(key), given)
        if isinstance(cell, Problem):
            place = f"{where}, {str(key)[:40]}"
            problems.append(Problem(code=cell.code, where=place, facts=cell.facts))
        elif cell is not None:
            cells[Field(str(key).upper())] = cell
    step_id = str(row.get("id") or f"s{number}")[:40]
    return Step(step_id=step_id, phase=Phase(phase), lane=str(row.get("lane", "")), cells=cells)


def _cell(key: str, given: Any) -> Cell | Problem | None:
    if key.upper() not in set(Field) or not isinstance(given, Mapping):
        return Problem(code="JOURNEY_FIELD_UNKNOWN", facts={"field": key[:40]})
    name, value = Field(key.upper()), given.get("value", "")
    # True is a number to Python, and 1.5 minutes would be cut without a word.
    if isinstance(value, bool) or not isinstance(value, int if name in NUMBERS else str):
        facts = {"field": name.value, "least": "", "most": "", "written": str(value)[:40]}
        return Problem(code="JOURNEY_NOT_A_NUMBER" if name in NUMBERS else "JOURNEY_FIELD_UNKNOWN",
                       facts=facts)  # fmt: skip
    cell = read_cell(name, str(value), str(given.get("evidence", "")))
    if "basis" not in given or not isinstance(cell, Cell):
        return cell
    basis = read_basis(given["basis"])
    is_fit = basis is not None and may_rest(name, basis) and cell.evidence is Evidence.OBSERVED
    if not is_fit:
        return Problem(code="JOURNEY_BASIS_UNREADABLE", facts={"field": name.value})
    return replace(cell, basis=basis)
