"""The file of a CS extract: CSV in either code (抽出ファイル)."""

from __future__ import annotations

from typing import BinaryIO

from madoguchi.csops.domain.consistency import Facts, read_extract
from madoguchi.kernel.intake import Found, open_rows
from madoguchi.kernel.outcome import Problem


def open_extract(file: BinaryIO) -> tuple[Facts, ...] | tuple[Problem, ...]:
    """Read an extract whole, or return everything wrong with it (抽出ファイルを読む)."""
    found = Found()
    opened = open_rows(file, found)
    if opened is None:
        return tuple(found.problems)
    lines, names, rows = opened
    people, problems = read_extract(names, rows)
    found.add(problems)
    # Where the heading is wrong nobody reads on; the rest is read out so that the file is let go.
    for _ in rows:
        pass
    if lines.broken is not None:
        found.add([lines.broken])
    if not people and not found.problems:
        found.add([Problem(code="CSV_EMPTY")])
    return tuple(found.problems) or people
