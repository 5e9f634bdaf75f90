"""RESULTS.md and its charts, written anew from every kept result (計測の報告)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bench import charts
from bench.drift import BETTER, ELSEWHERE, NEW, STEADY, WORSE

FOLDER = Path(__file__).parent
_DRIFT = {STEADY: "", NEW: "first", ELSEWHERE: "another machine",
          WORSE: "**grew worse** than {kept:,}", BETTER: "much better than {kept:,}: why?"}  # fmt: skip


def results() -> list[tuple[str, dict[str, Any]]]:
    """Return every kept result with the name of its file."""
    return [(path.stem, json.loads(path.read_text(encoding="utf-8")))
            for path in sorted((FOLDER / "results").glob("*.json"))]  # fmt: skip


def write() -> None:
    """Write RESULTS.md and the charts; a chart of a bench that is gone goes too."""
    kept = results()
    drawn = {f"{name}-{kind}.svg": svg for name, result in kept
             for kind, svg in (("promises", charts.of_promises(result)), ("peers", charts.of_peers(result)))
             if svg is not None}  # fmt: skip
    folder = FOLDER / "charts"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        if old.name not in drawn:
            old.unlink()
    for name, svg in drawn.items():
        (folder / name).write_text(svg, encoding="utf-8")
    (FOLDER / "RESULTS.md").write_text(text(kept, set(drawn)), encoding="utf-8")


def text(kept: list[tuple[str, dict[str, Any]]], drawn: set[str]) -> str:
    """Return the report: what falls short first, then every bench with chart and table."""
    lines = ["# Measured", "",
             "Written by `./run bench` (`./run bench report` writes it anew from what is kept). Ratios are to peers",
             "measured in the same run on the same machine; single times belong to that machine alone. A figure much",
             "worse than the kept one fails even where its promise holds, and one much better is told (`bench/drift.py`).",
             ""]  # fmt: skip
    lines += _overview(kept)
    for name, result in kept:
        lines += _one(name, result, drawn)
    return "\n".join(lines)


def _overview(kept: list[tuple[str, dict[str, Any]]]) -> list[str]:
    every = [(result["bench"], one) for _, result in kept for one in result["promises"]]
    short = [(bench, one) for bench, one in every if not one["held"]]
    moved = [(bench, one) for bench, one in every if one.get("drift") in (WORSE, BETTER)]
    peers = sum(len(result["peers"]) for _, result in kept)
    lines = ["## At a glance", "",
             f"{len(kept)} benches, {len(every)} promises, {len(every) - len(short)} held, "
             f"{len(short)} short; {peers} figures of peers.", "",
             "| bench | promises | held | nearest to its bound | peers |", "|---|---:|---:|---|---:|"]  # fmt: skip
    for _, result in kept:
        promises = result["promises"]
        lines.append(f"| {result['bench']} | {len(promises)} | {sum(one['held'] for one in promises)} | "
                     f"{_nearest(promises)} | {len(result['peers'])} |")  # fmt: skip
    for title, rows in (("Falls short", short), ("Moved far from the kept figure", moved)):
        if rows:
            lines += [
                "",
                f"**{title}**",
                "",
                "| bench | promise | measured | bound | |",
                "|---|---|---:|---:|---|",
            ]
            lines += [f"| {bench} | {one['name']} | {_value(one)} | {_bound(one)} | {_state(one)} |"
                      for bench, one in rows]  # fmt: skip
    return [*lines, ""]


def _nearest(promises: list[dict[str, Any]]) -> str:
    used = [(one["value"] / one["bound"] if one["better"] == "lower" else one["bound"] / one["value"], one)
            for one in promises if one["bound"] and one["value"]]  # fmt: skip
    if not used:
        return "all are exact"
    part, one = max(used, key=lambda pair: pair[0])
    return f"{one['name']} ({100 * part:.0f} %)"


def _one(name: str, result: dict[str, Any], drawn: set[str]) -> list[str]:
    facts = result["machine"]
    lines = [f"## {result['bench']}", "",
             f"{facts['cpu']}, {facts['cores']} cores, {facts['memory_gib']} GiB, "
             f"{facts['system']}, Python {facts['python']}", ""]  # fmt: skip
    lines += _chart(f"{name}-promises.svg", "how much of its bound each promise uses", drawn)
    lines += ["| promise | measured | bound | |", "|---|---:|---:|---|"]
    lines += [
        f"| {one['name']} | {_value(one)} | {_bound(one)} | {_state(one)} |"
        for one in result["promises"]
    ]
    if result["peers"]:
        lines += ["", *_chart(f"{name}-peers.svg", "our ratio to each peer", drawn),
                  "| peer | version | figure | our ratio |", "|---|---|---:|---:|"]  # fmt: skip
        lines += [f"| {one['name']} | {one['version']} | {one['value']:,} | × {one['ratio']} |"
                  for one in result["peers"]]  # fmt: skip
    for note in result.get("notes", []):
        lines += ["", note]
    return [*lines, ""]


def _chart(file: str, what: str, drawn: set[str]) -> list[str]:
    return [f"![{what}](charts/{file})", ""] if file in drawn else []


def _value(one: dict[str, Any]) -> str:
    return f"{one['value']:,} {one['unit']}"


def _bound(one: dict[str, Any]) -> str:
    return f"{'≤' if one['better'] == 'lower' else '≥'} {one['bound']:,}"


def _state(one: dict[str, Any]) -> str:
    moved = _DRIFT[one.get("drift", STEADY)].format(kept=one.get("kept", one["value"]))
    return "; ".join(filter(None, ("held" if one["held"] else "**falls short**", moved)))
