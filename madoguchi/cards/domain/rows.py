"""One row of a list or a ledger as our values (1行の読取り): every problem at once, with its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from madoguchi.cards.domain.boxes import Line, read_box_no
from madoguchi.cards.domain.card import (
    CardKind,
    CardState,
    Printed,
    plain,
    read_application_no,
    read_notice_no,
)
from madoguchi.cards.domain.columns import DAYS, NAMES, Field
from madoguchi.cards.domain.shelves import read_place
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text, has_individual_number

#: Words for the kinds, as lists write them (*assumed*).
KINDS: Mapping[str, CardKind] = {
    "新規": CardKind.NEW, "新規申請": CardKind.NEW, "初回": CardKind.NEW,
    "更新": CardKind.RENEWAL, "更新申請": CardKind.RENEWAL,
    "再交付": CardKind.REISSUE, "再発行": CardKind.REISSUE,
    "特急": CardKind.EXPRESS, "特急発行": CardKind.EXPRESS,
    "国外": CardKind.ABROAD, "国外転出者": CardKind.ABROAD, "国外転出": CardKind.ABROAD,
    "": CardKind.UNKNOWN, "不明": CardKind.UNKNOWN,
}  # fmt: skip
TEXT_LENGTH_MAX = 300

Values = dict[Field, Any]


def read_row(texts: Mapping[Field, str], *, line: int) -> tuple[Values, tuple[Problem, ...]]:
    """Read the cells that are ours; what cannot be read is a problem with its place (1行)."""
    values: Values = {}
    problems: list[Problem] = []
    for field, text in texts.items():
        heading = NAMES[field][0]
        where = f"line {line}, {heading}"
        if has_individual_number(text) and field is not Field.APPLICATION_NO:
            problems.append(
                Problem(code="CARD_CELL_INDIVIDUAL_NUMBER", where=where, facts={"column": heading})
            )
            continue
        found = _read(field, text.strip(), where=where)
        if isinstance(found, Problem):
            facts = {**found.facts, "column": heading, "written": text[:40]}
            problems.append(Problem(code=found.code, where=where, facts=facts))
        else:
            values[field] = found
    if Field.NOTICE_NO in texts and not values.get(Field.NOTICE_NO) and not problems:
        problems.append(Problem(code="CARD_ROW_WITHOUT_NUMBER", where=f"line {line}"))
    return values, tuple(problems)


def line_of(values: Values) -> Line:
    """Return a row as a line of a box's list (送付一覧の1行)."""
    return Line(
        notice_no=values[Field.NOTICE_NO],
        application_no=values.get(Field.APPLICATION_NO, ""),
        kind=values.get(Field.KIND, CardKind.UNKNOWN),
        printed=printed_of_values(values),
    )


def printed_of_values(values: Values) -> Printed:
    """Return what a row says of the holder (券面の記載)."""
    return Printed(
        name=values.get(Field.NAME, ""),
        kana=values.get(Field.KANA, ""),
        birth_on=values.get(Field.BIRTH),
        address=values.get(Field.ADDRESS, ""),
        made_on=values.get(Field.MADE_ON),
        expires_on=values.get(Field.EXPIRES_ON),
    )


def state_of(values: Values) -> CardState:
    """Say from its days where the card of a ledger row stands (状態の推定)."""
    if values.get(Field.ENDED_ON):
        return CardState.DISCARDED
    if values.get(Field.HANDED_OVER_ON):
        return CardState.HANDED_OVER
    return CardState.SET_UP if values.get(Field.SETUP_ON) else CardState.ARRIVED


def _read(field: Field, text: str, *, where: str) -> Any:
    if field in DAYS:
        return _day(text, where=where)
    reader = _READERS.get(field)
    if reader is not None:
        return reader(text, where)
    problems = check_free_text(text, limit=TEXT_LENGTH_MAX, where=where)
    return problems[0] if problems else text


def _day(text: str, *, where: str) -> date | Problem | None:
    return parse_day(text, where=where) if text else None


def _kind(text: str, where: str) -> CardKind | Problem:
    found = KINDS.get("".join(text.split()))
    if found is None:
        found = next((one for one in CardKind if one.value == plain(text)), None)
    return found or Problem(code="CARD_KIND_UNREADABLE", where=where)


def _shelf(text: str, where: str) -> str | Problem:
    if not text:
        return ""
    place = read_place(text, where=where)
    return place if isinstance(place, Problem) else place.label


_READERS: Mapping[Field, Callable[[str, str], Any]] = {
    Field.NOTICE_NO: lambda text, where: read_notice_no(text, where=where) if text else "",
    Field.APPLICATION_NO: lambda text, where: read_application_no(text, where=where),
    Field.KIND: _kind,
    Field.BOX: lambda text, where: read_box_no(text, where=where) if text else "",
    Field.SHELF: _shelf,
}
