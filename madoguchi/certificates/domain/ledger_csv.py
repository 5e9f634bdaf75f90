"""The rows of seals.csv and tax.csv, one at a time (印鑑登録・課税の取込みの行).

Columns as the town's systems write them; what this room does not know is kept beside the row.
A row is read as far as it goes, so that everything wrong with it is told at once.
"""

from __future__ import annotations

import base64
import binascii
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from madoguchi.kernel import wareki
from madoguchi.kernel.checkdigits import LEDGER_NUMBER_LENGTH, is_valid_addressee_no
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import FREE_TEXT_LENGTH_MAX, has_control_character, has_individual_number

PERSON = "宛名番号"
IMPRINT = "印影"
_YEN_MAX = 10**12
_YEN_FIGURES_MAX = 40  # noughts in front are read; Python itself refuses thousands of figures
_WORDS_SEAL_STATE = {"登録": "REGISTERED", "廃止": "STRUCK"}
_WORDS_UNPAID = {"なし": False, "0": False, "あり": True, "未納": True, "1": True}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column we know: where it goes and how a cell of it is read (列)."""

    name: str
    fills: str
    read: Callable[[str], Any]
    wanted: bool = True  # the file must have it
    filled: bool = True  # no cell of it may be blank
    blank: Any = None  # what a blank cell means


@dataclass(slots=True, kw_only=True)
class Row:
    """A row as read: its values, further columns, and what is wrong with it (1行)."""

    line: int
    values: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


# --- cells -------------------------------------------------------------------------------


def _person(cell: str) -> str | Problem:
    if is_valid_addressee_no(cell):
        return cell
    whole = cell.isascii() and cell.isdecimal() and len(cell) == LEDGER_NUMBER_LENGTH
    return Problem(
        code="CSV_CHECK_DIGIT" if whole else "CSV_NUMBER_UNREADABLE",
        facts={"written": cell[:40], "length": str(LEDGER_NUMBER_LENGTH)},
    )


def _words(cell: str, *, limit: int = FREE_TEXT_LENGTH_MAX) -> str | Problem:
    if len(cell) > limit:
        facts = {"length": f"{len(cell):,}", "limit": f"{limit:,}"}
        return Problem(code="TEXT_TOO_LONG", facts=facts)
    if has_control_character(cell) or "\n" in cell or "\t" in cell:
        return Problem(code="TEXT_HAS_CONTROL_CHARACTER")
    if has_individual_number(cell):
        return Problem(code="TEXT_HAS_INDIVIDUAL_NUMBER")
    return cell


#: As much as the tables hold.
_reason, _category = partial(_words, limit=100), partial(_words, limit=20)


def _number(cell: str) -> str | Problem:
    if 1 <= len(cell) <= 20 and cell.isascii() and cell.replace("-", "").isalnum():
        return cell
    return Problem(code="SEAL_NUMBER_UNREADABLE", facts={"written": cell[:40]})


def _one_of(words: Mapping[str, Any]) -> Callable[[str], Any]:
    def read(cell: str) -> Any:
        if cell in words:
            return words[cell]
        listed = "、".join(words)
        return Problem(code="CSV_WORD_UNKNOWN", facts={"written": cell[:40], "words": listed})

    return read


def _yen(cell: str) -> int | Problem:
    plain = cell.replace(",", "").removesuffix("円")
    readable = plain.isascii() and plain.isdecimal() and len(plain) <= _YEN_FIGURES_MAX
    if readable and int(plain) < _YEN_MAX:
        return int(plain)
    return Problem(code="TAX_AMOUNT_UNREADABLE", facts={"written": cell[:40]})


def _fiscal_year(cell: str) -> int | Problem:
    """Read 令和8年度, 令和8年, or 2026."""
    year = wareki.parse_year(wareki.plain(cell).removesuffix("度"))
    if isinstance(year, int) and 1950 <= year <= 2199:
        return year
    return Problem(code="TAX_YEAR_UNREADABLE", facts={"written": cell[:40]})


def _base64(cell: str) -> bytes | Problem:
    try:
        return base64.b64decode(cell, validate=True)
    except (binascii.Error, ValueError):
        return Problem(code="IMPRINT_UNREADABLE")


SEAL_FILE = (
    Column(name=PERSON, fills="person_id", read=_person),
    Column(name="印鑑登録番号", fills="registration_no", read=_number),
    Column(name="登録氏名", fills="registered_name", read=_words),
    Column(name="登録年月日", fills="registered_on", read=parse_day),
    Column(name="登録状態", fills="state", read=_one_of(_WORDS_SEAL_STATE)),
    Column(name="廃止年月日", fills="ended_on", read=parse_day, filled=False),
    Column(name="廃止事由", fills="reason", read=_reason, filled=False, blank=""),
    Column(name=IMPRINT, fills="imprint", read=_base64, wanted=False, filled=False),
)
_TAX_AMOUNTS = (
    ("給与収入金額", "wage_yen"), ("公的年金等収入金額", "pension_yen"),
    ("合計所得金額", "income_yen"), ("所得控除額", "deduction_yen"), ("課税標準額", "base_yen"),
    ("町民税所得割額", "town_rate_yen"), ("町民税均等割額", "town_flat_yen"),
    ("県民税所得割額", "prefecture_rate_yen"), ("県民税均等割額", "prefecture_flat_yen"),
    ("森林環境税額", "forest_yen"), ("年税額", "total_yen"),
)  # fmt: skip
#: The columns of the ledger that hold them, in this order.
AMOUNTS = tuple(fills for _, fills in _TAX_AMOUNTS)
TAX_FILE = (
    Column(name=PERSON, fills="person_id", read=_person),
    Column(name="賦課年度", fills="fiscal_year", read=_fiscal_year),
    Column(name="課税区分", fills="category", read=_category),
    *(Column(name=name, fills=fills, read=_yen) for name, fills in _TAX_AMOUNTS),
    Column(name="賦課期日住所", fills="address", read=_words, wanted=False, filled=False, blank=""),
    Column(name="未納", fills="unpaid", read=_one_of(_WORDS_UNPAID), wanted=False, filled=False,
           blank=False),
)  # fmt: skip


# --- header and rows ---------------------------------------------------------------------


def check_header(names: Sequence[str], *, columns: Iterable[Column]) -> tuple[Problem, ...]:
    """Return everything wrong with the line of names (見出し行の確認)."""
    found = [
        Problem(code="CSV_COLUMN_MISSING", where="line 1", facts={"column": one.name})
        for one in columns
        if one.wanted and one.name not in names
    ]
    found += [
        Problem(code="CSV_COLUMN_TWICE", where="line 1", facts={"column": name})
        for name, times in Counter(names).items()
        if name and times > 1
    ]
    if "" in names:
        found.append(Problem(code="CSV_COLUMN_NAMELESS", where="line 1"))
    if any("個人番号" in name or "マイナンバー" in name for name in names):
        found.append(Problem(code="LEDGER_INDIVIDUAL_NUMBER_COLUMN", where="line 1"))
    return tuple(found)


def read_row(
    names: Sequence[str], cells: Sequence[str], *, columns: Mapping[str, Column], line: int
) -> Row:
    """Read one row; every cell that is wrong is named with its column (行の確認)."""
    row = Row(line=line)
    if len(cells) != len(names):
        facts = {"cells": str(len(cells)), "expected": str(len(names))}
        row.problems.append(Problem(code="CSV_RAGGED", where=f"line {line}", facts=facts))
    for name, raw in zip(names, cells, strict=False):
        column, cell = columns.get(name), raw.strip(" ")
        if column is None:
            told: Any = _words(cell) if cell else ""
            if isinstance(told, str) and cell:
                row.extra[name] = cell
        elif not cell:
            told = column.blank
            if column.filled:
                told = Problem(code="LEDGER_BLANK")
        else:
            told = column.read(cell)
        if isinstance(told, Problem):
            facts = {"column": name, **told.facts}
            row.problems.append(Problem(code=told.code, where=f"line {line}, {name}", facts=facts))
            told = None
        if column is not None:
            row.values[column.fills] = told
    return row


def check_seal_row(row: Row) -> None:
    """Add what depends on several cells of a seal's row (印鑑登録の整合)."""
    state, began, ended = (row.values.get(name) for name in ("state", "registered_on", "ended_on"))
    if state == "STRUCK" and ended is None and not _told(row, "廃止年月日"):
        row.problems.append(_at(row, "SEAL_STRUCK_WITHOUT_DAY", "廃止年月日"))
    if state == "REGISTERED" and ended is not None:
        row.problems.append(_at(row, "SEAL_REGISTERED_WITH_END", "廃止年月日"))
    if began is not None and ended is not None and ended < began:
        row.problems.append(_at(row, "SEAL_DAYS_REVERSED", "廃止年月日"))


_SUMMED = (
    "town_rate_yen",
    "town_flat_yen",
    "prefecture_rate_yen",
    "prefecture_flat_yen",
    "forest_yen",
)


def tax_warnings(row: Row) -> tuple[Problem, ...]:
    """Say where the sum is not that of its parts: a reduction, or a slip (年税額の確認)."""
    parts = [row.values.get(name) for name in _SUMMED]
    total = row.values.get("total_yen")
    if None in parts or total is None or sum(part or 0 for part in parts) == total:
        return ()
    return (_at(row, "TAX_TOTAL_DIFFERS", "年税額"),)


def _told(row: Row, column: str) -> bool:
    return any(one.where == f"line {row.line}, {column}" for one in row.problems)


def _at(row: Row, code: str, column: str) -> Problem:
    return Problem(code=code, where=f"line {row.line}, {column}", facts={"column": column})
