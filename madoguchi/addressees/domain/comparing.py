"""The levels of agreement of many pairs at once (照合の比較)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.levels import (
    Address,
    BirthLevel,
    Item,
    Kana,
    Name,
    Number,
)
from madoguchi.addressees.domain.linkage import Flags, Levels, Places
from madoguchi.addressees.domain.sides import Side
from madoguchi.addressees.domain.spelling import LOST

_LOST = np.uint16(ord(LOST) & 0xFFFF)
#: Years between the same number of one era and the next: 昭和31 written for 平成31, and so on.
ERA_STEPS = (44, 14, 63, 30)
KANA_SLIPS_MAX = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """Pairs and the levels they agree at, one column an item (比較の結果)."""

    left: Places
    right: Places
    levels: Levels


def compare(batch: Side, register: Side, left: Places, right: Places) -> Compared:
    """Compare pairs of rows item by item (項目ごとの比較)."""

    def levels(lefts: Places, rights: Places) -> Levels:
        return _levels(batch, register, lefts, rights)

    return Compared(
        left=left,
        right=right,
        levels=linkage.in_chunks(levels, left, right, fields=len(Item)),
    )


def _levels(batch: Side, register: Side, left: Places, right: Places) -> Levels:
    found = np.zeros((len(left), len(Item)), dtype=np.int8)
    surname, given = _names(batch, register, left, right)
    found[:, Item.SURNAME], found[:, Item.GIVEN] = surname, given
    found[:, Item.BIRTH] = _births(batch, register, left, right)
    found[:, Item.KANA] = _kana(batch, register, left, right)
    found[:, Item.ADDRESS] = _addresses(batch, register, left, right)
    mine, theirs = batch.codes["number"][left], register.codes["number"][right]
    known = (mine != 0) & (theirs != 0)
    same = np.where(mine == theirs, Number.SAME, Number.DIFFERS)
    found[:, Item.NUMBER] = np.where(known, same, Number.UNKNOWN)
    return found


def _names(batch: Side, register: Side, left: Places, right: Places) -> tuple[Levels, Levels]:
    surname = _name(batch, register, left, right, "surname")
    given = _name(batch, register, left, right, "given")
    whole = batch.codes["whole"][left], register.codes["whole"][right]
    # The same letters in a row are the same name, wherever the space stands. A lost letter
    # equals nothing.
    same = (whole[0] == whole[1]) & (whole[0] != 0) & ~batch.lost[left] & ~register.lost[right]
    return np.where(same, Name.SAME, surname), np.where(same, Name.SAME, given)


def _name(batch: Side, register: Side, left: Places, right: Places, part: str) -> Levels:
    mine, theirs = batch.codes[part][left], register.codes[part][right]
    found = np.full(len(left), Name.DIFFERS, dtype=np.int8)
    known = (mine != 0) & (theirs != 0)
    found[~known] = Name.UNKNOWN
    same = known & (mine == theirs)
    found[same] = Name.SAME
    open_rows = np.flatnonzero(known & ~same)
    letters = batch.letters[part][left[open_rows]], register.letters[part][right[open_rows]]
    loose = f"loose_{part}"
    mine, theirs = batch.codes[loose][left[open_rows]], register.codes[loose][right[open_rows]]
    variant = (mine == theirs) & (mine != 0)
    slipped = _one_letter_apart(*letters)
    found[open_rows] = np.where(
        variant, Name.VARIANT, np.where(slipped, Name.ONE_LETTER, Name.DIFFERS)
    )
    lost = batch.lost[left[open_rows]] | register.lost[right[open_rows]]
    fits = np.flatnonzero(lost)
    found[open_rows[fits[_but_for_lost(letters[0][fits], letters[1][fits])]]] = Name.UNKNOWN
    both_lost = np.flatnonzero(same)[(batch.letters[part][left[same]] == _LOST).any(axis=1)]
    found[both_lost] = Name.UNKNOWN
    return found


def _but_for_lost(mine: linkage.Letters, theirs: linkage.Letters) -> Flags:
    """Whether all letters that were not lost are the same, place by place."""
    gone = (mine == _LOST) | (theirs == _LOST)
    fits = (mine == theirs) | (gone & (mine != 0) & (theirs != 0))
    return np.asarray(fits.all(axis=1) & gone.any(axis=1))


def _one_letter_apart(mine: linkage.Letters, theirs: linkage.Letters) -> Flags:
    """One letter changed, added, left out, or two neighbours swapped; of two letters at least."""
    longest = np.maximum((mine != 0).sum(axis=1), (theirs != 0).sum(axis=1))
    apart: Flags = (linkage.edit_distance(mine, theirs, most=2) <= 1) & (longest >= 2)
    return apart


# -- birth dates ---------------------------------------------------------------------------


def _births(batch: Side, register: Side, left: Places, right: Places) -> Levels:
    mine, theirs = batch.births[left], register.births[right]
    exact = (mine > 0) & (theirs > 0)
    found = np.zeros(len(left), dtype=np.int8)
    found[exact] = BirthLevel.DIFFERS
    found[exact & (mine == theirs)] = BirthLevel.SAME
    rows = np.flatnonzero(exact & (mine != theirs))
    found[rows] = _slips(mine[rows], theirs[rows])
    rows = np.flatnonzero(~exact)
    found[rows] = _unclear(batch, register, left[rows], right[rows])
    return found


def _slips(mine: np.ndarray, theirs: np.ndarray) -> Levels:
    """Tell a slip of the hand from another day."""
    places = [10**power for power in range(8)]
    apart = np.stack([(mine // ten) % 10 != (theirs // ten) % 10 for ten in places])
    count = apart.sum(axis=0)
    neighbours = np.zeros(len(mine), dtype=np.bool_)
    for place in range(7):
        low, high = places[place], places[place + 1]
        turned = ((mine // low) % 10 == (theirs // high) % 10) & (
            (mine // high) % 10 == (theirs // low) % 10
        )
        neighbours |= apart[place] & apart[place + 1] & turned & (count == 2)
    rest_mine, rest_theirs = mine % 10_000, theirs % 10_000
    same_year = mine // 10_000 == theirs // 10_000
    swapped = same_year & (rest_mine // 100 == rest_theirs % 100) & (
        rest_mine % 100 == rest_theirs // 100
    )  # fmt: skip
    steps = np.abs(mine // 10_000 - theirs // 10_000)
    era = (rest_mine == rest_theirs) & np.isin(steps, ERA_STEPS)
    days = np.abs(_day_number(mine) - _day_number(theirs))
    one = (count == 1) | neighbours | swapped | era | (days == 1)
    return np.where(
        one, BirthLevel.ONE_SLIP, np.where(count == 2, BirthLevel.TWO_SLIPS, BirthLevel.DIFFERS)
    ).astype(np.int8)


def _day_number(births: np.ndarray) -> np.ndarray:
    year, month, day = births // 10_000, births // 100 % 100, births % 100
    months = (year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + (month - 1)
    days: np.ndarray = months.astype("datetime64[D]").astype(np.int64) + day
    return days


def _unclear(batch: Side, register: Side, left: Places, right: Places) -> Levels:
    """As far as both say something, do they say the same."""
    agree = np.ones(len(left), dtype=np.bool_)
    said = np.zeros(len(left), dtype=np.bool_)
    for name in ("year", "month", "day"):
        mine, theirs = batch.codes[name][left], register.codes[name][right]
        both = (mine != 0) & (theirs != 0)
        said |= both
        agree &= ~both | (mine == theirs)
    return np.where(
        said, np.where(agree, BirthLevel.UNCLEAR, BirthLevel.DIFFERS), BirthLevel.UNKNOWN
    ).astype(np.int8)


# -- readings and addresses ----------------------------------------------------------------


def _kana(batch: Side, register: Side, left: Places, right: Places) -> Levels:
    mine, theirs = batch.codes["kana"][left], register.codes["kana"][right]
    known = (mine != 0) & (theirs != 0)
    found = np.where(known, Kana.DIFFERS, Kana.UNKNOWN).astype(np.int8)
    found[known & (mine == theirs)] = Kana.SAME
    rows = np.flatnonzero(known & (mine != theirs))
    letters = batch.letters["kana"][left[rows]], register.letters["kana"][right[rows]]
    longest = np.maximum(*((one != 0).sum(axis=1) for one in letters))
    slips = linkage.edit_distance(*letters, most=KANA_SLIPS_MAX + 1)
    near = (slips <= KANA_SLIPS_MAX) & (slips * 3 <= longest)
    found[rows[near]] = Kana.NEAR
    return found


def _addresses(batch: Side, register: Side, left: Places, right: Places) -> Levels:
    def column(name: str) -> tuple[linkage.Codes, linkage.Codes]:
        return batch.codes[name][left], register.codes[name][right]

    def agree(name: str) -> Flags:
        mine, theirs = column(name)
        fits: Flags = (mine == theirs) | (mine == 0) | (theirs == 0)
        return fits

    town = column("town")
    known = (town[0] != 0) & (town[1] != 0)
    lot = column("lot")
    lots_known = (lot[0] != 0) & (lot[1] != 0)
    here = known & (town[0] == town[1]) & agree("municipality")
    compatible = agree("part")
    counts = batch.lot_counts[left].astype(np.int16), register.lot_counts[right].astype(np.int16)
    fewer = np.minimum(*counts)
    first, two = column("lot_first"), column("lot_two")
    begins = (first[0] == first[1]) & ((fewer < 2) | (two[0] == two[1])) & (counts[0] != counts[1])
    found = np.where(known, Address.DIFFERS, Address.UNKNOWN)
    found = np.where(here, Address.OTHER_LOT, found)
    found = np.where(here & ~lots_known, Address.TOWN, found)
    found = np.where(here & lots_known & compatible & begins, Address.PART, found)
    return np.where(
        here & lots_known & compatible & (lot[0] == lot[1]), Address.SAME, found
    ).astype(np.int8)
