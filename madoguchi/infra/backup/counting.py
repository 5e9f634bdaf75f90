"""What stands in a database at one moment: every table's rows and their sum (件数とハッシュ値)."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass

import psycopg
from psycopg import sql

#: A row is summed as text, and how a moment or a number reads is a matter of settings, which the
#: server that was restored need not share.
_PLAIN = (
    "-c timezone=UTC -c datestyle=ISO -c intervalstyle=iso_8601 -c extra_float_digits=3"
    " -c bytea_output=hex -c xmlbinary=base64 -c lc_monetary=C"
)
#: A quiet moment is looked for so long: writes of a desk take milliseconds.
QUIET_SECONDS_MAX = 20


class NeverQuiet(Exception):
    """Somebody was writing the whole time; a count would belong to no moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The rows of every table, a sum of each, and the place in the log they belong to (件数)."""

    lsn: str
    #: "schema.table": (rows, sum of the hashes of its rows).
    tables: Mapping[str, tuple[int, str]]

    @property
    def rows(self) -> int:
        """All rows of all tables (総行数)."""
        return sum(rows for rows, _ in self.tables.values())

    @property
    def sha256(self) -> str:
        """One sum over all of it (全体のハッシュ値)."""
        lines = [f"{name} {rows} {total}\n" for name, (rows, total) in sorted(self.tables.items())]
        return hashlib.sha256("".join(lines).encode()).hexdigest()


def count_at_rest(url: str) -> Counted:
    """Count in a moment in which nobody was writing, so that a restore up to it must be equal.

    A snapshot without a running transaction, taken while the log did not grow, holds exactly what
    the log says up to there; nobody is kept waiting for it. Raises ``NeverQuiet``.
    """
    until = time.monotonic() + QUIET_SECONDS_MAX
    with psycopg.connect(url, autocommit=True, options=_PLAIN) as connection:
        while time.monotonic() < until:
            connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
            row = connection.execute(
                "SELECT pg_current_wal_insert_lsn(), pg_current_snapshot()::text"
            ).fetchone()
            after = connection.execute("SELECT pg_current_wal_insert_lsn()").fetchone()
            assert row is not None
            assert after is not None
            if row[0] == after[0] and row[1].endswith(":"):  # xmin:xmax: and nobody between
                counted = _count(connection, str(row[0]))
                connection.execute("COMMIT")
                return counted
            connection.execute("ROLLBACK")
            time.sleep(0.01)
    raise NeverQuiet


def count_restored(url: str) -> Counted:
    """Count a restored database, in which nobody writes (復元先の件数)."""
    with psycopg.connect(url, options=_PLAIN) as connection:
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        return _count(connection, "")


def _count(connection: psycopg.Connection[tuple[object, ...]], lsn: str) -> Counted:
    names = connection.execute(
        "SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace"
        " WHERE c.relkind = 'r' AND c.relpersistence = 'p'"
        " AND n.nspname NOT IN ('pg_catalog', 'information_schema') ORDER BY 1, 2"
    ).fetchall()
    tables = {}
    for schema, name in names:
        # A sum does not mind the order of rows; a row doubled and one lost do not cancel out.
        row = connection.execute(
            sql.SQL(
                "SELECT count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)::text"
                " FROM ONLY {} t"
            ).format(sql.Identifier(str(schema), str(name)))
        ).fetchone()
        assert row is not None
        tables[f"{schema}.{name}"] = (int(str(row[0])), str(row[1]))
    return Counted(lsn=lsn, tables=tables)
