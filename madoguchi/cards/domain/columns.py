"""Which column of a town's own list says what (列の見分け): any order, any of its usual names.

No published template of a 管理簿 was found (cards.md 1.3), so headings are guessed: a usual name
is sure, a heading that only holds one is asked about. What is not ours is kept as it came.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem


@unique
class Field(StrEnum):
    """A column of ours (管理簿の項目)."""

    NOTICE_NO = "notice_no"
    APPLICATION_NO = "application_no"
    KIND = "kind"
    NAME = "printed_name"
    KANA = "printed_kana"
    BIRTH = "printed_birth"
    ADDRESS = "printed_address"
    MADE_ON = "made_on"
    EXPIRES_ON = "expires_on"
    BOX = "box_no"
    ARRIVED_ON = "arrived_on"
    SHELF = "shelf"
    SETUP_ON = "setup_on"
    SETUP_BY = "setup_by"
    SETUP_TERMINAL = "setup_terminal"
    HANDED_OVER_ON = "handed_over_on"
    HANDED_OVER_BY = "handed_over_by"
    ENDED_ON = "ended_on"
    WITNESSED_BY = "witnessed_by"
    HOLD_UNTIL = "hold_until"
    NOTE = "note"


DAYS = frozenset(
    {
        Field.BIRTH, Field.MADE_ON, Field.EXPIRES_ON, Field.ARRIVED_ON, Field.SETUP_ON,
        Field.HANDED_OVER_ON, Field.ENDED_ON, Field.HOLD_UNTIL,
    }
)  # fmt: skip

#: The first name is the one we write; all of them are *assumed*.
NAMES: Mapping[Field, tuple[str, ...]] = {
    Field.NOTICE_NO: ("交付通知書番号", "通知書番号", "交付通知番号", "交付番号", "通知番号"),
    Field.APPLICATION_NO: ("申請書ID", "申請ID", "申請書番号"),
    Field.KIND: ("申請区分", "区分", "種別"),
    Field.NAME: ("氏名", "名前", "申請者氏名", "漢字氏名"),
    Field.KANA: ("フリガナ", "ふりがな", "カナ氏名", "氏名カナ", "カナ"),
    Field.BIRTH: ("生年月日",),
    Field.ADDRESS: ("住所", "宛名住所"),
    Field.MADE_ON: ("製造日", "作成日", "発行日"),
    Field.EXPIRES_ON: ("有効期限", "有効期間満了日", "カード有効期限"),
    Field.BOX: ("箱番号", "箱", "箱No"),
    Field.ARRIVED_ON: ("受領日", "到着日", "カード到着日"),
    Field.SHELF: ("保管場所", "棚", "保管棚", "棚番号"),
    Field.SETUP_ON: ("交付前設定日", "設定日", "前設定日"),
    Field.SETUP_BY: ("交付前設定担当", "設定担当", "設定者"),
    Field.SETUP_TERMINAL: ("交付前設定端末", "設定端末", "端末"),
    Field.HANDED_OVER_ON: ("交付日", "交付年月日"),
    Field.HANDED_OVER_BY: ("交付担当", "交付者", "交付担当者"),
    Field.ENDED_ON: ("廃棄日", "返納・廃棄日"),
    Field.WITNESSED_BY: ("立会", "立会者", "立会人"),
    Field.HOLD_UNTIL: ("取置期限", "取置き期限"),
    Field.NOTE: ("備考", "メモ", "摘要"),
}

#: Never taken in, whatever is in them: the law, and the house.
_FORBIDDEN = (
    (re.compile("個人番号(?!カード)|マイナンバー(?!カード)"), "CARD_COLUMN_INDIVIDUAL_NUMBER"),
    (re.compile("暗証|PIN(?![A-Z])|パスワード|ピンコード"), "CARD_COLUMN_PIN"),
    (re.compile("顔写真|写真"), "CARD_COLUMN_PHOTO"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Guess:
    """What a heading is taken for (列の推定)."""

    heading: str
    field: Field | None
    is_sure: bool


def key(heading: str) -> str:
    """Return a heading without width, case and spaces (見出しの比較)."""
    return "".join(unicodedata.normalize("NFKC", heading).upper().split())


def guess(headings: Sequence[str]) -> tuple[Guess, ...]:
    """Say what each heading means: a usual name first, then one that only holds it (列の推定)."""
    exact = {key(name): field for field, names in NAMES.items() for name in names}
    taken: set[Field] = set()
    found: list[Guess] = []
    for heading in headings:
        field = exact.get(key(heading))
        if field in taken:
            field = None
        if field is not None:
            taken.add(field)
        found.append(Guess(heading=heading, field=field, is_sure=True))
    for place, one in enumerate(found):
        if one.field is None and one.heading.strip():
            near = _near(one.heading, taken)
            if near is not None:
                taken.add(near)
                found[place] = Guess(heading=one.heading, field=near, is_sure=False)
    return tuple(found)


def _near(heading: str, taken: set[Field]) -> Field | None:
    text = key(heading)
    held = [
        (len(key(name)), field)
        for field, names in NAMES.items()
        for name in names
        if field not in taken and len(name) > 1 and key(name) in text
    ]
    return max(held)[1] if held else None


def check_headings(headings: Sequence[str], *, line: int) -> tuple[Problem, ...]:
    """Refuse columns that must not be in a ledger, in words (持ってはならない列)."""
    return tuple(
        Problem(code=code, where=f"line {line}, {heading}", facts={"column": heading})
        for heading in headings
        for pattern, code in _FORBIDDEN
        if pattern.search(key(heading))
    )


def is_heading_row(cells: Sequence[str]) -> bool:
    """Tell a row of headings from the title above it (見出しの行)."""
    known = {key(name) for names in NAMES.values() for name in names}
    return sum(key(cell) in known for cell in cells) >= 2
