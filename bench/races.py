"""The race: two servers and more, live changes, kills, cut lines, sabotage (取り違えの競走).

Counts requests in the database until there are enough, then lets a judge add everything up:
0 wrong person, 0 wrong page, 0 lost numbers, a reason for every refusal, and every fault that
was put in is caught. The processes are those of ``tests.races.crew``.

A hundred thousand take hours, so a race may be run in sittings (``MADOGUCHI_RACE_SECONDS``): the
next one goes on in the same books with other dice, and the judge adds all of them up. A race whose
books are gone with its machine was judged whole on its own; what its judge found stands in
``races_earlier.json`` and is added where a race alone is too short.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from bench.measure import promise

ROOT = Path(__file__).resolve().parents[1]
SITTINGS = "sittings.jsonl"
EARLIER = Path(__file__).with_name("races_earlier.json")
REQUESTS, REQUESTS_FULL = 100_000, 1_000_000
SERVERS = 3
#: One server dies this often, in the middle of whatever it does, and another takes its place.
KILL_EVERY_SECONDS = 60
_OURS = ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_KEYS")


def run(*, full: bool) -> dict[str, Any]:
    """Race until there are enough requests, over several sittings if need be."""
    goal = int(os.environ.get("MADOGUCHI_RACE_REQUESTS", REQUESTS_FULL if full else REQUESTS))
    seconds_max = float(os.environ.get("MADOGUCHI_RACE_SECONDS", "28800"))
    home = Path(os.environ["MADOGUCHI_HOME"]) / "races"
    sat = _sittings(home)
    if not sat or sat[-1]["requests"] >= goal:
        shutil.rmtree(home, ignore_errors=True)
        sat = []
    began = time.monotonic()
    found = race(home, goal=goal, seconds_max=seconds_max, sitting=len(sat), tell=True)
    sat.append({"requests": found["requests"], "kills": found["kills"],
                "seconds": time.monotonic() - began})  # fmt: skip
    with (home / SITTINGS).open("a", encoding="utf-8") as file:
        file.write(json.dumps(sat[-1]) + "\n")
    earlier = [] if found["requests"] >= goal else json.loads(EARLIER.read_text(encoding="utf-8"))
    return {
        **promises_of(found, goal=goal, earlier=earlier),
        "notes": [*notes_of(found, sat), *(one["note"] for one in earlier)],
    }


def _sittings(home: Path) -> list[dict[str, Any]]:
    """Return how each sitting of an unfinished race went; none: it begins."""
    path = home / SITTINGS
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [json.loads(line) for line in lines]


def sums_of(found: dict[str, Any]) -> dict[str, int]:
    """Return what the judge of one race counted, as numbers that several races may be added by."""
    faults = found["faults"].values()
    return {
        "requests": found["requests"],
        "read": found["read"],
        "wrong": found["wrong"],
        "lost": abs(found["numbers"] - found["unique"]) + abs(found["given"] - found["numbers"]),
        "silent": found["silent"],
        "unaccounted": abs(found["requests"] - sum(found["states"].values())),
        "chains_broken": 0 if found["intact"] else 1,
        "faults_done": sum(one["done"] for one in faults),
        "faults_caught": sum(one["caught"] for one in faults),
    }


def promises_of(
    found: dict[str, Any], *, goal: int, earlier: Sequence[dict[str, Any]] = ()
) -> dict[str, Any]:
    """Return what the race promises, from what its judge counted, and the judges of earlier ones."""
    every = [sums_of(found), *(one["sums"] for one in earlier)]
    sums = {name: sum(one[name] for one in every) for name in every[0]}
    done, caught = sums["faults_done"], sums["faults_caught"]
    races = f" in {len(every)} races" if earlier else ""
    return {
        "promises": [
            promise(f"requests{races}", sums["requests"], "", at_least=goal),
            promise("papers read by a stranger's eye: wrong person or page", sums["wrong"], "",
                    at_most=0),
            promise("numbers lost or given twice", sums["lost"], "", at_most=0),
            promise("refusals, failures and voids without a reason", sums["silent"], "",
                    at_most=0),
            promise("requests not accounted for", sums["unaccounted"], "", at_most=0),
            promise("records missing or changed in the chain", sums["chains_broken"], "",
                    at_most=0),
            promise("faults put in and caught", 100 * caught / done if done else 0, "%",
                    at_least=100),
        ],
        "peers": [],
    }  # fmt: skip


def notes_of(found: dict[str, Any], sat: list[dict[str, Any]]) -> list[str]:
    """Say in numbers what the race was made of."""
    states = ", ".join(f"{state} {count:,}" for state, count in sorted(found["states"].items()))
    faults = ", ".join(f"{name} {one['caught']}/{one['done']}"
                       for name, one in sorted(found["faults"].items()))  # fmt: skip
    return [
        f"{found['requests']:,} requests in {sum(one['seconds'] for one in sat):,.0f} s "
        f"({len(sat)} sittings) by {SERVERS} server processes, "
        f"{sum(one['kills'] for one in sat)} of them killed, database lines cut every few "
        f"seconds: {states}.",
        f"{found['read']:,} papers checked out and read, {found['audit_rows']:,} records in one "
        f"chain. Faults: {faults}.",
    ]


def race(
    home: Path,
    *,
    goal: int,
    seconds_max: float,
    kill_every_seconds: float = KILL_EVERY_SECONDS,
    sitting: int = 0,
    tell: bool = False,
) -> dict[str, Any]:
    """Run the race in a data folder of its own and return the judge's sums.

    ``sitting`` counts from 0; a later one finds its people and its books there already.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "stop").unlink(missing_ok=True)
    if sitting == 0:
        _finish(_start(home, "prepare"), 120)
    seed = 10_000 * sitting
    dice = random.Random(seed + 5)
    crew = {
        f"server {number}": _start(home, "server", seed + number)
        for number in range(1, SERVERS + 1)
    }
    crew |= {
        "mover": _start(home, "mover", seed + 101),
        "saboteur": _start(home, "saboteur", seed + 102),
    }
    began, kills, killed_at = time.monotonic(), 0, time.monotonic()
    try:
        with _Counter(home) as counter:
            while (count := counter.requests()) < goal and time.monotonic() - began < seconds_max:
                time.sleep(1)
                if time.monotonic() - killed_at > kill_every_seconds:
                    victim = f"server {dice.randrange(1, SERVERS + 1)}"
                    crew[victim].send_signal(signal.SIGKILL)
                    _close(crew[victim])
                    kills, killed_at = kills + 1, time.monotonic()
                    if tell:
                        print(f"  {count:,} of {goal:,}", flush=True)
                    crew[victim] = _start(home, "server", seed + 1_000 + kills)
                for name, process in crew.items():
                    if process.poll() is not None:
                        raise RuntimeError(f"{name} ended by itself: {_said(home)}")
        (home / "stop").touch()
        for process in crew.values():
            _finish(process, 120)
    finally:
        for process in crew.values():
            if process.poll() is None:
                process.kill()
            _close(process)
    found = json.loads(_finish(_start(home, "judge"), 1_800).splitlines()[-1])
    return {**found, "kills": kills}


class _Counter:
    """Counts requests from outside, on a line that nobody's kill reaches."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def __enter__(self) -> Self:
        from madoguchi.infra import postgres

        self._server = postgres.use(self.home)
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self._line.close()
        self._server.leave()

    def requests(self) -> int:
        """Return how many requests stand in the books now; a cut line is taken up again."""
        import psycopg

        for _ in range(20):
            try:
                if not hasattr(self, "_line") or self._line.closed:
                    self._line = psycopg.connect(self._server.url, autocommit=True)
                row = self._line.execute("SELECT count(*) FROM certificates_request").fetchone()
                return int(row[0]) if row else 0
            except psycopg.Error:
                with suppress(Exception):
                    self._line.close()
                time.sleep(0.2)
        raise RuntimeError("the race's database gives no answer")


def _start(home: Path, role: str, seed: int = 0) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if key not in _OURS}
    with (home / "crew.log").open("a", encoding="utf-8") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "tests.races.crew", role, str(seed)],
            cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DEMO": "1"},
            stdout=subprocess.PIPE, stderr=log, text=True,
        )  # fmt: skip


def _finish(process: subprocess.Popen[str], seconds: float) -> str:
    out, _ = process.communicate(timeout=seconds)
    if process.returncode != 0:
        raise RuntimeError(f"{process.args}: exit {process.returncode}")
    return out


def _close(process: subprocess.Popen[str]) -> None:
    process.wait(30)
    if process.stdout is not None:
        process.stdout.close()


def _said(home: Path) -> str:
    return (home / "crew.log").read_text(encoding="utf-8")[-2_000:]
