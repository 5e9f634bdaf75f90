"""Reading a ledger file (管理簿の読取り): its columns, its rows, and all that is wrong with them."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from madoguchi.cards.domain.columns import Field, Guess, guess, is_heading_row
from madoguchi.cards.domain.ledger import Chosen, Column, check_cells, decide_columns, field_named
from madoguchi.cards.domain.rows import Values, read_row
from madoguchi.infra.sheets import Cell, Sheet, SheetRow, read_sheet, text_of, widest
from madoguchi.kernel.intake import Found
from madoguchi.kernel.outcome import Problem, Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRow:
    """One row of a ledger file (1行)."""

    line: int
    values: Values
    cells: tuple[Cell, ...]


@dataclass(slots=True, kw_only=True)
class Reading:
    """A ledger file as it was read (読取りの結果)."""

    sheet: str = ""
    columns: tuple[Column, ...] = ()
    rows: list[FileRow] = dataclasses.field(default_factory=list)
    found: Found = dataclasses.field(default_factory=Found)


def headings_of(file: BinaryIO) -> tuple[Guess, ...] | Problem:
    """Say what each column of a file is taken for (列の推定)."""
    sheet = read_sheet(file)
    if isinstance(sheet, Problem):
        return sheet
    head = _head(sheet)
    if head is None:
        return Problem(code="CARD_LIST_WITHOUT_HEADINGS")
    return guess(_headings(head, sheet.rows))


def choose_columns(file: BinaryIO, *, said: Sequence[str]) -> Chosen:
    """Read what somebody said of columns, 見出し=項目; all that cannot be read at once (列の指定)."""
    guesses = headings_of(file)
    file.seek(0)
    headings = [] if isinstance(guesses, Problem) else [one.heading for one in guesses]
    chosen: dict[int, Field | None] = {}
    problems = []
    for words in said:
        heading, sign, meaning = words.partition("=")
        field = field_named(meaning) if meaning else None
        if not sign or heading not in headings or (meaning and field is None):
            problems.append(Problem(code="CARD_COLUMN_SAID_WRONG", facts={"column": words[:60]}))
            continue
        chosen[headings.index(heading)] = field
    if problems:
        raise Refused(problems)
    return chosen


def read_ledger(file: BinaryIO, *, chosen: Chosen | None = None) -> Reading:
    """Read a ledger file whole; a row that cannot be read is a problem with its place."""
    reading = Reading()
    sheet = read_sheet(file)
    if isinstance(sheet, Problem):
        reading.found.add([sheet])
        return reading
    head = _head(sheet)
    if head is None:
        reading.found.add([Problem(code="CARD_LIST_WITHOUT_HEADINGS")])
        return reading
    below = [row for row in sheet.rows if row.line > head.line]
    headings = _headings(head, sheet.rows)
    fields, problems = decide_columns(headings, line=head.line, chosen=chosen)
    reading.found.add(problems)
    reading.sheet = sheet.name
    reading.columns = tuple(
        Column(heading=heading, field=field, format=_format(below, place))
        for place, (heading, field) in enumerate(zip(headings, fields, strict=True))
    )
    first: dict[str, int] = {}
    for row in below:
        _read(row, headings, fields, first=first, reading=reading)
    return reading


def _read(
    row: SheetRow,
    headings: Sequence[str],
    fields: Sequence[Field | None],
    *,
    first: dict[str, int],
    reading: Reading,
) -> None:
    texts = [text_of(cell) for cell in row.cells]
    ours = {one: "" for one in fields if one is not None} | {
        one: text for one, text in zip(fields, texts, strict=False) if one is not None
    }
    values, wrong = read_row(ours, line=row.line)
    wrong = (*wrong, *check_cells(texts, headings=headings, fields=fields, line=row.line))
    number = values.get(Field.NOTICE_NO, "")
    if number and number in first:
        facts = {"first": str(first[number])}
        wrong = (*wrong, Problem(code="CARD_ROW_TWICE", where=f"line {row.line}", facts=facts))
    reading.found.add(wrong)
    if number:
        first.setdefault(number, row.line)
    # Also of a wrong row what can be read: so its other problems show at once.
    reading.rows.append(FileRow(line=row.line, values=values, cells=row.cells))


def _head(sheet: Sheet) -> SheetRow | None:
    top = (row for row in sheet.rows[:10])
    return next((row for row in top if is_heading_row([text_of(one) for one in row.cells])), None)


def _headings(head: SheetRow, rows: Sequence[SheetRow]) -> list[str]:
    """Cells to the right of the last heading are kept too, under none."""
    found = [text_of(one) for one in head.cells]
    width = widest([row for row in rows if row.line >= head.line])
    return (found + [""] * width)[:width]


def _format(rows: Sequence[SheetRow], place: int) -> str:
    """The format most cells of a column have; a date without one is a date to nobody."""
    used = Counter(row.formats[place] for row in rows if place < len(row.formats))
    del used[""]
    found = used.most_common(1)
    return found[0][0] if found else ""
