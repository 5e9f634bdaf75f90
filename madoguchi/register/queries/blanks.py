"""Residents whose record lacks an item (空欄の検索), to be asked when they come.

Held people do not exist here for an actor without the right to see them: neither in a list nor
in a number. Source: resident record standard 2.1.3.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from types import MappingProxyType

from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import hidden_from

PAGE_LENGTH = 50


@unique
class Blank(StrEnum):
    """An item that may be missing (空欄の項目)."""

    KANA = "KANA"
    SEX = "SEX"
    POSTCODE = "POSTCODE"
    DOMICILE = "DOMICILE"
    DOMICILE_HEAD = "DOMICILE_HEAD"
    RESIDENT_SINCE = "RESIDENT_SINCE"
    PREVIOUS_ADDRESS = "PREVIOUS_ADDRESS"
    RESIDENT_CODE = "RESIDENT_CODE"
    NATIONALITY = "NATIONALITY"
    RESIDENCE_STATUS = "RESIDENCE_STATUS"
    STAY_UNTIL = "STAY_UNTIL"
    CARD_NO = "CARD_NO"


_JAPANESE, _FOREIGN = (f"v.nationality_group = '{one}'" for one in ("JAPANESE", "FOREIGN"))
#: What the record of whoever must have the item looks like without it.
_CONDITIONS: Mapping[Blank, str] = MappingProxyType(
    {
        # Who is written in letters alone is read in letters.
        Blank.KANA: "v.name_kana = '' AND v.name <> ''",
        Blank.SEX: "v.sex = 'UNKNOWN'",
        Blank.POSTCODE: "v.postcode = ''",
        Blank.DOMICILE: f"v.honseki = '' AND {_JAPANESE}",
        Blank.DOMICILE_HEAD: f"v.hittosha = '' AND {_JAPANESE}",
        Blank.RESIDENT_SINCE: "v.became_resident = '' AND v.became_resident_sort IS NULL",
        # Who was born here came from nowhere: their record begins on their first day.
        Blank.PREVIOUS_ADDRESS: "v.previous_address = ''"
        " AND v.became_resident_sort IS DISTINCT FROM v.birth_sort",
        Blank.RESIDENT_CODE: "v.resident_code = ''",
        Blank.NATIONALITY: f"v.nationality = '' AND {_FOREIGN}",
        Blank.RESIDENCE_STATUS: "v.residence_status = '' AND v.stay_class = 'MID_TO_LONG_TERM'",
        # 入管法 2条の2: two statuses are without a limit.
        Blank.STAY_UNTIL: "v.stay_until = '' AND v.stay_until_sort IS NULL"
        " AND v.stay_class = 'MID_TO_LONG_TERM'"
        " AND v.residence_status NOT IN ('永住者', '高度専門職2号', '高度専門職２号')",
        Blank.CARD_NO: "v.residence_card_no = ''"
        " AND v.stay_class IN ('MID_TO_LONG_TERM', 'SPECIAL_PERMANENT')",
    }
)
_LIVING = """
FROM register_person p JOIN register_version v ON v.id = p.version_id
WHERE (p.status = 'RESIDENT' OR p.status = 'MOVE_OUT_PLANNED'
       AND (v.removed_sort IS NULL OR v.removed_sort > %(today)s))
  AND NOT (%(hides)s AND p.person_id IN (SELECT person_id FROM protection_out_held))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankRow:
    """One resident without the item (空欄のある人)."""

    person_id: str
    name: str
    kana: str
    birth: str
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BlankPage:
    """Some of them by 宛名番号, and whether there are more (空欄のある人の一覧)."""

    rows: tuple[BlankRow, ...]
    more: bool


def count_blanks(*, actor: Actor) -> Mapping[Blank, int]:
    """Count the residents without each item, in one reading of the register (空欄の件数)."""
    counts = ", ".join(f"count(*) FILTER (WHERE {one})" for one in _CONDITIONS.values())
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts} {_LIVING}", _given(actor))
        row = cursor.fetchone()
    return dict(zip(_CONDITIONS, row, strict=True))


def list_blank(item: Blank, *, actor: Actor, after: str = "") -> BlankPage:
    """List residents without an item, those behind ``after`` (a 宛名番号) first (空欄の検索)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id, coalesce(nullif(v.name, ''), v.name_alphabet), v.name_kana,"
            f" v.birth, v.address {_LIVING} AND {_CONDITIONS[item]}"
            " AND p.person_id > %(after)s ORDER BY p.person_id LIMIT %(limit)s",
            {**_given(actor), "after": after, "limit": PAGE_LENGTH + 1},
        )
        found = [
            BlankRow(person_id=person_id, name=name, kana=kana, birth=birth, address=address)
            for person_id, name, kana, birth, address in cursor.fetchall()
        ]
    return BlankPage(rows=tuple(found[:PAGE_LENGTH]), more=len(found) > PAGE_LENGTH)


def _given(actor: Actor) -> dict[str, date | bool]:
    return {"today": clock.today(), "hides": hidden_from(actor)}
