"""``./run bench [NAME] [--full]``: measure, print a table, keep the result with the machine.

A bench is a module here with ``run(full: bool) -> dict`` giving ``promises`` and ``peers``.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from pathlib import Path
from typing import Any

from bench import machine

FOLDER = Path(__file__).parent
NAMES = (
    "search", "papers", "letters", "pages", "town", "desk_seconds", "races", "redaction", "booking",
    "robot", "card_seconds", "review_seconds", "linkage", "family_move", "twin", "windows", "journeys",
    "backup", "fleet", "load", "slow_line", "ha",
)  # fmt: skip


def main() -> int:
    """Run the named bench, or all of them one after another."""
    parser = argparse.ArgumentParser(prog="./run bench")
    parser.add_argument("name", nargs="?", default="all", choices=[*NAMES, "all"])
    parser.add_argument("--full", action="store_true", help="the long runs (one million residents)")
    given = parser.parse_args()
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
        (FOLDER / "results").mkdir(exist_ok=True)
        (FOLDER / "results" / f"{file}.json").write_text(
            json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8"
        )
        show(result)
        held &= all(one["held"] for one in result["promises"])
    write_summary()
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
    for one in result["peers"]:
        print(
            f"  peer  {one['name'] + ' ' + one['version']:<58} {one['value']:>10,}        ×{one['ratio']}"
        )
    sys.stdout.flush()


def write_summary() -> None:
    """Write RESULTS.md anew from every kept result: what was held and what falls short."""
    lines = ["# Measured", "",
             "Written by `./run bench`. Ratios are to peers measured in the same run on the same machine;",
             "single times belong to that machine alone.", ""]  # fmt: skip
    for path in sorted((FOLDER / "results").glob("*.json")):
        result = json.loads(path.read_text(encoding="utf-8"))
        facts = result["machine"]
        lines += [f"## {result['bench']}", "",
                  f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB, "
                  f"{facts['system']}, Python {facts['python']}", "",
                  "| promise | measured | bound | |", "|---|---:|---:|---|"]  # fmt: skip
        for one in result["promises"]:
            sign = "≤" if one["better"] == "lower" else "≥"
            lines.append(f"| {one['name']} | {one['value']:,} {one['unit']} | {sign} {one['bound']:,} | "
                         f"{'held' if one['held'] else '**falls short**'} |")  # fmt: skip
        if result["peers"]:
            lines += ["", "| peer | version | figure | our ratio |", "|---|---|---:|---:|"]
            lines += [f"| {one['name']} | {one['version']} | {one['value']:,} | × {one['ratio']} |"
                      for one in result["peers"]]  # fmt: skip
        for note in result.get("notes", []):
            lines += ["", note]
        lines.append("")
    (FOLDER / "RESULTS.md").write_text("\n".join(lines), encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
