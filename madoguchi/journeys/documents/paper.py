"""A map on an A3 sheet, across: the drawing, and the table that says the same (A3の紙)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from madoguchi.dispatch.api import typeset
from madoguchi.infra.fonts import font_family
from madoguchi.journeys.documents import svg
from madoguchi.journeys.documents.mapdrawing import Words
from madoguchi.journeys.domain.maps import Field, JourneyMap, Step
from madoguchi.kernel.fitting import Face
from madoguchi.kernel.wareki import format_long

_FOLDER = Path(__file__).parent / "templates"


def draw_paper(
    one: JourneyMap, *, drawing: str, called: str, words: Words, today: date
) -> bytes:  # fmt: skip
    """Draw the sheet; the table follows on a second one where it does not fit (紙の描画)."""
    notes: list[str] = []
    rows = [
        [words.phases[step.phase.value], words.lanes[step.lane],
         *(_said(name, step, words, notes) for name in Field)]
        for step in one.steps
    ]  # fmt: skip
    gothic = font_family(Face.GOTHIC)
    return typeset(
        "map.typ",
        {
            # The compiler has our own fonts alone; the drawing names those of browsers too.
            "drawing": drawing.replace(svg.FONTS, gothic), "called": called,
            "title": one.title, "persona": one.persona, "date": format_long(today),
            "columns": [words.fields[name.value] for name in Field], "rows": rows,
            "notes": notes,
        },
        folder=_FOLDER,
    )  # fmt: skip


def _said(name: Field, step: Step, words: Words, notes: list[str]) -> str:
    """Say a cell; what was counted is told in a note beneath, for its column is narrow."""
    cell = step.cells.get(name)
    if cell is None:
        return "―"
    said, rests = words.said(name, cell), words.evidence[cell.evidence.value]
    if cell.basis is not None:
        place = f"{step.text(Field.DOING)}・{words.fields[name.value]}"
        notes.append(f"{place}　{said}：{words.counted(cell.basis)}")
        rests = f"{rests} 注{len(notes)}"
    return f"{said}〔{rests}〕"
