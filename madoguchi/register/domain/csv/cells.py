"""Reading one cell (項目の読取り): the fields it fills, or why it cannot be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from types import MappingProxyType
from typing import Any

from madoguchi.kernel.addresses import split_address
from madoguchi.kernel.checkdigits import (
    LEDGER_NUMBER_LENGTH,
    is_valid_addressee_no,
    is_valid_individual_number,
    is_valid_resident_code,
)
from madoguchi.kernel.dates import (
    UNCLEAR_FORMS,
    DateField,
    check_register_date,
    parse_register_date,
)
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.csv.columns import (
    MEASURES,
    REASONS,
    SEXES,
    STATUSES,
    Cell,
    Column,
)
from madoguchi.register.domain.relationship import Relationship, parse_relationship

_NOTHING: Mapping[str, Any] = MappingProxyType({})
_JAPAN = timezone(timedelta(hours=9))
_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a cell says: fields, or a problem; its place is added by the row (項目の値)."""

    values: Mapping[str, Any] = field(default_factory=lambda: _NOTHING)
    problem: Problem | None = None
    warning: Problem | None = None


def _refused(code: str, cell: str, **facts: str) -> Told:
    return Told(problem=Problem(code=code, facts={"written": cell[:_SHOWN], **facts}))


@lru_cache(maxsize=4_096)
def _ledger_number(cell: str, column: Column) -> Told:
    """宛名番号, 世帯番号: fifteen digits; a spreadsheet drops the zeros in front of them."""
    if not (cell.isascii() and cell.isdigit() and len(cell) <= LEDGER_NUMBER_LENGTH):
        return _refused("CSV_NUMBER_UNREADABLE", cell, length=str(LEDGER_NUMBER_LENGTH))
    number = cell.zfill(LEDGER_NUMBER_LENGTH)
    if not is_valid_addressee_no(number):
        return _refused("CSV_CHECK_DIGIT", cell)
    warning = None
    if number != cell:
        warning = Problem(code="CSV_NUMBER_PADDED", facts={"written": cell, "number": number})
    return Told(values={column.fills: number}, warning=warning)


def _kana(cell: str, column: Column) -> Told:
    if _KANJI.search(cell):
        return _refused("CSV_NOT_KANA", cell)
    return Told(values={column.fills: cell})


_KANJI = re.compile("[\u2e80-\u2fdf\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


@lru_cache(maxsize=100_000)
def _date(cell: str, column: Column) -> Told:
    """A date as written, with a day to sort by; unclear ones only where the standard says so."""
    read = parse_register_date(cell)
    if isinstance(read, Problem):
        return Told(problem=read)
    wrong = check_register_date(read, field=column.date_field)
    if not wrong and read.form in UNCLEAR_FORMS and column.date_field is DateField.OTHER:
        return _refused("DATE_NOT_EXACT", cell)
    if wrong:
        return Told(problem=wrong[0])
    return Told(values={column.fills: cell, f"{column.fills}_sort": read.sort_on})


@lru_cache(maxsize=256)
def _sex(cell: str, column: Column) -> Told:
    sex = SEXES.get(cell)
    if sex is None:
        return _refused("CSV_WORD_UNKNOWN", cell, words="「男」「女」、不明のときは空欄")
    return Told(values={column.fills: sex.value})


@lru_cache(maxsize=10_000)
def _relationship(cell: str, column: Column) -> Told:
    read = parse_relationship(cell)
    if not isinstance(read, Relationship):
        return Told(problem=read)
    return Told(values={column.fills: cell, "is_householder": read.is_head})


@lru_cache(maxsize=4_096)
def _postcode(cell: str, column: Column) -> Told:
    if not _POSTCODE.fullmatch(cell):
        return _refused("CSV_POSTCODE", cell)
    return Told(values={column.fills: cell})


_POSTCODE = re.compile(r"[0-9]{3}-?[0-9]{4}")


@lru_cache(maxsize=4_096)
def _address(cell: str, column: Column) -> Told:
    if not split_address(cell).prefecture:
        return _refused("CSV_ADDRESS_PREFECTURE", cell)
    return Told(values={column.fills: cell})


def _resident_code(cell: str, column: Column) -> Told:
    if not is_valid_resident_code(cell):
        return _refused("CSV_RESIDENT_CODE", cell)
    return Told(values={column.fills: cell})


@lru_cache(maxsize=256)
def _status(cell: str, column: Column) -> Told:
    status = STATUSES.get(cell)
    if status is None:
        return _refused("CSV_WORD_UNKNOWN", cell, words="".join(f"「{word}」" for word in STATUSES))
    return Told(values={column.fills: status.value})


@lru_cache(maxsize=256)
def _measure(cell: str, column: Column) -> Told:
    if cell not in MEASURES:
        words = "".join(f"「{word}」" for word in MEASURES if word)
        return _refused("CSV_WORD_UNKNOWN", cell, words=f"{words}、なければ空欄")
    return Told(values={column.fills: cell})


def _history_no(cell: str, column: Column) -> Told:
    if not (cell.isascii() and cell.isdigit() and int(cell[:6]) >= 1 and len(cell) <= 5):
        return _refused("CSV_HISTORY_NO", cell)
    return Told(values={column.fills: int(cell)})


@lru_cache(maxsize=256)
def _reason(cell: str, column: Column) -> Told:
    reasons = REASONS.get(cell.translate(_BRACKETS))
    if reasons is None:
        return _refused("CSV_REASON_UNKNOWN", cell)
    return Told(values={column.fills: reasons})


_BRACKETS = str.maketrans("（）", "()")


def _moment(cell: str, column: Column) -> Told:
    """A moment in Japan: 2020-04-02T09:15:00, with or without seconds or an offset."""
    try:
        moment = datetime.fromisoformat(cell)
    except ValueError:
        return _refused("CSV_MOMENT", cell)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=_JAPAN)
    return Told(values={column.fills: moment})


def _individual_number(cell: str, column: Column) -> Told:
    """Only in a file of its own; a wrong one is never repeated in a message."""
    if not is_valid_individual_number(cell):
        return Told(problem=Problem(code="INDIVIDUAL_NUMBER_WRONG"))
    return Told(values={column.fills: cell})


READERS: Mapping[Cell, Callable[[str, Column], Told]] = MappingProxyType(
    {
        Cell.LEDGER_NUMBER: _ledger_number,
        Cell.KANA: _kana,
        Cell.DATE: _date,
        Cell.SEX: _sex,
        Cell.RELATIONSHIP: _relationship,
        Cell.POSTCODE: _postcode,
        Cell.ADDRESS: _address,
        Cell.RESIDENT_CODE: _resident_code,
        Cell.STATUS: _status,
        Cell.MEASURE: _measure,
        Cell.HISTORY_NO: _history_no,
        Cell.REASON: _reason,
        Cell.MOMENT: _moment,
        Cell.INDIVIDUAL_NUMBER: _individual_number,
    }
)
