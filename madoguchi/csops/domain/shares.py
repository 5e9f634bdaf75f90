"""Who pays which part of a shared CS, to the yen (費用の分担).

A dated rule says which percent is split equally, by population and by use. Each part is split
by the largest remainder (最大剰余法): everybody gets the whole yen below their exact share, and the
yen left over go one by one to the largest remainders, in the order of names where they are equal.
So every part, and the whole, adds up to the yen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from fractions import Fraction
from typing import Any

from madoguchi.kernel.daytimes import DayRule
from madoguchi.kernel.outcome import Problem

_HUNDRED = 100
_SHOWN = 8


@unique
class Basis(StrEnum):
    """By what a part of the cost is split (分担の基準)."""

    EQUAL = "EQUAL"
    POPULATION = "POPULATION"
    USE = "USE"


_UNKNOWN = {
    Basis.POPULATION: "CS_SHARE_POPULATION_UNKNOWN", Basis.USE: "CS_SHARE_USE_UNKNOWN",
}  # fmt: skip
_ALL_NONE = {
    Basis.POPULATION: "CS_SHARE_POPULATION_ALL_NONE", Basis.USE: "CS_SHARE_USE_ALL_NONE",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRule:
    """Which percent is split by what, from a day on (分担の決まり)."""

    days: DayRule
    percents: Mapping[Basis, int]
    source: str
    assumed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Partner:
    """A town that takes part, with what its share is counted by (参加団体); nothing: not known."""

    name: str
    population: int | None = None
    uses: int | None = None

    def weight(self, basis: Basis) -> int | None:
        """Return what counts for a basis (重み)."""
        match basis:
            case Basis.EQUAL:
                return 1
            case Basis.POPULATION:
                return self.population
            case Basis.USE:
                return self.uses


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one town pays, and of which parts it is made (分担額)."""

    town: str
    parts: Mapping[Basis, int]

    @property
    def yen(self) -> int:
        """Return the whole (合計)."""
        return sum(self.parts.values())


def read_share_rules(raw: Iterable[Mapping[str, Any]]) -> tuple[ShareRule, ...]:
    """Read the dated rules; percents that are not a hundred stop the start (分担の決まりの読取り)."""
    found = []
    for one in raw:
        percents = {basis: int(one.get(f"{basis.lower()}_percent", 0)) for basis in Basis}
        assert sum(percents.values()) == _HUNDRED, "the parts of a share make no whole"
        assert min(percents.values()) >= 0
        days = DayRule(valid_from=one["from"], valid_until=one.get("until"))
        found.append(
            ShareRule(days=days, percents=percents, source=one["source"], assumed=one["assumed"])
        )
    return tuple(found)


def rule_on(rules: Iterable[ShareRule], day: date) -> ShareRule | None:
    """Return the rule of a day; of two that hold, the newer (その日の決まり)."""
    fitting = [one for one in rules if one.days.holds_on(day)]
    return max(fitting, key=lambda one: one.days.valid_from, default=None)


def split(yen: int, weights: Mapping[str, int]) -> dict[str, int]:
    """Split yen by weights, the largest remainders first; it adds up (最大剰余法)."""
    assert yen >= 0 and weights and min(weights.values()) >= 0
    whole = sum(weights.values())
    assert whole > 0, "nobody to pay"
    exact = {name: Fraction(yen * weight, whole) for name, weight in weights.items()}
    found = {name: int(share) for name, share in exact.items()}
    left = yen - sum(found.values())
    for name in sorted(exact, key=lambda one: (found[one] - exact[one], one))[:left]:
        found[name] += 1
    return found


def shares_of(
    yen: int, partners: Iterable[Partner], rule: ShareRule
) -> tuple[Share, ...] | tuple[Problem, ...]:
    """Return what everybody pays, or what is not known for it (分担の計算)."""
    partners = tuple(partners)
    if not partners:
        return (Problem(code="CS_NO_PARTNER"),)
    used = [basis for basis in Basis if rule.percents[basis]]
    problems = [
        problem for basis in used if (problem := _lacking(basis, partners)) is not None
    ]  # fmt: skip
    if problems:
        return tuple(problems)
    by_percent = split(yen, {basis.value: rule.percents[basis] for basis in used})
    parts = {
        basis: split(by_percent[basis.value], {one.name: one.weight(basis) or 0 for one in partners})
        for basis in used
    }  # fmt: skip
    return tuple(
        Share(town=one.name, parts={basis: parts[basis][one.name] for basis in used})
        for one in partners
    )


def _lacking(basis: Basis, partners: tuple[Partner, ...]) -> Problem | None:
    unknown = [one.name for one in partners if one.weight(basis) is None]
    if unknown:
        facts = {"towns": "、".join(unknown[:_SHOWN])}
        return Problem(code=_UNKNOWN[basis], facts=facts)
    if not any(one.weight(basis) for one in partners):
        return Problem(code=_ALL_NONE[basis])
    return None
