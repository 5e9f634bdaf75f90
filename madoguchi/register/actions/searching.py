"""Keeping what people are found by in step with the ledger (検索キーの更新)."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from itertools import chain, groupby, islice
from operator import itemgetter
from typing import Any

from django.db import connection

from madoguchi.kernel.intake import Counting
from madoguchi.register.actions.crews import in_order
from madoguchi.register.domain.search.blocks import SPELLED, STORED, key_block

_READ_COLUMNS = ", ".join(
    ("v.person_id", "v.status", "v.birth_sort", *(f"v.{name}" for name in SPELLED))
)
_COPY = f"COPY register_search (person_id, {', '.join(STORED)}) FROM STDIN"
_READ = (
    f"SELECT {_READ_COLUMNS} FROM register_version v"  # noqa: S608  columns of ours
    " WHERE v.person_id = ANY(%s) ORDER BY v.person_id, v.history_no"
)
_READ_MISSING = (
    f"SELECT {_READ_COLUMNS} FROM register_version v WHERE NOT EXISTS"  # noqa: S608
    " (SELECT FROM register_search s WHERE s.person_id = v.person_id)"
    " ORDER BY v.person_id, v.history_no"
)
CHUNK = 2_000

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
        # The inverted index of a million people is built in one pass instead of several.
        cursor.execute("SELECT set_config('maintenance_work_mem', '512MB', true)")
        for one in indexes:
            progress.advance(0, step="register_search_index")
            cursor.execute(one)
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
    """Read versions of people without keys in one stream; a crew makes the keys."""
    made = 0
    with connection.chunked_cursor() as reader, connection.cursor() as writer:
        reader.execute(_READ_MISSING)
        people = _people(chain.from_iterable(iter(lambda: reader.fetchmany(CHUNK), [])))
        sizes: deque[int] = deque()
        for block in in_order(key_block, _calls(people, sizes)):
            _write(writer, block)
            made += sizes[0]
            progress.advance(sizes.popleft(), step="register_search")
    return made


def _calls(people: Iterator[list[_Row]], sizes: deque[int]) -> Iterator[tuple[list[list[_Row]]]]:
    while chunk := list(islice(people, CHUNK)):
        sizes.append(len(chunk))
        yield (chunk,)


def _refresh(person_ids: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_READ, [person_ids])
        rows = cursor.fetchall()
        cursor.execute("DELETE FROM register_search WHERE person_id = ANY(%s)", [person_ids])
        _write(cursor, key_block(list(_people(rows))))


def _people(rows: Iterable[_Row]) -> Iterator[list[_Row]]:
    for _, versions in groupby(rows, key=itemgetter(0)):
        yield list(versions)


def _write(cursor: Any, block: bytes) -> None:
    with cursor.copy(_COPY) as copy:
        copy.write(block)
