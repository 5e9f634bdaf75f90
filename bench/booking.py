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

from bench.measure import p95, promise

ROOT = Path(__file__).resolve().parents[1]
CONTENDERS, PROCESSES = 200, 4
_OURS = ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_KEYS")


def run(*, full: bool) -> dict[str, Any]:
    """Let 200 contend, or 1,000 at length."""
    home = Path(os.environ["MADOGUCHI_HOME"]) / "booking"
    shutil.rmtree(home, ignore_errors=True)
    found = contest(home, contenders=1_000 if full else CONTENDERS)
    ends = ", ".join(f"{end} {count}" for end, count in sorted(found["ends"].items()))
    return {
        "promises": [
            promise("minutes of a lane or terminal sold twice", found["oversold"], "", at_most=0),
            promise("terminal minutes without their booking, or the other way", found["orphans"],
                    "", at_most=0),
            promise("contenders that broke", found["broken"], "", at_most=0),
        ],
        "peers": [],
        "notes": [
            f"{found['contenders']} contenders in {PROCESSES} processes for 16 places: {ends}; "
            f"{found['live']} live bookings. {found['per_second']:.1f} decided a second, p95 "
            f"{found['p95']:.2f} s from the common start, queueing for a connection included.",
        ],
    }  # fmt: skip


def contest(home: Path, *, contenders: int, processes: int = PROCESSES) -> dict[str, Any]:
    """Run the whole contest in a data folder of its own and return what was counted."""
    home.mkdir(parents=True, exist_ok=True)
    _answer(_start(home, "prepare"), 120)
    began = time.monotonic()
    crew = [_start(home, "contend", seed, contenders // processes) for seed in range(processes)]
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
