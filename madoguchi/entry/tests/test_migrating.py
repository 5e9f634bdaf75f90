"""Bringing the tables up to date: one process does it, the others wait (準備)."""

import threading

import psycopg
import pytest
from django.db import connection

from madoguchi.entry import bootstrap

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def migrations(monkeypatch):
    """Count how often the tables would have been changed."""
    done = []
    monkeypatch.setattr("django.core.management.call_command", lambda *_, **__: done.append(1))
    return done


def start(home):
    def work():
        bootstrap.migrate_if_needed(home)
        connection.close()

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_web_and_worker_started_together_change_the_tables_once(tmp_path, migrations):
    threads = [start(tmp_path) for _ in range(4)]
    for one in threads:
        one.join(30)
    assert migrations == [1]


def test_nobody_begins_while_another_is_at_it(tmp_path, migrations):
    dsn = connection.get_connection_params()
    with psycopg.connect(dbname=dsn["dbname"], host=dsn["host"], port=dsn["port"], user=dsn["user"],
                         password=dsn["password"], autocommit=True) as other:  # fmt: skip
        other.execute("SELECT pg_advisory_lock(%s)", [bootstrap.MIGRATING])
        waiting = start(tmp_path)
        waiting.join(1)
        assert waiting.is_alive() and migrations == []
    waiting.join(30)
    assert migrations == [1]


def test_a_folder_that_has_seen_them_asks_nothing(tmp_path, migrations):
    for _ in range(2):
        bootstrap.migrate_if_needed(tmp_path)
    assert migrations == [1]


def test_a_migration_that_fails_frees_the_way_and_leaves_no_mark(tmp_path, monkeypatch):
    def fail(*_, **__):
        raise RuntimeError("disk full")

    monkeypatch.setattr("django.core.management.call_command", fail)
    with pytest.raises(RuntimeError, match="disk full"):
        bootstrap.migrate_if_needed(tmp_path)
    assert not (tmp_path / "migrated").exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)
