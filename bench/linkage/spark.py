"""The same comparison on Splink's Spark backend, beside our own on the same rows (Sparkでの照合).

``python -m bench.linkage.spark [ROWS]`` with a Python that has the group ``spark`` and Java 17;
prints one JSON object. What of pairs, levels, candidates or decisions differs is counted, not hidden.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from bench.linkage.people import register_row
from bench.linkage.rows import case
from madoguchi.addressees.documents.splink import compared, records, settings
from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.comparing import compare
from madoguchi.addressees.domain.keys import Row, keys_of
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.matching import Matched, conclude, match, open_book
from madoguchi.addressees.domain.sides import PASSES, side_of
from madoguchi.addressees.queries.gazetteer import gazetteer

ROWS, SEED = 2_000, 1


def main() -> None:
    """Run both and print what they agree and differ in."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    found = case(count, seed=SEED)
    sides = []
    for rows in ([register_row(one) for one in found.register], found.rows):
        keyed = [(row, keys) for row in map(_row, rows) for keys in keys_of(row, gazetteer())]
        words = sides[0][0].vocabulary if sides else None
        sides.append((side_of(keyed, vocabulary=words), keyed))
    (register, _), (batch, _) = sides
    book = open_book(register)
    began = time.perf_counter()
    ours = match(batch, book)
    seconds = time.perf_counter() - began
    pairs, told = _with_spark([list(records(*one)) for one in reversed(sides)])
    theirs = conclude(batch, book, compared(pairs))
    told |= _beside(ours, theirs, batch, book, pairs) | {"our_seconds": round(seconds, 2)}
    print(json.dumps(told, ensure_ascii=False))


def _row(row: dict[str, str]) -> Row:
    return Row(row_id=row["id"], name=row["name"], kana=row["kana"], birth=row["birth_date"],
               address=row["address"])  # fmt: skip


def _with_spark(sides: list[list[dict[str, Any]]]) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """Let Splink make the pairs and their levels on a local Spark."""
    import pyspark
    import splink
    from pyspark.sql import SparkSession
    from pyspark.sql.types import BooleanType, LongType, StringType, StructField, StructType
    from splink import Linker
    from splink.internals.spark.database_api import SparkAPI

    began = time.perf_counter()
    kinds = {int: LongType(), bool: BooleanType(), str: StringType()}
    numbers = {"place", "lot_count", "year", "month", "day", *(f"p{n}" for n in range(len(PASSES)))}
    with TemporaryDirectory() as folder:
        spark = (
            SparkSession.builder.master("local[2]").appName("madoguchi")
            .config("spark.ui.enabled", "false").config("spark.driver.memory", "2g")
            .config("spark.driver.host", "127.0.0.1").config("spark.sql.shuffle.partitions", "8")
            .config("spark.default.parallelism", "8").config("spark.local.dir", folder)
            .config("spark.sql.warehouse.dir", str(Path(folder) / "warehouse"))
            .getOrCreate()
        )  # fmt: skip
        spark.sparkContext.setLogLevel("ERROR")
        spark.sparkContext.setCheckpointDir(str(Path(folder) / "checkpoints"))
        started = time.perf_counter() - began
        shape = StructType([
            StructField(name, kinds[int if name in numbers else bool if name == "lost" else str])
            for name in sides[0][0]
        ])  # fmt: skip
        api = SparkAPI(spark_session=spark, register_udfs_automatically=False)
        frames = [
            api.register(
                spark.createDataFrame([tuple(one.values()) for one in rows], shape),
                dataset_display_name=name,
            )
            for rows, name in zip(sides, ("a_list", "b_register"), strict=True)
        ]
        linker = Linker(frames, settings(), log_level=50)
        gammas = [f"gamma_{item.name.lower()}" for item in Item]
        done = linker.inference.predict(threshold_match_weight=None)
        pairs = [
            {
                "left": one["place_l" if one["source_dataset_l"] == "a_list" else "place_r"],
                "right": one["place_r" if one["source_dataset_l"] == "a_list" else "place_l"],
                "weight": one["match_weight"], **{name: one[name] for name in gammas},
            }
            for one in done.as_record_list()
        ]  # fmt: skip
        spark.stop()
    return pairs, {
        "splink": splink.__version__, "pyspark": pyspark.__version__,
        "start_seconds": round(started, 1), "seconds": round(time.perf_counter() - began, 1),
    }  # fmt: skip


def _beside(
    ours: Matched, theirs: Matched, batch: Any, book: Any, pairs: list[dict[str, Any]]
) -> dict[str, Any]:
    """Count what is the same and what is not: pairs, levels, candidates, decisions."""
    left, right = linkage.candidate_pairs(batch.codes, book.indexes, PASSES, cap=10**9)
    uncapped = set(zip(left.tolist(), right.tolist(), strict=True))
    met = {(one["left"], one["right"]) for one in pairs}
    both = compared(pairs)
    levels = compare(batch, book.side, both.left, both.right).levels
    apart = {item.name: int((levels[:, item] != both.levels[:, item]).sum()) for item in Item}
    rows = list(zip(ours.findings(), theirs.findings(), strict=True))
    return {
        "rows": len(rows),
        "pairs": len(pairs),
        "pairs_by_our_passes": len(uncapped),
        "pairs_only_ours": len(uncapped - met),
        "pairs_only_splink": len(met - uncapped),
        "levels_that_differ": {name: count for name, count in apart.items() if count},
        "decisions_that_differ": sum(a.decision != b.decision for a, b in rows),
        "best_candidates_that_differ": sum(
            [one.register_id for one in a.candidates[:1]]
            != [one.register_id for one in b.candidates[:1]]
            for a, b in rows
        ),
        "candidates_that_differ": sum(
            [one.register_id for one in a.candidates] != [one.register_id for one in b.candidates]
            for a, b in rows
        ),
        "bits_that_differ": sum(not np.isclose(a.bits, b.bits) for a, b in rows),
        "decisions": ours.counts(),
        "decisions_by_splink": theirs.counts(),
    }


if __name__ == "__main__":
    main()
