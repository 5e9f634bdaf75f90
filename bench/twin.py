"""The desk tried out: a hundred replications of a year, beside Ciw (窓口の試算).

Ours is the contract's scenario: two clerks, two terminals, certificates, cards handed over and set
up, 243 days, in one process. Clerk and terminal held together, steps of background work and closing
time have no counterpart in Ciw, so the peer is given the part both can do: certificates alone at
two clerks, the same number of people, and the ratio is of people a second on that same part.
``MADOGUCHI_BENCH_CIW`` names a Python that has Ciw; without it there is no peer.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import time
from dataclasses import replace
from typing import Any

import simpy

from bench.measure import median, peer, promise
from madoguchi.insights.documents.desk_log import read_log_file
from madoguchi.insights.domain.twin.day import Desk, tasks_of
from madoguchi.insights.domain.twin.draws import draw_year
from madoguchi.insights.domain.twin.fitting import fit
from madoguchi.insights.domain.twin.reading import EXAMPLE, read_scenario
from madoguchi.insights.domain.twin.scenario import Scenario
from madoguchi.insights.domain.twin.year import replicate
from madoguchi.insights.tests.desk_log import OPENS, base, write_log

PYTHON = "MADOGUCHI_BENCH_CIW"
RUNS, RUNS_FULL = 3, 7
REPLICATIONS = 100
#: The peer's part: one clerk's work of 40,000 people at 75 % load.
PEOPLE, LOAD, MINUTES, CLERKS = 40_000, 0.75, 5.85, 2
#: Seeds of the generated logs, and what is foretold of each.
LOGS = (1, 2, 3, 4, 5, 6, 7, 8, 9)
MEASURES = {
    "people a day": "people_per_day", "work a day": "work_min_per_day",
    "mean wait": "wait_mean_min", "wait of nine in ten": "wait_p90_min",
}  # fmt: skip
_PEER = """
import json, sys, time, ciw
people, rate, minutes, clerks = json.loads(sys.argv[1])
network = ciw.create_network(
    arrival_distributions=[ciw.dists.Exponential(rate=rate)],
    service_distributions=[ciw.dists.Exponential(rate=1 / minutes)],
    number_of_servers=[clerks],
)
ciw.seed(1)
began = time.perf_counter()
simulation = ciw.Simulation(network)
simulation.simulate_until_max_customers(people)
waits = [one.waiting_time for one in simulation.get_all_records()]
seconds = time.perf_counter() - began
print(json.dumps([len(waits) / seconds, sum(waits) / len(waits), ciw.__version__]))
"""


def run(*, full: bool) -> dict[str, Any]:
    """Measure the year, and the part that a peer can do too."""
    scenario = read_scenario(EXAMPLE)
    assert isinstance(scenario, Scenario)
    samples = [_year(scenario) for _ in range(RUNS_FULL if full else RUNS)]
    promises = [
        promise("100 replications of a year of 243 days (middle of the runs)", median(samples), "s",
                at_most=15),
    ]  # fmt: skip
    errors = _foretold()
    promises += [
        promise(f"error of what is foretold, {name} (middle of {len(LOGS)} generated logs)",
                median(found), "%", at_most=10)
        for name, found in errors.items()
    ]  # fmt: skip
    return {"promises": promises, "peers": _peers(RUNS_FULL), "notes": [
        "Foretold: a year of a desk's log fitted but for its last twelve weeks, and those foretold. "
        "**The logs are generated** (`insights/tests/desk_log.py`, another hand and other "
        "distributions than the model's): no town's own log was to be had. Each log's error of the "
        f"mean wait: {', '.join(f'{one:.1f}' for one in errors['mean wait'])} %; twelve such weeks "
        "move by about a quarter by chance alone.",
        f"SimPy {simpy.__version__}, one process; runs of the year took "
        f"{', '.join(f'{one:.2f}' for one in samples)} s. The command line runs three more probes of "
        "30 replications each for what binds.",
        f"The peer's part is {PEOPLE:,} people at {CLERKS} clerks, exponential times, {LOAD:.0%} load; "
        "its figure is people a second, ours the drawing of them included; seven pairs of runs, the middle ratio.",
    ]}  # fmt: skip


def _foretold() -> dict[str, list[float]]:
    """The error of each measure on the last twelve weeks of several generated years."""
    found: dict[str, list[float]] = {name: [] for name in MEASURES}
    for seed in LOGS:
        text = io.StringIO()
        write_log(text, weeks=52, seed=seed)
        rows = read_log_file(io.BytesIO(text.getvalue().encode()), opens_at=OPENS)
        fitted = fit(rows, base(), held_out_weeks=12)
        for name, measure in MEASURES.items():
            error = fitted.error_of(measure)
            assert error is not None
            found[name].append(error)
    return found


def _year(scenario: Scenario) -> float:
    began = time.perf_counter()
    replicate(scenario, replications=REPLICATIONS)
    return time.perf_counter() - began


def _part() -> float:
    """People a second on the part both can do, drawn and served."""
    rate = LOAD * CLERKS / MINUTES
    base = read_scenario(EXAMPLE)
    assert isinstance(base, Scenario)
    service = replace(base.services[0], per_day=PEOPLE, variation=1.0, seconds=MINUTES * 60)
    scenario = replace(base, days=1, open_minutes=PEOPLE / rate, services=(service,))
    began = time.perf_counter()
    drawn = draw_year(scenario, service, 0)
    desk = Desk(clerks=CLERKS, terminals=0, open_minutes=scenario.open_minutes, services=1,
                overtime=True)  # fmt: skip
    record = desk.run(tasks_of(service, 0, came=drawn.at.tolist(), minutes=drawn.minutes.tolist()))
    return len(record.waits[0]) / (time.perf_counter() - began)


def _peers(pairs: int) -> list[dict[str, Any]]:
    """Ours and the peer one after another, several times: what else the machine does hits both."""
    python = os.environ.get(PYTHON, "")
    if not python:
        return []
    asked = json.dumps([PEOPLE, LOAD * CLERKS / MINUTES, MINUTES, CLERKS])
    theirs, ratios, version = [], [], ""
    for _ in range(pairs):
        ours = _part()
        said = subprocess.run(
            [python, "-c", _PEER, asked], capture_output=True, text=True, check=True
        ).stdout
        found, _, version = json.loads(said)
        theirs.append(found)
        ratios.append(ours / found)
    return [peer("Ciw, people a second", version, median(theirs), median(ratios))]
