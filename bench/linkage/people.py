"""A register of made-up people for the linkage bench (架空の台帳)."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from madoguchi.town.places import AREA_NAMES, RESIDENTS, Place, weighted_places
from madoguchi.town.words import words

TODAY = date(2026, 11, 23)
_ABROAD = (
    ("NGUYEN", "THI LAN", "グエン", "ティ ラン"), ("TRAN", "VAN MINH", "チャン", "バン ミン"),
    ("SANTOS", "MARIA CLARA", "サントス", "マリア クララ"), ("SUSANTO", "BUDI", "スサント", "ブディ"),
    ("GURUNG", "SITA", "グルン", "シタ"), ("KIM", "MINJUN", "キム", "ミンジュン"),
)  # fmt: skip
_BUILDINGS = ("コーポ潮騒", "ソテツ荘", "浜木綿荘", "職員住宅", "海風アパート")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """Where a household lives."""

    place: Place
    lot: int
    branch: int
    building: str = ""
    room: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One made-up resident."""

    id: str
    household: int
    surname: str
    given: str
    surname_kana: str
    given_kana: str
    born: date
    female: bool
    home: Home


def people(count: int, *, seed: int) -> list[Person]:
    """Draw households until there are so many residents."""
    dice = random.Random(seed)
    found: list[Person] = []
    household = 0
    while len(found) < count:
        household += 1
        found.extend(_household(dice, household, first=len(found)))
    return found[:count]


def home(dice: random.Random) -> Home:
    """Draw a home somewhere in the town."""
    area = dice.choices(AREA_NAMES, weights=list(RESIDENTS.values()))[0]
    in_flat = dice.random() < 0.2
    return Home(
        place=dice.choice(weighted_places(area)),
        lot=dice.randint(1, 2800),
        branch=dice.choice((0, 0, 1, 2, 3, 5, 8, 10)),
        building=dice.choice(_BUILDINGS) if in_flat else "",
        room=dice.randint(101, 409) if in_flat else 0,
    )


def given_name(dice: random.Random, *, female: bool, born: date) -> tuple[str, str]:
    """Draw a given name liked in that year."""
    return dice.choice(words().given(female=female, year=born.year))


def surname(dice: random.Random) -> tuple[str, str]:
    """Draw a surname."""
    return dice.choice(words().surnames)


def _household(dice: random.Random, number: int, *, first: int) -> Iterator[Person]:
    name, kana = surname(dice)
    place = home(dice)
    size = dice.choices((1, 2, 3, 4, 5), weights=(42, 30, 14, 9, 5))[0]
    born = _born(dice, 20, 95)
    serial = first
    twins = size >= 4 and dice.random() < 0.03
    child_born = born + timedelta(days=int(365.25 * dice.uniform(22, 38)))
    for place_in_house in range(size):
        if place_in_house >= 2 and not (twins and place_in_house == 3):
            child_born += timedelta(days=dice.randint(400, 1600))
        day = born if place_in_house == 0 else (
            born + timedelta(days=dice.randint(-2500, 2500)) if place_in_house == 1 else child_born
        )  # fmt: skip
        day = min(day, TODAY - timedelta(days=1))
        female = dice.random() < 0.5 if place_in_house != 1 else True
        if dice.random() < 0.012 and size == 1:
            yield _from_abroad(dice, serial, number, place)
        else:
            given, given_kana = given_name(dice, female=female, born=day)
            yield Person(
                id=f"R{serial:07d}", household=number, surname=name, given=given, surname_kana=kana,
                given_kana=given_kana, born=day, female=female, home=place,
            )  # fmt: skip
        serial += 1


def _from_abroad(dice: random.Random, serial: int, number: int, place: Home) -> Person:
    last, first, last_kana, first_kana = dice.choice(_ABROAD)
    return Person(
        id=f"R{serial:07d}", household=number, surname=last, given=first, surname_kana=last_kana,
        given_kana=first_kana, born=_born(dice, 20, 45), female=dice.random() < 0.5, home=place,
    )  # fmt: skip


def _born(dice: random.Random, youngest: int, oldest: int) -> date:
    return TODAY - timedelta(days=dice.randint(youngest * 365, oldest * 365))


def register_row(person: Person) -> dict[str, str]:
    """Write a person as the register does."""
    return {
        "id": person.id,
        "name": f"{person.surname}\u3000{person.given}",
        "kana": f"{person.surname_kana}\u3000{person.given_kana}",
        "birth_date": person.born.isoformat(),
        "address": register_address(person.home),
    }


_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def register_address(place: Home) -> str:
    """Write an address as the register does, the building behind it."""
    lot = f"{place.lot}番地{place.branch or ''}".translate(_WIDE)
    building = f"\u3000{place.building}{place.room}号".translate(_WIDE) if place.building else ""
    return f"{place.place.address}{lot}{building}"


def moved_to(person: Person, place: Home) -> Person:
    """The same person at another address."""
    return replace(person, home=place)
