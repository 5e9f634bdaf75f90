"""The peers, each in a Python environment of its own that has them (比べる相手).

``python -m bench.linkage.peers TOOL R.csv B.csv`` prints one JSON object: version, seconds, and the
links at each threshold. Columns: id, whole, surname, given, kana, birth, address, place. Settings
are those of each tool's own documentation, with the blocking our passes have where a tool asks
for blocking. The best row of the register is taken for each row of the list: in a tool's favour,
for its figures would be lower with every pair.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

THRESHOLDS = (0.5, 0.75, 0.9, 0.99)
FIELDS = ("surname", "given", "kana", "birth", "address", "place")


def _frames(register: str, batch: str) -> tuple[Any, Any]:
    import pandas as pd

    frames = [pd.read_csv(path, dtype=str, keep_default_na=False) for path in (register, batch)]
    return tuple(frame.replace("", None) for frame in frames)  # type: ignore[return-value]  # two


def splink(register: str, batch: str) -> dict[str, Any]:
    """Splink 5 on DuckDB: term frequencies, EM over two blocks, as in its linking tutorial.

    The reading is left out of its comparisons: with it, being no witness of its own, a hundred
    namesakes more are linked wrongly.
    """
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink import __dict__ as names
    from splink.internals.duckdb.database_api import DuckDBAPI

    left, right = _frames(register, batch)
    left, right = (frame.rename(columns={"id": "unique_id"}) for frame in (left, right))
    began = time.perf_counter()
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            cl.JaroWinklerAtThresholds("surname", [0.9]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("given", [0.9]).configure(term_frequency_adjustments=True),
            cl.LevenshteinAtThresholds("birth", [1, 2]),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.85]),
        ],
        blocking_rules_to_generate_predictions=[
            block_on("whole"), block_on("birth"), block_on("kana"),
            block_on("surname", "birth"), block_on("given", "address"), block_on("place", "given"),
        ],
    )  # fmt: skip
    api = DuckDBAPI()
    linker = Linker([api.register(left), api.register(right)], settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("whole", "birth")], recall=0.7
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    for rule in (block_on("birth"), block_on("surname", "given")):
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    found = linker.inference.predict(threshold_match_probability=THRESHOLDS[0])
    frame = found.as_pandas_dataframe()
    seconds = time.perf_counter() - began
    rows = [
        (one, other, chance)
        for one, other, chance in zip(
            frame["unique_id_l"], frame["unique_id_r"], frame["match_probability"], strict=True
        )
    ]
    rows = [(a, b, p) if b.startswith("B") else (b, a, p) for a, b, p in rows]
    version = names.get("__version__", "5")
    return {"version": version, "seconds": seconds, "links": _best(rows)}


def recordlinkage(register: str, batch: str) -> dict[str, Any]:
    """recordlinkage: blocks, string comparisons, and the rule "so many of four agree".

    Its unsupervised classifier (ECM) takes namesakes for matches here and is far worse.
    """
    import recordlinkage as rl

    left, right = (frame.set_index("id") for frame in _frames(register, batch))
    began = time.perf_counter()
    indexer = rl.Index()
    for block in (["whole"], ["birth"], ["kana"], ["given", "place"]):
        indexer.block(block)
    pairs = indexer.index(left, right)
    compare = rl.Compare()
    for field in ("surname", "given", "address"):
        compare.string(field, field, method="jarowinkler", threshold=0.9, label=field)
    compare.exact("birth", "birth", label="birth")
    agreeing = compare.compute(pairs, left, right).mean(axis=1)
    seconds = time.perf_counter() - began
    rows = [(one, other, share) for (one, other), share in agreeing.items()]
    return {"version": rl.__version__, "seconds": seconds, "links": _best(rows)}


def goldenmatch(register: str, batch: str) -> dict[str, Any]:
    """goldenmatch: match_df with exact, fuzzy and blocking columns given."""
    import goldenmatch as gm
    import polars as pl

    left, right = (pl.read_csv(path, infer_schema_length=0) for path in (register, batch))
    began = time.perf_counter()
    done = gm.match_df(
        right, left, blocking=["birth"], threshold=THRESHOLDS[0],
        fuzzy={"surname": 0.85, "given": 0.85, "kana": 0.85, "address": 0.8},
    )  # fmt: skip
    seconds = time.perf_counter() - began
    columns = ("ref_id", "target_id", "__match_score__")
    found = done.matched.select(columns).to_pydict()
    rows = list(zip(*(found[name] for name in columns), strict=True))
    return {"version": gm.__version__, "seconds": seconds, "links": _best(rows)}


def _best(rows: list[tuple[str, str, float]]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    best: dict[str, tuple[float, str]] = {}
    for person, row, chance in rows:
        if row not in best or (chance, person) > best[row]:
            best[row] = (chance, person)
    for bound in THRESHOLDS:
        found[str(bound)] = {row: person for row, (p, person) in best.items() if p >= bound}
    return found


def main() -> None:
    """Run one tool and print what it found."""
    tool, register, batch = sys.argv[1:4]
    print(json.dumps({"splink": splink, "recordlinkage": recordlinkage,
                      "goldenmatch": goldenmatch}[tool](register, batch)))  # fmt: skip


if __name__ == "__main__":
    main()
