"""What the register says of those a card may belong to (名義人の照会).

Whoever is asked about is read whole, held or not: a held person's card must be found out before
a letter is queued. What a clerk may read of it is decided where it is shown.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.db import connection

from madoguchi.cards.domain.card import Printed
from madoguchi.cards.domain.people import Match, Person, Standing, match_person
from madoguchi.register import api as register

#: Older names are read for so many only: those born on the same day.
_HISTORIES_MAX = 20


def people_of(person_ids: Collection[str], *, today: date) -> Mapping[str, Person]:
    """Return these people as the register knows them today (名義人)."""
    wanted = sorted({one for one in person_ids if one})
    rows = register.persons_of(wanted)
    held = held_among(wanted)
    return {key: _person(row, is_held=key in held, today=today) for key, row in rows.items()}


def held_among(person_ids: Collection[str]) -> frozenset[str]:
    """Tell who of these is held by a protective measure (支援措置)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM protection_out_held WHERE person_id = ANY(%s)",
            [sorted(person_ids)],
        )
        return frozenset(person_id for (person_id,) in cursor.fetchall())


def match_all(printed: Sequence[Printed], *, today: date) -> tuple[Match, ...]:
    """Find whose cards these are, in three queries for any number (名寄せ)."""
    births = sorted({one.birth_on for one in printed if one.birth_on})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, birth_sort FROM register_out_names WHERE birth_sort = ANY(%s)"
            " ORDER BY person_id",
            [births],
        )
        born: dict[date, list[str]] = {}
        for person_id, birth_on in cursor.fetchall():
            born.setdefault(birth_on, []).append(person_id)
    people = people_of([key for some in born.values() for key in some], today=today)
    found = []
    for one in printed:
        near = [people[key] for key in born.get(one.birth_on or date.min, ()) if key in people]
        match = match_person(one, near)
        if not match.is_sure and near:
            match = match_person(one, _with_old_names(near[:_HISTORIES_MAX]))
        found.append(match)
    return tuple(found)


def _with_old_names(people: Iterable[Person]) -> list[Person]:
    """Read the earlier names of the few who were born on the day and are called otherwise."""
    found = []
    for one in people:
        versions = register.live_history_of(one.person_id)
        names = {name for version in versions for name in _names(version)}
        found.append(replace(one, old_names=tuple(sorted(names - set(one.names)))))
    return found


def _person(row: register.PersonRow, *, is_held: bool, today: date) -> Person:
    return Person(
        person_id=row.person_id,
        standing=_standing(row, today=today),
        is_held=is_held,
        history_no=row.history_no,
        names=_names(row),
        kanas=tuple(kana for kana in (row.name_kana, row.alias_kana) if kana),
        birth_on=row.birth_sort,
        address=row.address,
        building=row.building,
        address_since_on=row.address_since_sort,
    )


def _names(row: register.PersonRow | register.VersionRow) -> tuple[str, ...]:
    """Every way a card may call this person (券面の氏名)."""
    given = row.name.split("\u3000", 1)[-1]
    former = f"{row.former_surname}\u3000{given}" if row.former_surname else ""
    return tuple(one for one in (row.name, row.alias, row.name_alphabet, former) if one)


def _standing(row: register.PersonRow, *, today: date) -> Standing:
    match row.status.value:
        case "RESIDENT":
            return Standing.RESIDENT
        case "MOVE_OUT_PLANNED":
            gone = row.removed_sort is not None and row.removed_sort <= today
            return Standing.MOVED_OUT if gone else Standing.MOVING_OUT
        case "MOVED_OUT":
            return Standing.MOVED_OUT
        case "DEAD":
            return Standing.DEAD
    return Standing.REMOVED
