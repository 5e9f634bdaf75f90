"""Many versions at once, for imports: one COPY per chunk (一括登録)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from itertools import islice
from operator import attrgetter

from django.db import connection

from madoguchi.kernel.intake import Counting
from madoguchi.register.domain.items import VERSION_NAMES, VersionRow

#: One COPY statement each: small enough for the trigger's list of new rows to stay in memory.
CHUNK = 20_000

_SPECIAL = ("reason", "nationality_group", "status", "sex", "stay_class", "changed", "extra")
_COLUMNS = (*(name for name in VERSION_NAMES if name not in _SPECIAL), *_SPECIAL)
_plain = attrgetter(*_COLUMNS[: -len(_SPECIAL)])
_COPY = f"COPY register_version ({', '.join(_COLUMNS)}) FROM STDIN"
_Cell = str | int | bool | date | datetime | None


def append_versions(rows: Iterable[VersionRow], progress: Counting) -> int:
    """Append versions in the order given and return how many (一括登録).

    Call it inside ``unit.run_long``; the caller records what it loaded. All versions of a
    person must follow their history without a gap, else the database refuses the chunk and the
    whole load rolls back. Nothing is checked here but that: the importer has checked the rows.
    """
    loaded = 0
    stream = iter(rows)
    while chunk := list(islice(stream, CHUNK)):
        _copy(chunk)
        loaded += len(chunk)
        progress.advance(len(chunk), step="register_version")
    pass_used_numbers()
    return loaded


# New numbers begin after the highest that came in. Those beginning with 9 are left alone: one of
# them would leave the counter no room.
_ADVANCE = """
WITH top AS (
    SELECT max(left({column}, 14))::bigint AS serial FROM register_person
    WHERE {column} ~ '^[0-8][0-9]{{14}}$'
)
SELECT setval('{sequence}', serial) FROM top, {sequence} AS counter
WHERE serial > counter.last_value
"""


def pass_used_numbers() -> None:
    """Move the counters of new numbers past those that came in (採番の続き)."""
    with connection.cursor() as cursor:
        cursor.execute(_ADVANCE.format(column="person_id", sequence="register_person_serial"))
        cursor.execute(_ADVANCE.format(column="household_no", sequence="register_household_serial"))


def copy_rows(rows: Sequence[VersionRow]) -> None:
    """Append a few versions; the actions of this room write through it too (版の追記)."""
    _copy(rows)


def _copy(rows: Sequence[VersionRow]) -> None:
    # Django wraps the errors of execute() and not those of COPY.
    with (
        connection.wrap_database_errors,
        connection.cursor() as cursor,
        cursor.copy(_COPY) as copy,
    ):
        write = copy.write_row
        for cells in map(_cells, rows):
            write(cells)


def _cells(row: VersionRow) -> tuple[_Cell, ...]:
    # Codes by their value: psycopg would write an enum's name.
    return (
        *_plain(row),
        row.reason.value,
        row.nationality_group.value,
        row.status.value,
        row.sex.value,
        row.stay_class.value,
        "{" + ",".join(f'"{name}"' for name in row.changed) + "}",
        json.dumps(dict(row.extra), ensure_ascii=False) if row.extra else "{}",
    )
