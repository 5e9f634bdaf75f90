"""The robot at the emulated terminal: seconds a card, from the hand to our row (交付前設定のロボット).

Real screens in Chromium, real PostgreSQL, real commits: the register asked anew, the card read,
compared, set, looked up in the terminal's list and written down. Nobody lays a card here, so a
person's seconds come on top. There is no peer: no published robot for this was found.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

from bench.measure import median, p95, promise

ROOT = Path(__file__).resolve().parents[1]
CARDS, CARDS_FULL = 80, 400


def run(*, full: bool) -> dict[str, Any]:
    """Set 80 cards up, or 400 at length: half on either kind of screens."""
    home = Path(os.environ["MADOGUCHI_HOME"]) / "robot"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    kept = {key: value for key, value in os.environ.items() if key != "MADOGUCHI_DATABASE_URL"}
    count = CARDS_FULL if full else CARDS
    before = os.getloadavg()[0]
    told = subprocess.run(
        [sys.executable, "-m", "tests.robot.crew", str(count)], cwd=ROOT, text=True, check=True,
        env={**kept, "MADOGUCHI_HOME": str(home)}, stdout=subprocess.PIPE, timeout=3_600,
    )  # fmt: skip
    found = json.loads(told.stdout.splitlines()[-1])
    opened, in_place = found["opened"], found["in_place"]
    return {
        "promises": [
            promise("cards said done by one of terminal and table only", found["differ"], "",
                    at_most=0),
            promise("cards not done", count - found["done"], "", at_most=0),
            promise("seconds a card, screens that are opened, p95", p95(opened), "s", at_most=5),
        ],
        "peers": [],
        "notes": [
            f"Screens that are opened: median {median(opened):.2f} s a card, p95 "
            f"{p95(opened):.2f} s; screens that change in place: median {median(in_place):.2f} s, "
            f"p95 {p95(in_place):.2f} s. {len(opened)} cards each, one after another.",
            f"Load of the machine when it began: {before:.1f}.",
        ],
    }  # fmt: skip
