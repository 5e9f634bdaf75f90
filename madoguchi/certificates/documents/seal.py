"""The electronic seal of a town that does not exist (電子公印・架空の町).

A vector drawing of glyph outlines, so it carries no text layer and prints at any size.
It says 架空の町 in so many characters: it must never pass for a real town's seal.
"""

from collections.abc import Sequence

from madoguchi.certificates.domain.sheets import Face
from madoguchi.infra.fonts import outline

_SIDE = 220.0
_FRAME = 7.0
_MARGIN = 13.0

#: Columns from right to left, as a seal is read.
DEMO_COLUMNS = ("架空の町", "せとうち", "町長之印")


def seal_svg(columns: Sequence[str] = DEMO_COLUMNS) -> bytes:
    """Return a square seal with these columns, right to left (電子公印)."""
    assert columns, "a seal without columns"
    assert all(columns), "a column without characters"
    width = (_SIDE - 2 * _MARGIN) / len(columns)
    paths: list[str] = []
    for place, column in enumerate(columns):
        height = (_SIDE - 2 * _MARGIN) / len(column)
        size = min(width, height) * 0.98
        centre_x = _SIDE - _MARGIN - width * (place + 0.5)
        for row, char in enumerate(column):
            centre_y = _MARGIN + height * (row + 0.5)
            path = outline(
                char,
                left=centre_x - size / 2,
                baseline=centre_y + size * 0.38,
                size=size,
                face=Face.MINCHO,
            )
            assert path is not None, f"no glyph for {char}"
            paths.append(path)
    inner = _SIDE - _FRAME
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_SIDE} {_SIDE}">'
        f'<rect x="{_FRAME / 2}" y="{_FRAME / 2}" width="{inner}" height="{inner}" '
        f'fill="none" stroke="#000" stroke-width="{_FRAME}"/>'
        f'<path d="{"".join(paths)}" stroke="#000" stroke-width="1.6"/></svg>'
    ).encode()
