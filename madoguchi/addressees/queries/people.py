"""The register as the matcher wants it (照合用の台帳)."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db import connection

from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.levels import Standing
from madoguchi.addressees.domain.sides import Row
from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import Use, gate, hidden_from
from madoguchi.register.api import PersonRow, persons_of

_STANDINGS = {
    "RESIDENT": Standing.RESIDENT,
    "MOVE_OUT_PLANNED": Standing.LEAVING,
    "MOVED_OUT": Standing.MOVED_OUT,
    "DEAD": Standing.DEAD,
    "REMOVED": Standing.REMOVED,
}
_CHUNK = 2_000


def register_rows(number: Column | None) -> Iterator[Row]:
    """Yield everybody of the register, the gone too: nobody is decided by being left out (全員)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, is_protected FROM register_out_names ORDER BY person_id")
        everybody = cursor.fetchall()
    for start in range(0, len(everybody), _CHUNK):
        part = dict(everybody[start : start + _CHUNK])
        people = persons_of(part)
        for person_id, is_held in part.items():
            if person_id in people:
                yield row_of(people[person_id], is_held=is_held, number=number)


def row_of(person: PersonRow, *, is_held: bool, number: Column | None) -> Row:
    """Return one person as a row to compare (1人)."""
    numbers = {Column.PERSON: person.person_id, Column.RESIDENT_CODE: person.resident_code}
    return Row(
        row_id=person.person_id,
        name=person.name or person.name_alphabet or person.alias,
        kana=person.name_kana,
        birth=person.birth_sort.isoformat() if person.birth_sort else person.birth,
        address=address_of(person),
        standing=_STANDINGS.get(person.status.value, Standing.UNREAD),
        is_protected=is_held,
        number=numbers.get(number, "") if number else "",
    )


def address_of(person: PersonRow) -> str:
    """Return the address a letter would go to (あて先の住所)."""
    return f"{person.address}\u3000{person.building}" if person.building else person.address


def hidden(person_ids: Collection[str], *, actor: Actor) -> frozenset[str]:
    """Return who of them does not exist for this actor, as things stand now (見せない人)."""
    if not person_ids or not hidden_from(actor):
        return frozenset()
    return gate(person_ids, actor=actor, use=Use.SEARCH).blocked


def not_to_send(person_ids: Collection[str], *, actor: Actor) -> frozenset[str]:
    """Return to whom nothing may be sent without further steps (送らない人)."""
    if not person_ids:
        return frozenset()
    return gate(person_ids, actor=actor, use=Use.MAIL).blocked
