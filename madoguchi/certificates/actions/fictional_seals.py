"""Seals for a town that does not exist, drawn when it is generated (架空の印影).

Needs no database and no settings: the generator runs without either.
"""

from __future__ import annotations

from collections.abc import Callable

from madoguchi.certificates.documents.imprint import drawn_imprint
from madoguchi.certificates.domain.sheets import Face
from madoguchi.infra.fonts import font_path
from madoguchi.kernel.outcome import Refused


def seal_drawer() -> Callable[[str], bytes] | None:
    """Return what draws the seal of a name, or None where its font is not installed (印影の作画)."""
    try:
        font_path(Face.MINCHO)
    except Refused:
        return None
    return drawn_imprint
