"""The file as a temporary table (取込みの作業表): read and checked row by row, in one stream.

The table is what keeps memory flat: whatever concerns several rows (a number given twice, two
householders, a gap in a history) is asked of the database and not of a list in this process.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO

from django.db import connection

from madoguchi.kernel.intake import Counting, Found, open_rows
from madoguchi.register.actions.crews import in_order
from madoguchi.register.domain.csv import Header, check_header
from madoguchi.register.domain.csv.blocks import check_block
from madoguchi.register.domain.csv.columns import ITEM_COLUMNS, KNOWN, Cell

_STEP = 2_000

#: Item columns as staged: dates bring a day to sort by.
STAGED_ITEMS: tuple[str, ...] = (
    *(
        name
        for one in ITEM_COLUMNS
        for name in ((one.fills, f"{one.fills}_sort") if one.cell is Cell.DATE else (one.fills,))
    ),
    "is_householder",
)
_VERSION = ("history_no", "reasons", "effective", "effective_sort", "recorded_at")
_STAGED = (
    "line", "person_id", *STAGED_ITEMS, "foreign_resident", "head_name", "measure", "extra",
    *_VERSION,
)  # fmt: skip
_LATEST = ("line", "person_id", *_VERSION, "move_out_to")
_TYPES = {
    "line": "integer",
    "history_no": "integer",
    "is_householder": "boolean",
    "foreign_resident": "boolean",
    "extra": "jsonb",
    "reasons": "text[]",
    "recorded_at": "timestamptz",
}


def make_tables() -> None:
    """Create the temporary tables of one import; the end of the transaction drops them."""
    with connection.cursor() as cursor:
        for table, names in (
            ("register_staged", _STAGED),
            ("register_staged_past", _STAGED),
            ("register_staged_latest", _LATEST),
        ):
            columns = ", ".join(f"{name} {_type_of(name)}" for name in names)
            # A unit inside a test's transaction finds those of the unit before.
            cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
            cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")


def index_tables() -> None:
    """Make the filled tables quick to look into."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE INDEX ON register_staged (person_id);"
            "CREATE INDEX ON register_staged (household_no);"
            "CREATE INDEX ON register_staged (line);"
            "CREATE INDEX ON register_staged_past (person_id, history_no);"
            "CREATE INDEX ON register_staged_latest (person_id);"
            "ANALYZE register_staged; ANALYZE register_staged_past;"
            "ANALYZE register_staged_latest"
        )


def count_rows() -> int:
    """Count the people the file names (件数)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM register_staged")
        (count,) = cursor.fetchone()
    return int(count)


def stage_register(stream: BinaryIO, found: Found, progress: Counting) -> Header | None:
    """Read register.csv into its table; return what its header says (本体の読込み)."""
    return _stage(stream, "register_staged", "register", _STAGED, found, progress)


def stage_history(stream: BinaryIO, found: Found, progress: Counting) -> Header | None:
    """Read events.csv, the past versions, into its table (異動履歴の読込み)."""
    return _stage(stream, "register_staged_past", "history", _STAGED, found, progress)


def stage_latest(stream: BinaryIO, found: Found, progress: Counting) -> Header | None:
    """Read latest.csv, how the newest versions came to be, into its table (最新の異動)."""
    return _stage(stream, "register_staged_latest", "latest", _LATEST, found, progress)


def _stage(  # noqa: PLR0917  private; the three callers above name their arguments
    stream: BinaryIO,
    table: str,
    file: str,
    names: tuple[str, ...],
    found: Found,
    progress: Counting,
) -> Header | None:
    opened = open_rows(stream, found)
    if opened is None:
        return None
    lines, cells, rows = opened
    header = check_header(cells, known=KNOWN[file])
    if not isinstance(header, Header):
        found.add(header)
        return None
    copy_in = f"COPY {table} ({', '.join(names)}) FROM STDIN"
    calls = ((chunk, header.names, file, names) for chunk in _chunks(rows))
    with connection.cursor() as cursor, cursor.copy(copy_in) as copy:
        for block in in_order(check_block, calls):
            copy.write(block.text)
            found.add(block.problems)
            found.warn(block.warnings)
            progress.advance(block.rows, step=table)
    if lines.broken is not None:
        found.add([lines.broken])
    return header


def _chunks(rows: Iterator[tuple[int, list[str]]]) -> Iterator[list[tuple[int, list[str]]]]:
    while chunk := list(islice(rows, _STEP)):
        yield chunk


def _type_of(name: str) -> str:
    if name.endswith("_sort"):
        return "date"
    return _TYPES.get(name, "text")
