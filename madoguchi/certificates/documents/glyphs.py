"""Whether the fonts hold every character of a planned paper (文字の有無)."""

from collections.abc import Iterable

from madoguchi.certificates.domain.sheets import Sheet
from madoguchi.infra.fonts import code_of, missing_in
from madoguchi.kernel.outcome import Problem


def check_glyphs(sheets: Iterable[Sheet]) -> tuple[Problem, ...]:
    """Return alert A5 for every character no glyph exists for (未登録外字)."""
    found: list[Problem] = []
    for sheet in sheets:
        for run in sheet.runs:
            for cluster in missing_in(run.text, face=run.face):
                assert run.where, f"the form's own words cannot be printed: {run.text}"
                found.append(
                    Problem(code="GLYPH_MISSING", where=run.where, facts={"char": code_of(cluster)})
                )
    return tuple(found)
