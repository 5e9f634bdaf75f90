"""Automatic, to be looked at, or not found (照合の判定).

A score adds up strong evidence until it drowns a contradiction; so contradictions are vetoes,
whatever the score. What is decided by itself agrees in given name and birth date exactly, in
surname and address as far as they are known, has no rival, and is nobody who must be asked about.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag, StrEnum, auto, unique
from functools import cache

import numpy as np

from madoguchi.addressees.domain.comparing import Compared
from madoguchi.addressees.domain.levels import (
    Address,
    BirthLevel,
    Item,
    Kana,
    Name,
    Number,
    Standing,
)
from madoguchi.addressees.domain.linkage import Bits, Flags, Places
from madoguchi.addressees.domain.sides import Side
from madoguchi.addressees.domain.weights import BIRTH_DAYS, Commonness

RULES_VERSION = "1"


@unique
class Decision(StrEnum):
    """What becomes of a row of the list (判定)."""

    AUTO = "auto"
    REVIEW = "review"
    NONE = "none"


@unique
class Veto(IntFlag):
    """Why a row is not decided by itself (自動で決めない理由)."""

    GIVEN_NOT_SAME = auto()
    SURNAME_NOT_SAME = auto()
    BIRTH_NOT_SAME = auto()
    KANA_CONTRADICTS = auto()
    NAMESAKE_POSSIBLE = auto()
    NUMBER_CONTRADICTS = auto()
    RIVAL_NEAR = auto()
    CLAIMED_TWICE = auto()
    EVIDENCE_THIN = auto()
    PROTECTED = auto()
    LEAVING = auto()
    MOVED_OUT = auto()
    DEAD = auto()
    REMOVED = auto()
    STANDING_UNREAD = auto()
    NAME_MISSING = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The bounds a town may draw tighter or wider (判定の基準). The vetoes are no part of it."""

    auto_bits: float = 8.0
    margin_bits: float = 6.0
    review_bits: float = -4.0
    #: Where the address disagrees: so many namesakes of that birth date may be expected at most.
    #: A single mover is below 1/30,000 at best, so this default asks a person; a household that
    #: moved together bears one another out.
    namesakes_max: float = 1e-6
    #: The same where no address was written: nothing contradicts (*assumed*).
    namesakes_max_unwritten: float = 2e-4
    candidates: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """The best candidates of every row of the list, best first (候補の順位).

    ``pairs`` holds places in the compared pairs, -1 for none; ``bits`` their scores.
    """

    pairs: Places
    bits: Bits


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """The decision of each row of the list, with what it rests on (判定の結果)."""

    ranked: Ranked
    is_auto: Flags
    is_review: Flags
    margins: Bits
    vetoes: Places

    def decision(self, row: int) -> Decision:
        """The decision of one row."""
        if self.is_auto[row]:
            return Decision.AUTO
        return Decision.REVIEW if self.is_review[row] else Decision.NONE


def best_names(left: Places, right: Places, totals: Bits, register: Side) -> Places:
    """Return the pairs that stay when each person is met by one name only, their best (氏名の選択)."""
    owners = register.owners[right]
    order = np.lexsort((register.name_nos[right], -totals, owners, left))
    is_first = np.ones(len(order), dtype=np.bool_)
    is_first[1:] = (np.diff(left[order]) != 0) | (np.diff(owners[order]) != 0)
    return np.sort(order[is_first])


def rank(compared: Compared, totals: Bits, register: Side, *, rows: int, most: int) -> Ranked:
    """Order each row's candidates by score; equals by their id, so that no order matters (順位)."""
    if isinstance(register.ids, np.ndarray):
        ids = register.ids[compared.right]
    else:
        ids = np.array([register.ids[place] for place in compared.right.tolist()], dtype=np.str_)
    order = np.lexsort((ids, -totals, compared.left))
    lefts = compared.left[order]
    begins = np.searchsorted(lefts, np.arange(rows))
    nth = np.arange(len(order)) - begins[lefts] if len(order) else np.zeros(0, dtype=np.int64)
    pairs = np.full((rows, most), -1, dtype=np.int64)
    bits = np.full((rows, most), -np.inf)
    kept = nth < most
    pairs[lefts[kept], nth[kept]] = order[kept]
    bits[lefts[kept], nth[kept]] = totals[order[kept]]
    return Ranked(pairs=pairs, bits=bits)


def decide(
    batch: Side,
    register: Side,
    *,
    compared: Compared,
    ranked: Ranked,
    commonness: Commonness,
    policy: Policy,
) -> Decided:
    """Decide every row (判定)."""
    rows = len(batch)
    best = ranked.pairs[:, 0]
    has = best >= 0
    at = np.flatnonzero(has)
    levels = np.zeros((rows, len(Item)), dtype=np.int8)
    # A row of the register is a name; the person is whoever has it.
    named, person = (np.full(rows, -1, dtype=np.int64) for _ in range(2))
    levels[at] = compared.levels[best[at]]
    named[at] = compared.right[best[at]]
    person[at] = register.owners[named[at]]
    totals = ranked.bits[:, 0]
    # Nobody at all is the rival of a lone candidate: it stands where review begins.
    second = np.maximum(ranked.bits[:, 1], policy.review_bits)
    margins = np.where(has, totals - second, 0.0)
    vetoes = _vetoes_of_levels(levels)
    vetoes |= _vetoes_of_people(batch, register, person, at)
    vetoes[margins < policy.margin_bits] |= Veto.RIVAL_NEAR
    vetoes[totals < policy.auto_bits] |= Veto.EVIDENCE_THIN
    unsure = _namesakes(
        batch,
        register,
        levels=levels,
        named=named,
        vetoes=vetoes,
        commonness=commonness,
        policy=policy,
    )
    vetoes[unsure] |= Veto.NAMESAKE_POSSIBLE
    vetoes[_claimed_twice(levels, person, vetoes)] |= Veto.CLAIMED_TWICE
    by_number = levels[:, Item.NUMBER] == Number.SAME
    # A row without a name was not looked for; unknown is not none.
    nameless = batch.codes["whole"] == 0
    vetoes[nameless] |= Veto.NAME_MISSING
    near = (has & ((totals >= policy.review_bits) | by_number)) | nameless
    is_auto = near & (vetoes == 0)
    return Decided(
        ranked=ranked,
        is_auto=is_auto,
        is_review=near & ~is_auto,
        margins=margins,
        vetoes=np.where(near, vetoes, 0),
    )


def _vetoes_of_levels(levels: np.ndarray) -> Places:
    surname, given = levels[:, Item.SURNAME], levels[:, Item.GIVEN]
    birth, address = levels[:, Item.BIRTH], levels[:, Item.ADDRESS]
    vetoes = np.zeros(len(levels), dtype=np.int64)
    vetoes[given != Name.SAME] |= Veto.GIVEN_NOT_SAME
    # A letter lost or exchanged for its like is borne out by the address; a changed name is not.
    borne_out = np.isin(surname, (Name.UNKNOWN, Name.VARIANT)) & (address == Address.SAME)
    vetoes[(surname != Name.SAME) & ~borne_out] |= Veto.SURNAME_NOT_SAME
    vetoes[birth != BirthLevel.SAME] |= Veto.BIRTH_NOT_SAME
    vetoes[levels[:, Item.KANA] == Kana.DIFFERS] |= Veto.KANA_CONTRADICTS
    vetoes[levels[:, Item.NUMBER] == Number.DIFFERS] |= Veto.NUMBER_CONTRADICTS
    return vetoes


_STANDING_VETOES = {
    Standing.LEAVING: Veto.LEAVING,
    Standing.MOVED_OUT: Veto.MOVED_OUT,
    Standing.DEAD: Veto.DEAD,
    Standing.REMOVED: Veto.REMOVED,
    Standing.UNREAD: Veto.STANDING_UNREAD,
}


def _vetoes_of_people(batch: Side, register: Side, person: Places, at: Places) -> Places:
    """Protected, gone or dead, as either side says it."""
    vetoes = np.zeros(len(batch), dtype=np.int64)
    vetoes[batch.held] |= Veto.PROTECTED
    vetoes[at[register.held[person[at]]]] |= Veto.PROTECTED
    for standing, veto in _STANDING_VETOES.items():
        vetoes[batch.standings == standing] |= veto
        vetoes[at[register.standings[person[at]] == standing]] |= veto
    return vetoes


def _namesakes(
    batch: Side,
    register: Side,
    *,
    levels: np.ndarray,
    named: Places,
    vetoes: Places,
    commonness: Commonness,
    policy: Policy,
) -> Flags:
    """Tell where another person of that name and birth date cannot be left out.

    Expected namesakes of one row: how often the name is met, by the days of a lifetime. Rows that
    leave one written address for one address of the register bear one another out: their
    expectations multiply.
    """
    address = levels[:, Item.ADDRESS]
    known_by_number = levels[:, Item.NUMBER] == Number.SAME
    firm = np.isin(address, (Address.SAME, Address.PART))
    moved = np.isin(address, (Address.OTHER_LOT, Address.DIFFERS))
    at = np.flatnonzero((named >= 0) & ~firm & ~known_by_number)
    expected = np.zeros(len(batch))
    expected[at] = commonness.namesakes[named[at]] / BIRTH_DAYS
    person = np.where(named >= 0, register.owners[named], -1) if len(register) else named
    _bear_out(batch, register, np.flatnonzero(moved & (vetoes == 0)), person, expected)
    bound = np.where(moved, policy.namesakes_max, policy.namesakes_max_unwritten)
    unsure = np.zeros(len(batch), dtype=np.bool_)
    unsure[at] = expected[at] > bound[at]
    return unsure


def _bear_out(batch: Side, register: Side, rows: Places, person: Places, expected: Bits) -> None:
    """Multiply the expectations of different people who moved from one door to one door."""
    doors = batch.codes["door"][rows]
    groups: dict[int, list[int]] = {}
    for row, door in zip(rows.tolist(), doors.tolist(), strict=True):
        if door:
            groups.setdefault(door, []).append(row)
    for group in groups.values():
        people = {int(person[row]): float(expected[row]) for row in group}
        targets = {int(register.codes["door"][one]) for one in people}
        # Many addresses behind one written door: an office or a filler, no household.
        if len(people) < 2 or len(targets) != 1 or 0 in targets:
            continue
        together = float(np.prod(list(people.values())))
        for row in group:
            expected[row] = together


def _claimed_twice(
    levels: np.ndarray,
    person: Places,
    vetoes: Places,
) -> Places:
    """Rows that claim a person another row claims too; who agrees in everything may stay."""
    rows = np.flatnonzero((vetoes == 0) & (person >= 0))
    claims: dict[int, list[int]] = {}
    for row, one in zip(rows.tolist(), person[rows].tolist(), strict=True):
        claims.setdefault(one, []).append(row)
    whole = (levels[:, Item.ADDRESS] == Address.SAME) & (levels[:, Item.SURNAME] == Name.SAME)
    doubted = [
        row for group in claims.values() if len(group) > 1 for row in group if not whole[row]
    ]
    return np.array(doubted, dtype=np.int64)


@cache
def vetoes_in(mask: int) -> tuple[Veto, ...]:
    """Return the single vetoes of a mask, in the order they are told (理由の並び)."""
    return tuple(veto for veto in Veto if mask & veto)
