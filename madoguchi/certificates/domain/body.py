"""Parts of the middle of a page: blocks of cells, put together (本文の部品)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from madoguchi.certificates.domain.cells import draw_cells, moved
from madoguchi.certificates.domain.forms import FORM_WIDTH_MM, FORM_X_MM, Form
from madoguchi.certificates.domain.paper import Paper
from madoguchi.certificates.domain.sheets import Box, Rule, Run
from madoguchi.kernel.outcome import Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The middle of one page: what stands between head and certification (本文)."""

    runs: tuple[Run, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Box, ...]
    persons: tuple[int, ...]
    problems: tuple[Problem, ...]
    imprint: Box | None = None
    codes: tuple[Box, ...] = ()


def block(
    paper: Paper, form: Form, texts: Mapping[str, str], *, number: int | None, y_mm: float
) -> Body:
    """Draw a form with these texts at a height; ``number`` is the person's place (区画の描画)."""
    drawn = draw_cells(
        form.cells,
        form.labels,
        texts,
        x_mm=FORM_X_MM,
        y_mm=y_mm,
        who=f"{number or 1}人目",
        rule=paper.overflow,
    )
    return Body(
        runs=drawn.runs,
        rules=moved(form.rules, x_mm=FORM_X_MM, y_mm=y_mm),
        frames=(Box(x_mm=FORM_X_MM, y_mm=y_mm, width_mm=FORM_WIDTH_MM, height_mm=form.height_mm),),
        persons=() if number is None else (number - 1,),
        problems=drawn.problems,
    )


def only_runs(runs: tuple[Run, ...]) -> Body:
    """Return words alone, without lines or persons (文字だけの本文)."""
    return Body(runs=runs, rules=(), frames=(), persons=(), problems=())


def joined(bodies: Iterable[Body]) -> Body:
    """Put the parts of one page together, in order (本文の組立て)."""
    parts = tuple(bodies)
    return Body(
        runs=tuple(run for part in parts for run in part.runs),
        rules=tuple(rule for part in parts for rule in part.rules),
        frames=tuple(frame for part in parts for frame in part.frames),
        persons=tuple(person for part in parts for person in part.persons),
        problems=tuple(problem for part in parts for problem in part.problems),
        imprint=next((part.imprint for part in parts if part.imprint is not None), None),
        codes=tuple(code for part in parts for code in part.codes),
    )
