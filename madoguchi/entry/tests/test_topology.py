"""What stops a town's server before it opens, and what it only warns of: all at once."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from madoguchi.certificates.testing import shared_keys
from madoguchi.entry import topology
from madoguchi.entry.cli import running
from madoguchi.entry.tests.fleets import lay_keys
from madoguchi.infra import clock

NOW = clock.now()
GOOD = topology.Facts(
    host="db.town.example", port=5432, demo=False, keys_missing=(), keys_of_demo=False,
    backup_to="/mnt/backup", embedded_port=None, now=NOW,
    answers={
        "version": 15, "encoding": "UTF8", "ctype": "C.UTF-8", "has_letters": True, "has_case": True,
        "in_recovery": False, "clock": NOW, "superuser": False, "replicates": True,
        "switches_log": True, "encrypted": True, "has_tables": True,
    },
    settings={
        "wal_level": "replica", "max_wal_senders": "10", "max_replication_slots": "10",
        "max_slot_wal_keep_size": "20480", "fsync": "on", "full_page_writes": "on",
        "synchronous_commit": "on", "data_checksums": "on",
        **{name: quiet[0] for name, quiet in topology.QUIET_LOG.items()},
    },
)  # fmt: skip


def codes(facts):
    found = topology.judge(facts)
    return [one.code for one in found.stops], [one.code for one in found.warnings]


def changed(*, answers=None, settings=None, **more):
    return replace(GOOD, answers={**GOOD.answers, **(answers or {})},
                   settings={**GOOD.settings, **(settings or {})}, **more)  # fmt: skip


def test_a_good_place_is_silent():
    assert codes(GOOD) == ([], [])


@pytest.mark.parametrize(("facts", "code"), [
    (changed(demo=True), "TOPOLOGY_DEMO"),
    (changed(keys_missing=("token.key.pem",)), "TOPOLOGY_NO_KEYS"),
    (changed(keys_of_demo=True), "TOPOLOGY_DEMO_KEYS"),
    (changed(host="localhost", port=5555, embedded_port=5555), "TOPOLOGY_EMBEDDED"),
    (changed(answers={"version": 14}), "TOPOLOGY_OLD_SERVER"),
    (changed(answers={"encoding": "EUC_JP"}), "TOPOLOGY_ENCODING"),
    (changed(answers={"has_letters": False}), "TOPOLOGY_CTYPE"),
    (changed(answers={"has_case": False}), "TOPOLOGY_CTYPE"),
    (changed(answers={"in_recovery": True}), "TOPOLOGY_STANDBY"),
    (changed(settings={"fsync": "off"}), "TOPOLOGY_NOT_DURABLE"),
    (changed(settings={"full_page_writes": "off"}), "TOPOLOGY_NOT_DURABLE"),
    (changed(answers={"clock": NOW - timedelta(seconds=61)}), "TOPOLOGY_CLOCK_WRONG"),
    (changed(newer=("register.0099_later",)), "TOPOLOGY_NEWER_TABLES"),
])  # fmt: skip
def test_what_stops_the_start(facts, code):
    assert codes(facts) == ([code], [])


@pytest.mark.parametrize(("facts", "code"), [
    (changed(backup_to=""), "TOPOLOGY_NO_BACKUP"),
    (changed(settings={"wal_level": "minimal"}), "TOPOLOGY_WAL_LEVEL"),
    (changed(answers={"replicates": False}), "TOPOLOGY_NO_REPLICATION"),
    (changed(answers={"switches_log": False}), "TOPOLOGY_NO_SWITCH_WAL"),
    (changed(settings={"max_wal_senders": "0"}), "TOPOLOGY_NO_SENDERS"),
    (changed(settings={"max_slot_wal_keep_size": "-1"}), "TOPOLOGY_LOG_FILLS_DISK"),
    (changed(settings={"synchronous_commit": "off"}), "TOPOLOGY_COMMITS_LATE"),
    (changed(settings={"data_checksums": "off"}), "TOPOLOGY_NO_CHECKSUMS"),
    (changed(answers={"superuser": True}), "TOPOLOGY_SUPERUSER"),
    (changed(answers={"encrypted": False}), "TOPOLOGY_PLAIN_LINE"),
    (changed(answers={"clock": NOW + timedelta(seconds=3)}), "TOPOLOGY_CLOCK_OFF"),
    (changed(settings={"log_min_duration_statement": "250"}), "TOPOLOGY_LOG_KEEPS_VALUES"),
    (changed(settings={"log_statement": "all"}), "TOPOLOGY_LOG_KEEPS_VALUES"),
])  # fmt: skip
def test_what_only_warns(facts, code):
    assert codes(facts) == ([], [code])


def test_everything_is_said_at_once_and_rights_matter_only_where_backups_are_taken():
    bad = changed(demo=True, backup_to="", answers={"version": 13, "replicates": False,
                  "switches_log": False, "has_case": False}, settings={"wal_level": "minimal"})  # fmt: skip
    assert codes(bad) == (
        ["TOPOLOGY_DEMO", "TOPOLOGY_OLD_SERVER", "TOPOLOGY_CTYPE"], ["TOPOLOGY_NO_BACKUP"],
    )  # fmt: skip


# -- asked of a real server ----------------------------------------------------------------


@pytest.fixture
def place():
    """A database of its own with LC_CTYPE C, and an account that may do nothing."""
    server = os.environ["MADOGUCHI_DATABASE_URL"]
    with psycopg.connect(server, autocommit=True) as line:

        def drop():
            line.execute("DROP DATABASE IF EXISTS topology_c WITH (FORCE)")
            line.execute("DROP ROLE IF EXISTS topology_clerk")

        drop()
        line.execute("CREATE DATABASE topology_c TEMPLATE template0 LC_CTYPE 'C' LC_COLLATE 'C'")
        line.execute("CREATE ROLE topology_clerk LOGIN PASSWORD 'made'")
        at = server.rpartition("@")[2].partition("/")[0]
        yield f"postgresql://topology_clerk:made@{at}/topology_c", server
        drop()


def ask(url, *, home=Path("/nonexistent"), migrations=frozenset(), keys=""):
    return topology.ask(url, home=home, demo=False, keys=keys, backup_to="x", now=clock.now(),
                        migrations=migrations)  # fmt: skip


def test_a_database_that_takes_no_japanese_for_letters_is_found(place):
    url, server = place
    found = ask(url)
    stops, warnings = codes(found)
    assert stops == ["TOPOLOGY_NO_KEYS", "TOPOLOGY_CTYPE"]
    assert {"TOPOLOGY_NO_REPLICATION", "TOPOLOGY_NO_SWITCH_WAL"} <= set(warnings)
    assert "TOPOLOGY_SUPERUSER" not in warnings and "TOPOLOGY_LOG_KEEPS_VALUES" not in warnings
    with psycopg.connect(f"{server.rpartition('/')[0]}/topology_c", autocommit=True) as line:
        line.execute("ALTER ROLE topology_clerk REPLICATION")
        line.execute("GRANT EXECUTE ON FUNCTION pg_switch_wal() TO topology_clerk")
        line.execute("ALTER ROLE topology_clerk SET log_min_duration_statement = 0")
    assert set(codes(ask(url))[1]) - set(warnings) == {"TOPOLOGY_LOG_KEEPS_VALUES"}
    assert not {"TOPOLOGY_NO_REPLICATION", "TOPOLOGY_NO_SWITCH_WAL"} & set(codes(ask(url))[1])


def test_keys_that_the_demo_made_are_known(tmp_path):
    url = os.environ["MADOGUCHI_DATABASE_URL"]
    demo = shared_keys(tmp_path / "a" / "b")
    assert ask(url, keys=str(demo)).keys_missing == ()
    assert "TOPOLOGY_DEMO_KEYS" in codes(ask(url, keys=str(demo)))[0]
    lay_keys(tmp_path)
    found = ask(url, keys=str(tmp_path))
    assert (found.keys_missing, found.keys_of_demo) == ((), False)
    (tmp_path / "token.key.pem").unlink()
    assert ask(url, keys=str(tmp_path)).keys_missing == ("token.key.pem",)


def test_tables_of_a_newer_program_are_found(place):
    url, server = place
    with psycopg.connect(f"{server.rpartition('/')[0]}/topology_c", autocommit=True) as line:
        line.execute("CREATE TABLE django_migrations (app text, name text)")
        line.execute("GRANT SELECT ON django_migrations TO PUBLIC")
        line.execute("INSERT INTO django_migrations VALUES ('register', '0001_first'),"
                     " ('register', '0999_later'), ('axes', '0009_of_somebody_else')")  # fmt: skip
    known = frozenset({("register", "0001_first")})
    assert ask(url, migrations=known).newer == ("register.0999_later",)


def test_the_embedded_server_of_this_folder_is_known(tmp_path):
    url = os.environ["MADOGUCHI_DATABASE_URL"]
    port = ask(url).port
    (tmp_path / "postgres").mkdir()
    (tmp_path / "postgres" / "postmaster.pid").write_text(f"1\n{tmp_path}\n0\n{port}\n")
    assert "TOPOLOGY_EMBEDDED" in codes(ask(url, home=tmp_path))[0]


def test_serve_says_why_it_does_not_begin(monkeypatch, capsys):
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", "postgresql://kaede:the-word@127.0.0.1:1/none")
    assert running.run_serve([]) == 1
    said = capsys.readouterr().err
    assert "[TOPOLOGY_NO_ANSWER]" in said and "the-word" not in said and "kaede" not in said


def test_serve_looks_and_goes_no_further(monkeypatch, capsys, place, tmp_path):
    url, server = place
    lay_keys(tmp_path)
    monkeypatch.setenv("MADOGUCHI_DEMO", "0")
    monkeypatch.setenv("MADOGUCHI_KEYS", str(tmp_path))
    monkeypatch.setattr(running.bootstrap, "set_up", lambda: pytest.fail("it went on"))
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", url)
    assert running.run_serve(["--check"]) == 1
    assert "始めません: " in capsys.readouterr().err
    monkeypatch.setenv("MADOGUCHI_HOME", "/nonexistent")
    monkeypatch.setenv("MADOGUCHI_DATABASE_URL", server)
    assert running.run_serve(["--check"]) == 0
    said = capsys.readouterr().err
    assert "注意: " in said and "始めません" not in said
