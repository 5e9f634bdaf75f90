"""What every file that is taken in has in common (取込み): how far it is, what is wrong, what it did."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from madoguchi.kernel.csvfile import LINE_LENGTH_MAX, Lines, open_lines
from madoguchi.kernel.outcome import Problem, Refused

#: So many problems are listed; the others are counted.
LISTED_MAX = 1_000

NumberedRow = tuple[int, list[str]]


class Counting(Protocol):
    """Whoever wants to know how far the load has come (進みぐあい)."""

    def advance(self, count: int = 1, *, step: str | None = None) -> None:
        """Count ``count`` more as done; may raise to stop the work."""


@dataclass(slots=True, kw_only=True)
class Found:
    """Problems and warnings met so far: the first of them in full, all of them counted (不備)."""

    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)
    problem_count: int = 0
    warning_count: int = 0

    def add(self, problems: Sequence[Problem]) -> None:
        """Keep problems: nothing of the file will be loaded."""
        self.problem_count += len(problems)
        self.problems += problems[: LISTED_MAX - len(self.problems)]

    def warn(self, warnings: Sequence[Problem]) -> None:
        """Keep warnings: they stop nothing."""
        self.warning_count += len(warnings)
        self.warnings += warnings[: LISTED_MAX - len(self.warnings)]


def open_rows(
    file: BinaryIO, found: Found, *, line_length_max: int = LINE_LENGTH_MAX
) -> tuple[Lines, list[str], Iterator[NumberedRow]] | None:
    """Open a file and take off its row of names; None, with the reason kept, if it has none."""
    lines = open_lines(file, line_length_max=line_length_max)
    if isinstance(lines, Problem):
        found.add([lines])
        return None
    rows = lines.rows()
    first = next(rows, None)
    if first is None:
        found.add([lines.broken or Problem(code="CSV_EMPTY")])
        return None
    return lines, first[1], rows


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReport:
    """What taking in a file did, or would do, and all that is wrong (取込み結果).

    ``problems`` lists the first thousand; ``problem_count`` counts all.
    """

    rows: int
    new: int = 0
    changed: int = 0
    problems: tuple[Problem, ...] = ()
    problem_count: int = 0
    warnings: tuple[Problem, ...] = ()
    warning_count: int = 0

    @property
    def loaded(self) -> int:
        """Rows entered or changed (登録件数)."""
        return self.new + self.changed

    @property
    def unchanged(self) -> int:
        """Rows that stood so already (変わらない件数)."""
        return 0 if self.problem_count else self.rows - self.loaded


class FileRefused(Refused):
    """The file was refused and nothing of it was loaded; the report says why (取込み不可)."""

    report: FileReport

    def __init__(self, report: FileReport) -> None:
        super().__init__(report.problems)
        self.report = report

    def __reduce__(self) -> tuple[type[FileRefused], tuple[FileReport]]:  # type: ignore[override]
        return (type(self), (self.report,))
