"""Pytest plugin: the suite runs on a real PostgreSQL, started here when none is named.

Loaded by ``-p tests.database`` before Django reads its settings.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from madoguchi.entry import bootstrap, environment

ROOT = Path(__file__).resolve().parents[1]
if "MADOGUCHI_HOME" not in os.environ:
    # The suite has a data folder of its own, never the one of a running demo.
    os.environ["MADOGUCHI_HOME"] = str(ROOT / ".madoguchi-test")
os.environ["MADOGUCHI_DEMO"] = "1"
os.environ["DJANGO_SETTINGS_MODULE"] = "madoguchi.entry.settings"
bootstrap.connect_database(environment.home())


TEMPLATES = "madoguchi_template_"


def pytest_sessionstart() -> None:
    """Let each process's database be a copy of one that is migrated already."""
    from django.db import connection

    connection.settings_dict["TEST"]["TEMPLATE"] = _template(os.environ["MADOGUCHI_DATABASE_URL"])


def _template(url: str) -> str:
    """Return the name of a migrated, empty database, making it where the migrations are new (雛形).

    A hundred migrations take seconds, copying their outcome a tenth of one.
    """
    name = TEMPLATES + digest_of_migrations()
    with psycopg.connect(url, autocommit=True) as line:
        # A second run beside this one waits, and finds it made.
        line.execute("SELECT pg_advisory_lock(hashtext(%s))", [TEMPLATES])
        found = [one for (one,) in line.execute(
            "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [TEMPLATES])]  # fmt: skip
        if name in found:
            return name
        for old in found:
            line.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(old)))
        half = f"{TEMPLATES}half_{os.getpid()}"
        line.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity=0"], cwd=ROOT, check=True,
            env={**os.environ, "MADOGUCHI_DATABASE_URL": f"{url.rpartition('/')[0]}/{half}"},
        )  # fmt: skip
        # Only what is whole bears the name.
        line.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(
            sql.Identifier(half), sql.Identifier(name)))  # fmt: skip
    return name


def digest_of_migrations() -> str:
    """Sum up the migrations, what of ours they read, and the versions of what others bring."""
    files = sorted(ROOT.glob("madoguchi/*/migrations/*.py"))
    named = {one for file in files for one in re.findall(r"madoguchi(?:\.\w+)+", file.read_text())}
    read = (ROOT / (one.replace(".", "/") + ".py") for one in sorted(named))
    found = hashlib.sha256((ROOT / "requirements.txt").read_bytes())
    for file in (*files, *(one for one in read if one.exists())):
        found.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    return found.hexdigest()[:16]


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


@pytest.fixture(autouse=True)
def _nobody_asked_before() -> None:
    """Forget the requests of other tests: how many came in a minute is no test's business."""
    from django.core.cache import cache

    cache.clear()


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
