"""Weights by hand, and how common a value is (照合の重み).

m: how often true pairs agree at a level; u: how often strangers among the candidates do. Set by
hand from what typing slips and house moves look like (*assumed*), later learned from decided
batches; the vetoes of `deciding` are not weights and are never learned.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.comparing import Compared
from madoguchi.addressees.domain.levels import Item, Name
from madoguchi.addressees.domain.linkage import Bits, Codes, FieldWeights, Places

#: Days a birth date may fall on within one lifetime, about.
BIRTH_DAYS = 30_000
HAND_VERSION = "hand-1"

#: In the order of `Item`; the first number of each is level 0, which weighs nothing.
BY_HAND: tuple[FieldWeights, ...] = (
    FieldWeights(name="surname", m=(1, 0.93, 0.02, 0.01, 0.04), u=(1, 0.01, 0.0006, 0.003, 0.98)),
    FieldWeights(name="given", m=(1, 0.95, 0.02, 0.02, 0.01), u=(1, 0.004, 0.0006, 0.01, 0.98)),
    FieldWeights(
        name="birth",
        m=(1, 0.95, 0.03, 0.008, 0.01, 0.002),
        u=(1, 1 / BIRTH_DAYS, 0.002, 0.02, 0.03, 0.95),
    ),
    FieldWeights(name="kana", m=(1, 0.9, 0.07, 0.03), u=(1, 0.0002, 0.01, 0.99), share=0.5),
    FieldWeights(
        name="address",
        m=(1, 0.80, 0.06, 0.02, 0.06, 0.06),
        u=(1, 0.0004, 0.002, 0.3, 0.3, 0.6),
    ),
    FieldWeights(name="number", m=(1, 0.999, 0.001), u=(1, 1e-6, 0.999)),
)
#: The column that tells how common the agreeing value is, by which level 1 of the item weighs; and
#: how many rows of the usual share stand beside the register's own.
_COMMON = {
    Item.SURNAME: ("surname", 200),
    Item.GIVEN: ("given", 200),
    Item.BIRTH: ("birth", 5_000),
    Item.KANA: ("kana", 200),
    Item.ADDRESS: ("place", 200),
}
_SAME_LEVEL = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Commonness:
    """How common each register row's values are (出現率), and how often its name is met."""

    shares: Mapping[str, Bits]
    namesakes: np.ndarray[tuple[int, ...], np.dtype[np.int32]]


class Counts(NamedTuple):
    """Values in their order, and how often each is met (値の件数)."""

    values: Codes
    times: Places


#: The columns whose values are counted.
COUNTED = ("whole", *(name for name, _ in _COMMON.values()))


def count(codes: Codes) -> Counts:
    """Count the values of a column (値を数える)."""
    values, times = np.unique(codes, return_counts=True)
    return Counts(values, times)


def add_counts(one: Counts, other: Counts) -> Counts:
    """Add two counts of one column (件数の合計)."""
    values, place = np.unique(np.concatenate([one.values, other.values]), return_inverse=True)
    times = np.bincount(place, np.concatenate([one.times, other.times]), minlength=len(values))
    return Counts(values, times.astype(np.int64))


def commonness_of(
    side: Mapping[str, Codes], rows: int, counts: Mapping[str, Counts] | None = None
) -> Commonness:
    """Say how common each row's values are (出現率を数える).

    ``counts`` holds the counts of a whole register where the side is a part of it.
    """

    def times(name: str) -> Places:
        known = counts[name] if counts else count(side[name])
        if not len(known.values):
            return np.ones(len(side[name]), dtype=np.int64)
        at = np.searchsorted(known.values, side[name]).clip(max=len(known.values) - 1)
        found: Places = np.where(known.values[at] == side[name], known.times[at], 1)
        return found

    return Commonness(
        shares={name: times(name) / max(rows, 1) for name, _ in _COMMON.values()},
        namesakes=times("whole").astype(np.int32),
    )


def weigh(
    compared: Compared, commonness: Commonness, weights: Sequence[FieldWeights], *, rows: int
) -> Bits:
    """Return the bits each item of each pair is worth (項目ごとの重み)."""
    bits = linkage.score(compared.levels, weights)
    for item, (column, imagined) in _COMMON.items():
        field = weights[item]
        pairs = np.flatnonzero(compared.levels[:, item] == _SAME_LEVEL)
        counts = commonness.shares[column][compared.right[pairs]] * rows
        # A small register knows little of how common a value is: so many rows of the usual share
        # are imagined beside it.
        share = (counts + imagined * field.u[_SAME_LEVEL]) / (rows + imagined)
        bits[pairs, item] = field.share * np.log2(field.m[_SAME_LEVEL] / share)
    # Another name reads otherwise: that is one contradiction, not two.
    names = compared.levels[:, [Item.SURNAME, Item.GIVEN]]
    bits[(names == Name.DIFFERS).any(axis=1) & (bits[:, Item.KANA] < 0), Item.KANA] = 0.0
    return bits


def prior_bits(rows: int) -> float:
    """What a pair weighs before it is looked at: one of so many rows may be the one (事前確率)."""
    return -float(np.log2(max(rows, 2)))
