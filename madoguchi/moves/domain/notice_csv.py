"""A move-out notice as a CSV file, a row a person, read into the one layout (転出証明書情報のCSV).

The headings are ours (*assumed*), in the words of the standard's items: what 住基ネット's own
terminal gives out is not known. A column nobody knows is passed over; 個人番号 is refused.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.notices import SCHEMA

#: Of each person.
_PERSON: Mapping[str, str] = {
    "氏名": "name", "フリガナ": "name_kana", "生年月日": "birth", "性別": "sex", "続柄": "relationship",
    "本籍": "honseki", "筆頭者": "hittosha", "住民票コード": "resident_code",
    "住民種別": "nationality_group", "氏名（アルファベット）": "name_alphabet",
    "国籍・地域": "nationality", "在留資格": "residence_status", "30条の45の区分": "stay_class",
    "在留期間の満了日": "stay_until", "在留カード等の番号": "residence_card_no",
    "旧氏": "former_surname", "旧氏フリガナ": "former_surname_kana", "通称": "alias",
    "通称フリガナ": "alias_kana",
}  # fmt: skip
#: The same on each row, or on the first alone.
_SHARED: Mapping[str, str] = {
    "前の市区町村": "old_town", "転入前の住所": "previous_address",
    "転出予定日": "planned_move_out_on",
}  # fmt: skip
_CARD, _NUMBER = "カード", "個人番号"
_CODED: Mapping[str, Mapping[str, str]] = {
    "sex": {"男": "MALE", "女": "FEMALE"},
    "nationality_group": {"日本人": "JAPANESE", "外国人": "FOREIGN"},
}


def notice_from_rows(
    rows: Iterable[tuple[int, Sequence[str]]],
) -> dict[str, Any] | tuple[Problem, ...]:
    """Return a notice as its JSON would say it, or all that is wrong with the table (CSVの読取り)."""
    listed = list(rows)
    if len(listed) < 2:
        return (Problem(code="MOVE_NOTICE_NO_PEOPLE", where="people"),)
    (_line, heading), *people = listed
    names = [one.strip() for one in heading]
    problems = [Problem(code="MOVE_NOTICE_HAS_NUMBER", where=_NUMBER)] if _NUMBER in names else []
    if "氏名" not in names:
        problems.append(Problem(code="MOVE_NOTICE_NO_HEADING", where="氏名"))
    problems += [
        Problem(code="MOVE_NOTICE_ROW_LENGTH", where=f"line {line}")
        for line, row in people
        if len(row) != len(names)
    ]
    problems += [
        Problem(code="MOVE_NOTICE_HEADING_TWICE", where=one)
        for one in dict.fromkeys(names)
        if one and names.count(one) > 1
    ]
    found: dict[str, Any] = {"schema": SCHEMA, "people": []}
    for line, row in people:
        cells = {name: cell.strip() for name, cell in zip(names, row, strict=False)}
        found["people"].append(_person(cells))
        for heading_, key in _SHARED.items():
            told = cells.get(heading_, "")
            if told and found.setdefault(key, told) != told:
                problems.append(Problem(code="MOVE_NOTICE_ROWS_DIFFER", where=f"line {line}"))
    return tuple(problems) or found


def _person(cells: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for heading, key in _PERSON.items():
        value = cells.get(heading, "")
        if value:
            found[key] = _CODED.get(key, {}).get(value, value)
    if cells.get(_CARD):
        found["has_card"] = cells[_CARD] in ("あり", "有", "1")
    return found
