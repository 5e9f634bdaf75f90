"""A map as a drawing (マップの図): feelings over all, lanes beneath, then minutes to scale.

An A3 sheet wide. What a cell rests on is the kind of its line *and* a word: solid observed, dashed
interviewed, dotted assumed. A feeling is a filled point only where k people or more were asked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby, pairwise

from madoguchi.journeys.documents import svg
from madoguchi.journeys.domain.maps import (
    FEELING_MAX,
    FEELING_MIN,
    MINUTES,
    Basis,
    Cell,
    Evidence,
    Field,
    JourneyMap,
    Phase,
    Step,
    totals_of,
)

_WIDTH, _LEFT, _RIGHT = 1_587.0, 130.0, 40.0
_PHASES, _FEEL, _FEEL_HIGH, _LANES, _LANE = 112.0, 158.0, 150.0, 336.0, 74.0
DASHES: Mapping[Evidence, str] = {
    Evidence.OBSERVED: "", Evidence.INTERVIEWED: "8 4", Evidence.ASSUMED: "2 4",
}  # fmt: skip
_FILLS = {Field.ACTIVE_MIN: "#0031a8", Field.WAIT_MIN: "#fff", Field.TRAVEL_MIN: "#b8c9f0"}
#: Longer than this, a bar is cut and says so: a month of waiting would hide every minute.
_BAR_MAX_MIN = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Mood:
    """What residents said of a phase: how many, the mean from -2 to 2, its spread (気持ちの集計)."""

    n: int
    mean: float
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of codes, as the catalogue has them (図の言葉)."""

    lanes: Mapping[str, str]
    phases: Mapping[str, str]
    evidence: Mapping[str, str]
    fields: Mapping[str, str]
    feelings: Mapping[int, str]
    #: What the drawing says of itself, by its code, with what is to be filled in (図の決まった文).
    own: Mapping[str, str]
    #: In which language all this is: "ja" or "en".
    language: str = "ja"
    #: Says which records a number was counted from.
    counted: Callable[[Basis | None], str] = lambda _: ""

    def said(self, name: Field, cell: Cell | None) -> str:
        """Return what a cell says; a feeling is a word, what is unknown is nothing (欄の言葉)."""
        if cell is None:
            return ""
        if not isinstance(cell.value, int):
            return cell.value
        if name is Field.FEELING:
            return self.feelings[cell.value]
        return self.amount(name, cell.value)

    def amount(self, name: Field, value: int) -> str:
        """Say yen, or minutes as people say them (量の言葉)."""
        if name is Field.COST_YEN:
            return self.own["YEN"].format(count=f"{value:,}")
        units = [self.own[code] for code in ("SECONDS", "MINUTES", "HOURS", "DAYS")]
        return svg.span(value, units) if value else f"0{units[1]}"


def draw_map(
    one: JourneyMap, *, words: Words, moods: Mapping[Phase, Mood], k: int, version: str,
    before: JourneyMap | None = None,
) -> str:  # fmt: skip
    """Draw a map; ``moods`` holds only phases of k answers or more (マップを描く).

    ``before`` is an earlier version, whose feelings are a second line.
    """
    assert all(mood.n >= k for mood in moods.values()), "fewer are not drawn"
    step = (_WIDTH - _LEFT - _RIGHT) / max(len(one.steps), 1)
    middles = [_LEFT + step * (place + 0.5) for place in range(len(one.steps))]
    used = {each.lane for each in one.steps}
    lanes = [code for code in words.lanes if code in used]
    bottom = _LANES + _LANE * len(lanes)
    pieces = [*_head(one, words, version), *_phases(one, words, middles, step, bottom)]
    pieces += [] if before is None else _earlier(one, words, before, middles)
    pieces += _feelings(one, words, middles, moods=moods, k=k)
    pieces += _lanes(one, words, lanes, middles, step)
    pieces += _bars(one, words, middles, step, top=bottom + 46)
    notes, end = _notes(one, words, top=bottom + 204)
    told = words.own["TOLD"].format(persona=one.persona, count=len(one.steps))
    return svg.whole([*pieces, *notes], width=_WIDTH, height=end, language=words.language,
                     title=words.own["TITLE"].format(title=one.title), told=told)  # fmt: skip


def _head(one: JourneyMap, words: Words, version: str) -> list[str]:
    pieces = [
        svg.text(24, 42, one.title, size=26, weight="700"),
        svg.text(24, 70, one.persona, size=17),
        svg.text(_WIDTH - 24, 38, version, size=15, anchor="end", weight="700"),
    ]
    lines = svg.lines_of(one.sketch, size=14, width=900, most=1)
    pieces += [svg.text(24, 93, each, fill=svg.QUIET) for each in lines]
    x = _WIDTH - 24.0
    for code in reversed(Evidence):
        label = words.evidence[code.value]
        x -= svg.width_of(label, 14)
        pieces.append(svg.text(x, 70, label))
        pieces.append(svg.line(x - 46, 65, x - 8, 65, stroke=svg.INK, thick=2, dash=DASHES[code]))
        x -= 66
    return pieces


def _phases(
    one: JourneyMap, words: Words, middles: list[float], step: float, bottom: float
) -> list[str]:
    """Draw the band of phases, and a line down between them."""
    pieces, at = [], 0
    for phase, group in groupby(one.steps, key=lambda each: each.phase):
        count = len(list(group))
        left, wide = middles[at] - step / 2, step * count
        pieces.append(svg.rect(left + 2, _PHASES, wide - 4, 34, fill=svg.FAINT, stroke="none"))
        pieces.append(svg.text(left + wide / 2, _PHASES + 23, words.phases[phase.value], size=16,
                               anchor="middle", weight="700"))  # fmt: skip
        if at:
            pieces.append(svg.line(left, _PHASES, left, bottom, dash="3 5"))
        at += count
    return pieces


# -- feelings ------------------------------------------------------------------------------------


def _height(feeling: float) -> float:
    return _FEEL + 16 + (FEELING_MAX - feeling) * (_FEEL_HIGH - 32) / (FEELING_MAX - FEELING_MIN)


def _feelings(
    one: JourneyMap, words: Words, middles: list[float], *, moods: Mapping[Phase, Mood], k: int
) -> list[str]:
    """Draw the line of feelings: what people said where enough said it, else the cell."""
    pieces = [svg.text(36, _height(0) + 5, words.own["FEELING"], size=15, weight="700")]
    for feeling, word in words.feelings.items():
        y = _height(feeling)
        pieces.append(svg.line(_LEFT, y, _WIDTH - _RIGHT, y, dash="" if feeling == 0 else "1 6"))
        if feeling:
            pieces.append(svg.text(_LEFT - 8, y + 4, word, size=11, anchor="end", fill=svg.QUIET))
    points: list[tuple[float, float, bool, str, str]] = []
    for x, step in zip(middles, one.steps, strict=True):
        cell, mood = step.cells.get(Field.FEELING), moods.get(step.phase)
        if cell is not None and cell.basis is not None and cell.basis.count >= k:
            points.append((x, _height(float(cell.value)), True, f"n={cell.basis.count}", ""))
        elif mood is not None:
            points.append((x, _height(mood.mean), True, f"n={mood.n}", ""))
            ends = [_height(mood.mean + sign * mood.spread) for sign in (1, -1)]
            pieces.append(svg.line(x, ends[0], x, ends[1], stroke=svg.ACCENT, thick=1.5))
            pieces += [svg.line(x - 5, y, x + 5, y, stroke=svg.ACCENT, thick=1.5) for y in ends]
        elif cell is not None:
            points.append((x, _height(float(cell.value)), False, "", DASHES[cell.evidence]))
    for before, after in pairwise(points):
        pieces.append(svg.line(*before[:2], *after[:2], stroke=svg.ACCENT, thick=2.5,
                               dash=after[4] or before[4]))  # fmt: skip
    for x, y, full, label, _ in points:
        fill = svg.ACCENT if full else "#fff"
        pieces.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="{fill}" stroke="{svg.ACCENT}" stroke-width="2.5"/>')  # fmt: skip
        if label:
            pieces.append(svg.text(x + 11, y - 9, label, size=13, halo=True))
    if points and not any(full for _, _, full, _, _ in points):
        pieces.append(svg.text(24, _FEEL + _FEEL_HIGH + 8, words.own["HOLLOW"],
                               size=12, fill=svg.QUIET))  # fmt: skip
    return pieces


def _earlier(one: JourneyMap, words: Words, before: JourneyMap, middles: list[float]) -> list[str]:
    """Draw the feelings of an earlier version: squares on a grey line, where its steps still are."""
    old = {each.step_id: each.number(Field.FEELING) for each in before.steps}
    points = [
        (x, _height(feeling))
        for x, each in zip(middles, one.steps, strict=True)
        if (feeling := old.get(each.step_id)) is not None
    ]
    pieces = [svg.line(*start, *end, stroke=svg.QUIET, thick=1.5, dash="6 4")
              for start, end in pairwise(points)]  # fmt: skip
    pieces += [svg.rect(x - 5, y - 5, 10, 10, stroke=svg.QUIET) for x, y in points]
    pieces.append(svg.rect(36, _height(0) + 16, 10, 10, stroke=svg.QUIET))
    pieces.append(svg.text(52, _height(0) + 26, words.own["EARLIER"], size=12, fill=svg.QUIET))
    return pieces


# -- lanes ---------------------------------------------------------------------------------------


def _lanes(
    one: JourneyMap, words: Words, lanes: list[str], middles: list[float], step: float
) -> list[str]:
    """Draw lanes, a box a step, and the way between them."""
    pieces = []
    for number, code in enumerate(lanes):
        top = _LANES + _LANE * number
        fill = svg.FAINT if number % 2 == 0 else "#fff"
        pieces.append(svg.rect(24, top, _WIDTH - 48, _LANE, fill=fill, stroke="none"))
        pieces.append(svg.text(36, top + _LANE / 2 + 5, words.lanes[code], size=15, weight="700"))
    wide = step - 26
    spots = [(x, _LANES + _LANE * (lanes.index(each.lane) + 0.5))
             for x, each in zip(middles, one.steps, strict=True)]  # fmt: skip
    for (x1, y1), (x2, y2) in pairwise(spots):
        path, _ = svg.curve((x1 + wide / 2, y1), (x2 - wide / 2, y2), 0)
        pieces.append(f'<path d="{path}" fill="none" stroke="{svg.QUIET}" stroke-width="1.6" marker-end="url(#to)"/>')  # fmt: skip
    marks = _marks(one)
    for (x, y), each in zip(spots, one.steps, strict=True):
        doing = each.cells[Field.DOING]
        pieces.append(
            svg.rect(x - wide / 2, y - 30, wide, 60, round_by=8, dash=DASHES[doing.evidence])
        )
        lines = svg.lines_of(str(doing.value), size=13, width=wide - 12, most=3)
        top = y + 5 - 8.5 * (len(lines) - 1)
        pieces += [svg.text(x, top + 17 * n, text, size=13, anchor="middle")
                   for n, text in enumerate(lines)]  # fmt: skip
        if each.step_id in marks:
            pieces += _mark(x + wide / 2, y - 30, marks[each.step_id])
    return pieces


def _marks(one: JourneyMap) -> dict[str, int]:
    """Number the steps that hurt or could be better, from left to right."""
    told = [each for each in one.steps if each.text(Field.PAIN) or each.text(Field.OPPORTUNITY)]
    return {each.step_id: number for number, each in enumerate(told, start=1)}


def _mark(x: float, y: float, number: int) -> list[str]:
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="11" fill="{svg.LOOK}"/>',
        svg.text(x, y + 4.5, f"{number}", size=13, anchor="middle", weight="700", fill="#fff"),
    ]


# -- minutes to scale ------------------------------------------------------------------------------


def _bars(
    one: JourneyMap, words: Words, middles: list[float], step: float, *, top: float
) -> list[str]:  # fmt: skip
    """Draw the minutes of each step to one scale, and the sums with what they leave out."""
    wide, high = step - 26, 20.0
    pieces = [svg.text(36, top + 15, words.own["TIME"], size=15, weight="700")]
    scale = wide / _BAR_MAX_MIN
    for x, each in zip(middles, one.steps, strict=True):
        left, said = x - wide / 2, []
        at = left
        for name in MINUTES:
            minutes, cell = each.number(name), each.cells.get(name)
            if minutes or (cell is not None and cell.basis is not None):
                said.append(_minutes(words, name, cell))
            if minutes:
                long = min(minutes, _BAR_MAX_MIN - (at - left) / scale) * scale
                pieces.append(svg.rect(at, top, max(long, 2), high, fill=_FILLS[name]))
                at += max(long, 2)
        if sum(each.number(name) or 0 for name in MINUTES) > _BAR_MAX_MIN:
            pieces += [svg.line(at - 14 + off, top + high + 4, at - 6 + off, top - 4,
                                stroke=svg.INK, thick=1.6) for off in (0, 6)]  # fmt: skip
        yen = each.number(Field.COST_YEN)
        said += [words.amount(Field.COST_YEN, yen)] if yen else []
        pieces += [
            svg.text(left, top + 38 + 17 * n, text, size=12.5) for n, text in enumerate(said)
        ]
        if not said and not any(name in each.cells for name in MINUTES):
            pieces.append(svg.text(left, top + 15, words.own["UNKNOWN"], size=12.5, fill=svg.QUIET))
    pieces.append(svg.text(24, top + 118, _sums(one, words), size=15, weight="700"))
    key = words.own["KEY"].format(count=_BAR_MAX_MIN)
    pieces.append(svg.text(_WIDTH - 24, top - 10, key, size=12.5, anchor="end", fill=svg.QUIET))
    x = _WIDTH - 24 - svg.width_of(key, 12.5) - 20
    for name in reversed(MINUTES):
        x -= svg.width_of(words.fields[name.value], 12.5)
        pieces.append(svg.text(x, top - 10, words.fields[name.value], size=12.5))
        x -= 26
        pieces.append(svg.rect(x, top - 21, 20, 12, fill=_FILLS[name]))
        x -= 18
    return pieces


def _minutes(words: Words, name: Field, cell: Cell | None) -> str:
    """Say minutes; where they were counted, of how many."""
    told = f"{words.fields[name.value]} {words.said(name, cell)}"
    return told if cell is None or cell.basis is None else f"{told} n={cell.basis.count:,}"


def _sums(one: JourneyMap, words: Words) -> str:
    said = []
    for name, total in totals_of(one).items():
        rest = words.own["LEFT_OUT"].format(count=total.unknown) if total.unknown else ""
        said.append(f"{words.fields[name.value]} {words.amount(name, total.value)}{rest}")
    return f"{words.own['SUM']}　" + "　".join(said)


# -- pains and ideas -------------------------------------------------------------------------------


def _notes(one: JourneyMap, words: Words, *, top: float) -> tuple[list[str], float]:
    """List what hurts at the left and what could be done at the right, under one number."""
    marks = _marks(one)
    half = (_WIDTH - 72) / 2
    pieces, y = [], top
    if marks:
        pieces.append(svg.text(24, y, words.own["PAINS"], size=16, weight="700"))
        pieces.append(svg.text(48 + half, y, words.own["IDEAS"], size=16, weight="700"))
    for each in _told(one.steps, marks):
        y += 27
        pieces += _mark(36, y - 5, marks[each.step_id])
        for left, name in ((56.0, Field.PAIN), (48 + half, Field.OPPORTUNITY)):
            (text, *_), rest = _line(each.text(name), half - 40), each.cells.get(name)
            if rest is not None:
                pieces.append(svg.text(left, y, text))
    return pieces, y + 30


def _told(steps: Iterable[Step], marks: Mapping[str, int]) -> list[Step]:
    return [each for each in steps if each.step_id in marks]


def _line(text: str, width: float) -> tuple[str, ...]:
    return svg.lines_of(text, size=14, width=width, most=1) or ("",)
