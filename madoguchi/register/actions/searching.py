"""Keeping what people are found by in step with the ledger (検索キーの更新)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection

from madoguchi.register.actions.bulk import Counting
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search import SearchKeys, Spelling, keys_of

_SPELLED = (
    "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
    "name_alphabet", "address", "building", "previous_address",
)  # fmt: skip
_READ_COLUMNS = ", ".join(
    ("v.person_id", "v.status", "v.birth_sort", *(f"v.{n}" for n in _SPELLED))
)
_STORED = (
    "rank", "sort_key", "born", "name", "surname", "initial", "kana_surname", "names", "kanas", "places",
    "past_names", "past_kanas", "past_places",
)  # fmt: skip
_COPY = f"COPY register_search (person_id, {', '.join(_STORED)}, tokens) FROM STDIN"
_READ = (
    f"SELECT {_READ_COLUMNS} FROM register_version v"  # noqa: S608  columns of ours
    " WHERE v.person_id = ANY(%s) ORDER BY v.person_id, v.history_no"
)
_READ_MISSING = (
    f"SELECT {_READ_COLUMNS} FROM register_version v WHERE NOT EXISTS"  # noqa: S608
    " (SELECT FROM register_search s WHERE s.person_id = v.person_id)"
    " ORDER BY v.person_id, v.history_no"
)
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


def rebuild_search_keys(*, progress: Counting) -> int:
    """Make everybody's keys anew, after the rules of the keys changed (検索キーの作り直し)."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE register_search")
    return fill_search_keys(changed=(), progress=progress)


def fill_search_keys(*, changed: Iterable[str], progress: Counting) -> int:
    """Make the keys of everybody who has none, and anew for ``changed`` (検索キーの一括作成).

    Into an empty table without its indexes, which are built afterwards: a million people then
    take a minute instead of ten.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT NOT EXISTS (SELECT FROM register_search)")
        (is_empty,) = cursor.fetchone()
        indexes = _take_indexes(cursor) if is_empty else ()
        made = _fill(progress)
        for one in indexes:
            cursor.execute(one)
            progress.advance(0, step="register_search")
        if is_empty:
            cursor.execute("ANALYZE register_search")
    return made + refresh_search_keys(changed)


def _take_indexes(cursor: Any) -> tuple[str, ...]:
    """Drop the indexes but the primary key's, and return what makes them again."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()"
        " AND tablename = 'register_search' AND indexname NOT LIKE '%%_pkey'"
    )
    rows = cursor.fetchall()
    for name, _ in rows:
        cursor.execute(f'DROP INDEX "{name}"')
    return tuple(definition for _, definition in rows)


def _fill(progress: Counting) -> int:
    """Read versions of people without keys in one stream, and copy their keys in chunks."""
    made = 0
    with connection.chunked_cursor() as reader, connection.cursor() as writer:
        reader.execute(_READ_MISSING)
        people = _people(chain.from_iterable(iter(lambda: reader.fetchmany(CHUNK), [])))
        while chunk := list(islice(people, CHUNK)):
            copy_keys(writer, _keys_of(chunk))
            made += len(chunk)
            progress.advance(len(chunk), step="register_search")
    return made


def _refresh(person_ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [person_ids])
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM register_search WHERE person_id = ANY(%s)", [person_ids])
        copy_keys(cursor, _keys_of(_people(rows)))


def _people(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    for _, versions in groupby(rows, key=itemgetter(0)):
        yield list(versions)


def _keys_of(people: Iterable[list[_Row]]) -> Iterator[tuple[str, SearchKeys]]:
    for versions in people:
        *older, newest = versions
        person_id = newest[0]
        yield (
            person_id,
            keys_of(
                _spelling(newest),
                past=[_spelling(one) for one in reversed(older)],
                is_resident=newest[1] in _RESIDENT,
            ),
        )


def _spelling(row: _Row) -> Spelling:
    return Spelling(born=row[2], **dict(zip(_SPELLED, row[3:], strict=True)))


def copy_keys(cursor: Any, keys: Iterable[tuple[str, SearchKeys]]) -> None:
    """Write rows of search keys for people who have none (検索キーの登録)."""
    with cursor.copy(_COPY) as copy:
        for person_id, one in keys:
            tokens = "{" + ",".join(map(str, one.tokens)) + "}"
            copy.write_row((person_id, *(getattr(one, name) for name in _STORED), tokens))
