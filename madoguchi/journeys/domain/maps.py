"""A map of how a kind of resident fares (ジャーニーマップ): steps, cells, and what each rests on.

Every cell says what it rests on: observed, interviewed or assumed. A cell nobody filled is
unknown, which is neither nought nor nothing: sums say how many they leave out.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import has_control_character, has_individual_number

STEPS_MAX, TEXT_MAX, TITLE_MAX, MINUTES_MAX, YEN_MAX = 40, 120, 60, 527_040, 1_000_000
FEELING_MIN, FEELING_MAX = -2, 2


@unique
class Evidence(StrEnum):
    """What a cell rests on (根拠)."""

    OBSERVED = "OBSERVED"  # 観察
    INTERVIEWED = "INTERVIEWED"  # 聞き取り
    ASSUMED = "ASSUMED"  # 想定


@unique
class Phase(StrEnum):
    """Where in the whole a step lies; before a form stand hearing of it and understanding (局面)."""

    AWARE = "AWARE"  # 知る
    UNDERSTAND = "UNDERSTAND"  # 分かる
    BEFORE = "BEFORE"  # 出かける前
    DURING = "DURING"  # 役場で
    AFTER = "AFTER"  # そのあと


@unique
class Field(StrEnum):
    """One column of a step (欄)."""

    DOING = "DOING"
    THINKING = "THINKING"
    FEELING = "FEELING"
    TOUCHPOINT = "TOUCHPOINT"
    ACTIVE_MIN = "ACTIVE_MIN"
    WAIT_MIN = "WAIT_MIN"
    TRAVEL_MIN = "TRAVEL_MIN"
    COST_YEN = "COST_YEN"
    PAIN = "PAIN"
    OPPORTUNITY = "OPPORTUNITY"


#: Fields that hold a whole number, with the least and the most.
NUMBERS: Mapping[Field, tuple[int, int]] = {
    Field.FEELING: (FEELING_MIN, FEELING_MAX),
    Field.ACTIVE_MIN: (0, MINUTES_MAX),
    Field.WAIT_MIN: (0, MINUTES_MAX),
    Field.TRAVEL_MIN: (0, MINUTES_MAX),
    Field.COST_YEN: (0, YEN_MAX),
}
#: Fields that are added up over a map.
SUMMED = (Field.ACTIVE_MIN, Field.WAIT_MIN, Field.TRAVEL_MIN, Field.COST_YEN)
MINUTES = SUMMED[:3]


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """Which records an observed number was counted from (観察の出どころ).

    ``before`` and ``after`` are the codes of two events that follow each other in the log of an
    origin, both empty for the whole of a case; ``month`` is the first day of the month that left.
    """

    origin: str
    month: str
    before: str
    after: str
    #: How often the pair was seen, and the minutes nine of ten took at the most.
    count: int
    p90_min: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: what stands there and what it rests on (欄の中身)."""

    value: str | int
    evidence: Evidence
    #: Only of minutes that were observed in our own records, and of feelings a survey told.
    basis: Basis | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a resident's way (行動の一歩)."""

    step_id: str
    phase: Phase
    lane: str
    cells: Mapping[Field, Cell] = field(default_factory=dict)

    def text(self, name: Field) -> str:
        """Return a cell in words, or nothing where it is unknown (欄の文字)."""
        cell = self.cells.get(name)
        return "" if cell is None else str(cell.value)

    def number(self, name: Field) -> int | None:
        """Return a number, or None where it is unknown (欄の数)."""
        cell = self.cells.get(name)
        return cell.value if cell is not None and isinstance(cell.value, int) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class JourneyMap:
    """How one persona goes through one procedure (ジャーニーマップ)."""

    title: str
    persona: str
    sketch: str
    steps: tuple[Step, ...]

    def step(self, step_id: str) -> Step | None:
        """Return a step by its name (一歩)."""
        return next((one for one in self.steps if one.step_id == step_id), None)

    def with_cell(self, step_id: str, name: Field, cell: Cell | None) -> JourneyMap:
        """Return the map with one cell replaced, or emptied (欄を直す)."""
        steps = []
        for one in self.steps:
            cells = one.cells
            if one.step_id == step_id:
                cells = {**{key: kept for key, kept in cells.items() if key is not name},
                         **({} if cell is None else {name: cell})}  # fmt: skip
            steps.append(replace(one, cells=cells))
        return replace(self, steps=tuple(steps))


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A sum over a map, and how many steps do not say (合計)."""

    value: int
    unknown: int


def totals_of(one: JourneyMap) -> Mapping[Field, Total]:
    """Add minutes and yen up over the steps; what is unknown is counted, not taken for 0 (合計)."""
    found = {}
    for name in SUMMED:
        numbers = [step.number(name) for step in one.steps]
        known = [number for number in numbers if number is not None]
        found[name] = Total(value=sum(known), unknown=len(numbers) - len(known))
    return found


def evidence_of(one: JourneyMap) -> Mapping[Evidence, int]:
    """Count the cells by what they rest on (根拠の数)."""
    counted = dict.fromkeys(Evidence, 0)
    for step in one.steps:
        for cell in step.cells.values():
            counted[cell.evidence] += 1
    return counted


# -- rules -------------------------------------------------------------------------------------


def read_cell(name: Field, text: str, evidence: str) -> Cell | Problem | None:
    """Read one cell from what was typed; blank is unknown (欄の読取り)."""
    written = text.strip()
    if not written:
        return None
    if evidence not in set(Evidence):
        facts = {"field": name.value}
        return Problem(code="JOURNEY_EVIDENCE_MISSING", where="evidence", facts=facts)
    value = _number(name, written) if name in NUMBERS else _text(name, written)
    if isinstance(value, Problem):
        return value
    return Cell(value=value, evidence=Evidence(evidence))


def _number(name: Field, written: str) -> int | Problem:
    least, most = NUMBERS[name]
    number = _whole(written)
    if number is not None and least <= number <= most:
        return number
    facts = {"field": name.value, "least": f"{least}", "most": f"{most:,}", "written": written[:40]}
    return Problem(code="JOURNEY_NOT_A_NUMBER", where="value", facts=facts)


def _text(name: Field, written: str) -> str | Problem:
    facts = {"field": name.value, "most": f"{TEXT_MAX}"}
    if len(written) > TEXT_MAX:
        return Problem(code="JOURNEY_TEXT_LONG", where="value", facts=facts)
    if has_control_character(written):
        return Problem(code="JOURNEY_TEXT_UNSEEN", where="value", facts=facts)
    if has_individual_number(written):
        return Problem(code="JOURNEY_NUMBER_IN_TEXT", where="value", facts=facts)
    return written


def _whole(text: str) -> int | None:
    plain = unicodedata.normalize("NFKC", text).replace(",", "").replace("−", "-")
    try:
        return int(plain)
    except ValueError:
        return None


def check_map(one: JourneyMap, *, lanes: Mapping[str, object]) -> tuple[Problem, ...]:
    """Return everything that keeps a map from being kept (マップの確認)."""
    return tuple(_wrong(one, lanes))


def _wrong(one: JourneyMap, lanes: Mapping[str, object]) -> Iterator[Problem]:
    for place, text in (("title", one.title), ("persona", one.persona)):
        if not text.strip() or len(text) > TITLE_MAX:
            yield Problem(code="JOURNEY_TITLE", where=place, facts={"most": f"{TITLE_MAX}"})
    heads = (one.title, one.persona, one.sketch)
    if any(has_individual_number(text) for text in heads):
        yield Problem(code="JOURNEY_NUMBER_IN_TEXT", where="title")
    if any(map(has_control_character, (*heads, *(step.step_id for step in one.steps)))):
        yield Problem(code="JOURNEY_TEXT_UNSEEN", where="title")
    if not 1 <= len(one.steps) <= STEPS_MAX:
        yield Problem(code="JOURNEY_STEPS", facts={"most": f"{STEPS_MAX}"})
    order = list(Phase)
    for number, step in enumerate(one.steps):
        where = f"step {number + 1}"
        if step.lane not in lanes:
            yield Problem(code="JOURNEY_LANE_MISSING", where=where, facts={"lane": step.lane[:40]})
        if not step.text(Field.DOING):
            yield Problem(code="JOURNEY_STEP_SILENT", where=where)
        if any(other.step_id == step.step_id for other in one.steps[:number]):
            yield Problem(code="JOURNEY_STEP_TWICE", where=where, facts={"step": step.step_id[:40]})
        if number and order.index(step.phase) < order.index(one.steps[number - 1].phase):
            yield Problem(code="JOURNEY_PHASE_BACK", where=where)


# -- before and after ----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One cell that differs between two versions (変わった欄)."""

    step_id: str
    doing: str
    field: Field
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What a reform changed (改革前後の差).

    A sum differs only over what both versions know: ``sums`` leaves out a step that either does
    not say, and ``left_out`` counts those.
    """

    sums: Mapping[Field, int]
    left_out: Mapping[Field, int]
    gone: tuple[Step, ...]
    new: tuple[Step, ...]
    changes: tuple[Change, ...]


def delta_of(before: JourneyMap, after: JourneyMap) -> Delta:
    """Compare two versions, step by step of the same name (改革前後の比較)."""
    old = {one.step_id: one for one in before.steps}
    now = {one.step_id: one for one in after.steps}
    sums, left_out = dict.fromkeys(SUMMED, 0), dict.fromkeys(SUMMED, 0)
    for name in SUMMED:
        for step_id in old.keys() | now.keys():
            # A step that is no more takes no time: that is known.
            was = old[step_id].number(name) if step_id in old else 0
            now_is = now[step_id].number(name) if step_id in now else 0
            if was is None or now_is is None:
                left_out[name] += 1
            else:
                sums[name] += now_is - was
    changes = [
        Change(step_id=step.step_id, doing=step.text(Field.DOING), field=name,
               before=old[step.step_id].cells.get(name), after=step.cells.get(name))
        for step in after.steps if step.step_id in old
        for name in Field if old[step.step_id].cells.get(name) != step.cells.get(name)
    ]  # fmt: skip
    return Delta(
        sums=sums, left_out=left_out, changes=tuple(changes),
        gone=tuple(one for one in before.steps if one.step_id not in now),
        new=tuple(one for one in after.steps if one.step_id not in old),
    )  # fmt: skip
