"""The named people of the fictional town, and the numbers they always have (名前のある人たち).

Their 宛名番号 come from a block nothing else uses, so that a test, a tour and a screen mean the
same person under every seed and size. They are invented; nobody like them is meant.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from madoguchi.town.numbers import named_household_no, named_person_no

#: The day the demo town stands on when none is given (基準日).
REFERENCE_DAY = date(2026, 11, 23)


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedPerson:
    """One named person: what tests and the tour look for (名前のある人)."""

    person_id: str
    household_no: str
    name: str
    kana: str
    part: str


def _named(seat: int, household: int, name: str, kana: str, part: str) -> NamedPerson:
    return NamedPerson(
        person_id=named_person_no(seat),
        household_no=named_household_no(household),
        name=name,
        kana=kana,
        part=part,
    )


NAMED: Mapping[str, NamedPerson] = MappingProxyType(
    {
        "aoi": _named(1, 1, "海野　葵", "ウンノ　アオイ", "adult, alone"),
        "minato_father": _named(
            2, 2, "湊　航平", "ミナト　コウヘイ", "family of five, householder"
        ),
        "minato_mother": _named(3, 2, "湊　美波", "ミナト　ミナミ", "family of five"),
        "minato_first": _named(4, 2, "湊　帆香", "ミナト　ホノカ", "family of five"),
        "minato_second": _named(5, 2, "湊　櫂人", "ミナト　カイト", "family of five"),
        "minato_third": _named(6, 2, "湊　岬", "ミナト　ミサキ", "family of five"),
        "rin": _named(7, 3, "潮　凛", "ウシオ　リン", "protected; left Haru's household"),
        "haru": _named(8, 4, "潮　晴", "ウシオ　ハル", "lives where Rin must not be found"),
        "sora": _named(
            9,
            5,
            "DELA CRUZ SORA MARIA CONCEPCION ESPERANZA VILLANUEVA",
            "デラ　クルス　ソラ　マリア　コンセプシオン　エスペランサ　ビリャヌエバ",
            "foreign resident, long name",
        ),
        "ume": _named(10, 6, "磯　梅", "イソ　ウメ", "died a week before the reference day"),
        "ume_daughter": _named(
            11, 6, "磯　千鶴", "イソ　チヅル", "Ume's daughter, now householder"
        ),
    }
)

MINATO_FAMILY = (
    "minato_father",
    "minato_mother",
    "minato_first",
    "minato_second",
    "minato_third",
)
