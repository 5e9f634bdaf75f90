"""The engine under the matcher: candidate passes, levels, weights, EM (名寄せの計算).

Knows nothing of names or towns. A side is a set of whole-number columns, one entry a row, 0 where
nothing is known; unknown meets unknown in no pass. Everything is worked out column by column, so
that ten thousand rows against a million take seconds on one small machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.uint64]
Places = NDArray[np.int64]
Levels = NDArray[np.int8]
Letters = NDArray[np.uint16]
Bits = NDArray[np.float64]
Flags = NDArray[np.bool_]

_SEED = np.uint64(0x9E3779B97F4A7C15)
_ODD = (np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB))
_CHUNK = 200_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One way two rows may meet: columns that agree (候補の条件).

    Where more than the cap meet, `finer` columns are added: a large block is cut, never dropped.
    """

    name: str
    columns: tuple[str, ...]
    finer: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Index:
    """A side sorted by one pass, to be looked up by the other side (索引)."""

    keys: Codes
    rows: NDArray[np.uint32]


# -- codes ---------------------------------------------------------------------------------


def mix(codes: Codes) -> Codes:
    """Spread whole numbers evenly over 64 bits; different ones stay different."""
    with np.errstate(over="ignore"):
        spread = codes ^ (codes >> np.uint64(30))
        spread = spread * _ODD[0]
        spread ^= spread >> np.uint64(27)
        spread = spread * _ODD[1]
        mixed: Codes = spread ^ (spread >> np.uint64(31))
    return mixed


def text_codes(texts: Sequence[str]) -> Codes:
    """Return a 64-bit code of each text, the same on every machine; 0 for an empty one."""
    found: list[Codes] = []
    for start in range(0, len(texts), _CHUNK):
        letters = _letters_of(texts[start : start + _CHUNK])
        codes = np.full(len(letters), _SEED, dtype=np.uint64)
        for place in range(letters.shape[1]):
            letter = letters[:, place].astype(np.uint64)
            codes = np.where(letter == 0, codes, mix(codes ^ letter))
        found.append(np.where(letters[:, 0] == 0, np.uint64(0), codes))
    return np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)


def text_letters(texts: Sequence[str], width: int) -> Letters:
    """Return the first letters of each text as numbers, one row a text, 0 behind its end."""
    found = np.zeros((len(texts), width), dtype=np.uint16)
    for start in range(0, len(texts), _CHUNK):
        letters = _letters_of([text[:width] for text in texts[start : start + _CHUNK]])
        found[start : start + len(letters), : letters.shape[1]] = letters & 0xFFFF
    return found


def _letters_of(texts: Sequence[str]) -> NDArray[np.uint32]:
    array = np.array(texts, dtype=np.str_) if len(texts) else np.zeros(0, dtype="U1")
    width = max(1, array.dtype.itemsize // 4)
    return np.ascontiguousarray(array).view(np.uint32).reshape(len(array), width)


def combine(*columns: Codes) -> Codes:
    """Return one code for several columns together; 0 where any of them is unknown."""
    whole = columns[0]
    known = whole != 0
    for column in columns[1:]:
        with np.errstate(over="ignore"):
            whole = mix(whole * np.uint64(31) ^ mix(column))
        known = known & (column != 0)
    return np.where(known, whole, np.uint64(0))


# -- candidates ----------------------------------------------------------------------------


def build_index(codes: Codes) -> Index:
    """Sort a side by the code of one pass, leaving out what is unknown (索引を作る)."""
    known = np.flatnonzero(codes).astype(np.uint32)
    order = np.argsort(codes[known], kind="stable")
    return Index(keys=codes[known][order], rows=known[order])


def build_indexes(side: Mapping[str, Codes], passes: Sequence[Pass]) -> dict[str, Index]:
    """Sort a side by every pass, and by its finer form (すべての索引を作る)."""
    found = {}
    for one in passes:
        coarse = combine(*(side[name] for name in one.columns))
        found[one.name] = build_index(coarse)
        finer = combine(coarse, *(side[name] for name in one.finer))
        found[f"{one.name}+"] = build_index(finer)
    return found


def candidate_pairs(
    side: Mapping[str, Codes], indexes: Mapping[str, Index], passes: Sequence[Pass], *, cap: int
) -> tuple[Places, Places]:
    """Return every pair that meets in a pass, once, ordered (候補の組)."""
    found = []
    for one in passes:
        coarse = combine(*(side[name] for name in one.columns))
        index = indexes[one.name]
        first, count = _span(index, coarse)
        small = count <= cap
        found.append(_expand(index, np.where(small, count, 0), first))
        if not small.all():
            finer = combine(coarse, *(side[name] for name in one.finer))
            index = indexes[f"{one.name}+"]
            first, count = _span(index, np.where(small, np.uint64(0), finer))
            found.append(_expand(index, count, first))
    pairs = np.concatenate(found) if found else np.zeros(0, dtype=np.uint64)
    pairs.sort()  # millions of numbers: sorting beats the table that np.unique would make
    pairs = pairs[np.r_[True, pairs[1:] != pairs[:-1]]] if len(pairs) else pairs
    return (pairs >> np.uint64(32)).astype(np.int64), (pairs & np.uint64(2**32 - 1)).astype(
        np.int64
    )


def _span(index: Index, wanted: Codes) -> tuple[Places, Places]:
    first = np.searchsorted(index.keys, wanted, side="left")
    count = np.searchsorted(index.keys, wanted, side="right") - first
    return first, np.where(wanted == 0, 0, count)


def _expand(index: Index, count: Places, first: Places) -> Codes:
    """Write out each row's span as pairs, both rows in one number."""
    total = int(count.sum())
    left = np.repeat(np.arange(len(count), dtype=np.uint64), count)
    starts = np.cumsum(count) - count
    place = np.arange(total, dtype=np.int64) - np.repeat(starts, count) + np.repeat(first, count)
    return (left << np.uint64(32)) | np.asarray(index.rows[place], dtype=np.uint64)


# -- comparing -----------------------------------------------------------------------------


def edit_distance(left: Letters, right: Letters, *, most: int) -> NDArray[np.int8]:
    """Return how many letters must change, two swapped neighbours counting one (編集距離).

    Row by row, up to ``most`` and never more; pairs as they stand side by side.
    """
    rows, width = left.shape
    length_left, length_right = (left != 0).sum(axis=1), (right != 0).sum(axis=1)
    answer = np.full(rows, most, dtype=np.int8)
    # A row of the table is kept for every letter of the left side; three of them at a time.
    before_last = np.zeros((width + 1, rows), dtype=np.int8)
    first = np.minimum(np.arange(width + 1), most).astype(np.int8)
    last = np.repeat(first[:, None], rows, axis=1)
    _keep(answer, last, length_left == 0, length_right)
    columns_left, columns_right = np.ascontiguousarray(left.T), np.ascontiguousarray(right.T)
    for i in range(1, width + 1):
        # Off the diagonal by more than ``most`` no text is near enough: not worked out.
        now = np.full((width + 1, rows), most, dtype=np.int8)
        now[0] = min(i, most)
        for j in range(max(1, i - most), min(width, i + most) + 1):
            differs = columns_left[i - 1] != columns_right[j - 1]
            best = np.minimum(last[j - 1] + differs, np.minimum(last[j], now[j - 1]) + np.int8(1))
            if i > 1 and j > 1:
                swapped = (columns_left[i - 1] == columns_right[j - 2]) & (
                    columns_left[i - 2] == columns_right[j - 1]
                )
                best = np.where(swapped, np.minimum(best, before_last[j - 2] + np.int8(1)), best)
            now[j] = best
        _keep(answer, now, length_left == i, length_right)
        before_last, last = last, now
    return np.minimum(answer, np.int8(most))


def _keep(answer: NDArray[np.int8], table: NDArray[np.int8], ends: Flags, length: Places) -> None:
    """Take the distance of the rows whose left text ends here."""
    rows = np.flatnonzero(ends)
    answer[rows] = np.minimum(answer[rows], table[length[rows], rows])


def in_chunks(
    compare: Callable[[Places, Places], Levels], left: Places, right: Places, *, fields: int
) -> Levels:
    """Compare pairs a part at a time, so that memory stays bounded."""
    levels = np.zeros((len(left), fields), dtype=np.int8)
    for start in range(0, len(left), _CHUNK):
        part = slice(start, start + _CHUNK)
        levels[part] = compare(left[part], right[part])
    return levels


# -- weights -------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldWeights:
    """How often each level is met among true pairs (m) and among strangers (u) (項目の重み).

    Level 0 is "unknown" and weighs nothing. ``share`` below 1 is for a field that is no witness
    of its own, as a reading beside its kanji.
    """

    name: str
    m: tuple[float, ...]
    u: tuple[float, ...]
    share: float = 1.0

    def bits(self) -> Bits:
        """The weight of each level, in bits (重み)."""
        weights = [0.0]
        for among_true, among_strangers in zip(self.m[1:], self.u[1:], strict=True):
            weights.append(self.share * float(np.log2(among_true / among_strangers)))
        return np.array(weights)


def score(levels: Levels, weights: Sequence[FieldWeights]) -> Bits:
    """Return the weight of each field of each pair, in bits (重みの表)."""
    table = np.zeros(levels.shape)
    for place, field in enumerate(weights):
        table[:, place] = field.bits()[levels[:, place]]
    return table


def learn(
    patterns: Levels,
    counts: Bits,
    start: Sequence[FieldWeights],
    *,
    prior: float,
    known: Bits | None = None,
    rounds: int = 60,
    least: float = 1e-6,
) -> tuple[tuple[FieldWeights, ...], float]:
    """Learn the weights from compared pairs by expectation-maximisation (EMによる重みの学習).

    ``patterns`` are the distinct rows of levels and ``counts`` how often each was met. ``known``
    fixes what a person decided: 1 the same, 0 another, NaN not decided. Returns the weights and
    the share of true pairs.
    """
    weights = tuple(start)
    fixed = np.full(len(counts), np.nan) if known is None else known
    for _ in range(rounds):
        odds = score(patterns, weights).sum(axis=1) + np.log2(prior / (1 - prior))
        chance = 1 / (1 + np.exp2(-np.clip(odds, -60, 60)))
        chance = np.where(np.isnan(fixed), chance, fixed)
        true, strange = counts * chance, counts * (1 - chance)
        prior = float(np.clip(true.sum() / counts.sum(), least, 1 - least))
        weights = tuple(
            _learnt(field, patterns[:, place], true, strange, least)
            for place, field in enumerate(weights)
        )
    return weights, prior


def _learnt(
    field: FieldWeights, levels: Levels, true: Bits, strange: Bits, least: float
) -> FieldWeights:
    size = len(field.m)
    shares = []
    for counted in (true, strange):
        met = np.bincount(levels, weights=counted, minlength=size)[:size]
        met[0] = 0.0
        whole = met.sum()
        shares.append(np.clip(met / whole, least, 1.0) if whole else np.full(size, 0.5))
    return FieldWeights(
        name=field.name,
        m=(1.0, *map(float, shares[0][1:])),
        u=(1.0, *map(float, shares[1][1:])),
        share=field.share,
    )
