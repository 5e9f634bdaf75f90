"""A list against the register, from keys to decisions (照合)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.comparing import Compared, compare
from madoguchi.addressees.domain.deciding import (
    RULES_VERSION,
    Decided,
    Decision,
    Policy,
    Veto,
    best_names,
    decide,
    rank,
    vetoes_in,
)
from madoguchi.addressees.domain.keys import KEYS_VERSION
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.linkage import Bits, FieldWeights, Index
from madoguchi.addressees.domain.sides import BLOCK_CAP, PASSES, Side
from madoguchi.addressees.domain.weights import (
    BY_HAND,
    HAND_VERSION,
    Commonness,
    Counts,
    commonness_of,
    prior_bits,
    weigh,
)

_ITEMS = tuple(Item)
#: So far below review a pair is still kept, to be told as the nearest there was.
_SHOWN_BELOW = 4.0
#: What a decision was made by: key rules, decision rules, weights.
VERSION = f"keys-{KEYS_VERSION}.rules-{RULES_VERSION}.{HAND_VERSION}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """A register ready to be looked up (照合用の台帳): keys, indexes, how common values are."""

    side: Side
    indexes: Mapping[str, Index]
    commonness: Commonness
    #: How many names the whole register has, of which a part may stand here.
    rows: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """One person a row may be, with the bits of every item (候補)."""

    register_id: str
    levels: Mapping[Item, int]
    item_bits: Mapping[Item, float]
    bits: float
    #: Which of the person's names it is: 0 their own.
    name_no: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What was decided of one row, and why (照合の結果)."""

    row_id: str
    decision: Decision
    bits: float
    margin: float
    vetoes: tuple[Veto, ...]
    candidates: tuple[Candidate, ...]


def open_book(
    side: Side, *, rows: int | None = None, counts: Mapping[str, Counts] | None = None
) -> Book:
    """Sort and count a register once (台帳の準備).

    Of a part of it, ``rows`` and ``counts`` tell how the whole is.
    """
    rows = len(side) if rows is None else rows
    return Book(
        side=side,
        indexes=linkage.build_indexes(side.codes, PASSES),
        commonness=commonness_of(side.codes, rows, counts),
        rows=rows,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """All decisions of a list; findings are written out when asked for (照合のすべて)."""

    batch: Side
    book: Book
    compared: Compared
    item_bits: Bits
    totals: Bits
    decided: Decided

    def counts(self) -> dict[str, int]:
        """How many rows came out how (件数)."""
        auto = int(self.decided.is_auto.sum())
        review = int(self.decided.is_review.sum())
        return {"auto": auto, "review": review, "none": len(self.batch) - auto - review}

    def findings(self, *, candidates: int = 3) -> Iterator[Finding]:
        """Yield each row's finding in the order of the list (結果の並び)."""
        for row in range(len(self.batch)):
            yield self.finding(row, candidates=candidates)

    def finding(self, row: int, *, candidates: int = 3) -> Finding:
        """Write out one row with its best candidates (1行の結果)."""
        places = self.decided.ranked.pairs[row, :candidates]
        found = tuple(self._candidate(pair) for pair in places.tolist() if pair >= 0)
        return Finding(
            row_id=str(self.batch.ids[row]),
            decision=self.decided.decision(row),
            bits=found[0].bits if found else 0.0,
            margin=float(self.decided.margins[row]),
            vetoes=vetoes_in(int(self.decided.vetoes[row])),
            candidates=found,
        )

    def _candidate(self, pair: int) -> Candidate:
        bits = self.item_bits[pair].tolist()
        at = int(self.compared.right[pair])
        return Candidate(
            register_id=str(self.book.side.ids[at]),
            name_no=int(self.book.side.name_nos[at]),
            levels=dict(zip(_ITEMS, self.compared.levels[pair].tolist(), strict=True)),
            item_bits=dict(zip(_ITEMS, bits, strict=True)),
            bits=float(self.totals[pair]),
        )


def match(
    batch: Side,
    book: Book,
    *,
    policy: Policy | None = None,
    weights: Sequence[FieldWeights] = BY_HAND,
) -> Matched:
    """Decide every row of a list against a register (照合する)."""
    left, right = linkage.candidate_pairs(batch.codes, book.indexes, PASSES, cap=BLOCK_CAP)
    compared = compare(batch, book.side, left, right)
    return conclude(batch, book, compared, policy=policy, weights=weights)


def conclude(
    batch: Side,
    book: Book,
    compared: Compared,
    *,
    policy: Policy | None = None,
    weights: Sequence[FieldWeights] = BY_HAND,
) -> Matched:
    """Weigh and decide pairs that are compared already, by whomever (判定する)."""
    policy = policy or Policy()
    rows = book.rows
    item_bits = weigh(compared, book.commonness, weights, rows=rows)
    totals = item_bits.sum(axis=1) + prior_bits(rows)
    # Far below review nothing ranks; a number both carry is always looked at.
    kept = np.flatnonzero(
        (totals >= policy.review_bits - _SHOWN_BELOW) | (compared.levels[:, Item.NUMBER] == 1)
    )
    kept = kept[best_names(compared.left[kept], compared.right[kept], totals[kept], book.side)]
    compared = Compared(
        left=compared.left[kept], right=compared.right[kept], levels=compared.levels[kept]
    )
    ranked = rank(
        compared, totals[kept], book.side, rows=len(batch), most=max(2, policy.candidates)
    )
    decided = decide(
        batch,
        book.side,
        compared=compared,
        ranked=ranked,
        commonness=book.commonness,
        policy=policy,
    )
    return Matched(
        batch=batch, book=book, compared=compared, item_bits=item_bits[kept],
        totals=totals[kept], decided=decided,
    )  # fmt: skip
