"""A finding told as codes, which the catalogue puts into words (判定の理由)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache

from madoguchi.addressees.domain.levels import Address, BirthLevel, Item, Kana, Name, Number
from madoguchi.addressees.domain.matching import Candidate, Finding

#: The word of a code of one kind: ``addressee_level`` or ``addressee_veto``.
Wording = Callable[[str, str], str]
LEVEL, VETO = "addressee_level", "addressee_veto"
NOBODY = "NOBODY"
_UNKNOWN, _SAME = 0, 1
_LEVELS = {
    Item.SURNAME: Name,
    Item.GIVEN: Name,
    Item.BIRTH: BirthLevel,
    Item.KANA: Kana,
    Item.ADDRESS: Address,
    Item.NUMBER: Number,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How one item of a candidate agrees (一致の理由): its code, its bits, and whether it simply does."""

    item: Item
    code: str
    bits: float
    agrees: bool


def agreement_of(candidate: Candidate) -> tuple[Told, ...]:
    """Tell each item that says anything (一致の一覧)."""
    return tell(
        {item.name: level for item, level in candidate.levels.items()},
        {item.name: bits for item, bits in candidate.item_bits.items()},
    )


def tell(levels: Mapping[str, int], item_bits: Mapping[str, float]) -> tuple[Told, ...]:
    """Tell each item that says anything, from levels and bits as a list keeps them (一致の一覧)."""
    return tuple(
        Told(item=item, code=level_code(item, levels[item.name]), bits=item_bits[item.name],
             agrees=levels[item.name] == _SAME)
        for item in Item
        if levels.get(item.name, _UNKNOWN) != _UNKNOWN
    )  # fmt: skip


def say(finding: Finding, word: Wording) -> str:
    """Say why a row was decided so: what agrees with its bits, then what bars it (理由の文)."""
    best = finding.candidates[0] if finding.candidates else None
    told = "; ".join(
        f"{word(LEVEL, one.code)} {one.bits:+.1f}" for one in (agreement_of(best) if best else ())
    )
    barred = "、".join(word(VETO, str(veto.name)) for veto in finding.vetoes)
    if not told and not barred:
        return word(VETO, NOBODY)
    return f"{told} | {barred}" if barred else told


@cache
def level_code(item: Item, level: int) -> str:
    """Return the code of one level of one item (一致の言葉の符号)."""
    return f"{item.name}_{_LEVELS[item](level).name}"
