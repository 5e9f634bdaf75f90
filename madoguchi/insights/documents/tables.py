"""The table of years, and the means as printed, from two files (年度の表のファイル)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import BinaryIO, TypeVar

from madoguchi.insights.domain.counting import Tally
from madoguchi.insights.domain.counts import COUNTS, read_counts
from madoguchi.insights.domain.effect import Effect, Inputs, Year
from madoguchi.insights.domain.findings import find_all
from madoguchi.insights.domain.reading import read_headings
from madoguchi.insights.domain.table import YEARS, read_means, read_years
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """The rows of a file, the means its report printed, and all that is wrong (読み取った表)."""

    rows: tuple[Tally, ...]
    means: Mapping[int, Decimal]
    problems: tuple[Problem, ...]
    problem_count: int


def read_file(file: BinaryIO, *, source: str) -> Taken:
    """Read a table of years or one of months, whichever its heading says (表の読取り).

    A table of years may have a column 月平均: the mean as it was printed, kept to be re-added.
    """
    found = Found()
    file.seek(0)
    opened = open_rows(file, found)
    names = read_headings(opened[1]) if opened else []
    rows: tuple[Tally, ...] = ()
    means: Mapping[int, Decimal] = {}
    file.seek(0)
    if "months_in_service" in names:
        years = take_file(file, found, lambda heads, lines: read_years(heads, lines, source=source))
        rows = tuple(row for year in years or () for row in year.rows)
        if "printed_mean" in names:
            file.seek(0)
            means = (
                take_file(
                    file, found, lambda heads, lines: read_means(heads, lines, years=years or ())
                )
                or {}
            )
    elif "channel" in names:
        rows = (
            take_file(file, found, lambda heads, lines: read_counts(heads, lines, source=source))
            or ()
        )
    elif opened:
        facts = {"years": "、".join(YEARS), "counts": "、".join(COUNTS)}
        found.add([Problem(code="EFFECT_SHAPE_UNKNOWN", facts=facts)])
    return Taken(
        rows=rows, means=means, problems=tuple(found.problems), problem_count=found.problem_count
    )


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
