"""The embedded server: a kill -9 and a restart lose nothing."""

import os
import shutil
import signal
import socket
from pathlib import Path

import psycopg
import pytest

from madoguchi.infra import postgres
from madoguchi.infra.postgres import programs
from madoguchi.infra.postgres import server as starter


@pytest.fixture
def home(tmp_path):
    yield tmp_path
    data = postgres.data_folder(tmp_path, postgres.server_account())
    postgres.stop_server(data)


def test_committed_rows_outlive_kill_nine_again_and_again(home):
    server = postgres.use(home)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    for round_no in range(1, 4):
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("INSERT INTO kept VALUES (1)")
        os.kill(starter._postmaster(server.data)[0], signal.SIGKILL)
        server.leave()
        server = postgres.use(home)
        assert server.started_here
        with psycopg.connect(server.url) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (round_no,)
    server.leave()


def test_whoever_leaves_last_stops_it(home):
    first, second = postgres.use(home), postgres.use(home)
    assert first.started_here
    assert not second.started_here
    assert first.url == second.url
    assert not first.leave()
    assert starter._postmaster(second.data) is not None
    assert second.leave()
    assert starter._postmaster(second.data) is None


def test_japanese_has_character_types(home):
    # With LC_CTYPE=C, case and word rules find nothing in Japanese and say nothing.
    server = postgres.use(home)
    with psycopg.connect(server.url) as connection:
        row = connection.execute(
            "SELECT datctype FROM pg_database WHERE datname = 'madoguchi'"
        ).fetchone()
        assert row == ("C.UTF-8",)
        assert connection.execute("SELECT 'あ' ~ '[[:alpha:]]'").fetchone() == (True,)
    server.leave()


def test_its_log_holds_no_values(home):
    server = postgres.use(home)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE person (name text PRIMARY KEY, born date)")
        connection.execute("INSERT INTO person VALUES ('潮　凛')")
        for broken in (
            "INSERT INTO person VALUES ('潮　凛')",
            "SELECT 'しお りん'::date",
            "SELECT * FROM 潮凛",
        ):
            with pytest.raises(psycopg.Error):
                connection.execute(broken)
    log = (server.data.parent / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert not any(word in log for word in ("潮", "しお"))
    server.leave()


def test_it_never_runs_as_root(home):
    server = postgres.use(home)
    pid = starter._postmaster(server.data)[0]
    status = Path(f"/proc/{pid}/status").read_text()
    uid = next(line.split()[1] for line in status.splitlines() if line.startswith("Uid:"))
    assert uid != "0"
    server.leave()


def test_without_any_server_program_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr(programs, "_candidates", lambda: iter(()))
    with pytest.raises(postgres.CannotStart, match="apt-get install postgresql"):
        postgres.use(tmp_path)


def test_a_port_somebody_took_meanwhile_is_left_to_them(home, monkeypatch):
    free, given = starter._free_port, []
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]

        def one_too_late():
            given.append(free() if given else taken)
            return given[-1]

        monkeypatch.setattr(starter, "_free_port", one_too_late)
        server = postgres.use(home)
    assert given[0] == taken and len(given) == 2
    with psycopg.connect(server.url) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    server.leave()


def test_no_port_at_all_is_told_with_the_servers_words(home, monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as somebody:
        taken = somebody.getsockname()[1]
        monkeypatch.setattr(starter, "_free_port", lambda: taken)
        with pytest.raises(postgres.CannotStart, match="Address already in use"):
            postgres.use(home)


def test_whoever_deletes_a_home_begins_anew_even_where_its_data_lay_aside(tmp_path):
    tmp_path.chmod(0o700)  # root's data lies aside then
    home = tmp_path / "home"
    server = postgres.use(home)
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute("CREATE TABLE of_before (n int)")
    server.leave()
    shutil.rmtree(home)
    server = postgres.use(home)
    again = postgres.use(home)
    try:
        with psycopg.connect(again.url) as connection:
            assert connection.execute("SELECT to_regclass('of_before')").fetchone() == (None,)
        aside = server.data.parent
        left = list(aside.parent.glob(f"{aside.name}.left-*"))
        assert bool(left) is (aside != home)  # kept, not thrown away
    finally:
        again.leave()
        server.leave()
        if aside != home:
            for one in (aside, *left):
                shutil.rmtree(one)
