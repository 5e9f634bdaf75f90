"""The register as one clerk may see it (職員から見た住民): what pages read.

To an actor without the right to see them, held people do not exist: by number the answer is
that of an unknown number, and a household is told without them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date, datetime

from django.db import connection

from madoguchi.kernel.actor import Actor
from madoguchi.kernel.areas import area_of
from madoguchi.register.domain.items import HouseholdRow, PersonRow, VersionRow
from madoguchi.register.domain.timeline import records_of
from madoguchi.register.queries.loading import hidden_among
from madoguchi.register.queries.persons import (
    NameRow,
    history_of,
    household_snapshot,
    names_of,
    persons_of,
    removed_records_of,
)


def find_persons(
    person_ids: Collection[str],
    *,
    actor: Actor,
    on: date | None = None,
    known_at: datetime | None = None,
) -> Mapping[str, PersonRow]:
    """Return people by id as ``persons_of`` does, without those held from this actor."""
    # Everybody is read first, so that a hidden id costs what an open one costs.
    found = persons_of(person_ids, on=on, known_at=known_at)
    hidden = hidden_among(person_ids, actor=actor)
    return {key: one for key, one in found.items() if key not in hidden}


def find_person(
    person_id: str,
    *,
    actor: Actor,
    on: date | None = None,
    known_at: datetime | None = None,
) -> PersonRow | None:
    """Return one person, or None: unknown and held look the same (住民の照会)."""
    return find_persons((person_id,), actor=actor, on=on, known_at=known_at).get(person_id)


def find_household(
    household_no: str,
    *,
    actor: Actor,
    on: date | None = None,
    known_at: datetime | None = None,
) -> HouseholdRow | None:
    """Return a household without its held members; None when nobody else is in it (世帯の照会)."""
    found = household_snapshot(household_no, on=on, known_at=known_at)
    everybody = () if found is None else (*found.members, *found.left)
    hidden = hidden_among([one.person_id for one in everybody], actor=actor)
    if found is None:
        return None
    seen = replace(
        found,
        members=tuple(one for one in found.members if one.person_id not in hidden),
        left=tuple(one for one in found.left if one.person_id not in hidden),
    )
    return seen if seen.members or seen.left else None


def find_history(
    person_id: str, *, actor: Actor, known_at: datetime | None = None
) -> tuple[VersionRow, ...]:
    """List the versions of a person, oldest first; none for unknown and held (異動履歴照会)."""
    found = history_of(person_id, known_at=known_at)
    return () if hidden_among((person_id,), actor=actor) else found


def find_records(person_id: str, *, actor: Actor) -> tuple[tuple[VersionRow, ...], ...]:
    """List a person's versions record by record, oldest first; none as above (住民票ごとの照会).

    A screen shows one of them at a time: the standard forbids one view across re-entries (2.2.1).
    """
    return records_of(find_history(person_id, actor=actor))


def find_removed_records(person_id: str, *, actor: Actor) -> tuple[VersionRow, ...]:
    """List the removed records of a person; none for unknown and held (除票の照会)."""
    found = removed_records_of(person_id)
    return () if hidden_among((person_id,), actor=actor) else found


def find_names(person_ids: Collection[str], *, actor: Actor) -> Mapping[str, NameRow]:
    """Return present names by id, without those held from this actor (氏名の照会)."""
    found = names_of(person_ids)
    hidden = hidden_among(person_ids, actor=actor)
    return {key: one for key, one in found.items() if key not in hidden}


def list_living_in(area: str, *, actor: Actor, on: date) -> Mapping[str, PersonRow]:
    """Return who lives in a part of the town, without those held from this actor (地区の住民)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id, v.postcode FROM register_person p"
            " JOIN register_version v ON v.id = p.version_id"
            " WHERE p.status IN ('RESIDENT', 'MOVE_OUT_PLANNED')"
        )
        ids = [one for one, postcode in cursor.fetchall() if area_of(postcode, on=on) == area]
    found = find_persons(ids, actor=actor)
    return {key: one for key, one in found.items() if one.status.is_resident}
