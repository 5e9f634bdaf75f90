"""The register as the matcher wants it (照合用の台帳)."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.db import connection

from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.keys import Row, with_surname
from madoguchi.addressees.domain.levels import Standing
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Stand:
    """How somebody stands this moment: never kept beside keys (いまの状態)."""

    standing: Standing
    is_held: bool
    version_no: int


def stands_of(person_ids: Collection[str]) -> dict[str, Stand]:
    """Return how people stand now, the gone too (いまの状態)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, status, is_protected, history_no FROM register_out_names"
            " WHERE person_id = ANY(%s)",
            [list(person_ids)],
        )
        return {
            person_id: Stand(standing=_STANDINGS.get(status, Standing.UNREAD), is_held=is_held,
                             version_no=version_no)
            for person_id, status, is_held, version_no in cursor.fetchall()
        }  # fmt: skip


def rows_of(person_ids: Collection[str], number: Column | None) -> Iterator[Row]:
    """Yield people of the register as rows to compare (照合する人)."""
    everybody = sorted(person_ids)
    for start in range(0, len(everybody), _CHUNK):
        part = everybody[start : start + _CHUNK]
        people, stands = persons_of(part), stands_of(part)
        for person_id in part:
            if person_id in people and person_id in stands:
                is_held = stands[person_id].is_held
                yield row_of(people[person_id], is_held=is_held, number=number)


def everybody_by_code() -> dict[str, str]:
    """Return whose each 住民票コード is; for lists that carry it, and nowhere kept (コードから人へ)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM register_out_names ORDER BY person_id")
        ids = [person_id for (person_id,) in cursor.fetchall()]
    return {
        one.resident_code: one.person_id
        for start in range(0, len(ids), _CHUNK)
        for one in persons_of(ids[start : start + _CHUNK]).values()
        if one.resident_code
    }


def row_of(person: PersonRow, *, is_held: bool, number: Column | None) -> Row:
    """Return one person as a row to compare (1人)."""
    numbers = {Column.PERSON: person.person_id, Column.RESIDENT_CODE: person.resident_code}
    names = names_of(person)
    return Row(
        row_id=person.person_id,
        name=names[0][0],
        kana=names[0][1],
        birth=person.birth_sort.isoformat() if person.birth_sort else person.birth,
        address=address_of(person),
        standing=_STANDINGS.get(person.status.value, Standing.UNREAD),
        is_protected=is_held,
        number=numbers.get(number, "") if number else "",
        others=names[1:],
    )


def names_of(person: PersonRow) -> tuple[tuple[str, str], ...]:
    """Return what a person is called, each with its reading (氏名・ローマ字・通称・旧氏).

    In the order of `Called`; empty ones keep their place, by which a candidate is remembered.
    """
    return (
        (person.name, person.name_kana),
        (person.name_alphabet, "" if person.name else person.name_kana),
        (person.alias, person.alias_kana),
        (
            with_surname(person.name, person.former_surname),
            with_surname(person.name_kana, person.former_surname_kana),
        ),
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
