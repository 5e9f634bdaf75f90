"""febrl4 with the product's engine: so that others can compare, and to show the core is sound.

The fields, passes and levels are febrl's own; engine, EM and scores are those of
`madoguchi.addressees.domain.linkage`. Nothing is read off the truth: weights come from EM, and a
pair is linked where each is the other's best and the odds are even.
"""

from __future__ import annotations

import csv
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bench.linkage.scoring import Score, pairwise
from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.linkage import FieldWeights, Pass

FIELDS = ("given_name", "surname", "street_number", "address_1", "address_2", "suburb", "postcode",
          "state", "date_of_birth", "soc_sec_id")  # fmt: skip
WIDTH = 16
PASSES = (
    Pass(name="id", columns=("soc_sec_id",), finer=("surname",)),
    Pass(name="names", columns=("given_name", "surname"), finer=("postcode",)),
    Pass(name="names turned", columns=("first", "last"), finer=("postcode",)),
    Pass(name="born", columns=("date_of_birth",), finer=("postcode",)),
    Pass(name="given and place", columns=("given_name", "postcode"), finer=("suburb",)),
    Pass(name="surname and place", columns=("surname", "suburb"), finer=("postcode",)),
    Pass(name="street", columns=("address_1", "street_number"), finer=("postcode",)),
    Pass(name="street and place", columns=("address_1", "postcode"), finer=("street_number",)),
    Pass(name="house", columns=("address_2", "postcode"), finer=("street_number",)),
)  # fmt: skip
#: Same, one slip, two slips, another; 0 is unknown.
_LEVELS = 5


def link(
    original: Sequence[Mapping[str, str]], copied: Sequence[Mapping[str, str]]
) -> dict[str, Any]:
    """Link both files; return the links and the seconds it took."""
    began = time.perf_counter()
    left, right = _side(copied), _side(original)
    # A given name written as the surname and the other way round meets by a pass of its own.
    left["first"], left["last"] = left["surname"], left["given_name"]
    right["first"], right["last"] = right["given_name"], right["surname"]
    indexes = linkage.build_indexes(right, PASSES)
    ones, others = linkage.candidate_pairs(left, indexes, PASSES, cap=400)
    letters = [_letters(copied), _letters(original)]

    def compare(a: linkage.Places, b: linkage.Places) -> linkage.Levels:
        found = np.zeros((len(a), len(FIELDS)), dtype=np.int8)
        for place, field in enumerate(FIELDS):
            found[:, place] = _level(
                left[field][a], right[field][b], letters[0][field][a], letters[1][field][b]
            )
        return found

    levels = linkage.in_chunks(compare, ones, others, fields=len(FIELDS))
    patterns, place, counts = np.unique(levels, axis=0, return_inverse=True, return_counts=True)
    start = [
        FieldWeights(name=field, m=(1, 0.8, 0.1, 0.05, 0.05), u=(1, 0.01, 0.01, 0.03, 0.95))
        for field in FIELDS
    ]
    weights, prior = linkage.learn(patterns, counts.astype(float), start, prior=0.05)
    totals = linkage.score(patterns, weights).sum(axis=1)[place] + np.log2(prior / (1 - prior))
    links = _mutual_best(ones, others, totals)
    names = [row["rec_id"] for row in copied], [row["rec_id"] for row in original]
    return {
        "links": {names[0][one]: names[1][other] for one, other in links},
        "seconds": time.perf_counter() - began,
        "pairs": len(ones),
    }


def _side(rows: Sequence[Mapping[str, str]]) -> dict[str, linkage.Codes]:
    return {field: linkage.text_codes([row[field] for row in rows]) for field in FIELDS}


def _letters(rows: Sequence[Mapping[str, str]]) -> dict[str, linkage.Letters]:
    return {field: linkage.text_letters([row[field] for row in rows], WIDTH) for field in FIELDS}


def _level(
    mine: linkage.Codes, theirs: linkage.Codes, left: linkage.Letters, right: linkage.Letters
) -> linkage.Levels:
    known = (mine != 0) & (theirs != 0)
    found = np.where(known, 4, 0).astype(np.int8)
    found[known & (mine == theirs)] = 1
    rows = np.flatnonzero(known & (mine != theirs))
    slips = linkage.edit_distance(left[rows], right[rows], most=3)
    longest = np.maximum((left[rows] != 0).sum(axis=1), (right[rows] != 0).sum(axis=1))
    close = slips * 2 < longest
    found[rows[close & (slips == 1)]] = 2
    found[rows[close & (slips == 2)]] = 3
    return found


def _mutual_best(
    ones: linkage.Places, others: linkage.Places, totals: linkage.Bits
) -> list[tuple[int, int]]:
    """Pairs of even odds or more, the best first, nobody twice."""
    taken: tuple[set[int], set[int]] = (set(), set())
    found = []
    for pair in np.argsort(-totals, kind="stable").tolist():
        if totals[pair] < 0:
            break
        one, other = int(ones[pair]), int(others[pair])
        if one not in taken[0] and other not in taken[1]:
            taken[0].add(one)
            taken[1].add(other)
            found.append((one, other))
    return found


def read(path: Path) -> list[dict[str, str]]:
    """Read one of the two files."""
    with path.open(encoding="utf-8", newline="") as file:
        return [{key: value.strip() for key, value in row.items()} for row in csv.DictReader(file)]


def score(links: Mapping[str, str], copied: Sequence[Mapping[str, str]]) -> Score:
    """rec-12-dup-0 is a copy of rec-12-org."""
    truth = {row["rec_id"]: row["rec_id"].rsplit("-", 2)[0] + "-org" for row in copied}
    return pairwise(links, truth)
