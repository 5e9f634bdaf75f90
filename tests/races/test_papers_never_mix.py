"""Two servers, live changes, kills and cut lines: 0 wrong person, 0 wrong page, 0 lost numbers."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.races


@pytest.fixture
def crew(tmp_path):
    """Return a function that starts a process of the race on a town of its own."""
    tmp_path.chmod(0o755)
    ours = ("MADOGUCHI_DATABASE_URL", "MADOGUCHI_KEYS")
    kept = {k: v for k, v in os.environ.items() if k not in ours}
    running = []

    def start(role, seed=0, count=0):
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.races.crew", role, str(seed), str(count)],
            cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(tmp_path / "home"), "MADOGUCHI_DEMO": "1"},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        running.append(process)
        return process

    yield start
    for process in running:
        if process.poll() is None:
            process.kill()
            process.wait()
        process.stdout.close()
        process.stderr.close()


def finish(process, seconds):
    out, err = process.communicate(timeout=seconds)
    assert process.returncode == 0, err[-3000:]
    return out


def race(crew, *, presses, seconds):
    finish(crew("prepare"), 90)
    clerks = [crew("clerk", seed, presses) for seed in (1, 2)]
    mover = crew("mover", 3, presses // 4)
    victim = crew("clerk", 4, presses)
    time.sleep(6)
    victim.send_signal(signal.SIGKILL)  # in the middle of whatever it was doing
    victim.wait()
    for process in [*clerks, mover]:
        finish(process, seconds)
    return json.loads(finish(crew("judge"), 120).splitlines()[-1])


def check(found, *, presses):
    assert found["numbers"] == found["unique"] == found["given"], "a number was lost or given twice"
    assert found["silent"] == 0, "a refusal without a reason"
    assert found["intact"], "the record has a hole"
    assert sum(found["states"].values()) == found["requests"]
    assert found["states"]["DRAWN"] == 0
    good = found["states"]["HANDED_OVER"] + found["states"]["RELEASED"]
    assert good >= presses // 3, f"the race did not run: {found}"


def test_a_sample_of_the_race(crew):
    check(race(crew, presses=30, seconds=150), presses=30)


@pytest.mark.full
def test_the_whole_race(crew):
    check(race(crew, presses=3_000, seconds=1_500), presses=3_000)
