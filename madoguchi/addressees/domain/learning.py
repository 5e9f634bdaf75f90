"""Weights learned from decided rows (重みの学習): EM over levels, with what people said held fast.

The vetoes are not weights and are never learned. A level that was met too seldom keeps the weight
set by hand: pseudo-counts stand beside what was counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.linkage import FieldWeights
from madoguchi.addressees.domain.weights import BY_HAND
from madoguchi.kernel.outcome import Problem

#: Fewer decisions of people than this teach nothing.
LABELS_MIN = 30
#: So many imagined pairs by hand stand beside the real ones.
_IMAGINED = 200.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One compared pair of kept rows, and what a person said of it (学習の1組)."""

    levels: Mapping[str, int]
    #: True: the same; False: another; None: nobody said.
    same: bool | None


def check_labels(pairs: Sequence[Pair]) -> tuple[Problem, ...]:
    """Return why nothing can be learned yet (学習の条件)."""
    said = sum(one.same is not None for one in pairs)
    if said < LABELS_MIN:
        facts = {"found": str(said), "wanted": str(LABELS_MIN)}
        return (Problem(code="ADDRESSEES_TOO_FEW_LABELS", facts=facts),)
    return ()


def learn_weights(pairs: Iterable[Pair]) -> tuple[FieldWeights, ...]:
    """Learn from pairs, beginning with the weights by hand (学習)."""
    kept = list(pairs)
    levels = np.array(
        [[one.levels.get(item.name, 0) for item in Item] for one in kept], dtype=np.int8
    ).reshape(-1, len(Item))
    told = np.array([np.nan if one.same is None else float(one.same) for one in kept])
    patterns, place = np.unique(
        np.column_stack([levels, np.nan_to_num(told, nan=2).astype(np.int8)]),
        axis=0,
        return_inverse=True,
    )
    counts = np.bincount(place.ravel(), minlength=len(patterns)).astype(float)
    known = np.where(patterns[:, -1] == 2, np.nan, patterns[:, -1].astype(float))
    weights, _ = linkage.learn(patterns[:, :-1], counts, BY_HAND, prior=0.5, known=known)
    said = max(float(np.isfinite(told).sum()), 1.0)
    return tuple(
        _beside_hand(learnt, by_hand, said)
        for learnt, by_hand in zip(weights, BY_HAND, strict=True)
    )


def _beside_hand(learnt: FieldWeights, by_hand: FieldWeights, said: float) -> FieldWeights:
    share = said / (said + _IMAGINED)

    def mixed(new: tuple[float, ...], old: tuple[float, ...]) -> tuple[float, ...]:
        return (1.0, *(share * a + (1 - share) * b for a, b in zip(new[1:], old[1:], strict=True)))

    # How often strangers agree is known from the whole register, not from a queue of look-alikes.
    return FieldWeights(
        name=by_hand.name, m=mixed(learnt.m, by_hand.m), u=by_hand.u, share=by_hand.share
    )
