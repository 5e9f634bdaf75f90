"""Cells of a table, each wrong one with its place (セルの読取り)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from madoguchi.kernel import wareki
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

SHOWN = 40
#: More issues than Japan has people, so a slip of the keyboard.
ISSUES_MAX = 200_000_000
_WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")
#: The headings of a town's own sheet, beside those of the command line.
JAPANESE: Mapping[str, str] = {
    "年度": "fiscal_year",
    "稼働月数": "months_in_service",
    "交付全体": "all_issues",
    "交付実績": "channel_issues",
    "月平均": "printed_mean",
    "月": "month",
    "種類": "kind",
    "方法": "channel",
    "件数": "issues",
}


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was read of a file, and all that is wrong with it (読取り)."""

    columns: tuple[str, ...]
    #: Said before a place, where two files are read together.
    file: str = ""
    problems: list[Problem] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

    def note(self, code: str, line: int, column: str = "", **facts: str) -> None:
        """Keep one problem with its line and column."""
        place = f"{self.file}line {line}" + (f", {column}" if column else "")
        self.problems.append(
            Problem(code=code, where=place, facts={"column": column, **facts} if column else facts)
        )

    def records(
        self, names: Sequence[str], rows: Iterable[NumberedRow]
    ) -> Iterable[tuple[int, dict[str, str]]]:
        """Yield each row by its columns; nothing where the heading is already wrong."""
        headings = read_headings(names)
        for column in self.columns:
            if column not in headings:
                self.note("CSV_COLUMN_MISSING", 1, column)
            elif headings.count(column) > 1:
                self.note("CSV_COLUMN_TWICE", 1, column)
        if self.problems:
            return
        for line, cells in rows:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(headings):
                facts = {"cells": f"{len(cells)}", "expected": f"{len(headings)}"}
                self.note("CSV_RAGGED", line, **facts)
                continue
            yield line, dict(zip(headings, cells, strict=True))

    def fiscal_year(self, line: int, text: str) -> int | None:
        """Read a fiscal year in any way people write one."""
        number = read_fiscal_year(text)
        if isinstance(number, Problem):
            written = text.strip()[:SHOWN]
            self.note("EFFECT_YEAR_UNREADABLE", line, "fiscal_year", written=written)
            return None
        return number

    def fiscal_year_once(self, line: int, text: str) -> int | None:
        """Read a fiscal year that stands in one row only."""
        number = self.fiscal_year(line, text)
        if number is None:
            return None
        if number in self.seen:
            facts = {"written": text.strip()[:SHOWN], "first_line": f"{self.seen[number]}"}
            self.note("EFFECT_YEAR_TWICE", line, "fiscal_year", **facts)
            return None
        self.seen[number] = line
        return number

    def whole(
        self, line: int, column: str, cells: Mapping[str, str], *, least: int = 0,
        most: int = ISSUES_MAX,
    ) -> int | None:  # fmt: skip
        """Read a whole number within its bounds."""
        written = plain(cells[column])
        number = int(written.replace(",", "")) if _WHOLE.fullmatch(written) else -1
        if least <= number <= most:
            return number
        facts = {"written": written[:SHOWN], "least": f"{least:,}", "most": f"{most:,}"}
        self.note("EFFECT_NOT_A_COUNT", line, column, **facts)
        return None


def read_headings(names: Sequence[str]) -> list[str]:
    """Return the headings by the names of the command line, whichever were written (見出し)."""
    written = [plain(name) for name in names]
    return [JAPANESE.get(name, name) for name in written]


def read_fiscal_year(text: str) -> int | Problem:
    """Read 令和6年度, R6, 2024 as the western year it begins in (年度の読取り)."""
    written = wareki.plain(text).removesuffix("度")
    return wareki.parse_year(written.removeprefix("FY"))


def plain(text: str) -> str:
    """Return a cell half-width and without blanks around it (半角)."""
    return unicodedata.normalize("NFKC", text).strip()
