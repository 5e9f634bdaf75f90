"""Keeping what people are found by in step with the ledger (検索キーの更新)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db import connection

from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search import SearchKeys, Spelling, keys_of

_SPELLED = (
    "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
    "name_alphabet", "address", "building", "previous_address",
)  # fmt: skip
_STORED = (
    "rank", "sort_key", "name", "surname", "initial", "kana_surname", "names", "kanas", "places",
    "past_names", "past_kanas", "past_places",
)  # fmt: skip
_COPY = f"COPY register_search (person_id, {', '.join(_STORED)}, tokens) FROM STDIN"
_READ = (
    "SELECT v.person_id, v.status, " + ", ".join(f"v.{name}" for name in _SPELLED) +  # noqa: S608
    " FROM register_version v WHERE v.person_id = ANY(%s) ORDER BY v.person_id, v.history_no"
)  # fmt: skip
CHUNK = 5_000

_RESIDENT = frozenset(status.value for status in Status if status.is_resident)
_Row = tuple[Any, ...]


def refresh_search_keys(person_ids: Iterable[str]) -> int:
    """Make the search keys of these people anew from their versions; return how many.

    Runs in the caller's transaction, so nobody is ever found by what was rolled back, nor
    missed by what was committed.
    """
    wanted = sorted(set(person_ids))
    for start in range(0, len(wanted), CHUNK):
        _refresh(wanted[start : start + CHUNK])
    return len(wanted)


def _refresh(person_ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [person_ids])
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM register_search WHERE person_id = ANY(%s)", [person_ids])
        copy_keys(cursor, _keys_of(rows))


def _keys_of(rows: Collection[_Row]) -> Iterator[tuple[str, SearchKeys]]:
    for person_id, versions in groupby(rows, key=itemgetter(0)):
        *older, newest = versions
        yield (
            person_id,
            keys_of(
                _spelling(newest),
                past=[_spelling(one) for one in reversed(older)],
                is_resident=newest[1] in _RESIDENT,
            ),
        )


def _spelling(row: _Row) -> Spelling:
    return Spelling(**dict(zip(_SPELLED, row[2:], strict=True)))


def copy_keys(cursor: Any, keys: Iterable[tuple[str, SearchKeys]]) -> None:
    """Write rows of search keys for people who have none (検索キーの登録)."""
    with cursor.copy(_COPY) as copy:
        for person_id, one in keys:
            tokens = "{" + ",".join(map(str, one.tokens)) + "}"
            copy.write_row((person_id, *(getattr(one, name) for name in _STORED), tokens))
