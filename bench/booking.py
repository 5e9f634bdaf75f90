"""Contention: many ask for few places at once; nothing is sold twice (予約の競合).

Real commits by several processes of many threads. The judge counts minutes, not rules.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from bench.measure import p95, promise
from madoguchi.infra import postgres

ROOT = Path(__file__).resolve().parents[1]
CONTENDERS, PROCESSES = 200, 4
_OURS = ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_KEYS")


def run(*, full: bool) -> dict[str, Any]:
    """Let 200 contend, or 1,000 at length."""
    home = Path(os.environ["MADOGUCHI_HOME"]) / "booking"
    shutil.rmtree(home, ignore_errors=True)
    contenders = 1_000 if full else CONTENDERS
    found = contest(home, contenders=contenders)
    peer = peer_contest(home, contenders=contenders)
    ends = ", ".join(f"{end} {count}" for end, count in sorted(found["ends"].items()))
    return {
        "promises": [
            promise("minutes of a lane or terminal sold twice", found["oversold"], "", at_most=0),
            promise("terminal minutes without their booking, or the other way", found["orphans"],
                    "", at_most=0),
            promise("contenders that broke", found["broken"], "", at_most=0),
        ],
        "peers": [] if peer is None else _compared(found, peer),
        "notes": [
            _of_peer(peer),
            f"{found['contenders']} contenders in {PROCESSES} processes for 16 places: {ends}; "
            f"{found['live']} live bookings. {found['per_second']:.1f} decided a second, p95 "
            f"{found['p95']:.2f} s from the common start, queueing for a connection included.",
        ],
    }  # fmt: skip


def peer_contest(home: Path, *, contenders: int) -> dict[str, Any] | None:
    """Let as many contend in pretix, on the same server, in a database of its own; None: no pretix.

    ``MADOGUCHI_BENCH_PRETIX`` names a Python that has it; it is under the AGPL and neither in our
    lock files nor imported by anything of ours.
    """
    python = os.environ.get("MADOGUCHI_BENCH_PRETIX", "")
    if not python:
        return None
    server = postgres.use(home)
    try:
        env = {**os.environ, **_peer_settings(home, server.url)}
        subprocess.run(
            [python, "-m", "pretix", "migrate", "-v", "0"],
            env=env, check=True, capture_output=True, timeout=3_000,
        )  # fmt: skip
        _answer(_start_peer(python, env, "prepare"), 300)
        began = time.monotonic()
        crew = [
            _start_peer(python, env, "contend", seed, contenders // PROCESSES)
            for seed in range(PROCESSES)
        ]
        told = [_answer(process, 1_200) for process in crew]
        wall = time.monotonic() - began
        judged = _answer(_start_peer(python, env, "judge"), 300)
    finally:
        server.leave()
    seconds = [spent for one in told for spent in one["seconds"]]
    ends = Counter(end for one in told for end in one["ends"])
    version = subprocess.run(
        [python, "-c", "import pretix; print(pretix.__version__)"],
        check=True, capture_output=True, text=True,
    ).stdout.strip()  # fmt: skip
    return {
        **judged, "ends": dict(ends), "p95": p95(seconds), "version": version, "wall": wall,
        "per_second": len(seconds) / max(seconds), "contenders": len(seconds),
    }  # fmt: skip


def _peer_settings(home: Path, url: str) -> dict[str, str]:
    """A fresh database beside ours, and where it is, in the peer's own words."""
    with psycopg.connect(url, autocommit=True) as line:
        line.execute("DROP DATABASE IF EXISTS peer")
        line.execute("CREATE DATABASE peer")
    parts, data = urlsplit(url), home / "pretix"
    data.mkdir(exist_ok=True)
    return {
        "PRETIX_DATABASE_BACKEND": "postgresql", "PRETIX_DATABASE_NAME": "peer",
        "PRETIX_DATABASE_USER": parts.username or "", "PRETIX_DATABASE_HOST": parts.hostname or "",
        "PRETIX_DATABASE_PASSWORD": parts.password or "",
        "PRETIX_DATABASE_PORT": str(parts.port or 5432), "DATA_DIR": str(data),
    }  # fmt: skip


def _start_peer(python: str, env: dict[str, str], role: str, *given: int) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [python, "-m", "bench.booking_peer", role, *map(str, given)],
        cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _compared(found: dict[str, Any], peer: dict[str, Any]) -> list[dict[str, Any]]:
    """Bookings decided a second, and how long the slow ones waited; above one, we are quicker."""
    return [
        {"name": "pretix, decided a second", "version": peer["version"],
         "value": round(peer["per_second"], 1),
         "ratio": round(found["per_second"] / peer["per_second"], 2)},
        {"name": "pretix, p95 s", "version": peer["version"], "value": round(peer["p95"], 2),
         "ratio": round(peer["p95"] / found["p95"], 2)},
    ]  # fmt: skip


def _of_peer(peer: dict[str, Any] | None) -> str:
    if peer is None:
        return (
            "No peer in this run: pretix wants a Python of its own (`python -m venv DIR`, "
            "`DIR/bin/pip install pretix`), named by MADOGUCHI_BENCH_PRETIX."
        )
    ends = ", ".join(f"{end} {count}" for end, count in sorted(peer["ends"].items()))
    return (
        f"pretix {peer['version']}, on the same server, by its own two steps (cart, then order), "
        f"called in process as ours are, its queue and its mail left out: {peer['contenders']} "
        f"contenders for 16 places: {ends}; {peer['live']} sold, {peer['oversold']} over what a time "
        "has. Its order trusts a fresh cart without its lock, while a cart's count reads orders and "
        "carts by two statements: a place that goes from cart to order between the two is counted "
        "in neither (our reading of its code, not proved). That is this way of calling it, under "
        "more load than cores, without the Redis and the queue its makers run it with, and no "
        "verdict on pretix as it is sold. "
        "Ours also reserves a terminal, checks opening hours and writes the audit; pretix also "
        "reckons prices and taxes."
    )


def contest(
    home: Path, *, contenders: int, processes: int = PROCESSES, role: str = "contend"
) -> dict[str, Any]:
    """Run the whole contest in a data folder of its own and return what was counted."""
    home.mkdir(parents=True, exist_ok=True)
    _answer(_start(home, "prepare"), 120)
    began = time.monotonic()
    crew = [_start(home, role, seed, contenders // processes) for seed in range(processes)]
    told = [_answer(process, 300) for process in crew]
    wall = time.monotonic() - began
    ends = Counter(end for one in told for end in one["ends"])
    seconds = [spent for one in told for spent in one["seconds"]]
    broken = sum(count for end, count in ends.items() if end.startswith("BROKEN"))
    return {
        **_answer(_start(home, "judge"), 120),
        "contenders": len(seconds), "ends": dict(ends), "broken": broken,
        "p95": p95(seconds), "per_second": len(seconds) / max(seconds), "wall": wall,
    }  # fmt: skip


def _start(home: Path, role: str, *given: int) -> subprocess.Popen[str]:
    kept = {key: value for key, value in os.environ.items() if key not in _OURS}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.races.booking_crew", role, *map(str, given)],
        cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(home), "MADOGUCHI_DEMO": "1"},
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip


def _answer(process: subprocess.Popen[str], seconds: float) -> dict[str, Any]:
    try:
        out, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        raise
    if process.returncode != 0:
        raise RuntimeError(f"{process.args}: exit {process.returncode}")
    return json.loads(out.splitlines()[-1])
