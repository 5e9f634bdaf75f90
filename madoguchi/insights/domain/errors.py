"""Papers that went wrong and records that were corrected, with their minutes (まちがいと手直し).

What is counted is what was found. Fewer of them may mean fewer mistakes, or fewer found ones; and
a handful fewer may be chance, so the change is told only with the odds that chance alone does it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import comb

#: Below this a change is called one: one in twenty, as reports are used to (*assumed*).
CHANCE = Fraction(1, 20)
_THOUSAND = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Sort:
    """One sort of mistake, and what putting it right takes (まちがいの種類)."""

    code: str
    minutes: Fraction
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistakes:
    """So many mistakes of a sort in a fiscal year (まちがいの件数)."""

    sort: Sort
    fiscal_year: int
    times: int

    @property
    def minutes(self) -> Fraction:
        """Minutes spent on putting them right (手直しの分)."""
        return self.times * self.sort.minutes


@dataclass(frozen=True, slots=True, kw_only=True)
class YearOfMistakes:
    """A fiscal year: every sort with its row, and the papers handed over beside them (年度)."""

    number: int
    months: int
    rows: tuple[Mistakes, ...]
    papers: int

    @property
    def times(self) -> int:
        """All of them (件数)."""
        return sum(row.times for row in self.rows)

    @property
    def minutes(self) -> Fraction:
        """Minutes of all of them (手直しの分)."""
        return sum((row.minutes for row in self.rows), start=Fraction(0))

    @property
    def per_thousand(self) -> Fraction | None:
        """Mistakes beside a thousand papers; None where none was handed over (千件あたり)."""
        return Fraction(_THOUSAND * self.times, self.papers) if self.papers else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trend:
    """The newest year beside the one before, at the same number of papers (増減)."""

    before: YearOfMistakes
    after: YearOfMistakes
    #: How likely a difference at least so large is, were nothing different (偶然の確率).
    chance: Fraction

    @property
    def code(self) -> str:
        """FEWER, MORE or NOT_TOLD: whether chance alone would explain it (判定)."""
        if self.chance > CHANCE:
            return "NOT_TOLD"
        before, after = self.before.per_thousand, self.after.per_thousand
        assert before is not None
        assert after is not None
        return "FEWER" if after < before else "MORE"


def years_of_mistakes(
    found: Iterable[Mistakes], *, papers: dict[int, int], months: dict[int, int],
    sorts: Sequence[Sort],
) -> tuple[YearOfMistakes, ...]:  # fmt: skip
    """Return each fiscal year with every sort, also where there was none of it (年度の一覧)."""
    times: dict[tuple[int, str], int] = {}
    for one in found:
        key = (one.fiscal_year, one.sort.code)
        times[key] = times.get(key, 0) + one.times
    numbers = sorted({year for year, _ in times} | set(papers))
    return tuple(
        YearOfMistakes(
            number=number, months=months.get(number, 0), papers=papers.get(number, 0),
            rows=tuple(
                Mistakes(sort=sort, fiscal_year=number, times=times.get((number, sort.code), 0))
                for sort in sorts
            ),
        )
        for number in numbers
    )  # fmt: skip


def trend_of(years: Sequence[YearOfMistakes]) -> Trend | None:
    """Hold the newest year against the one before; None where there is nothing to hold it against.

    Were nothing different, each mistake of both years falls into the newer one by its part of the
    papers: an exact two-sided test of two counts (条件つき二項検定).
    """
    if len(years) < 2:
        return None
    before, after = years[-2], years[-1]
    if after.number != before.number + 1 or not before.papers or not after.papers:
        return None
    part = Fraction(after.papers, before.papers + after.papers)
    return Trend(
        before=before, after=after, chance=two_sided(after.times, before.times + after.times, part)
    )


def two_sided(hits: int, tries: int, part: Fraction) -> Fraction:
    """Return how likely a count at most as likely as this one is, of so many tries (両側確率).

    Exact: in whole numbers over one denominator, so that equal odds are told from nearly equal.
    """
    top, bottom = part.numerator, part.denominator
    other = bottom - top
    weights = [comb(tries, k) * top**k * other ** (tries - k) for k in range(tries + 1)]
    return Fraction(sum(one for one in weights if one <= weights[hits]), bottom**tries)
