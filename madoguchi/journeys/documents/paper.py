"""A map on an A3 sheet, across: the drawing, and the table that says the same (A3の紙)."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from madoguchi.dispatch.api import typeset
from madoguchi.infra.fonts import font_family
from madoguchi.journeys.documents import svg
from madoguchi.journeys.documents.mapdrawing import Words
from madoguchi.journeys.domain.maps import Cell, Field, JourneyMap
from madoguchi.kernel.fitting import Face
from madoguchi.kernel.wareki import format_long

_FOLDER = Path(__file__).parent / "templates"


def draw_paper(
    one: JourneyMap, *, drawing: str, called: str, words: Words, today: date
) -> bytes:  # fmt: skip
    """Draw the sheet; the table follows on a second one where it does not fit (紙の描画)."""
    rows = [
        [words.phases[step.phase.value], words.lanes[step.lane],
         *(_said(name, step.cells.get(name), words) for name in Field)]
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
        },
        folder=_FOLDER,
    )  # fmt: skip


def _said(name: Field, cell: Cell | None, words: Words) -> str:
    if cell is None:
        return "―"
    return f"{words.said(name, cell)}〔{words.evidence[cell.evidence.value]}〕"
