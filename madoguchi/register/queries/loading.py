"""Reading all that a change is decided on (異動の前提の読出し)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from django.db import connection

from madoguchi.kernel.actor import Actor
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.api import Use, gate, hidden_from
from madoguchi.register.domain.items import Items
from madoguchi.register.domain.planning.moves import alike_key
from madoguchi.register.domain.timeline import settled_status
from madoguchi.register.queries import rows


def homes_of(person_ids: Collection[str]) -> Mapping[str, str]:
    """Return person id -> household number for those on the register (世帯番号)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, household_no FROM register_person WHERE person_id = ANY(%s)",
            [list(person_ids)],
        )
        return dict(cursor.fetchall())


def members_of(household_nos: Collection[str]) -> Mapping[str, str]:
    """Return person id -> household number for everybody who stands in these households."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id, household_no FROM register_person WHERE household_no = ANY(%s)",
            [list(household_nos)],
        )
        return dict(cursor.fetchall())


def owners_of_codes(codes: Iterable[str]) -> Mapping[str, str]:
    """Return 住民票コード -> who has it (住民票コードの重複)."""
    wanted = [code for code in set(codes) if code]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT resident_code, person_id FROM register_person"
            " WHERE resident_code = ANY(%s) AND resident_code <> ''",
            [wanted],
        )
        return dict(cursor.fetchall())


def owners_of_cards(card_nos: Iterable[str]) -> Mapping[str, str]:
    """Return 在留カード等の番号 -> who has it (カード番号の重複)."""
    wanted = [card for card in set(card_nos) if card]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT v.residence_card_no, v.person_id FROM register_version v"
            " JOIN register_person p ON p.version_id = v.id"
            " WHERE v.residence_card_no = ANY(%s) AND v.residence_card_no <> ''",
            [wanted],
        )
        return dict(cursor.fetchall())


def removed_alike(newcomers: Iterable[Items], *, today: date) -> Mapping[tuple[str, str, str], str]:
    """Return the three items -> whose removed record has them (再転入の疑い)."""
    births: set[date] = {one.birth_sort for one in newcomers if one.birth_sort}
    if not births:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM register_person"
            " WHERE birth_sort = ANY(%s) AND status <> 'RESIDENT'",
            [sorted(births)],
        )
        person_ids = [person_id for (person_id,) in cursor.fetchall()]
    heads = rows.read_heads(person_ids)
    return {
        alike_key(head): person_id
        for person_id, head in sorted(heads.items())
        if not settled_status(head, on=today).is_resident
    }


def hidden_among(person_ids: Collection[str], *, actor: Actor) -> frozenset[str]:
    """Return who of these does not exist for this actor (支援対象者)."""
    if not person_ids or not hidden_from(actor):
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM protection_out_held WHERE person_id = ANY(%s)",
            [list(person_ids)],
        )
        return frozenset(person_id for (person_id,) in cursor.fetchall())


def closed_to(person_ids: Collection[str], *, actor: Actor) -> frozenset[str]:
    """Return whose record this actor may not change now, as the gate says (抑止)."""
    if not person_ids:
        return frozenset()
    answer = gate(person_ids, actor=actor, use=Use.CHANGE, households=homes_of(person_ids))
    return answer.blocked


def warned_of(person_ids: Collection[str], *, actor: Actor) -> tuple[Problem, ...]:
    """Return what the gate warns of before a record is changed, each reason once (抑止の注意).

    Of somebody this actor may not know of the gate says nothing.
    """
    if not person_ids:
        return ()
    answer = gate(person_ids, actor=actor, use=Use.CHANGE, households=homes_of(person_ids))
    said = (one for person_id in sorted(answer.alerts) for one in answer.alerts[person_id])
    found = {str(one.facts): one for one in said if one.code == "BLOCK_ALERT"}
    return tuple(found.values())


def reserve_person_ids(count: int) -> tuple[str, ...]:
    """Take new 宛名番号 from the counter; one that an import already used is passed over."""
    return tuple(_reserve("register_person_serial", "person_id") for _ in range(count))


def reserve_household_no() -> str:
    """Take a new 世帯番号 from the counter."""
    return _reserve("register_household_serial", "household_no")


def _reserve(sequence: str, column: str) -> str:
    make = make_addressee_no if column == "person_id" else make_household_no
    while True:
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval(%s)", [sequence])
            number = make(int(cursor.fetchone()[0]))
            cursor.execute(
                f"SELECT EXISTS (SELECT FROM register_person WHERE {column} = %s)",  # noqa: S608
                [number],
            )
            if not cursor.fetchone()[0]:
                return number
