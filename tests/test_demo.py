"""``./run demo`` as its user treats it: started, killed, started again, two at once, Ctrl-C."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.homes import new_home

ROOT = Path(__file__).resolve().parents[1]
FIRST_START_SECONDS_MAX = 90
AGAIN_SECONDS_MAX = 10
PEOPLE = "SELECT person_id, name, birth_sort::text FROM register_out_names ORDER BY person_id"
RESIDENTS = (
    "SELECT count(*) FROM register_out_names WHERE status IN ('RESIDENT', 'MOVE_OUT_PLANNED')"
)
RECORD = "SELECT seq, action FROM audit_entry ORDER BY seq"


@dataclass
class Demo:
    """One demo in a data folder of its own, and what the operating system knows of it."""

    home: Path
    seed: int
    port: int
    process: subprocess.Popen[bytes] = field(init=False)
    url: str = ""

    def start(self) -> None:
        kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
        command = ["demo", "--residents", "60", "--seed", str(self.seed), "--port", str(self.port)]
        self.log = self.home / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "madoguchi", *command],
                cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(self.home)}, stdout=log, stderr=log,
            )  # fmt: skip

    def wait_until_ready(self, seconds: float) -> None:
        found = wait_for(
            lambda: (
                re.search(r"http://127\.0\.0\.1:\d+/", self.log.read_text(errors="replace"))
                or self.process.poll() is not None
            ),
            seconds,
        )
        assert isinstance(found, re.Match), self.log.read_text(errors="replace")[-2000:]
        self.url = found.group()

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        password = json.loads((self.home / "postgres.json").read_text())["password"]
        port = (self.home / "postgres" / "postmaster.pid").read_text().splitlines()[3]
        url = f"postgresql://madoguchi:{password}@127.0.0.1:{port}/madoguchi"
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def database_pid(self) -> int:
        return int((self.home / "postgres" / "postmaster.pid").read_text().splitlines()[0])

    def parts(self) -> set[int]:
        """Web server, its workers and the queue's worker: everything below but the database."""
        below = descendants(self.process.pid)
        return {pid for pid in below if "postgres" not in command_of(pid)}

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(30)


def wait_for(what: Callable[[], object], seconds: float) -> object:
    until = time.monotonic() + seconds
    while True:
        found = what()
        if found or time.monotonic() > until:
            return found
        time.sleep(0.05)


def shared(seconds: float) -> float:
    """Stretch a time by what else the machine has to do: alone it is what it says."""
    return seconds * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def status_of(pid: int) -> dict[str, str]:
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return {}
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def descendants(pid: int) -> set[int]:
    parents = {
        int(one.name): int(status_of(int(one.name)).get("PPid", "0"))
        for one in Path("/proc").iterdir()
        if one.name.isdigit()
    }
    found, fresh = set(), {pid}
    while fresh:
        fresh = {one for one, parent in parents.items() if parent in fresh}
        found |= fresh
    return found


def is_alive(pid: int) -> bool:
    return status_of(pid).get("State", "Z")[0] not in "ZX"


def get(url: str) -> int:
    with urllib.request.urlopen(url, timeout=20) as answer:
        return answer.status


@pytest.fixture(scope="module")
def towns():
    """Start two towns at the same moment, each in its own folder, the first from nothing."""
    with new_home(empty=True) as one, new_home() as two:
        pair = [Demo(home=one, seed=1, port=18_120), Demo(home=two, seed=2, port=18_140)]
        for demo in pair:
            demo.start()
        try:
            for demo in pair:
                demo.wait_until_ready(shared(FIRST_START_SECONDS_MAX))
            yield pair
        finally:
            for demo in pair:
                demo.stop()


def test_two_folders_run_side_by_side(towns):
    one, two = towns
    assert one.url != two.url
    assert [get(one.url), get(two.url)] == [200, 200]
    assert one.rows(RESIDENTS) == two.rows(RESIDENTS) == [(60,)]
    assert one.rows(PEOPLE) != two.rows(PEOPLE)
    assert one.database_pid() != two.database_pid()


def test_the_database_never_runs_as_root(towns):
    for demo in towns:
        ids = status_of(demo.database_pid())
        assert "0" not in ids["Uid"].split()
        assert "0" not in ids["Gid"].split()


def test_kill_nine_and_a_new_start_lose_nothing(towns):
    demo = towns[0]
    people, record = demo.rows(PEOPLE), demo.rows(RECORD)
    parts = demo.parts()
    assert len(parts) >= 3, "web server, its worker, the queue's worker"
    demo.process.kill()
    demo.process.wait(10)
    left = wait_for(lambda: not [pid for pid in parts if is_alive(pid)], 5)
    assert left, [command_of(pid) for pid in parts if is_alive(pid)]

    demo.start()
    demo.wait_until_ready(shared(AGAIN_SECONDS_MAX))
    assert get(demo.url) == 200
    assert demo.rows(PEOPLE) == people
    assert demo.rows(RECORD)[: len(record)] == record


def test_ctrl_c_stops_everything(towns):
    demo = towns[1]
    everything = {*demo.parts(), demo.database_pid()}
    demo.process.send_signal(signal.SIGINT)
    assert demo.process.wait(30) == 0
    assert [command_of(pid) for pid in everything if is_alive(pid)] == []
    assert not (demo.home / "postgres" / "postmaster.pid").exists()
    # The port is free again, and so is the folder.
    demo.start()
    demo.wait_until_ready(shared(AGAIN_SECONDS_MAX))
    assert get(demo.url) == 200
