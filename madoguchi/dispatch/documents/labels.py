"""Address labels, twelve on a sheet (宛名ラベル)."""

from __future__ import annotations

from collections.abc import Sequence

from madoguchi.dispatch.documents.codes import clerk_path, page_svg
from madoguchi.dispatch.documents.typesetting import typeset
from madoguchi.dispatch.domain.pieces import Piece
from madoguchi.kernel.fitting import MM_PER_PT, fit

#: Twelve labels on A4, two across. *Assumed*: the common 86.4 × 42.3 mm.
PER_SHEET = 12
_LEFT, _TOP, _WIDTH, _HEIGHT, _PITCH = 18.6, 21.2, 86.4, 42.3, 86.4
_INSET = 4.0
_CODE_HEIGHT = 5.0

_Line = tuple[float, float, float, str, str]


def draw_labels(pieces: Sequence[Piece]) -> bytes:
    """Draw a label for each letter, in the order of the batch (宛名ラベルの作成)."""
    sheets = [pieces[at : at + PER_SHEET] for at in range(0, len(pieces), PER_SHEET)]
    if not sheets:
        return b""
    return typeset(
        "labels.typ", {"title": "宛名ラベル", "sheets": [_sheet(sheet) for sheet in sheets]}
    )


def _sheet(pieces: Sequence[Piece]) -> dict[str, object]:
    lines: list[_Line] = []
    paths = []
    for seat, one in enumerate(pieces):
        left = _LEFT + (seat % 2) * _PITCH + _INSET
        top = _TOP + (seat // 2) * _HEIGHT + _INSET
        lines += _label(one, left=left, top=top)
        bottom = top - 2 * _INSET + _HEIGHT
        paths.append(
            clerk_path(
                one.about_no, left=left, top=bottom - _CODE_HEIGHT + 1.5, height=_CODE_HEIGHT
            )
        )
        lines.append((left + 46, bottom + 0.6, 10, one.about_no, "G"))
    return {"codes": page_svg(*paths), "lines": lines}


def _label(piece: Piece, *, left: float, top: float) -> list[_Line]:
    to = piece.recipient
    width = _WIDTH - 2 * _INSET
    found: list[_Line] = [(left, top + 3.6, 11, f"〒{to.postcode}", "M")]
    y = top + 4.4
    for text, largest, smallest, rows in (
        (to.address, 10.5, 7.5, 2),
        (to.building, 9.5, 7.0, 1),
        (to.name + to.honorific, 14.0, 8.0, 2),
    ):
        if not text.strip():
            continue
        height = largest * MM_PER_PT * (1.12 * rows + 0.02)
        placed = fit(text, width_mm=width, height_mm=height, size_pt=largest, floor_pt=smallest)
        for line in placed.lines:
            y += placed.size_pt * MM_PER_PT * 1.25
            found.append((left, y, placed.size_pt, line, "M"))
    return found
