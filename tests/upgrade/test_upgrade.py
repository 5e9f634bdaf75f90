"""Old data, new code: a town as an earlier version left it is brought to this one, and works.

``town-of-2026-11-27.sql.gz`` is the demo of 60 fictional residents as commit 8938466 (32 migrations) made it, by
``pg_dump --inserts --no-owner --no-privileges --rows-per-insert=200``. Each release adds the one it replaces.
"""

from __future__ import annotations

import gzip
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from tests.database import ROOT, TEMPLATES, digest_of_migrations

OLD = sorted(Path(__file__).parent.glob("town-of-*.sql.gz"))
#: The key under which that version sealed its record; nobody else's.
AUDIT_KEY = "fictional-key-of-the-town-of-the-upgrade-rehearsal"
WORK = """
import json, sys
from madoguchi.entry.cli import main
paper, name = sys.argv[1:]
codes = [main(["audit", "verify", "--json"]), main(["register", "search", name, "--json"])]
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SELECT person_id FROM register_current WHERE status = 'RESIDENT' AND person_id"
                   " NOT IN (SELECT person_id FROM protection_out_held) ORDER BY 1 LIMIT 1")
    (person,) = cursor.fetchone()
codes.append(main(["certificate", "issue", "--person", person, "--kind", "resident_record_individual",
                   "--out", paper, "--json"]))
codes.append(main(["audit", "verify", "--json"]))
print(json.dumps(codes))
"""
COLUMNS = """
SELECT table_name, column_name, data_type, is_nullable, coalesce(generation_expression, '')
  FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2
"""
RULES = """
SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
 WHERE connamespace = 'public'::regnamespace ORDER BY 1, 2
"""
INDEXES = "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2"
TRIGGERS = """
SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger
 WHERE NOT tgisinternal ORDER BY 1, 2
"""
VIEWS = "SELECT viewname, definition FROM pg_views WHERE schemaname = 'public' ORDER BY 1"

CASTS = re.compile(r"::(character varying|text)(\[\])?|[()\s]")


@pytest.fixture(params=OLD, ids=lambda path: path.name.removesuffix(".sql.gz"))
def old_town(request):
    """Give the address of a database with the old town in it."""
    server = os.environ["MADOGUCHI_DATABASE_URL"]
    name = sql.Identifier(f"upgrade_{os.getpid()}")
    with psycopg.connect(server, autocommit=True) as line:
        line.execute(sql.SQL("CREATE DATABASE {}").format(name))
        url = f"{server.rpartition('/')[0]}/upgrade_{os.getpid()}"
        try:
            with psycopg.connect(url, autocommit=True) as town:
                text = gzip.decompress(request.param.read_bytes()).decode()
                # Words of psql's own, which newer servers' tools put around the whole.
                town.execute(
                    "\n".join(one for one in text.splitlines() if not one.startswith("\\"))
                )
            yield url
        finally:
            line.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(name))


def shape(url):
    with psycopg.connect(url) as line:
        # A dump writes the same rule with its casts and brackets in other places.
        return {
            CASTS.sub("", " | ".join(row))
            for one in (COLUMNS, RULES, INDEXES, TRIGGERS, VIEWS) for row in line.execute(one)
        }  # fmt: skip


def rows(url):
    with psycopg.connect(url) as line:
        tables = [name for (name,) in line.execute(
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]  # fmt: skip
        return {
            name: line.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(name))).fetchone()[0]
            for name in tables
        }  # fmt: skip


def test_an_old_town_is_brought_here_and_works(old_town, tmp_path):
    before = rows(old_town)
    with psycopg.connect(old_town) as line:
        (name,) = line.execute(
            "SELECT name FROM register_current WHERE status = 'RESIDENT' ORDER BY person_id LIMIT 1"
        ).fetchone()
    done = subprocess.run(
        [sys.executable, "-c", WORK, str(tmp_path / "paper.pdf"), name], cwd=ROOT, check=False,
        capture_output=True, text=True,
        env={**os.environ, "MADOGUCHI_DATABASE_URL": old_town, "MADOGUCHI_DEMO": "1",
             "MADOGUCHI_HOME": str(tmp_path / "home"), "MADOGUCHI_AUDIT_KEY": AUDIT_KEY},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    record, found, paper, record_after, codes = map(json.loads, done.stdout.splitlines())
    assert codes == [0, 0, 0, 0], done.stdout
    # The record of the old version is whole under the new one, and goes on.
    assert record["intact"] and record["rows"] >= before["audit_entry"] > 0
    assert record_after["intact"] and record_after["rows"] > record["rows"]
    assert name in [one["name"] for one in found["hits"]]
    assert paper["pages"] >= 1 and (tmp_path / "paper.pdf").read_bytes().startswith(b"%PDF")
    # Nothing is lost on the way; tables may be gone only if they were empty.
    after = rows(old_town)
    assert {table for table, n in before.items() if n and after.get(table, 0) < n} == set()
    # And what stands there now is what a new town gets.
    new_town = shape(f"{old_town.rpartition('/')[0]}/{TEMPLATES}{digest_of_migrations()}")
    brought = shape(old_town)
    assert (sorted(brought - new_town), sorted(new_town - brought)) == ([], [])
