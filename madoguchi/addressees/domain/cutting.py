"""Names written without a space, cut where known surnames end (氏と名の切れ目)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

#: How often surname and given name have so many letters, roughly; *assumed*. Others weigh less.
_SHAPES = {(2, 2): 0.62, (2, 1): 0.13, (1, 2): 0.06, (2, 3): 0.08, (3, 2): 0.04, (3, 1): 0.01,
           (1, 1): 0.01, (1, 3): 0.01, (3, 3): 0.01}  # fmt: skip
_RARE_SHAPE = 0.001
_PART_LENGTH_MAX = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Surnames and given names met, with how often (氏名の語彙)."""

    surnames: Mapping[str, int]
    givens: Mapping[str, int]

    @classmethod
    def of(
        cls, *, surnames: Mapping[str, int], givens: Mapping[str, int], uncut: Mapping[str, int]
    ) -> Vocabulary:
        """Take what was cut; where hardly anything was, learn beginnings and ends (語彙を作る)."""
        if sum(surnames.values()) >= sum(uncut.values()) / 10:
            return cls(surnames=surnames, givens=givens)
        begins: Counter[str] = Counter(surnames)
        ends: Counter[str] = Counter(givens)
        for whole, count in uncut.items():
            for place in _places(whole):
                begins[whole[:place]] += count
                ends[whole[place:]] += count
        return cls(surnames=begins, givens=ends)


def cut(whole: str, words: Vocabulary) -> tuple[str, str] | None:
    """Return surname and given name, or None where no known name is in it (切れ目を探す)."""
    best: tuple[float, str, str] | None = None
    for place in _places(whole):
        surname, given = whole[:place], whole[place:]
        before, after = words.surnames.get(surname, 0), words.givens.get(given, 0)
        if not before and not after:
            continue
        shape = _SHAPES.get((len(surname), len(given)), _RARE_SHAPE)
        weight = math.log(before + 0.05) + math.log(after + 0.05) + math.log(shape)
        if best is None or weight > best[0]:
            best = (weight, surname, given)
    return (best[1], best[2]) if best else None


def _places(whole: str) -> range:
    return range(max(1, len(whole) - _PART_LENGTH_MAX), min(len(whole), _PART_LENGTH_MAX + 1))
