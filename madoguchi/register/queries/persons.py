"""Who lives where, since when, as it was and as we knew it (住民の照会).

Nothing here asks who wants to know: these reads are for rules and papers, which ask the gate
of protection themselves. Pages read through ``queries.seen``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from madoguchi.infra import clock
from madoguchi.register.domain.items import HouseholdRow, PersonRow, VersionRow
from madoguchi.register.domain.order import in_legal_order
from madoguchi.register.domain.timeline import (
    live_versions,
    records_of,
    row_of,
    state_known,
    state_on,
)
from madoguchi.register.queries import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class NameRow:
    """What a person is called (氏名)."""

    person_id: str
    name: str
    kana: str


def persons_of(
    person_ids: Collection[str], *, on: date | None = None, known_at: datetime | None = None
) -> Mapping[str, PersonRow]:
    """Return people by id, as they were ``on`` a day and as known at a moment (住民の状態).

    Without ``on``: the newest state, plans for later days included. Without ``known_at``: as
    known now. Ids that are unknown, or not yet entered on that day, are missing.
    """
    if not person_ids:
        return {}
    if on is None and known_at is None:
        today = clock.today()
        heads = rows.read_heads(person_ids)
        return {person_id: row_of(head, on=today) for person_id, head in heads.items()}
    found: dict[str, PersonRow] = {}
    for person_id, versions in rows.read_histories(person_ids).items():
        row = _at(versions, on=on, known_at=known_at)
        if row is not None:
            found[person_id] = row
    return found


def snapshot(
    person_id: str, *, on: date | None = None, known_at: datetime | None = None
) -> PersonRow | None:
    """Return one person as ``persons_of`` does (住民の状態)."""
    return persons_of((person_id,), on=on, known_at=known_at).get(person_id)


def households_of(
    household_nos: Collection[str], *, on: date | None = None, known_at: datetime | None = None
) -> Mapping[str, HouseholdRow]:
    """Return households by number with members in legal order (世帯).

    A household nobody ever stood in is missing.
    """
    if not household_nos:
        return {}
    if on is None and known_at is None:
        today = clock.today()
        people = [row_of(head, on=today) for head in rows.read_heads_of_households(household_nos)]
    else:
        ever = rows.read_ever_in_households(household_nos)
        people = list(persons_of(ever, on=on, known_at=known_at).values())
    return {
        household_no: _household(household_no, people)
        for household_no in household_nos
        if any(one.household_no == household_no for one in people)
    }


def household_snapshot(
    household_no: str, *, on: date | None = None, known_at: datetime | None = None
) -> HouseholdRow | None:
    """Return one household as ``households_of`` does (世帯)."""
    return households_of((household_no,), on=on, known_at=known_at).get(household_no)


def history_of(person_id: str, *, known_at: datetime | None = None) -> tuple[VersionRow, ...]:
    """List every version of a person, oldest first, taken back or not (異動履歴照会)."""
    versions = rows.read_histories((person_id,)).get(person_id, ())
    return tuple(one for one in versions if known_at is None or one.recorded_at <= known_at)


def live_history_of(person_id: str, *, newest_record: bool = False) -> tuple[VersionRow, ...]:
    """List the versions that count, oldest first: what was taken back is left out (異動履歴).

    ``newest_record`` leaves out every earlier stay: what a paper of the present record tells.
    """
    records = records_of(history_of(person_id))
    wanted = records[-1:] if newest_record else records
    return live_versions(one for record in wanted for one in record)


def names_of(person_ids: Collection[str]) -> Mapping[str, NameRow]:
    """Return the present names by id, in one query (氏名)."""
    if not person_ids:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.person_id, v.name, v.name_kana FROM register_person p"
            " JOIN register_version v ON v.id = p.version_id WHERE p.person_id = ANY(%s)",
            [list(person_ids)],
        )
        return {
            person_id: NameRow(person_id=person_id, name=name, kana=kana)
            for person_id, name, kana in cursor.fetchall()
        }


def provisional_of(person_ids: Collection[str]) -> frozenset[str]:
    """Tell for whom a change waits for approval: no further change, no paper (仮登録中の者)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM register_draft_person WHERE person_id = ANY(%s)",
            [list(person_ids)],
        )
        return frozenset(person_id for (person_id,) in cursor.fetchall())


def _at(
    versions: tuple[VersionRow, ...], *, on: date | None, known_at: datetime | None
) -> PersonRow | None:
    if on is not None:
        return state_on(versions, on=on, known_at=known_at)
    assert known_at is not None
    return state_known(versions, on=known_at.astimezone(clock.JAPAN).date(), known_at=known_at)


def _household(household_no: str, people: Iterable[PersonRow]) -> HouseholdRow:
    here = [one for one in people if one.household_no == household_no]
    return HouseholdRow(
        household_no=household_no,
        members=in_legal_order(one for one in here if one.status.is_resident),
        left=in_legal_order(one for one in here if not one.status.is_resident),
    )
