"""Reading the list that came with a box (送付一覧の読取り)."""

from __future__ import annotations

from typing import BinaryIO

from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.columns import NAMES, Field, check_headings, guess, is_heading_row
from madoguchi.cards.domain.rows import line_of, read_row
from madoguchi.infra.sheets import read_sheet, text_of
from madoguchi.kernel.outcome import Problem


def read_list(file: BinaryIO) -> tuple[tuple[Line, ...], tuple[Problem, ...]]:
    """Read a list in any order of columns: lines and all that is wrong (送付一覧)."""
    sheet = read_sheet(file)
    if isinstance(sheet, Problem):
        return (), (sheet,)
    head = next(
        (row for row in sheet.rows[:10] if is_heading_row([text_of(one) for one in row.cells])),
        None,
    )
    if head is None:
        return (), (Problem(code="CARD_LIST_WITHOUT_HEADINGS"),)
    headings = [text_of(one) for one in head.cells]
    problems = list(check_headings(headings, line=head.line))
    # Of a guess nobody confirmed nothing is taken.
    fields = [one.field if one.is_sure else None for one in guess(headings)]
    if Field.NOTICE_NO not in fields:
        problems.append(
            Problem(code="CARD_COLUMN_MISSING", facts={"column": NAMES[Field.NOTICE_NO][0]})
        )
    if problems:
        return (), tuple(problems)
    lines: dict[str, tuple[int, Line]] = {}
    for row in sheet.rows:
        if row.line <= head.line:
            continue
        texts = {
            field: text_of(cell)
            for field, cell in zip(fields, row.cells, strict=False)
            if field is not None
        }
        values, wrong = read_row(texts, line=row.line)
        problems += wrong
        if wrong:
            continue
        line = line_of(values)
        if line.notice_no in lines:
            first = str(lines[line.notice_no][0])
            where = f"line {row.line}"
            problems.append(Problem(code="CARD_ROW_TWICE", where=where, facts={"first": first}))
        lines.setdefault(line.notice_no, (row.line, line))
    return tuple(line for _, line in lines.values()), tuple(problems)
