"""A list of any kind as headings and rows of texts (リストのファイル): CSV of either code, or Excel."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from madoguchi.infra.sheets import Sheet, read_sheet, text_of, widest
from madoguchi.kernel.csvfile import Lines, open_lines
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

_BOOKS = (b"PK", b"\xd0\xcf")


@dataclass(slots=True, kw_only=True)
class OpenList:
    """An opened list (開いたリスト)."""

    headings: list[str]
    rows: Iterator[NumberedRow]
    lines: Lines | None = None

    @property
    def broken(self) -> Problem | None:
        """What ended the reading early; known only after the rows were read."""
        return self.lines.broken if self.lines else None

    def close(self) -> None:
        """Stop reading, while the file is still open."""
        if isinstance(self.rows, Generator):
            self.rows.close()


def open_list(file: BinaryIO) -> OpenList | Problem:
    """Open a list; the first row holds its headings (リストを開く)."""
    head = file.read(2)
    file.seek(0)
    if head in _BOOKS:
        sheet = read_sheet(file)
        return sheet if isinstance(sheet, Problem) else _from_sheet(sheet)
    lines = open_lines(file)
    if isinstance(lines, Problem):
        return lines
    rows = lines.rows()
    first = next(rows, None)
    if first is None:
        return lines.broken or Problem(code="CSV_EMPTY")
    return OpenList(headings=first[1], rows=rows, lines=lines)


def _from_sheet(sheet: Sheet) -> OpenList | Problem:
    if not sheet.rows:
        return Problem(code="CSV_EMPTY")
    width = widest(sheet.rows)
    texts = [
        (row.line, [text_of(cell) for cell in row.cells[:width]] + [""] * (width - len(row.cells)))
        for row in sheet.rows
    ]
    return OpenList(headings=texts[0][1], rows=iter(texts[1:]))
