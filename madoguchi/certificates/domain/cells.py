"""Cells of a form: a label, a value, and the rules around them (様式の欄)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from madoguchi.certificates.domain.paper import OverflowRule
from madoguchi.certificates.domain.sheets import Face, Rule, Run
from madoguchi.kernel.fitting import (
    LEADING_EM,
    MM_PER_PT,
    Fitted,
    fit,
    width_em,
)
from madoguchi.kernel.outcome import Problem

#: From the top of an em square to its baseline, less half of it: what centres a line.
_BASELINE_BELOW_CENTRE_EM = 0.38
#: Distance between a rule and the text beside it.
PADDING_MM = 0.9
LABEL_PT = 6.5
_LABEL_FLOOR_PT = 4.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One box of a form, relative to the corner of its block (欄).

    The label stands between `x_mm` and `value_x_mm`; without a label the value takes all.
    """

    field: str
    label: str
    x_mm: float
    value_x_mm: float
    end_x_mm: float
    y_mm: float
    height_mm: float
    size_pt: float = 8.5
    centred: bool = False  # the value stands in the middle of its box
    right: bool = False  # the value ends where its box ends, as amounts do
    label_pt: float = LABEL_PT
    pad_mm: float = PADDING_MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """What drawing some cells gave (描画結果)."""

    runs: tuple[Run, ...]
    problems: tuple[Problem, ...]


def label_runs(cell: Cell, *, x_mm: float, y_mm: float) -> tuple[Run, ...]:
    """Set the label of a cell in its box (見出し)."""
    if not cell.label:
        return ()
    width = cell.value_x_mm - cell.x_mm - cell.pad_mm * 2
    placed = fit(
        cell.label,
        width_mm=width,
        height_mm=cell.height_mm - 0.3,
        size_pt=cell.label_pt,
        floor_pt=_LABEL_FLOOR_PT,
    )
    assert not placed.lost, f"the form's own label does not fit: {cell.label}"
    return _set_lines(
        placed,
        x_mm=x_mm + cell.x_mm + cell.pad_mm,
        centre_mm=y_mm + cell.y_mm + cell.height_mm / 2,
        face=Face.GOTHIC,
        where="",
    )


def value_runs(
    cell: Cell, text: str, *, x_mm: float, y_mm: float, where: str, rule: OverflowRule
) -> tuple[tuple[Run, ...], tuple[Problem, ...]]:
    """Set the value of a cell in its box; too long a text is alert A5 (欄の値)."""
    if not text:
        return (), ()
    placed = fit(
        text,
        width_mm=cell.end_x_mm - cell.value_x_mm - cell.pad_mm * 2,
        height_mm=cell.height_mm - 0.3,
        size_pt=cell.size_pt,
    )
    problems: tuple[Problem, ...] = ()
    if placed.lost:
        problems = (
            Problem(
                code="OVERFLOW",
                where=where,
                facts={"lost": str(placed.lost), "length": str(len(text))},
            ),
        )
        if rule is OverflowRule.LEAVE_BLANK:
            return (), problems
    runs = _set_lines(
        placed,
        x_mm=x_mm + _value_x_mm(cell, placed),
        centre_mm=y_mm + cell.y_mm + cell.height_mm / 2,
        face=Face.MINCHO,
        where=where,
    )
    return runs, problems


def _value_x_mm(cell: Cell, placed: Fitted) -> float:
    if cell.right:
        end = cell.end_x_mm - cell.pad_mm
        return right_x_mm(placed.lines[0], end_mm=end, size_pt=placed.size_pt)
    if not cell.centred:
        return cell.value_x_mm + cell.pad_mm
    return centred_x_mm(
        placed.lines[0],
        centre_mm=(cell.value_x_mm + cell.end_x_mm) / 2,
        size_pt=placed.size_pt,
    )


def draw_cells(
    cells: Sequence[Cell],
    labels: Sequence[tuple[Run, ...]],
    texts: Mapping[str, str],
    *,
    x_mm: float,
    y_mm: float,
    who: str,
    rule: OverflowRule,
) -> Drawn:
    """Draw cells in reading order: each label, then its value (欄の描画).

    `labels` are the label runs of these cells for a block at the page's corner; they never
    change, so the caller makes them once.
    """
    runs: list[Run] = []
    problems: list[Problem] = []
    for cell, label in zip(cells, labels, strict=True):
        runs.extend(
            Run(
                text=run.text,
                x_mm=run.x_mm + x_mm,
                y_mm=run.y_mm + y_mm,
                size_pt=run.size_pt,
                face=run.face,
            )
            for run in label
        )
        found, wrong = value_runs(
            cell,
            texts.get(cell.field, ""),
            x_mm=x_mm,
            y_mm=y_mm,
            where=f"{who} {cell.label or cell.field}".strip(),
            rule=rule,
        )
        runs.extend(found)
        problems.extend(wrong)
    return Drawn(runs=tuple(runs), problems=tuple(problems))


def rules_of(cells: Iterable[Cell]) -> tuple[Rule, ...]:
    """Return the lines between cells: above each, before each, and after its label (罫線).

    Lines that continue each other are joined: a quarter of the strokes to draw.
    """
    across: list[tuple[float, float, float]] = []  # y, from x, to x
    down: list[tuple[float, float, float]] = []  # x, from y, to y
    for cell in cells:
        bottom = cell.y_mm + cell.height_mm
        across.append((cell.y_mm, cell.x_mm, cell.end_x_mm))
        down.append((cell.x_mm, cell.y_mm, bottom))
        if cell.label and cell.value_x_mm < cell.end_x_mm:
            down.append((cell.value_x_mm, cell.y_mm, bottom))
    return (
        *(Rule(x1_mm=a, y1_mm=y, x2_mm=b, y2_mm=y) for y, a, b in _joined(across) if y > 0),
        *(Rule(x1_mm=x, y1_mm=a, x2_mm=x, y2_mm=b) for x, a, b in _joined(down) if x > 0),
    )


def _joined(lines: Iterable[tuple[float, float, float]]) -> list[tuple[float, float, float]]:
    """Join stretches of one line that touch or overlap (罫線の連結)."""
    found: list[tuple[float, float, float]] = []
    for at, start, end in sorted((round(a, 3), round(b, 3), round(c, 3)) for a, b, c in lines):
        if found and found[-1][0] == at and start <= found[-1][2]:
            found[-1] = (at, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((at, start, end))
    return found


def moved(rules: Iterable[Rule], *, x_mm: float, y_mm: float) -> tuple[Rule, ...]:
    """Return the rules of a block standing at this corner of the page (罫線の移動)."""
    return tuple(
        Rule(
            x1_mm=rule.x1_mm + x_mm,
            y1_mm=rule.y1_mm + y_mm,
            x2_mm=rule.x2_mm + x_mm,
            y2_mm=rule.y2_mm + y_mm,
        )
        for rule in rules
    )


def line_run(
    text: str,
    *,
    x_mm: float,
    y_mm: float,
    size_pt: float,
    face: Face = Face.MINCHO,
    where: str = "",
) -> Run:
    """Set one line from the left, its baseline at `y_mm` (左揃え)."""
    return Run(text=text, x_mm=x_mm, y_mm=y_mm, size_pt=size_pt, face=face, where=where)


def centred_x_mm(text: str, *, centre_mm: float, size_pt: float) -> float:
    """Return where a line begins that is to be centred there (中央揃え)."""
    return centre_mm - width_em(text) * size_pt * MM_PER_PT / 2


def right_x_mm(text: str, *, end_mm: float, size_pt: float) -> float:
    """Return where a line begins that is to end there (右揃え)."""
    return end_mm - width_em(text) * size_pt * MM_PER_PT


def _set_lines(
    placed: Fitted, *, x_mm: float, centre_mm: float, face: Face, where: str
) -> tuple[Run, ...]:
    em_mm = placed.size_pt * MM_PER_PT
    first = centre_mm - (len(placed.lines) - 1) * LEADING_EM * em_mm / 2
    return tuple(
        Run(
            text=line,
            x_mm=x_mm,
            y_mm=first + index * LEADING_EM * em_mm + _BASELINE_BELOW_CENTRE_EM * em_mm,
            size_pt=placed.size_pt,
            face=face,
            where=where,
        )
        for index, line in enumerate(placed.lines)
    )
