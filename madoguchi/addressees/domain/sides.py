"""Rows turned into columns of keys: one side of a comparison (照合の片側)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from madoguchi.addressees.domain import linkage
from madoguchi.addressees.domain.cutting import Vocabulary, cut
from madoguchi.addressees.domain.keys import Keys, Row, keys_of
from madoguchi.addressees.domain.linkage import Codes, Letters, Pass, Places
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.spelling import LOST
from madoguchi.kernel.names import fold_kanji

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Rows as columns of keys (片側の列); 0 is unknown.

    Somebody with several names has a row for each: ``owners`` holds the place of their first.
    """

    ids: Sequence[str] | NDArray[np.str_]
    codes: Mapping[str, Codes]
    letters: Mapping[str, Letters]
    births: np.ndarray[tuple[int, ...], np.dtype[np.int32]]
    standings: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    held: linkage.Flags
    lot_counts: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
    lost: linkage.Flags
    owners: Places
    name_nos: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]
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
    owners: list[int] = field(default_factory=list)
    name_nos: list[int] = field(default_factory=list)


_TEXTS = (
    "whole", "surname", "given", "loose_surname", "loose_given", "kana", "municipality", "town",
    "part", "lot", "lot_first", "lot_two", "number",
)  # fmt: skip


def build_side(
    rows: Iterable[Row], gazetteer: Gazetteer, *, vocabulary: Vocabulary | None = None
) -> Side:
    """Make the keys of rows; names written without a space are cut by known ones (キーを作る)."""
    keyed = ((row, one) for row in rows for one in keys_of(row, gazetteer))
    return side_of(keyed, vocabulary=vocabulary)


def side_of(keyed: Iterable[tuple[Row, Keys]], *, vocabulary: Vocabulary | None = None) -> Side:
    """Put keys side by side; all names of a row stand together (キーを列にする)."""
    kept = _Columns(texts={name: [] for name in _TEXTS})
    columns = tuple(kept.texts.values())
    before, owner = None, 0
    for place, (row, keys) in enumerate(keyed):
        if row.row_id != before:
            before, owner = row.row_id, place
        lot = keys.lot.split("-") if keys.lot else []
        values = (*keys[1:11], lot[0] if lot else "", "-".join(lot[:2]), row.number)
        for column, value in zip(columns, values, strict=True):
            column.append(value)
        kept.ids.append(row.row_id)
        kept.births.append(keys[11:])
        kept.standings.append(row.standing)
        kept.held.append(row.is_protected)
        kept.lot_counts.append(min(len(lot), 255))
        kept.owners.append(owner)
        kept.name_nos.append(keys.name_no)
    words = vocabulary or _learn_words(kept.texts)
    _cut_uncut(kept.texts, words)
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
        for name, part in parts_of(texts["whole"][place], words).items():
            texts[name][place] = part


def parts_of(whole: str, words: Vocabulary) -> dict[str, str]:
    """Cut a name's key by known names: its parts, none where no known name is in it (氏と名のキー)."""
    found = cut(whole, words)
    if found is None:
        return {}
    loose = ["" if LOST in part else fold_kanji(part) for part in found]
    return dict(
        zip(("surname", "given", "loose_surname", "loose_given"), (*found, *loose), strict=True)
    )


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
        owners=np.array(kept.owners, dtype=np.int64),
        name_nos=np.array(kept.name_nos, dtype=np.uint8),
        vocabulary=words,
    )
