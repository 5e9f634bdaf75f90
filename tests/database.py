"""Pytest plugin: the suite runs on a real PostgreSQL, started here when none is named.

Loaded by ``-p tests.database`` before Django reads its settings.
"""

from __future__ import annotations

import os
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
    from django.db import connection

    plain = connection.ops.execute_sql_flush

    def flush(statements: list[str]) -> None:
        statements = [_without_tables_of_rules(one) for one in statements]
        plain(["SET session_replication_role = replica;", *statements,
               "SET session_replication_role = DEFAULT;"])  # fmt: skip

    connection.ops.execute_sql_flush = flush  # type: ignore[method-assign]
    yield
    connection.ops.execute_sql_flush = plain  # type: ignore[method-assign]


#: What migrations filled in is no leftover of a test: emptied, it would be missing to the next.
TABLES_OF_RULES = (
    "protection_channel",
    "cards_shelf",
    "certificates_fee_rule",
    "kiosk_hours",
    "kiosk_yearly_closing",
)


def _without_tables_of_rules(statement: str) -> str:
    for table in TABLES_OF_RULES:
        statement = statement.replace(f', "{table}"', "").replace(f'"{table}", ', "")
    return statement
