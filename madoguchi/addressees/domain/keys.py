"""The keys of one row, as texts and numbers: what is kept in indexed columns (照合キー).

The raw row is never changed; keys are made beside it. `KEYS_VERSION` says by which rules, and keys
of another version are made anew.
"""

from __future__ import annotations

from enum import IntEnum, unique
from typing import NamedTuple

from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.levels import Standing
from madoguchi.addressees.domain.places import Gazetteer, read_address
from madoguchi.addressees.domain.spelling import kana_key, name_keys, split_name

#: Raised with every change of a key rule. A test watches over it.
KEYS_VERSION = 2


@unique
class Called(IntEnum):
    """Which of their names in the town's register somebody is met by (氏名の種類)."""

    OWN = 0
    ALPHABET = 1
    ALIAS = 2  # 通称
    FORMER = 3  # 旧氏 before the given name


class Row(NamedTuple):
    """One row of a list or of the register, as it was written (1行)."""

    row_id: str
    name: str
    kana: str = ""
    birth: str = ""
    address: str = ""
    standing: Standing = Standing.RESIDENT
    is_protected: bool = False
    #: A number both files may carry: 住民票コード, card serial, notice number.
    number: str = ""
    #: 交付通知書番号, where the list has it: by it returned letters are known.
    notice_no: str = ""
    #: What the person is called besides, with its reading: 通称, 旧氏, letters of the passport.
    others: tuple[tuple[str, str], ...] = ()


class Keys(NamedTuple):
    """The keys of one name of one row (1つの氏名のキー); what is not known is empty or 0."""

    #: 0 is the row's own name, the others follow in their order.
    name_no: int
    whole: str
    surname: str
    given: str
    loose_surname: str
    loose_given: str
    kana: str
    municipality: str
    town: str
    part: str
    lot: str
    year: int
    month: int
    day: int


def keys_of(row: Row, gazetteer: Gazetteer) -> tuple[Keys, ...]:
    """Make the keys of a row, one set for each name written another way (キーを作る)."""
    place, birth = read_address(row.address, gazetteer), read_birth(row.birth)
    found: dict[str, Keys] = {}
    for name_no, (name, kana) in enumerate(((row.name, row.kana), *row.others)):
        names = name_keys(name)
        if names.whole in found or (name_no and not names.whole):
            continue
        found[names.whole] = Keys(
            name_no, names.whole, names.surname, names.given, names.loose_surname,
            names.loose_given, kana_key(kana), place.municipality, place.town, place.part,
            "-".join(place.lot), birth.year, birth.month, birth.day,
        )  # fmt: skip
    if len(found) > 1:  # without a name of their own they are met by the others alone
        found.pop("", None)
    return tuple(found.values())


def with_surname(name: str, surname: str) -> str:
    """Return a name with another surname in front: 旧氏 stands for the surname alone (旧氏の氏名)."""
    _, *given = split_name(name) or ("",)
    return f"{surname}\u3000{''.join(given)}" if surname.strip() and given else ""
