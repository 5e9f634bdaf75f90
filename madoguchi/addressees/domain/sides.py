"""Rows turned into columns of keys: one side of a comparison (照合の片側).

`KEYS_VERSION` says by which rules the keys were made; kept keys of another version are made anew.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.births import read_birth
from madoguchi.addressees.domain.cutting import Vocabulary, cut
from madoguchi.addressees.domain.levels import Standing
from madoguchi.addressees.domain.linkage import Codes, Letters, Pass
from madoguchi.addressees.domain.places import Gazetteer, read_address
from madoguchi.addressees.domain.spelling import LOST, kana_key, name_keys
from madoguchi.kernel.names import fold_kanji

#: Raised with every change of a key rule. A test watches over it.
KEYS_VERSION = 1
NAME_WIDTH, KANA_WIDTH = 8, 16

PASSES = (
    Pass(name="number", columns=("number",), finer=("given",)),
    Pass(name="name", columns=("whole",), finer=("year",)),
    Pass(name="birth", columns=("birth",), finer=("given_first",)),
    Pass(name="kana", columns=("kana",), finer=("year",)),
    Pass(name="surname and month", columns=("loose_surname", "year", "month"), finer=("day",)),
    Pass(name="given and year", columns=("loose_given", "year"), finer=("month",)),
    Pass(name="given and day", columns=("loose_given", "month", "day"), finer=("year_last",)),
    Pass(name="place and given", columns=("town", "lot_first", "given_first"), finer=("lot",)),
    Pass(name="name found", columns=("loose_surname", "loose_given"), finer=("year",)),
)  # fmt: skip
#: More rows than this meet no single row; the pass takes its finer form then.
BLOCK_CAP = 100


class Row(NamedTuple):
    """One row of a list or of the register, as it was written (1行)."""

    row_id: str
    name: str
    kana: str = ""
    birth: str = ""
    address: str = ""
    standing: Standing = Standing.RESIDENT
    is_protected: bool = False
    #: A number both files may carry: 住民票コード, card serial, notice number.
    number: str = ""
    #: 交付通知書番号, where the list has it: by it returned letters are known.
    notice_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Rows as columns of keys (片側の列); 0 is unknown."""

    ids: Sequence[str] | NDArray[np.str_]
    codes: Mapping[str, Codes]
    letters: Mapping[str, Letters]
    births: np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    standings: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    held: linkage.Flags
    lot_counts: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    lost: linkage.Flags
    vocabulary: Vocabulary

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(slots=True, kw_only=True)
class _Columns:
    """Texts of the rows met so far, column by column."""

    texts: dict[str, list[str]] = field(default_factory=dict)
    ids: list[str] = field(default_factory=list)
    births: list[tuple[int, int, int]] = field(default_factory=list)
    standings: list[int] = field(default_factory=list)
    held: list[bool] = field(default_factory=list)
    lot_counts: list[int] = field(default_factory=list)


_TEXTS = (
    "whole", "surname", "given", "loose_surname", "loose_given", "kana", "municipality", "town",
    "part", "lot", "lot_first", "lot_two", "number",
)  # fmt: skip


def build_side(
    rows: Iterable[Row], gazetteer: Gazetteer, *, vocabulary: Vocabulary | None = None
) -> Side:
    """Make the keys of rows; names written without a space are cut by known ones (キーを作る)."""
    kept = _Columns(texts={name: [] for name in _TEXTS})
    texts = kept.texts
    for row in rows:
        names = name_keys(row.name)
        place = read_address(row.address, gazetteer)
        birth = read_birth(row.birth)
        values = (
            names.whole, names.surname, names.given, names.loose_surname, names.loose_given,
            kana_key(row.kana), place.municipality, place.town, place.part, "-".join(place.lot),
            place.lot[0] if place.lot else "", "-".join(place.lot[:2]), row.number,
        )  # fmt: skip
        for column, value in zip(texts.values(), values, strict=True):
            column.append(value)
        kept.ids.append(row.row_id)
        kept.births.append((birth.year, birth.month, birth.day))
        kept.standings.append(row.standing)
        kept.held.append(row.is_protected)
        kept.lot_counts.append(min(len(place.lot), 255))
    words = vocabulary or _learn_words(texts)
    _cut_uncut(texts, words)
    return _as_side(kept, words)


def _learn_words(texts: Mapping[str, list[str]]) -> Vocabulary:
    cut_rows = [bool(surname) for surname in texts["surname"]]
    uncut = Counter(
        whole for whole, is_cut in zip(texts["whole"], cut_rows, strict=True) if not is_cut
    )
    return Vocabulary.of(
        surnames=Counter(text for text in texts["surname"] if text),
        givens=Counter(text for text in texts["given"] if text),
        uncut=uncut,
    )


def _cut_uncut(texts: Mapping[str, list[str]], words: Vocabulary) -> None:
    for place, surname in enumerate(texts["surname"]):
        if surname or not texts["whole"][place]:
            continue
        found = cut(texts["whole"][place], words)
        if found is None:
            continue
        texts["surname"][place], texts["given"][place] = found
        for name, part in zip(("loose_surname", "loose_given"), found, strict=True):
            texts[name][place] = "" if LOST in part else fold_kanji(part)


def _as_side(kept: _Columns, words: Vocabulary) -> Side:
    texts = kept.texts
    codes = {name: linkage.text_codes(column) for name, column in texts.items()}
    codes["given_first"] = linkage.text_codes([text[:1] for text in texts["loose_given"]])
    births = np.array(kept.births, dtype=np.int32).reshape(-1, 3)
    year, month, day = (births[:, place].astype(np.uint64) for place in range(3))
    codes |= {
        "year": year, "month": month, "day": day,
        "birth": np.where(day > 0, linkage.combine(year, month, day), np.uint64(0)),
        "year_last": np.where(year > 0, year % np.uint64(10) + np.uint64(1), np.uint64(0)),
    }  # fmt: skip
    codes["place"] = linkage.combine(codes["town"], codes["lot"])
    codes["door"] = np.where(
        codes["place"] == 0,
        np.uint64(0),
        linkage.mix(codes["place"] ^ linkage.mix(codes["part"] + np.uint64(1))),
    )
    letters = {
        "surname": linkage.text_letters(texts["surname"], NAME_WIDTH),
        "given": linkage.text_letters(texts["given"], NAME_WIDTH),
        "kana": linkage.text_letters(texts["kana"], KANA_WIDTH),
    }
    number = births[:, 0] * 10_000 + births[:, 1] * 100 + births[:, 2]
    return Side(
        ids=kept.ids,
        codes=codes,
        letters=letters,
        births=np.where(births[:, 2] > 0, number, 0).astype(np.int32),
        standings=np.array(kept.standings, dtype=np.uint8),
        held=np.array(kept.held, dtype=np.bool_),
        lot_counts=np.array(kept.lot_counts, dtype=np.uint8),
        lost=np.array([LOST in text for text in texts["whole"]], dtype=np.bool_),
        vocabulary=words,
    )


def frequencies(side: Side, name: str) -> linkage.Bits:
    """Return for each row how common its value is; 0 where unknown (出現率)."""
    codes = side.codes[name]
    if not len(codes):
        return np.zeros(0)
    _, place, counts = np.unique(codes, return_inverse=True, return_counts=True)
    shares = counts[place] / len(codes)
    return np.where(codes == 0, 0.0, shares)
