"""The columns of register.csv and what each one fills (項目名).

Column names are the national data-item names; ``docs/files.md`` describes them for towns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum, unique
from types import MappingProxyType

from madoguchi.kernel.dates import DateField
from madoguchi.register.domain.items import Sex, Status
from madoguchi.register.domain.reasons import Reason


@unique
class Cell(StrEnum):
    """How the cell of a column is read (項目の型)."""

    LEDGER_NUMBER = "LEDGER_NUMBER"
    TEXT = "TEXT"
    KANA = "KANA"
    DATE = "DATE"
    SEX = "SEX"
    RELATIONSHIP = "RELATIONSHIP"
    POSTCODE = "POSTCODE"
    ADDRESS = "ADDRESS"
    RESIDENT_CODE = "RESIDENT_CODE"
    STATUS = "STATUS"
    MEASURE = "MEASURE"
    HISTORY_NO = "HISTORY_NO"
    REASON = "REASON"
    MOMENT = "MOMENT"
    INDIVIDUAL_NUMBER = "INDIVIDUAL_NUMBER"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Column:
    """One column: its name in the file, the staged field it fills, how it is read (項目).

    There is one object a column, compared by identity: readers remember cells by it.
    """

    name: str
    fills: str
    cell: Cell = Cell.TEXT
    #: The column must be in the file.
    required: bool = False
    #: No cell of it may be blank (standard 1.1.6); more depends on the person, see rows.
    filled: bool = False
    date_field: DateField = DateField.OTHER


def _column(name: str, fills: str, cell: Cell = Cell.TEXT, *, filled: bool = False) -> Column:
    return Column(name=name, fills=fills, cell=cell, required=filled, filled=filled)


def _date(name: str, fills: str, field: DateField, *, filled: bool = False) -> Column:
    return Column(
        name=name, fills=fills, cell=Cell.DATE, required=filled, filled=filled, date_field=field
    )


PERSON_NO = "宛名番号"
HEAD_NAME = "世帯主氏名"
RESIDENT_CODE = "住民票コード"
DOMICILE, REGISTER_HEAD = "本籍", "筆頭者"
NATIONALITY, STAY = "国籍・地域", "在留資格"
INDIVIDUAL_NUMBER = "個人番号"
REMOVED_TO = "転出先"

COLUMNS: tuple[Column, ...] = (
    _column(PERSON_NO, "person_id", Cell.LEDGER_NUMBER, filled=True),
    _column("世帯番号", "household_no", Cell.LEDGER_NUMBER, filled=True),
    _column("氏名", "name", filled=True),
    _column("氏名_フリガナ", "name_kana", Cell.KANA),
    _column("旧氏", "former_surname"),
    _column("旧氏_フリガナ", "former_surname_kana", Cell.KANA),
    _column("通称", "alias"),
    _column("通称_フリガナ", "alias_kana", Cell.KANA),
    _date("生年月日", "birth", DateField.BIRTH, filled=True),
    Column(name="性別", fills="sex", cell=Cell.SEX, required=True),
    _column("続柄", "relationship", Cell.RELATIONSHIP, filled=True),
    _column(HEAD_NAME, "head_name"),
    _column("郵便番号", "postcode", Cell.POSTCODE),
    _column("住所", "address", Cell.ADDRESS, filled=True),
    _column("方書", "building"),
    Column(name=DOMICILE, fills="honseki", required=True),
    Column(name=REGISTER_HEAD, fills="hittosha", required=True),
    _date("住民となった年月日", "became_resident", DateField.RESIDENT_SINCE, filled=True),
    _date("住所を定めた年月日", "address_since", DateField.ADDRESS_SINCE),
    _date("届出年月日", "notified", DateField.OTHER),
    _column("転入前住所", "previous_address"),
    Column(name=RESIDENT_CODE, fills="resident_code", cell=Cell.RESIDENT_CODE, required=True),
    _column(NATIONALITY, "nationality"),
    _column(STAY, "residence_status"),
    _date("在留期間満了日", "stay_until", DateField.OTHER),
    _column("住民状態", "status", Cell.STATUS, filled=True),
    _column("支援措置", "measure", Cell.MEASURE),
)
VERSION_COLUMNS: tuple[Column, ...] = (
    _column("履歴番号", "history_no", Cell.HISTORY_NO, filled=True),
    _column("異動事由", "reason", Cell.REASON, filled=True),
    _date("異動年月日", "effective", DateField.EFFECTIVE_BIRTH, filled=True),
    _column("処理日時", "recorded_at", Cell.MOMENT, filled=True),
)
LATEST_COLUMNS: tuple[Column, ...] = (
    COLUMNS[0],
    *VERSION_COLUMNS,
    _column(REMOVED_TO, "move_out_to"),
)
NUMBER_COLUMNS: tuple[Column, ...] = (
    COLUMNS[0],
    _column(INDIVIDUAL_NUMBER, "individual_number", Cell.INDIVIDUAL_NUMBER, filled=True),
)

#: The columns each file knows, by the name of the file.
KNOWN: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "register": COLUMNS,
        "history": (*COLUMNS, *VERSION_COLUMNS),
        "latest": LATEST_COLUMNS,
        "numbers": NUMBER_COLUMNS,
    }
)

#: Fields of a staged row that are items of the register, in one order for all statements.
ITEM_COLUMNS: tuple[Column, ...] = tuple(
    one for one in COLUMNS if one.fills not in ("person_id", "head_name", "measure")
)
DATES: tuple[str, ...] = tuple(one.fills for one in ITEM_COLUMNS if one.cell is Cell.DATE)


# -- the words of coded cells ----------------------------------------------------------

SEXES: Mapping[str, Sex] = MappingProxyType({"男": Sex.MALE, "女": Sex.FEMALE, "": Sex.UNKNOWN})
STATUSES: Mapping[str, Status] = MappingProxyType(
    {
        "現住": Status.RESIDENT,
        "転出予定": Status.MOVE_OUT_PLANNED,
        "転出": Status.MOVED_OUT,
        "死亡": Status.DEAD,
        "消除": Status.REMOVED,
    }
)
FULL_MEASURE, PROVISIONAL_MEASURE = "支援措置", "仮支援措置"
MEASURES = ("", PROVISIONAL_MEASURE, FULL_MEASURE)

_R = Reason
#: 改製, 再製 and 異動の取消し stand in more than one kind: for a person who is being removed
#: they are the second of the pair. 異動の取消し keeps its kind in brackets, as the standard does.
REASONS: Mapping[str, tuple[Reason, ...]] = MappingProxyType(
    {
        "国内転入": (_R.MOVE_IN_DOMESTIC,),
        "国外転入等": (_R.MOVE_IN_ABROAD,),
        "出生": (_R.BIRTH,),
        "職権記載(帰化等)": (_R.ENTER_NATURALISED,),
        "職権記載(国籍喪失)": (_R.ENTER_NATIONALITY_LOST,),
        "職権記載": (_R.ENTER_EX_OFFICIO,),
        "改製": (_R.RECORD_REMADE, _R.REMOVE_REMADE),
        "再製": (_R.RECORD_RECONSTRUCTED, _R.REMOVE_RECONSTRUCTED),
        "異動の取消し(増)": (_R.REVERT_INCREASE,),
        "国内転出": (_R.MOVE_OUT_DOMESTIC,),
        "国外転出": (_R.MOVE_OUT_ABROAD,),
        "死亡": (_R.DEATH,),
        "職権消除(帰化等)": (_R.REMOVE_NATURALISED,),
        "職権消除(国籍喪失)": (_R.REMOVE_NATIONALITY_LOST,),
        "職権消除": (_R.REMOVE_EX_OFFICIO,),
        "異動の取消し(減)": (_R.REVERT_DECREASE,),
        "転居": (_R.CHANGE_ADDRESS,),
        "軽微な修正": (_R.AMEND_MINOR,),
        "職権修正": (_R.AMEND_EX_OFFICIO,),
        "誤記修正": (_R.CORRECT_ERROR,),
        "個人番号の変更請求": (_R.NUMBER_CHANGE_REQUESTED,),
        "個人番号の職権修正": (_R.NUMBER_AMEND_EX_OFFICIO,),
        "個人番号の職権記載": (_R.NUMBER_ENTER_EX_OFFICIO,),
        "住民票コードの変更請求": (_R.CODE_CHANGE_REQUESTED,),
        "住民票コードの職権記載": (_R.CODE_ENTER_EX_OFFICIO,),
        "世帯分離": (_R.SPLIT_HOUSEHOLD,),
        "世帯合併": (_R.MERGE_HOUSEHOLDS,),
        "世帯変更": (_R.CHANGE_HOUSEHOLD,),
        "世帯主変更": (_R.CHANGE_HOUSEHOLDER,),
        "旧氏の記載": (_R.ENTER_FORMER_SURNAME,),
        "旧氏の変更": (_R.CHANGE_FORMER_SURNAME,),
        "旧氏の削除": (_R.STRIKE_FORMER_SURNAME,),
        "通称の記載": (_R.ENTER_ALIAS,),
        "通称の削除": (_R.STRIKE_ALIAS,),
        "異動の取消し(修正)": (_R.REVERT_AMENDMENT,),
    }
)
