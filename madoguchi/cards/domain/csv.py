"""card_certificates.csv: its columns and how a row is read (電子証明書の一覧ファイル).

The columns are ours: what the issuing authority's terminal gives a town to take out is not
known to us (*assumed*). Every problem of a row is told at once, with its column.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from types import MappingProxyType

from madoguchi.cards.domain.certificates import CertificateState, Purpose, fold_issuer
from madoguchi.kernel.checkdigits import LEDGER_NUMBER_LENGTH, is_valid_addressee_no
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem

PERSON_NO, ISSUER, SERIAL, PURPOSE = "宛名番号", "発行者", "シリアル番号", "種別"
VALID_FROM, VALID_UNTIL, REGISTERED_ON, STATE = "有効開始日", "有効終了日", "登録日", "状態"
INDIVIDUAL_NUMBER = "個人番号"

PURPOSES: Mapping[str, Purpose] = MappingProxyType(
    {"署名用": Purpose.SIGN, "利用者証明用": Purpose.AUTH}
)
STATES: Mapping[str, CertificateState] = MappingProxyType(
    {
        "有効": CertificateState.VALID,
        "停止": CertificateState.STOPPED,
        "失効": CertificateState.REVOKED,
    }
)

#: The field each column fills.
COLUMNS: Mapping[str, str] = MappingProxyType(
    {
        PERSON_NO: "person_id",
        ISSUER: "issuer",
        SERIAL: "serial",
        PURPOSE: "purpose",
        VALID_FROM: "valid_from",
        VALID_UNTIL: "valid_until",
        REGISTERED_ON: "registered_on",
        STATE: "state",
    }
)
FIELDS = tuple(COLUMNS.values())

# Twenty bytes at most (RFC 5280 4.1.2.2), so forty-nine figures.
_SERIAL_BITS = 160
_SERIAL_LENGTH_MAX = 49
# A spreadsheet keeps fifteen figures of a number and writes noughts for the rest.
_FIGURES_KEPT = 15
_SHOWN = 40
_COLUMN_COUNT_MAX = 200

Cell = str | date


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a cell says, or what is wrong with it; its place is added by the row (項目の値)."""

    value: Cell | None = None
    problem: Problem | None = None
    warning: Problem | None = None


@dataclass(slots=True, kw_only=True)
class Row:
    """A row as read: its fields, and all that is wrong with it (1行)."""

    line: int
    values: dict[str, Cell] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    warnings: list[Problem] = field(default_factory=list)


def check_header(cells: Sequence[str]) -> tuple[str, ...] | tuple[Problem, ...]:
    """Read the header row: the column names in the file's order, or all that is wrong (見出し行).

    Names may come in any order and in either width; further columns are passed over.
    """
    names = tuple(unicodedata.normalize("NFKC", cell).strip().lstrip("\ufeff") for cell in cells)
    found: list[Problem] = []
    for place, name in enumerate(names):
        where = f"line 1, {name or place + 1}"
        if name and name in names[:place]:
            found.append(Problem(code="CSV_COLUMN_TWICE", where=where, facts={"column": name}))
        if name == INDIVIDUAL_NUMBER:
            found.append(Problem(code="CARDS_INDIVIDUAL_NUMBER_COLUMN", where=where))
    for name in COLUMNS:
        if name not in names:
            facts = {"column": name}
            found.append(Problem(code="CSV_COLUMN_MISSING", where=f"line 1, {name}", facts=facts))
    if len(names) > _COLUMN_COUNT_MAX:
        facts = {"limit": str(_COLUMN_COUNT_MAX)}
        found.append(Problem(code="CSV_TOO_MANY_COLUMNS", where="line 1", facts=facts))
    return tuple(found) or names


def check_row(names: Sequence[str], *, line: int, cells: Sequence[str], today: date) -> Row:
    """Read one row under a header; return its fields with every problem in it (行の検査)."""
    row = Row(line=line)
    if len(cells) != len(names):
        facts = {"cells": str(len(cells)), "expected": str(len(names))}
        row.problems.append(Problem(code="CSV_RAGGED", where=f"line {line}", facts=facts))
    for name, cell in zip(names, cells, strict=False):
        reader = _READERS.get(name)
        if reader is None:
            continue
        told = reader(cell.strip()) if cell.strip() else _BLANK
        if told.value is not None:
            row.values[COLUMNS[name]] = told.value
        if told.problem is not None:
            row.problems.append(_placed(told.problem, line, name))
        if told.warning is not None:
            row.warnings.append(_placed(told.warning, line, name))
    row.problems += _check_days(row, today=today)
    return row


def _check_days(row: Row, *, today: date) -> list[Problem]:
    begins, ends = row.values.get("valid_from"), row.values.get("valid_until")
    registered = row.values.get("registered_on")
    found: list[Problem] = []
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        found.append(_placed(Problem(code="CARDS_DAYS_REVERSED"), row.line, VALID_UNTIL))
    if isinstance(registered, date) and registered > today:
        found.append(_placed(Problem(code="CARDS_REGISTERED_AHEAD"), row.line, REGISTERED_ON))
    return found


# -- cells -----------------------------------------------------------------------------


def _refused(code: str, cell: str, **facts: str) -> Told:
    return Told(problem=Problem(code=code, facts={"written": cell[:_SHOWN], **facts}))


_BLANK = Told(problem=Problem(code="CARDS_CELL_BLANK"))


def _person_no(cell: str) -> Told:
    """宛名番号: fifteen digits; a spreadsheet drops the noughts in front of them."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= LEDGER_NUMBER_LENGTH):
        return _refused("CSV_NUMBER_UNREADABLE", cell, length=str(LEDGER_NUMBER_LENGTH))
    number = cell.zfill(LEDGER_NUMBER_LENGTH)
    if not is_valid_addressee_no(number):
        return _refused("CSV_CHECK_DIGIT", cell)
    warning = None
    if number != cell:
        warning = Problem(code="CSV_NUMBER_PADDED", facts={"written": cell, "number": number})
    return Told(value=number, warning=warning)


@lru_cache(maxsize=256)
def _issuer(cell: str) -> Told:
    issuer = fold_issuer(cell)
    return _refused("CARDS_ISSUER_UNREADABLE", cell) if issuer is None else Told(value=issuer)


def _serial(cell: str) -> Told:
    """シリアル番号: a decimal number; one that a spreadsheet may have rounded is warned of."""
    readable = cell.isascii() and cell.isdigit() and len(cell) <= _SERIAL_LENGTH_MAX
    if not readable or not 0 < int(cell) < 1 << _SERIAL_BITS:
        return _refused("CARDS_SERIAL_UNREADABLE", cell)
    number = str(int(cell))
    warning = None
    if len(number) > _FIGURES_KEPT + 2 and not number[_FIGURES_KEPT:].strip("0"):
        warning = Problem(code="CARDS_SERIAL_ROUNDED", facts={"written": cell})
    return Told(value=number, warning=warning)


@lru_cache(maxsize=64)
def _purpose(cell: str) -> Told:
    return _word(cell, PURPOSES)


@lru_cache(maxsize=64)
def _state(cell: str) -> Told:
    return _word(cell, STATES)


def _word(cell: str, known: Mapping[str, Purpose] | Mapping[str, CertificateState]) -> Told:
    code = known.get(unicodedata.normalize("NFKC", cell))
    if code is None:
        words = "".join(f"「{word}」" for word in known)
        return _refused("CSV_WORD_UNKNOWN", cell, words=words)
    return Told(value=code.value)


@lru_cache(maxsize=10_000)
def _day(cell: str) -> Told:
    day = parse_day(cell)
    return Told(problem=day) if isinstance(day, Problem) else Told(value=day)


_READERS: Mapping[str, Callable[[str], Told]] = MappingProxyType(
    {
        PERSON_NO: _person_no,
        ISSUER: _issuer,
        SERIAL: _serial,
        PURPOSE: _purpose,
        VALID_FROM: _day,
        VALID_UNTIL: _day,
        REGISTERED_ON: _day,
        STATE: _state,
    }
)


def _placed(problem: Problem, line: int, column: str) -> Problem:
    facts = {"column": column, **problem.facts}
    return Problem(code=problem.code, where=f"line {line}, {column}", facts=facts)
