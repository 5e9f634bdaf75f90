"""The register as one clerk may see it (職員から見た住民): what pages read.

To an actor without the right to see them, held people do not exist: by number the answer is
that of an unknown number, and a household is told without them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.areas import area_of
from madoguchi.register.domain.items import HouseholdRow, PersonRow, VersionRow
from madoguchi.register.domain.timeline import live_versions, records_of, row_of
from madoguchi.register.queries.loading import hidden_among
from madoguchi.register.queries.persons import (
    NameRow,
    history_of,
    household_snapshot,
    names_of,
    persons_of,
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosedRecord:
    """One removed record as it was closed (除票).

    ``householder``: who headed the household then, whoever does now; "" where nobody did.
    """

    number: int
    row: PersonRow
    history: tuple[VersionRow, ...]
    householder: str


def find_closed_record(person_id: str, *, number: int, actor: Actor) -> ClosedRecord | None:
    """Return one removed record of a person by its place among their records, from 1; 0: the newest.

    None where there is no such record, where it is not closed yet, and for unknown and held (除票).
    """
    records = find_records(person_id, actor=actor)
    number = number or len(records)
    if not 1 <= number <= len(records):
        return None
    history = live_versions(records[number - 1])
    if not history:
        return None
    row = row_of(history[-1], on=clock.today())
    if row.status.is_resident:
        return None
    return ClosedRecord(number=number, row=row, history=history,
                        householder=_head_before(row, on=row.removed_sort or row.effective_on))  # fmt: skip


def _head_before(row: PersonRow, *, on: date) -> str:
    """Return who headed the household until the record was closed; who heads it now is another's matter."""
    if row.is_householder:
        return row.name or row.name_alphabet
    then = household_snapshot(row.household_no, on=on - timedelta(days=1))
    head = then.householder if then is not None else None
    return (head.name or head.name_alphabet) if head is not None else ""


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
