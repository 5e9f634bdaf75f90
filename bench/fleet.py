"""What one more town on a machine costs while nobody asks it anything: memory, connections, room.

Towns are started as ``madoguchi serve`` on databases of their own in one PostgreSQL, empty but for their
tables and rules. Memory is what the kernel counts as a process's proportional share (PSS): what two towns share is shared
between them in the figure too. Nothing here is a time, so a busy machine does not change it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import psycopg

from bench.measure import promise
from madoguchi.entry import environment
from madoguchi.entry.tests.fleets import lay_keys
from madoguchi.infra import postgres

TOWNS, TOWNS_FULL = 3, 8
FIRST_PORT = 18500
MEGABYTES_MAX, CONNECTIONS_MAX = 500, 20
UP_SECONDS_MAX = 180
ROOT = Path(__file__).resolve().parents[1]


def run(*, full: bool) -> dict[str, Any]:
    """Start towns one after another and take what the last ones added."""
    towns = TOWNS_FULL if full else TOWNS
    server = postgres.use(environment.home())
    try:
        with psycopg.connect(server.url, autocommit=True) as line, ExitStack() as running:
            home = Path(running.enter_context(tempfile.TemporaryDirectory()))
            lay_keys(home)
            _template(line, server.url, home)
            before, sizes = [(_pss(_family(_postmaster(server))), 0.0, 0)], []
            for at in range(towns):
                sizes.append(_database(line, f"fleet_{at}"))
                running.callback(_drop, line, f"fleet_{at}")
                pid = running.enter_context(_town(server.url, home, at))
                _wait_until_working(f"{server.url.rpartition('/')[0]}/fleet_{at}", FIRST_PORT + at)
                before.append((_pss(_family(_postmaster(server))), _pss(_family(pid)),
                               _connections(line, f"fleet_{at}")))  # fmt: skip
    finally:
        server.leave()
    own = [town for _server, town, _connections in before[1:]]
    share = (before[-1][0] - before[0][0]) / towns
    return {
        "promises": [
            promise("memory of a town nobody asks: web server and worker", own[-1], "MB",
                    at_most=MEGABYTES_MAX),
            promise("memory it adds to the database server", share, "MB", at_most=MEGABYTES_MAX),
            promise("connections it keeps open", before[-1][2], "", at_most=CONNECTIONS_MAX),
            promise("an empty database, tables and rules alone", sizes[-1], "MB",
                    at_most=MEGABYTES_MAX),
        ],
        "peers": [],
        "notes": [f"{towns} towns, one web process each; proportional shares (PSS) in MB as each was "
                  f"started: {', '.join(f'{one:.0f}' for one in own)}."],
    }  # fmt: skip


def _template(line: psycopg.Connection, url: str, home: Path) -> None:
    _drop(line, "fleet_template")
    line.execute("CREATE DATABASE fleet_template")
    subprocess.run(
        [sys.executable, "-m", "django", "migrate", "--verbosity=0"], cwd=ROOT, check=True,
        env={**_environment(home / "t", f"{url.rpartition('/')[0]}/fleet_template"),
             "DJANGO_SETTINGS_MODULE": "madoguchi.entry.settings"},
    )  # fmt: skip


def _database(line: psycopg.Connection, name: str) -> float:
    _drop(line, name)
    line.execute(f"CREATE DATABASE {name} TEMPLATE fleet_template")
    row = line.execute("SELECT pg_database_size(%s)", [name]).fetchone()
    assert row
    return float(row[0]) / 2**20


def _drop(line: psycopg.Connection, name: str) -> None:
    line.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")


def _environment(home: Path, url: str) -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith("MADOGUCHI_")}
    return {**kept, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DATABASE_URL": url,
            "MADOGUCHI_KEYS": str(home.parent), "MADOGUCHI_DEMO": "0"}  # fmt: skip


@contextmanager
def _town(url: str, home: Path, at: int) -> Iterator[int]:
    port, own = FIRST_PORT + at, home / str(at)
    own.mkdir()
    process = subprocess.Popen(
        [sys.executable, "-m", "madoguchi", "serve", "--port", str(port), "--workers", "1"],
        cwd=ROOT, env=_environment(own, f"{url.rpartition('/')[0]}/fleet_{at}"),
        stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        until = time.monotonic() + UP_SECONDS_MAX
        while not _answers(port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("a town did not start")
            time.sleep(0.2)
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _wait_until_working(url: str, port: int) -> None:
    """Wait for the worker's first sign of life, and let the web server make a page."""
    until = time.monotonic() + UP_SECONDS_MAX
    with psycopg.connect(url, autocommit=True) as line:
        while line.execute("SELECT FROM procrastinate_workers").fetchone() is None:
            if time.monotonic() > until:
                raise RuntimeError("a worker did not start")
            time.sleep(0.2)
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in/", timeout=60) as page:
        page.read()
    time.sleep(3)  # what was needed for the start alone is given back


def _answers(port: int) -> bool:
    with socket.socket() as line:
        return line.connect_ex(("127.0.0.1", port)) == 0


def _connections(line: psycopg.Connection, name: str) -> int:
    row = line.execute(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = %s", [name]
    ).fetchone()
    assert row
    return int(row[0])


def _postmaster(server: postgres.Server) -> int:
    return int((server.data / "postmaster.pid").read_text().splitlines()[0])


def _family(pid: int) -> list[int]:
    """A process and all that it started, however deep."""
    children: dict[int, list[int]] = {}
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(entry.read_text().rpartition(")")[2].split()[1])
        except (OSError, IndexError):
            continue
        children.setdefault(parent, []).append(int(entry.parent.name))
    found = [pid]
    for one in found:
        found += children.get(one, [])
    return found


def _pss(pids: list[int]) -> float:
    """The proportional share of these processes, in MB."""
    total = 0
    for pid in pids:
        try:
            lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
        except (OSError, ValueError):
            continue
        total += sum(int(one.split()[1]) for one in lines if one.startswith("Pss:"))
    return total / 1024
