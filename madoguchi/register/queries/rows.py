"""Versions out of the database as frozen rows (異動履歴の読出し)."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.db import connection

from madoguchi.register.domain.items import VERSION_NAMES, Sex, Status, StayClass, VersionRow
from madoguchi.register.domain.reasons import NationalityGroup, Reason

_DECODE: Mapping[str, Any] = {
    "reason": Reason,
    "nationality_group": NationalityGroup,
    "status": Status,
    "sex": Sex,
    "stay_class": StayClass,
    "changed": tuple,
    "extra": lambda cell: json.loads(cell) if isinstance(cell, str) else cell,
}


def columns(alias: str) -> str:
    """Return the columns of a version under an alias, for a SELECT list (列の一覧)."""
    return ", ".join(f"{alias}.{name}" for name in VERSION_NAMES)


def version_of(cells: Sequence[Any]) -> VersionRow:
    """Build a version from the cells of ``columns`` (1版)."""
    values = dict(zip(VERSION_NAMES, cells, strict=True))
    for name, decode in _DECODE.items():
        values[name] = decode(values[name])
    return VersionRow(**values)


def read_heads(person_ids: Collection[str]) -> dict[str, VersionRow]:
    """Read the newest version of each of these people, in one query (現在の版)."""
    return {one.person_id: one for one in _read("p.person_id = ANY(%s)", [list(person_ids)])}


def read_heads_of_households(household_nos: Collection[str]) -> tuple[VersionRow, ...]:
    """Read the newest versions that stand in these households, in one query (世帯の現在の版)."""
    return tuple(_read("p.household_no = ANY(%s)", [list(household_nos)]))


def read_histories(person_ids: Iterable[str]) -> dict[str, tuple[VersionRow, ...]]:
    """Read the whole history of each of these people, in one query (異動履歴)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns('v')} FROM register_version v"  # noqa: S608  column names of ours
            " WHERE v.person_id = ANY(%s) ORDER BY v.person_id, v.history_no",
            [list(person_ids)],
        )
        rows = [version_of(cells) for cells in cursor.fetchall()]
    return {
        person_id: tuple(versions)
        for person_id, versions in groupby(rows, key=lambda one: one.person_id)
    }


def read_ever_in_households(household_nos: Collection[str]) -> frozenset[str]:
    """Read who was ever in one of these households (世帯にいたことのある者)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT person_id FROM register_version WHERE household_no = ANY(%s)",
            [list(household_nos)],
        )
        return frozenset(person_id for (person_id,) in cursor.fetchall())


def _read(condition: str, values: list[list[str]]) -> list[VersionRow]:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {columns('v')} FROM register_person p"  # noqa: S608  column names of ours
            f" JOIN register_version v ON v.id = p.version_id WHERE {condition}",
            values,
        )
        return [version_of(cells) for cells in cursor.fetchall()]
