"""Whose card is this (カードの名義): what is printed against what the register says.

A name on a card may be the registered name, an alias, a former surname before the given name,
or the name in letters; shapes of one character count as one (𠮷 and 吉), since the list that
comes with a box is *assumed* to be written in fewer shapes than the register.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum, unique

from madoguchi.cards.domain.card import Printed
from madoguchi.kernel.addresses import fold_address
from madoguchi.kernel.names import fold_kana, fold_kanji


@unique
class Standing(StrEnum):
    """Whether the person still lives here (住民状態)."""

    RESIDENT = "RESIDENT"
    MOVING_OUT = "MOVING_OUT"
    MOVED_OUT = "MOVED_OUT"
    DEAD = "DEAD"
    REMOVED = "REMOVED"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What the register says of somebody a card may belong to (名義人の候補)."""

    person_id: str
    standing: Standing
    is_held: bool
    #: Which version of the record was read.
    history_no: int = 0
    names: tuple[str, ...]
    kanas: tuple[str, ...]
    birth_on: date | None
    address: str
    building: str = ""
    address_since_on: date | None = None
    #: Names and readings that are not the present ones any more.
    old_names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Who a card belongs to, or who comes into question (名寄せの結果)."""

    person_id: str = ""
    candidates: tuple[str, ...] = field(default=())

    @property
    def is_sure(self) -> bool:
        """Exactly one person fits (一人に決まる)."""
        return bool(self.person_id)


def match_person(printed: Printed, people: Sequence[Person]) -> Match:
    """Find the one person who fits; whatever is less than sure goes to a clerk (名寄せ).

    Sure is: born on that day and called so, now or earlier, and nobody else. A reading alone
    never makes it sure when the written name was given and differs.
    """
    if printed.birth_on is None:
        return Match(candidates=_alike(printed, people))
    born = [one for one in people if one.birth_on == printed.birth_on]
    for calls in (_is_called, _was_called):
        sure = [one for one in born if calls(printed, one)]
        if len(sure) == 1:
            return Match(person_id=sure[0].person_id)
        if sure:
            return Match(candidates=tuple(one.person_id for one in sure))
    return Match(candidates=_alike(printed, born))


def has_present_name(printed: Printed, person: Person) -> bool:
    """Tell whether the person is called now as the card says (氏名の一致)."""
    if printed.name:
        return fold_kanji(printed.name) in _keys(person.names)
    return not printed.kana or fold_kana(printed.kana) in _kana_keys(person.kanas)


def lives_as_printed(printed: Printed, person: Person) -> bool:
    """Tell whether the person still lives where the card says (住所の一致).

    Without a printed address the day on which the present one began decides.
    """
    if printed.address:
        return same_address(printed.address, person.address, person.building)
    if printed.made_on and person.address_since_on:
        return person.address_since_on <= printed.made_on
    return True


def same_address(written: str, address: str, building: str = "") -> bool:
    """Tell whether two addresses mean one home; the prefecture may be left out (住所の比較)."""
    ours, theirs = fold_address(address), fold_address(written)
    whole = fold_address(f"{address}{building}")
    return any(_ends_alike(theirs, one) for one in (ours, whole))


def _ends_alike(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    # So much may be missing in front: a prefecture and a district.
    return bool(shorter) and longer.endswith(shorter) and len(longer) - len(shorter) <= 8


def _is_called(printed: Printed, person: Person) -> bool:
    if printed.name:
        return fold_kanji(printed.name) in _keys(person.names)
    return bool(printed.kana) and fold_kana(printed.kana) in _kana_keys(person.kanas)


def _was_called(printed: Printed, person: Person) -> bool:
    return bool(printed.name) and fold_kanji(printed.name) in _keys(person.old_names)


def _alike(printed: Printed, people: Iterable[Person]) -> tuple[str, ...]:
    """Whoever shares a name, a reading or a home: to be looked at, never taken."""
    name, kana = fold_kanji(printed.name), fold_kana(printed.kana)
    given = _given(printed.kana)
    found = []
    for one in people:
        kanas = _kana_keys(one.kanas)
        shares = (
            (name and name in _keys((*one.names, *one.old_names)))
            or (kana and kana in kanas)
            or (given and given in {_given(reading) for reading in one.kanas})
            or (printed.address and same_address(printed.address, one.address, one.building))
        )
        if shares:
            found.append(one.person_id)
    return tuple(found)


def _given(kana: str) -> str:
    parts = kana.split()
    return fold_kana(parts[-1]) if len(parts) > 1 else ""


def _keys(names: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_kanji(name) for name in names if name)


def _kana_keys(kanas: Iterable[str]) -> frozenset[str]:
    return frozenset(fold_kana(kana) for kana in kanas if kana)


def may_be_of(printed: Printed, person: Person) -> bool:
    """Tell whether a clerk may say that this is the holder (名義人の妥当性).

    Two of name, reading and birth date must agree as far as the card says them.
    """
    said = [
        (bool(printed.name), _is_called(printed, person) or _was_called(printed, person)),
        (bool(printed.kana), fold_kana(printed.kana) in _kana_keys(person.kanas)),
        (printed.birth_on is not None, printed.birth_on == person.birth_on),
    ]
    given = [agrees for is_said, agrees in said if is_said]
    return sum(given) >= min(2, len(given)) > 0
