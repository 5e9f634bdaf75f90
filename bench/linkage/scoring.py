"""Figures of a run, each by its name: they differ by many points on the same run (採点)."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Precision, recall and F1 of one reading of the same links."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def pairwise(links: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Over pairs of a row of the list and a row of the register."""
    right = sum(truth.get(row) == person for row, person in links.items())
    wanted = sum(bool(person) for person in truth.values())
    return _score(right, len(links), wanted)


def per_record(links: Mapping[str, str], truth: Mapping[str, str]) -> float:
    """Share of all rows that came out right, "not in the register" included."""
    right = sum(links.get(row, "") == person for row, person in truth.items())
    return right / len(truth)


def closed_clusters(links: Mapping[str, str], truth: Mapping[str, str]) -> Score:
    """Over all pairs inside clusters, rows of one side with each other too."""
    return _score(*_cluster_pairs(links, truth))


def _cluster_pairs(links: Mapping[str, str], truth: Mapping[str, str]) -> tuple[int, int, int]:
    found: dict[str, list[str]] = defaultdict(list)
    for row, person in links.items():
        found[person].append(row)
    right = 0
    for person, rows in found.items():
        # The register row itself belongs to the cluster, as its own truth.
        counts = Counter([person, *(truth.get(row) or f"nobody {row}" for row in rows)])
        right += sum(count * (count - 1) // 2 for count in counts.values())
    made = sum((len(rows) + 1) * len(rows) // 2 for rows in found.values())
    true = Counter(person for person in truth.values() if person)
    wanted = sum((count + 1) * count // 2 for count in true.values())
    return right, made, wanted


def _score(right: int, made: int, wanted: int) -> Score:
    return Score(precision=right / made if made else 1.0, recall=right / wanted if wanted else 1.0)
