"""The four forms: which cell stands where (様式; 仕様書 20.1.1–20.1.4).

The household form follows the 12-row block of the national layout; the arrangement of the
foreign resident's own cells inside that block is assumed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from madoguchi.certificates.domain.cells import Cell, label_runs, rules_of
from madoguchi.certificates.domain.kinds import Omit
from madoguchi.certificates.domain.sheets import Rule, Run

FORM_X_MM = 12.0
FORM_WIDTH_MM = 186.0
PERSONS_A_SHEET = 4

#: Height of one of the twelve rows of a household block.
ROW_MM = 4.1
BLOCK_ROWS = 12
BLOCK_HEIGHT_MM = ROW_MM * BLOCK_ROWS

#: Which item hides which fields. A field not named here is always shown (SPEC1 5.1).
FIELDS_OF: dict[Omit, tuple[str, ...]] = {
    Omit.HOUSEHOLDER: ("relationship",),
    Omit.DOMICILE: ("domicile", "domicile_head"),
    Omit.RESIDENT_CODE: ("resident_code",),
    Omit.INDIVIDUAL_NUMBER: ("individual_number",),
    Omit.NATIONALITY: ("nationality",),
    Omit.RESIDENCE_CLASS: ("residence_class",),
    Omit.RESIDENCE_STATUS: ("status",),
    Omit.RESIDENCE_PERIOD: ("period",),
    Omit.RESIDENCE_EXPIRY: ("expires_on",),
    Omit.CARD_NUMBER: ("card_no",),
    Omit.ALIAS: ("alias", "alias_furigana"),
    Omit.FURIGANA: ("furigana",),
    Omit.FORMER_SURNAME: ("former_surname", "former_surname_furigana"),
    Omit.BIRTH_DATE: ("birth_date",),
    Omit.SEX: ("sex",),
    Omit.RESIDENT_SINCE: ("resident_since",),
    Omit.ADDRESS_SINCE: ("address_since",),
    Omit.FILED_ON: ("filed_on",),
    Omit.FORMER_ADDRESS: ("former_address",),
    Omit.REMARKS: ("remarks",),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A block of cells with everything about it that never changes (様式の1区画)."""

    cells: tuple[Cell, ...]
    labels: tuple[tuple[Run, ...], ...]
    rules: tuple[Rule, ...]
    height_mm: float


def form_of(cells: Sequence[Cell]) -> Form:
    """Work out labels and rules of these cells once (様式の準備)."""
    return Form(
        cells=tuple(cells),
        labels=tuple(label_runs(cell, x_mm=0.0, y_mm=0.0) for cell in cells),
        rules=rules_of(cells),
        height_mm=max(cell.y_mm + cell.height_mm for cell in cells),
    )


# --- 世帯連記式 ------------------------------------------------------------------------

# Columns of the block: number, left label, left value, right label, right value.
_NUMBER, _LEFT, _LEFT_VALUE, _RIGHT, _RIGHT_VALUE, _END = 0.0, 5.0, 25.0, 99.0, 122.0, 186.0
_HALF = (_LEFT_VALUE + _END) / 2


def _cell(
    field: str,
    label: str,
    row: int,
    edges_mm: tuple[float, float, float],
    *,
    rows: int = 1,
    size_pt: float = 8.5,
    centred: bool = False,
) -> Cell:
    return Cell(
        field=field,
        label=label,
        x_mm=edges_mm[0],
        value_x_mm=edges_mm[1],
        end_x_mm=edges_mm[2],
        y_mm=(row - 1) * ROW_MM,
        height_mm=rows * ROW_MM,
        size_pt=size_pt,
        centred=centred,
    )


def _left(field: str, label: str, row: int, *, rows: int = 1, size_pt: float = 8.5) -> Cell:
    return _cell(field, label, row, (_LEFT, _LEFT_VALUE, _RIGHT), rows=rows, size_pt=size_pt)


def _right(field: str, label: str, row: int, *, rows: int = 1) -> Cell:
    return _cell(field, label, row, (_RIGHT, _RIGHT_VALUE, _END), rows=rows)


def _wide(field: str, label: str, row: int) -> Cell:
    return _cell(field, label, row, (_LEFT, _LEFT_VALUE, _END))


def _person_row(right: Cell) -> tuple[Cell, ...]:
    """Row 6: birth date, sex and relationship, then one cell of its own (生年月日の行)."""
    return (
        _cell("birth_date", "生年月日", 6, (_LEFT, _LEFT_VALUE, 57.0)),
        _cell("sex", "性別", 6, (57.0, 65.0, 72.0), centred=True),
        _cell("relationship", "続柄", 6, (72.0, 80.0, _RIGHT)),
        right,
    )


def _common_top(since: str) -> tuple[Cell, ...]:
    return (
        _cell("number", "", 1, (_NUMBER, _NUMBER, _LEFT), rows=BLOCK_ROWS, centred=True),
        _left("furigana", "氏名の振り仮名", 1, size_pt=7.5),
        _right("individual_number", "個人番号", 1),
        _left("name", "氏名", 2, rows=2, size_pt=10.0),
        _right("resident_code", "住民票コード", 2),
        _right("resident_since", since, 3),
    )


@cache
def household_form() -> Form:
    """Return the block of a Japanese resident (世帯連記式・日本人住民)."""
    return form_of(
        (
            *_common_top("住民となった日"),
            _left("former_surname_furigana", "旧氏の振り仮名", 4, size_pt=7.5),
            _right("address_since", "住所を定めた日", 4),
            _left("former_surname", "旧氏", 5),
            _right("filed_on", "届出日", 5),
            *_person_row(_right("domicile_head", "筆頭者", 6)),
            _wide("domicile", "本籍", 7),
            _wide("former_address", "転入前住所", 8),
            _cell("", "統合記載欄", 9, (_LEFT, _LEFT_VALUE, _LEFT_VALUE), rows=4),
            _cell("remark_0", "", 9, (_LEFT_VALUE, _LEFT_VALUE, _HALF)),
            _cell("remark_1", "", 9, (_HALF, _HALF, _END)),
            _cell("remark_2", "", 10, (_LEFT_VALUE, _LEFT_VALUE, _HALF)),
            _cell("remark_3", "", 10, (_HALF, _HALF, _END)),
            _cell("remark_4", "", 11, (_LEFT_VALUE, _LEFT_VALUE, _END)),
            _cell("remark_5", "", 12, (_LEFT_VALUE, _LEFT_VALUE, _END)),
        )
    )


@cache
def household_form_foreign() -> Form:
    """Return the block of a foreign resident (世帯連記式・外国人住民)."""
    return form_of(
        (
            *_common_top("外国人住民となった日"),
            _left("alias_furigana", "通称の振り仮名", 4, size_pt=7.5),
            _right("address_since", "住所を定めた日", 4),
            _left("alias", "通称", 5),
            _right("filed_on", "届出日", 5),
            *_person_row(_right("nationality", "国籍・地域", 6)),
            _left("residence_class", "法30条の45の区分", 7),
            _right("status", "在留資格", 7),
            _wide("former_address", "転入前住所", 8),
            _left("period", "在留期間等", 9),
            _right("expires_on", "在留期間の満了の日", 9),
            _wide("card_no", "在留カード等番号", 10),
            _cell("", "統合記載欄", 11, (_LEFT, _LEFT_VALUE, _LEFT_VALUE), rows=2),
            _cell("remark_0", "", 11, (_LEFT_VALUE, _LEFT_VALUE, _HALF)),
            _cell("remark_1", "", 11, (_HALF, _HALF, _END)),
            _cell("remark_2", "", 12, (_LEFT_VALUE, _LEFT_VALUE, _END)),
        )
    )


#: How many remarks each household block can hold.
REMARKS_JAPANESE = 6
REMARKS_FOREIGN = 3

# --- 個人票・除票・記載事項証明書: rows packed from a list --------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One item of a packed form (記載事項)."""

    field: str
    label: str
    half: bool = False
    size_pt: float = 9.0
    height_mm: float = 0.0  # 0 means the form's own row height


#: Width of the label column on packed forms; the head of every page uses it too.
LABEL_COLUMN_MM = 25.0


def packed_form(items: Sequence[Item], *, row_mm: float) -> Form:
    """Lay items in rows, two halves beside each other where both are short (欄の詰込み)."""
    cells: list[Cell] = []
    y_mm = 0.0
    half_open: Item | None = None
    middle = FORM_WIDTH_MM / 2
    for item in items:
        if item.half and half_open is None:
            half_open = item
            continue
        if item.half and half_open is not None:
            cells.append(_packed(half_open, x_mm=0.0, end_mm=middle, y_mm=y_mm, row_mm=row_mm))
            cells.append(_packed(item, x_mm=middle, end_mm=FORM_WIDTH_MM, y_mm=y_mm, row_mm=row_mm))
            half_open = None
            y_mm += row_mm
            continue
        if half_open is not None:
            cells.append(
                _packed(half_open, x_mm=0.0, end_mm=FORM_WIDTH_MM, y_mm=y_mm, row_mm=row_mm)
            )
            half_open = None
            y_mm += row_mm
        height = item.height_mm or row_mm
        cells.append(_packed(item, x_mm=0.0, end_mm=FORM_WIDTH_MM, y_mm=y_mm, row_mm=height))
        y_mm += height
    if half_open is not None:
        cells.append(_packed(half_open, x_mm=0.0, end_mm=FORM_WIDTH_MM, y_mm=y_mm, row_mm=row_mm))
    return form_of(cells)


def _packed(item: Item, *, x_mm: float, end_mm: float, y_mm: float, row_mm: float) -> Cell:
    return Cell(
        field=item.field,
        label=item.label,
        x_mm=x_mm,
        value_x_mm=x_mm + LABEL_COLUMN_MM,
        end_x_mm=end_mm,
        y_mm=y_mm,
        height_mm=row_mm,
        size_pt=item.size_pt,
    )


_NAME_ITEMS = (
    Item(field="furigana", label="氏名の振り仮名", size_pt=8.5),
    Item(field="name", label="氏名", size_pt=10.0, height_mm=9.0),
)
_JAPANESE_NAMES = (
    Item(field="former_surname", label="旧氏", half=True),
    Item(field="former_surname_furigana", label="旧氏の振り仮名", half=True),
)
_FOREIGN_NAMES = (
    Item(field="alias", label="通称", half=True),
    Item(field="alias_furigana", label="通称の振り仮名", half=True),
)
_BIRTH_ITEMS = (
    Item(field="birth_date", label="生年月日", half=True),
    Item(field="sex", label="性別", half=True),
)
_DATE_ITEMS = (
    Item(field="address_since", label="住所を定めた日", half=True),
    Item(field="filed_on", label="届出日", half=True),
)
_DOMICILE_ITEMS = (
    Item(field="domicile", label="本籍"),
    Item(field="domicile_head", label="筆頭者"),
)
_FOREIGN_ITEMS = (
    Item(field="nationality", label="国籍・地域", half=True),
    Item(field="residence_class", label="法第30条の45に規定する区分", half=True),
    Item(field="status", label="在留資格", half=True),
    Item(field="period", label="在留期間等", half=True),
    Item(field="expires_on", label="在留期間の満了の日", half=True),
    Item(field="card_no", label="在留カード等の番号", half=True),
)
_NUMBER_ITEMS = (
    Item(field="individual_number", label="個人番号", half=True),
    Item(field="resident_code", label="住民票コード", half=True),
)
_REMOVAL_ITEMS = (
    Item(field="removal_reason", label="消除の事由", half=True),
    Item(field="removed_on", label="事由の生じた日", half=True),
    Item(field="removal_filed_on", label="消除の届出日"),
    Item(field="moved_to_planned", label="転出先（予定）"),
    Item(field="moved_to_confirmed", label="転出先（確定）"),
)


def person_items(*, foreign: bool, removed: bool) -> tuple[Item, ...]:
    """Return every item of one person's record in the order of the form (記載事項の順)."""
    since = "外国人住民となった日" if foreign else "住民となった日"
    return (
        *_NAME_ITEMS,
        *(_FOREIGN_NAMES if foreign else _JAPANESE_NAMES),
        *_BIRTH_ITEMS,
        Item(field="relationship", label="続柄", half=True),
        Item(field="resident_since", label=since, half=True),
        *_DATE_ITEMS,
        *(_FOREIGN_ITEMS if foreign else _DOMICILE_ITEMS),
        Item(field="former_address", label="転入前住所"),
        *_NUMBER_ITEMS,
        *(_REMOVAL_ITEMS if removed else ()),
    )
