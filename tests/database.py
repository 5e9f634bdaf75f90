"""Pytest plugin: the suite runs on a real PostgreSQL, started here when none is named.

Loaded by ``-p tests.database`` before Django reads its settings.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from madoguchi.entry import bootstrap, environment

if "MADOGUCHI_HOME" not in os.environ:
    # The suite has a data folder of its own, never the one of a running demo.
    checkout = Path(__file__).resolve().parents[1]
    os.environ["MADOGUCHI_HOME"] = str(checkout / ".madoguchi-test")
os.environ["MADOGUCHI_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.entry.settings"
bootstrap.connect_database(environment.home())


@pytest.fixture(scope="session", autouse=True)
def _truncate_append_only_tables() -> Iterator[None]:
    """Let the test runner empty tables that nobody else may empty.

    After a test with real commits Django truncates every table; append-only tables refuse
    that by trigger, as they should. Only the runner's own clean-up goes round the triggers.
    """
    from django.core.management.commands import flush as command
    from django.db import connection

    plain, tell_all = connection.ops.execute_sql_flush, command.emit_post_migrate_signal

    def flush(statements: list[str]) -> None:
        tables = {name for one in statements for name in re.findall(r'"(\w+)"', one)}
        # Emptying two hundred empty tables takes a second, finding the few with rows none.
        full = _with_rows(sorted(tables - TABLES_OF_RULES - TABLES_OF_DJANGO))
        plain(["SET session_replication_role = replica;", *(f'DELETE FROM "{one}";' for one in full),
               *(_ADDED_SINCE.format(one) for one in sorted(tables & TABLES_OF_RULES)),
               "SET session_replication_role = DEFAULT;"])  # fmt: skip

    connection.ops.execute_sql_flush = flush  # type: ignore[method-assign]
    # What it would write anew (content types) is kept instead.
    command.emit_post_migrate_signal = lambda *_, **__: None
    yield
    connection.ops.execute_sql_flush = plain  # type: ignore[method-assign]
    command.emit_post_migrate_signal = tell_all


#: What a test added to a table of rules came by a later transaction than any migration.
_ADDED_SINCE = """
DELETE FROM "{}" WHERE xmin::text::bigint > (
    SELECT max(xmin::text::bigint) FROM django_migrations
);
"""


def _with_rows(tables: list[str]) -> list[str]:
    from django.db import connection

    asked = " UNION ALL ".join(
        f"SELECT '{one}' WHERE EXISTS (SELECT FROM \"{one}\")" for one in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [name for (name,) in cursor.fetchall()]


#: Written once after the migrations, by a signal that is not sent again here.
TABLES_OF_DJANGO = frozenset({"django_content_type", "auth_permission"})
#: What migrations filled in is no leftover of a test: emptied, it would be missing to the next.
TABLES_OF_RULES = frozenset(
    {
        "protection_channel",
        "cards_shelf",
        "certificates_fee_rule",
        "dispatch_renotice_rule",
        "dispatch_envelope",
        "kiosk_hours",
        "kiosk_yearly_closing",
        "csops_terminal",
        "csops_hours",
        "appointments_place",
        "appointments_service",
        "appointments_opening",
        "appointments_terms",
    }
)
