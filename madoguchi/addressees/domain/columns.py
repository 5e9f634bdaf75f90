"""Which column of a list is which item (列の見当).

Guessed by the heading, shown, and confirmed by whoever takes the list in; never by what stands
in the cells.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem


@unique
class Column(StrEnum):
    """The items a list may have (列)."""

    ID = "id"
    PERSON = "person"
    NAME = "name"
    SURNAME = "surname"
    GIVEN = "given"
    KANA = "kana"
    ALIAS = "alias"
    FORMER = "former"
    BIRTH = "birth"
    ADDRESS = "address"
    BUILDING = "building"
    STATUS = "status"
    PROTECTED = "protected"
    RESIDENT_CODE = "resident_code"
    CARD_NO = "card_no"
    NOTICE_NO = "notice_no"


#: Headings as towns, vendors and programs write them, folded; *assumed* beyond our own files.
_HEADINGS: Mapping[Column, tuple[str, ...]] = {
    Column.ID: ("id", "batchid", "no", "番号", "連番", "通番", "管理番号", "申請書id", "申請書番号", "整理番号"),
    Column.PERSON: ("宛名番号", "宛名コード", "personid", "registerid", "住民番号", "個人コード"),
    Column.NAME: ("name", "氏名", "名前", "お名前", "宛名", "氏名漢字", "漢字氏名", "申請者氏名", "fullname"),
    Column.SURNAME: ("surname", "氏", "姓", "familyname", "lastname"),
    Column.GIVEN: ("given", "名", "givenname", "firstname"),
    Column.KANA: ("kana", "氏名フリガナ", "フリガナ", "ふりがな", "氏名カナ", "カナ氏名", "カナ", "氏名かな", "namekana", "氏名読み"),
    Column.ALIAS: ("通称", "通称名", "alias"),
    Column.FORMER: ("旧氏", "formersurname"),
    Column.BIRTH: ("birthdate", "birth", "birthday", "dateofbirth", "dob", "生年月日"),
    Column.ADDRESS: ("address", "住所", "送付先住所", "送付先", "宛先住所", "現住所", "住所1"),
    Column.BUILDING: ("方書", "building", "建物名", "住所2"),
    Column.STATUS: ("status", "住民状態", "状態", "異動区分"),
    Column.PROTECTED: ("protected", "支援措置", "抑止", "isprotected"),
    Column.RESIDENT_CODE: ("residentcode", "住民票コード"),
    Column.CARD_NO: ("cardno", "cardserial", "製造番号", "カード番号", "シリアル番号"),
    Column.NOTICE_NO: ("noticeno", "交付通知書番号", "通知書番号"),
}  # fmt: skip
#: Numbers both files may carry, the surest first.
NUMBERS = (Column.PERSON, Column.RESIDENT_CODE, Column.CARD_NO, Column.NOTICE_NO)
#: What a register says besides of a person, and a list does not (通称, 旧氏).
OF_REGISTER = frozenset((Column.ALIAS, Column.FORMER))
_BY_HEADING = {heading: column for column, all_ in _HEADINGS.items() for heading in all_}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """The place of each item in a row (列の対応)."""

    places: Mapping[Column, int]
    width: int

    def has(self, *wanted: Column) -> bool:
        """Whether all these items have a column."""
        return all(one in self.places for one in wanted)


def fold_heading(text: str) -> str:
    """Return a heading without case, spaces, brackets and joints (見出しのキー)."""
    plain = unicodedata.normalize("NFKC", text).lower()
    return "".join(one for one in plain if one.isalnum())


def guess_columns(headings: Sequence[str]) -> Columns:
    """Guess which column is which; the first of two alike is taken (列の見当)."""
    places: dict[Column, int] = {}
    for place, heading in enumerate(headings):
        column = _BY_HEADING.get(fold_heading(heading))
        if column is not None:
            places.setdefault(column, place)
    return Columns(places=places, width=len(headings))


def check_columns(columns: Columns, headings: Sequence[str], *, file: str) -> tuple[Problem, ...]:
    """Return what a list lacks to be compared at all (列の検査)."""
    found = []
    named = columns.has(Column.NAME) or columns.has(Column.SURNAME, Column.GIVEN)
    for ok, word in ((named, "氏名"), (columns.has(Column.BIRTH), "生年月日")):
        if not ok:
            facts = {"column": word, "headings": "・".join(headings)[:120]}
            found.append(Problem(code="ADDRESSEES_COLUMN_MISSING", where=file, facts=facts))
    folded = [fold_heading(one) for one in headings]
    for place, column in columns.places.items():
        alike = [headings[at] for at, one in enumerate(folded) if _BY_HEADING.get(one) is place]
        if len(alike) > 1:
            facts = {"headings": "・".join(alike), "taken": headings[column]}
            found.append(Problem(code="ADDRESSEES_COLUMN_TWICE", where=file, facts=facts))
    return tuple(found)
