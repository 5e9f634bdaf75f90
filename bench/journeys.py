"""A log of 600,000 events: what follows what, and the ways through, beside pm4py (流れの集計).

Both are given the columns in memory, unsorted as a file has them; reading the file is timed apart. pm4py
stands in a Python of its own, named by ``MADOGUCHI_JOURNEY_PEERS``; it is AGPL and never ours.
It draws the same graph and the same ways; its own performance graph gives medians, and p90 is held
against numpy's quantile, wait by wait. ``python -m bench.journeys LOG.csv`` is the peer's side.
"""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PEERS = "MADOGUCHI_JOURNEY_PEERS"
CASES, RUNS = 100_000, 7
HEAD = ("case_id", "activity", "at", "lane", "area")


def write_log(path: Path, *, cases: int, seed: int) -> int:
    """Write a log of about six events a case, as five ways with loops and stops make it."""
    pick = random.Random(seed)
    base = 1_775_000_000
    count = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for case in range(cases):
            steps = ["来庁", "受付", "申請書の記入", "本人確認", "審査"]
            area = pick.choices(("本島", "加計呂麻島", "請島", "与路島"), (865, 120, 9, 6))[0]
            if area != "本島":
                steps.insert(0, "船")
            while pick.random() < 0.12:
                steps += ["不備の連絡", "受付", "審査"]
            if pick.random() > 0.05:
                steps += ["統合端末の設定", "交付"] if pick.random() < 0.3 else ["交付"]
            moment = base + pick.randrange(30_000_000)
            for step in steps:
                at = time.strftime("%Y-%m-%dT%H:%M:%S+09:00", time.gmtime(moment + 32_400))
                out.writerow((f"c{case}", step, at, "front", area))
                moment += pick.randrange(20, 1_800)
            count += len(steps)
    return count


def ours(path: Path) -> dict[str, Any]:
    """Count with our own, and time it: from unsorted columns to edges and ways."""
    import numpy as np

    from madoguchi.journeys.documents.files import open_log, rules_of
    from madoguchi.journeys.domain.flow import directly_follows, variants_of
    from madoguchi.journeys.domain.log import EventLog, from_columns, in_order

    began = time.perf_counter()
    with path.open("rb") as file:
        log, _ = open_log(file, rules=rules_of())
    reading = time.perf_counter() - began
    mixed = np.random.default_rng(1).permutation(len(log.case))
    # Rows of a case stay in their order, as in a file: only the cases are mixed.
    rank = np.argsort(mixed[np.searchsorted(log.case, log.case)], kind="stable")
    columns = {name: getattr(log, name)[rank] for name in ("case", "activity", "at", "lane")}
    seconds, edges, ways = [], (), ()
    for _ in range(RUNS):
        began = time.perf_counter()
        order = in_order(columns["case"], columns["at"])
        again = EventLog(
            case_ids=log.case_ids, activities=log.activities, lanes=log.lanes, areas=log.areas,
            area=log.area, **{name: column[order] for name, column in columns.items()},
        )  # fmt: skip
        edges, ways = directly_follows(again), variants_of(again)
        seconds.append(time.perf_counter() - began)
    texts = {
        name: [getattr(log, names)[code] for code in columns[name].tolist()]
        for name, names in (("case", "case_ids"), ("activity", "activities"), ("lane", "lanes"))
    }
    area = [log.areas[code] for code in log.area[columns["case"]].tolist()]
    whole = []
    for _ in range(RUNS):
        began = time.perf_counter()
        again = from_columns(**texts, at=columns["at"], area=area)
        assert (directly_follows(again), variants_of(again)) == (edges, ways)
        whole.append(time.perf_counter() - began)
    return {
        "whole": sorted(whole)[RUNS // 2], "reading": reading, "seconds": sorted(seconds)[RUNS // 2],
        "edges": {f"{one.before}→{one.after}": one for one in edges},
        "ways": {"→".join(one.steps): one.count for one in ways},
    }  # fmt: skip


def peer(path: str) -> dict[str, Any]:
    """Count with pm4py, and time it; run by the peer's own Python."""
    import numpy as np
    import pandas as pd
    import pm4py

    frame = pd.read_csv(path)
    frame = frame.rename(
        columns={"case_id": "case:concept:name", "activity": "concept:name", "at": "time:timestamp"}
    )
    frame["time:timestamp"] = pd.to_datetime(frame["time:timestamp"], utc=True)
    seconds, parts = [], []
    for _ in range(3):
        began = time.perf_counter()
        graph, _starts, _ends = pm4py.discover_dfg(frame)
        half = time.perf_counter()
        ways = pm4py.get_variants(frame)
        parts.append((half - began, time.perf_counter() - half))
        seconds.append(time.perf_counter() - began)
    began = time.perf_counter()
    waits, _starts, _ends = pm4py.discover_performance_dfg(frame)
    performance = time.perf_counter() - began
    # p90 by a way of its own: numpy's quantile over pandas' shifted columns.
    rows = frame.sort_values(["case:concept:name", "time:timestamp"], kind="stable")
    after = rows.shift(-1)
    same = rows["case:concept:name"] == after["case:concept:name"]
    wait = (after["time:timestamp"] - rows["time:timestamp"]).dt.total_seconds()[same]
    names = (rows["concept:name"] + "→" + after["concept:name"])[same]
    high = {name: float(np.quantile(one, 0.9)) for name, one in wait.groupby(names)}
    return {
        "version": pm4py.__version__, "seconds": sorted(seconds)[1], "parts": sorted(parts)[1],
        "performance": performance,
        "edges": {f"{a}→{b}": count for (a, b), count in graph.items()},
        "median": {f"{a}→{b}": one["median"] for (a, b), one in waits.items()},
        "p90": high, "ways": {"→".join(way): count for way, count in ways.items()},
    }  # fmt: skip


def run(*, full: bool) -> dict[str, Any]:
    """Measure 100,000 cases, or a million at length (ours alone)."""
    from bench.measure import peer as peer_row
    from bench.measure import promise

    del full
    before = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "log.csv"
        events = write_log(path, cases=CASES, seed=1)
        mine = ours(path)
        promises = [
            promise("events", events, "", at_least=600_000),
            promise("what follows what, with median and p90, and ways", mine["seconds"], "s",
                    at_most=0.5),
            promise("the same from columns of texts, numbering them included", mine["whole"], "s",
                    at_most=0.5),
        ]  # fmt: skip
        notes = [
            f"{CASES:,} cases, {len(mine['edges'])} pairs, {len(mine['ways'])} ways; median of "
            f"{RUNS} runs, sorting included. Reading the CSV and checking every cell: "
            f"{mine['reading']:.2f} s more.",
            f"Load of the machine when it began: {before:.1f}.",
        ]
        python = os.environ.get(PEERS, "")
        peers = []
        if python:
            told = subprocess.run(
                [python, "-m", "bench.journeys", str(path)], cwd=ROOT, check=True, text=True,
                stdout=subprocess.PIPE, timeout=600,
            )  # fmt: skip
            theirs = json.loads(told.stdout.splitlines()[-1])
            ratio = theirs["seconds"] / mine["seconds"]
            promises += [
                promise("times as fast as pm4py", ratio, "×", at_least=5),
                promise("numbers that are not pm4py's", unlike(mine, theirs), "", at_most=0),
            ]
            peers = [
                peer_row(name, theirs["version"], theirs["seconds"], times)
                for name, times in (
                    ("pm4py, pairs and ways, s", ratio),
                    ("the same, ours from columns of texts (lane and area too)",
                     theirs["seconds"] / mine["whole"]),
                )
            ]  # fmt: skip
            graph, ways = theirs["parts"]
            notes.append(
                f"pm4py: pairs {graph:.2f} s, ways {ways:.2f} s, without waits; its graph with waits takes "
                f"{theirs['performance']:.2f} s and is not in the ratio, though ours has them. Its "
                "frame is sorted by case already and its dates are read, its names are texts; ours sorts, and "
                "in the first figure its names are numbers, as a log that was read has them. Medians are its "
                "own, p90 numpy's on its frame; times are held equal to a microsecond."
            )
        else:
            notes.append(f"No peer: {PEERS} names no Python.")
    return {"promises": promises, "peers": peers, "notes": notes}


def unlike(mine: dict[str, Any], theirs: dict[str, Any]) -> int:
    """Count the numbers in which the two differ; a name only one of them has is one too."""
    wrong = len(mine["edges"].keys() ^ theirs["edges"].keys())
    wrong += len(mine["ways"].keys() ^ theirs["ways"].keys())
    for name in mine["edges"].keys() & theirs["edges"].keys():
        edge = mine["edges"][name]
        wrong += edge.count != theirs["edges"][name]
        wrong += abs(edge.median_min * 60 - theirs["median"][name]) > 1e-6
        wrong += abs(edge.p90_min * 60 - theirs["p90"][name]) > 1e-6
    wrong += sum(
        mine["ways"][name] != theirs["ways"][name]
        for name in mine["ways"].keys() & theirs["ways"].keys()
    )
    return wrong


if __name__ == "__main__":
    print(json.dumps(peer(sys.argv[1]), ensure_ascii=False))
