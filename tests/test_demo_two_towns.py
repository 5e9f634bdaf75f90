"""``./run demo --towns 2``: two towns, one start; kill -9 at the worst moment loses no message."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from tests.homes import new_home
from tests.test_demo import descendants, is_alive, shared, wait_for

ROOT = Path(__file__).resolve().parents[1]
ASK = """
from madoguchi.entry import bootstrap
bootstrap.set_up()
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Actor, Right
from datetime import date
from madoguchi.moves.actions.requests import Asked, request_by_message
clerk = Actor(staff_id="kaede", name="かえで", rights=frozenset({Right.FILE_CHANGE}), place="本庁",
              terminal="01", purpose="転出証明書の請求")
asked = Asked(town="みどり町", name="港　渚", birth=date(1985, 6, 1), deadline=None,
              previous_address="みどり町緑1", new_address="", moved_in_on=date(2026, 11, 20))
print(unit.run(request_by_message, code="465992", asked=asked, actor=clerk, now=clock.now()))
"""
CAME = (
    "SELECT number, kind FROM moves_post_message WHERE way = 'IN' AND town <> 'PORTAL'"
    " ORDER BY number"
)


@dataclass
class Towns:
    """Both towns of one start, in one data folder."""

    home: Path
    process: subprocess.Popen[bytes] = field(init=False)

    def start(self) -> list[str]:
        kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
        self.environment = {**kept, "MADOGUCHI_HOME": str(self.home)}
        self.log = self.home / "demo.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "madoguchi", "demo", "--towns", "2", "--residents", "60",
                 "--port", "18180"],
                cwd=ROOT, env=self.environment, stdout=log, stderr=log,
            )  # fmt: skip
        found = wait_for(self._addresses, shared(180))
        assert found, self.log.read_text(errors="replace")[-2000:]
        return self._addresses()

    def _addresses(self) -> list[str]:
        said = self.log.read_text(errors="replace")
        found = sorted(re.findall(r"Madoguchi   (http://127\.0\.0\.1:\d+/)", said))
        return found if len(found) == 2 else []

    def rows(self, sql: str, *, town: str) -> list[tuple[object, ...]]:
        home = self.home / town
        password = json.loads((home / "postgres.json").read_text())["password"]
        port = (home / "postgres" / "postmaster.pid").read_text().splitlines()[3]
        url = f"postgresql://madoguchi:{password}@127.0.0.1:{port}/madoguchi"
        with psycopg.connect(url) as connection:
            return connection.execute(sql).fetchall()

    def ask(self) -> None:
        more = {"MADOGUCHI_CARD_RULES": str(self.home / "rules"), "MADOGUCHI_DEMO": "1"}
        subprocess.run([sys.executable, "-c", ASK], cwd=ROOT, check=True,
                       env={**self.environment, **more})  # fmt: skip


@pytest.fixture
def towns():
    with new_home() as home:
        made = Towns(home=home)
        try:
            yield made
        finally:
            if made.process.poll() is None:
                made.process.send_signal(signal.SIGINT)
                made.process.wait(60)


@pytest.mark.full
def test_two_towns_name_each_other_exchange_and_lose_nothing(towns):
    ours, theirs = towns.start()
    for url, name in ((ours, "みどり町"), (theirs, "せとうち町")):
        with urllib.request.urlopen(url, timeout=20) as page:
            assert name in page.read().decode()
    for _ in range(3):
        towns.ask()
    parts = descendants(towns.process.pid)
    towns.process.kill()
    towns.process.wait(10)
    inside = {pid for pid in parts if "postgres" not in _command(pid)}
    assert wait_for(lambda: not [pid for pid in inside if is_alive(pid)], 10)
    towns.start()
    came = [(number, "CERTIFICATE_REQUEST") for number in (1, 2, 3)]
    assert wait_for(lambda: towns.rows(CAME, town="neighbour") == came, 240)
    everything = descendants(towns.process.pid)
    towns.process.send_signal(signal.SIGINT)
    assert towns.process.wait(60) == 0
    time.sleep(1)
    assert [_command(pid) for pid in everything if is_alive(pid)] == []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""
