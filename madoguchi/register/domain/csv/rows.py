"""One row of the file against the rules (行の検査): every problem, each with its column.

Sources: resident record standard 1.1.6 (what may not be blank), 1.1.8 (dates), 1.1.11 (続柄),
1.1.13 (check digits).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from madoguchi.kernel.checkdigits import INDIVIDUAL_NUMBER_LENGTH
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import FREE_TEXT_LENGTH_MAX, has_control_character, has_individual_number
from madoguchi.register.domain.csv.cells import READERS, Told
from madoguchi.register.domain.csv.columns import (
    COLUMNS,
    DOMICILE,
    INDIVIDUAL_NUMBER,
    NATIONALITY,
    REGISTER_HEAD,
    RESIDENT_CODE,
    STATUSES,
    STAY,
    Cell,
    Column,
)

JAPAN = "日本"
Reader = Callable[[str, Column], Told]
_EMPTY: Mapping[Cell, str] = MappingProxyType({Cell.SEX: "UNKNOWN"})
_COLUMN_COUNT_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The columns of one file, in its order; ``None`` where we do not know the name (見出し行)."""

    names: tuple[str, ...]
    columns: tuple[Column | None, ...]
    #: Where the columns stand whose cells are words, not numbers.
    free: tuple[int, ...]
    #: Per column: its name, the field, what reads it, what stands for blank. For speed.
    plan: tuple[tuple[str, Column | None, Reader | None, str], ...]

    @property
    def fills(self) -> frozenset[str]:
        """The fields this file says something about."""
        return frozenset(one.fills for one in self.columns if one is not None)


@dataclass(slots=True, kw_only=True)
class Row:
    """A row as read: fields, further columns, and what is wrong with it (1行)."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check_header(
    cells: Sequence[str], *, known: Sequence[Column] = COLUMNS
) -> Header | tuple[Problem, ...]:
    """Read the header row; return all that is wrong with it (見出し行の検査).

    Names may come in any order and in either width; further columns are kept.
    """
    named = {one.name: one for one in known}
    names = tuple(unicodedata.normalize("NFKC", cell).strip().lstrip("\ufeff") for cell in cells)
    # NFKC turns ・ of 国籍・地域 half-wide input into the same sign, and leaves ours alone.
    found: list[Problem] = []
    for place, name in enumerate(names):
        where = f"line 1, {name or place + 1}"
        if not name:
            found.append(Problem(code="CSV_COLUMN_NAMELESS", where=where))
        elif name in names[:place]:
            found.append(Problem(code="CSV_COLUMN_TWICE", where=where, facts={"column": name}))
        elif name == INDIVIDUAL_NUMBER and name not in named:
            found.append(Problem(code="CSV_INDIVIDUAL_NUMBER_COLUMN", where=where))
    for one in known:
        if one.required and one.name not in names:
            facts = {"column": one.name}
            found.append(
                Problem(code="CSV_COLUMN_MISSING", where=f"line 1, {one.name}", facts=facts)
            )
    if len(names) > _COLUMN_COUNT_MAX:
        facts = {"limit": str(_COLUMN_COUNT_MAX)}
        found.append(Problem(code="CSV_TOO_MANY_COLUMNS", where="line 1", facts=facts))
    if found:
        return tuple(found)
    columns = tuple(named.get(name) for name in names)
    free = (place for place, one in enumerate(columns) if one is None or one.cell in _WORDS)
    plan = tuple(
        (name, one, READERS.get(one.cell) if one else None, _EMPTY.get(one.cell, "") if one else "")
        for name, one in zip(names, columns, strict=True)
    )
    return Header(names=names, columns=columns, free=tuple(free), plan=plan)


def check_row(header: Header, *, line: int, cells: Sequence[str]) -> Row:
    """Read one row; return its fields with every problem in it (行の検査)."""
    row = Row(line=line)
    if len(cells) != len(header.names):
        facts = {"cells": str(len(cells)), "expected": str(len(header.names))}
        row.problems.append(Problem(code="CSV_RAGGED", where=f"line {line}", facts=facts))
        # The cells may have slipped sideways; still, the first one names the person.
    values = row.values
    for (name, column, reader, empty), cell in zip(header.plan, cells, strict=False):
        if column is None:
            if cell:
                row.extra[name] = cell
        elif not cell:
            values[column.fills] = empty
            if column.filled:
                row.problems.append(blank(line, name))
        elif reader is None:
            values[column.fills] = cell
        else:
            told = reader(cell, column)
            values.update(told.values)
            if told.problem is not None:
                values[column.fills] = None  # something stood there: it is wrong, not blank
                row.problems.append(_placed(told.problem, line, name))
            if told.warning is not None:
                row.warnings.append(_placed(told.warning, line, name))
    if _looks_odd(cells, header.free):
        row.problems += _odd_texts(header, line, cells)
    return row


def check_person(row: Row) -> None:
    """Add what depends on several cells of a person's row, and settle derived fields (整合)."""
    values = row.values
    nationality = values.get("nationality", "")
    foreign = bool(nationality) and nationality != JAPAN
    values["foreign_resident"] = foreign
    if foreign:
        if values.get("residence_status", "") == "":
            row.problems.append(blank(row.line, STAY))
    else:
        if values.get("residence_status") and not nationality:
            row.problems.append(blank(row.line, NATIONALITY))
        for name, fill in ((DOMICILE, "honseki"), (REGISTER_HEAD, "hittosha")):
            if values.get(fill, "") == "":
                row.problems.append(blank(row.line, name))
    if values.get("status") in _RESIDENT and values.get("resident_code", "") == "":
        row.problems.append(blank(row.line, RESIDENT_CODE))
    name = values.get("name", "")
    if name and not foreign and "\u3000" not in name:
        row.warnings.append(Problem(code="CSV_NAME_WITHOUT_SPACE", where=f"line {row.line}, 氏名"))


_RESIDENT = frozenset(status.value for status in STATUSES.values() if status.is_resident)


def blank(line: int, column: str) -> Problem:
    """Return the problem of a cell that may not be blank (空欄)."""
    return Problem(code="CSV_BLANK", where=f"line {line}, {column}", facts={"column": column})


def _placed(problem: Problem, line: int, column: str) -> Problem:
    facts = {"column": column, **problem.facts}
    return Problem(code=problem.code, where=f"line {line}, {column}", facts=facts)


# -- text that may not be stored -------------------------------------------------------

# Everything has_control_character() refuses, and line breaks, which no item may hold.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_NO_DIGIT = re.compile(r"\D+")
#: Cells that hold words; the others are checked whole by their own readers.
_WORDS = frozenset({Cell.TEXT, Cell.KANA, Cell.ADDRESS})


def _looks_odd(cells: Sequence[str], free: Sequence[int]) -> bool:
    """Tell quickly whether a row needs the slow look; most do not."""
    if _UNSEEN.search("\u3000".join(cells)) or max(map(len, cells)) > FREE_TEXT_LENGTH_MAX:
        return True
    present = len(cells)
    for place in free:
        cell = cells[place] if place < present else ""
        # Short cells first: most end the question there.
        if len(cell) < INDIVIDUAL_NUMBER_LENGTH:
            continue
        if len(_NO_DIGIT.sub("", cell)) >= INDIVIDUAL_NUMBER_LENGTH:
            return True
    return False


def _odd_texts(header: Header, line: int, cells: Sequence[str]) -> list[Problem]:
    found: list[Problem] = []
    for column, name, cell in zip(header.columns, header.names, cells, strict=False):
        where = f"line {line}, {name}"
        if len(cell) > FREE_TEXT_LENGTH_MAX:
            facts = {"length": f"{len(cell):,}", "limit": f"{FREE_TEXT_LENGTH_MAX:,}"}
            found.append(Problem(code="TEXT_TOO_LONG", where=where, facts=facts))
            continue
        if _UNSEEN.search(cell) and (has_control_character(cell) or "\n" in cell or "\t" in cell):
            found.append(Problem(code="TEXT_HAS_CONTROL_CHARACTER", where=where))
        wordy = column is None or column.cell in _WORDS
        if wordy and has_individual_number(cell):
            found.append(Problem(code="TEXT_HAS_INDIVIDUAL_NUMBER", where=where))
    return found
