"""The table of years, and the means as printed, from two files (年度の表のファイル)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, TypeVar

from madoguchi.insights.domain.effect import Effect, Inputs, Year
from madoguchi.insights.domain.findings import find_all
from madoguchi.insights.domain.table import read_means, read_years
from madoguchi.kernel.intake import FileRefused, FileReport, Found, NumberedRow, open_rows
from madoguchi.kernel.outcome import Problem

T = TypeVar("T")
Reader = Callable[[Sequence[str], Iterator[NumberedRow]], tuple[T, tuple[Problem, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The years of a table, what the newest brought, and what a reader should know (効果の表)."""

    years: tuple[Year, ...]
    latest: Effect
    findings: tuple[Problem, ...]


def read_board(table: BinaryIO, printed: BinaryIO | None, *, inputs: Inputs, source: str) -> Board:
    """Read both files and work the board out; refused with every problem of both (効果の表の作成)."""
    found = Found()
    years = (
        take_file(table, found, lambda names, rows: read_years(names, rows, source=source)) or ()
    )
    means: Mapping[int, Decimal] = {}
    if printed is not None:
        means = (
            take_file(printed, found, lambda names, rows: read_means(names, rows, years=years))
            or {}
        )
    if found.problem_count:
        report = FileReport(
            rows=len(years), problems=tuple(found.problems), problem_count=found.problem_count
        )
        raise FileRefused(report)
    latest = Effect(year=years[-1], inputs=inputs)
    return Board(years=years, latest=latest, findings=find_all(years, latest, printed=means))


def take_file(file: BinaryIO, found: Found, read: Reader[T]) -> T | None:
    """Read one file to its end, whatever is wrong with it, and keep all problems (ファイルの読取り)."""
    opened = open_rows(file, found)
    if opened is None:
        return None
    lines, names, rows = opened
    taken, problems = read(names, rows)
    found.add(problems)
    # Where the heading is wrong nobody reads on; the rest is read out so that the file is let go.
    for _ in rows:
        pass
    if lines.broken is not None:
        found.add([lines.broken])
    return taken
