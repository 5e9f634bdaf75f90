"""People who are not in the register and differ from one who is as little as life allows (似た人)."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from bench.linkage.people import Home, Person, given_name, home

Made = Callable[[random.Random, Person], Person | None]


def _other_given(dice: random.Random, person: Person) -> tuple[str, str]:
    for _ in range(50):
        found = given_name(dice, female=person.female, born=person.born)
        if found[0] != person.given:
            return found
    return "某", "ボウ"


def _sibling(dice: random.Random, person: Person) -> Person:
    given, kana = _other_given(dice, person)
    born = person.born + timedelta(days=dice.choice((-1, 1)) * dice.randint(700, 2200))
    return replace(person, given=given, given_kana=kana, born=born)


def _twin(dice: random.Random, person: Person) -> Person:
    given, kana = _other_given(dice, person)
    return replace(person, given=given, given_kana=kana)


def _near_twin(dice: random.Random, person: Person) -> Person | None:
    """翔太 and 翔也: one letter of the given name is another."""
    if len(person.given) < 2 or person.given.isascii():
        return None
    at = dice.randrange(len(person.given))
    letter = dice.choice([one for one in "太也子美斗一希央香奈代介" if one != person.given[at]])
    return replace(person, given=person.given[:at] + letter + person.given[at + 1 :])


def _father_and_son(_: random.Random, person: Person) -> Person | None:
    try:
        return replace(person, born=person.born.replace(year=person.born.year - 28))
    except ValueError:  # 29 February
        return None


def _namesake(dice: random.Random, person: Person) -> Person:
    return replace(
        person, born=person.born + timedelta(days=dice.randint(40, 9000)), home=home(dice)
    )


def _clone(dice: random.Random, person: Person) -> Person:
    return replace(person, home=home(dice))


def _neighbour(dice: random.Random, person: Person) -> Person:
    given, kana = _other_given(dice, person)
    near: Home = replace(person.home, lot=person.home.lot % 2800 + 1)
    return replace(person, given=given, given_kana=kana, home=near)


_SAME_SOUND = {"太": "多", "子": "湖", "美": "未", "郎": "朗", "一": "市", "男": "夫", "雄": "夫", "夫": "男",
               "代": "世", "江": "枝", "香": "佳", "奈": "菜", "介": "助", "斗": "人", "恵": "江", "和": "一"}  # fmt: skip


def _same_reading(_: random.Random, person: Person) -> Person | None:
    letters = [at for at, one in enumerate(person.given) if one in _SAME_SOUND]
    if not letters:
        return None
    at = letters[-1]
    given = person.given[:at] + _SAME_SOUND[person.given[at]] + person.given[at + 1 :]
    return replace(person, given=given)


KINDS: dict[str, Made] = {
    "sibling": _sibling,
    "twin": _twin,
    "near twin": _near_twin,
    "father and son": _father_and_son,
    "namesake": _namesake,
    "neighbour": _neighbour,
    "same reading": _same_reading,
    "clone": _clone,
}


def look_alikes(register: Sequence[Person], kind: str, *, count: int, seed: int) -> list[Person]:
    """Make so many of one kind, none of whom is really in the register."""
    dice = random.Random(seed)
    real = {(p.surname, p.given, p.born, p.home.place.town, p.home.lot) for p in register}
    found: list[Person] = []
    while len(found) < count:
        made = KINDS[kind](dice, dice.choice(register))
        if made is not None:
            key = (made.surname, made.given, made.born, made.home.place.town, made.home.lot)
            if key not in real:
                found.append(made)
    return found
