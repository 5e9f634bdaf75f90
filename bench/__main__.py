"""``./run bench [NAME] [--full] [--accept]``: measure, print a table, keep the result with the machine.

``report`` writes RESULTS.md and its charts from what is kept. ``--accept`` makes the figures of this run
those that later runs are held against (``drift``). A bench is a module here with ``run(full: bool) -> dict`` giving ``promises`` and ``peers``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from bench import drift, machine, report

FOLDER = Path(__file__).parent
NAMES = (
    "search", "papers", "letters", "pages", "town", "desk_seconds", "races", "redaction", "booking",
    "robot", "card_seconds", "review_seconds", "linkage", "family_move", "twin", "windows", "journeys",
    "backup", "fleet", "load", "slow_line", "ha",
)  # fmt: skip


def main() -> int:
    """Run the named bench, or all of them one after another."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("name", nargs="?", default="all", choices=[*NAMES, "all", "report"])
    parser.add_argument("--full", action="store_true", help="the long runs (one million residents)")
    parser.add_argument("--accept", action="store_true", help="hold later runs against this one")
    given = parser.parse_args()
    if given.name == "report":
        report.write()
        return 0
    # A bench has a data folder of its own: it never measures, or fills, a running town.
    os.environ.setdefault("MADOGUCHI_HOME", str(FOLDER.parent / ".madoguchi-bench"))
    os.environ["MADOGUCHI_DEMO"] = "1"
    wanted = NAMES if given.name == "all" else (given.name,)
    held = True
    for name in wanted:
        found = importlib.import_module(f"bench.{name}").run(full=given.full)  # noqa: TID251
        # The long run has a page of its own: a short one later does not wipe it out.
        title, file = (f"{name}, full", f"{name}-full") if given.full else (name, name)
        result = {
            "schema": "madoguchi.bench/1",
            "bench": title,
            "machine": machine.facts(),
            **found,
        }
        path = FOLDER / "results" / f"{file}.json"
        path.parent.mkdir(exist_ok=True)
        before = json.loads(path.read_text(encoding="utf-8")) if path.exists() else None
        drift.judge(result, before, accept=given.accept)
        path.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        show(result)
        held &= all(one["held"] for one in result["promises"]) and not drift.grown_worse(result)
    report.write()
    return 0 if held else 1


def show(result: dict[str, Any]) -> None:
    """Print one result as a table."""
    print(f"\n{result['bench']}  ({result['machine']['cpu']}, {result['machine']['cores']} cores)")
    for one in result["promises"]:
        sign = "≤" if one["better"] == "lower" else "≥"
        mark = "held " if one["held"] else "SHORT"
        print(
            f"  {mark} {one['name']:<58} {one['value']:>10,} {one['unit']:<6} ({sign} {one['bound']:,})"
        )
        if one.get("drift") in (drift.WORSE, drift.BETTER):
            print(
                f"  {'WORSE' if one['drift'] == drift.WORSE else 'told '} than the kept {one['kept']:,}: {one['name']}"
            )
    for one in result["peers"]:
        print(
            f"  peer  {one['name'] + ' ' + one['version']:<58} {one['value']:>10,}        ×{one['ratio']}"
        )
    sys.stdout.flush()


if __name__ == "__main__":
    raise SystemExit(main())
