"""What a channel brings and costs (効果の計算): share, means, minutes, yen, break-even.

Time of clerks is no money saved unless somebody is paid less, so it stands apart from what
leaves the purse; time and fares of residents stand apart from both, and are zero unless given.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from math import ceil

from madoguchi.insights.domain.counting import Channel, Tally, Total, total_of

_SECONDS = 3600
_MINUTES = 60
_PERCENT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What one issue and one year cost, and what an issue spares (前提の値).

    Defaults are the town's own of 令和6年度; those of residents are unknown, so nothing.
    """

    seconds: Fraction = Fraction(351)
    yen_per_hour: Fraction = Fraction(2662)
    #: Paid in the year whether anybody comes or not.
    fixed_yen: Fraction = Fraction(1_482_000)
    yen_per_issue: Fraction = Fraction(117)
    #: Part of the clerks' time that is paid less, such as overtime; the rest is time for other work.
    cashable_percent: Fraction = Fraction(0)
    resident_minutes: Fraction = Fraction(0)
    resident_yen_per_hour: Fraction = Fraction(0)
    ferry_yen: Fraction = Fraction(0)
    #: Of a hundred issues, so many spared a crossing: a store on the far shore spares none.
    ferry_percent: Fraction = Fraction(0)

    @property
    def clerk_yen(self) -> Fraction:
        """What one issue at the desk costs in clerks' time (1件の人件費)."""
        return self.seconds * self.yen_per_hour / _SECONDS

    @property
    def resident_yen(self) -> Fraction:
        """What one issue spares a resident, in time and fare (住民の時間と船賃)."""
        time = self.resident_minutes * self.resident_yen_per_hour / _MINUTES
        return time + self.ferry_yen * self.ferry_percent / _PERCENT


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """One fiscal year: all issues, those of the channel, and the months it was open (年度)."""

    label: str
    number: int
    months: int
    rows: tuple[Tally, ...]
    channels: tuple[Channel, ...] = (Channel.STORE,)

    @property
    def all_issues(self) -> Total:
        """Everything that was issued (交付全体)."""
        return total_of(self.rows)

    @property
    def channel_issues(self) -> Total:
        """What the channel issued (交付実績)."""
        return total_of(self.rows, *self.channels)

    @property
    def mean(self) -> Fraction:
        """Issues of the channel a month, over the months it was open (月平均)."""
        return Fraction(self.channel_issues.issues, self.months)

    @property
    def share(self) -> Fraction | None:
        """Issues of the channel of a hundred; None where nothing was issued (利用率)."""
        issued = self.all_issues.issues
        return Fraction(_PERCENT * self.channel_issues.issues, issued) if issued else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of share, split into more use and fewer issues in all (利用率の増減の内訳)."""

    before: Year
    after: Year
    points: Fraction
    from_use: Fraction

    @property
    def from_volume(self) -> Fraction:
        """What is left: the other issues became fewer or more (分母の分)."""
        return self.points - self.from_use

    @property
    def months_differ(self) -> bool:
        """Whether the two years were open for unlike times; they are compared by month (月数の差)."""
        return self.before.months != self.after.months


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What the channel of one year brought and cost (効果)."""

    year: Year
    inputs: Inputs

    @property
    def issues(self) -> int:
        """Issues of the channel (件数)."""
        return self.year.channel_issues.issues

    @property
    def hours_saved(self) -> Fraction:
        """Hours of clerks that were free for other work (削減時間)."""
        return self.issues * self.inputs.seconds / _SECONDS

    @property
    def yen_saved(self) -> Fraction:
        """Those hours in yen (人件費の換算)."""
        return self.issues * self.inputs.clerk_yen

    @property
    def cashable_yen(self) -> Fraction:
        """The part of it that is really paid less (支出が減る分)."""
        return self.yen_saved * self.inputs.cashable_percent / _PERCENT

    @property
    def fees_yen(self) -> Fraction:
        """What was paid by the issue (手数料)."""
        return self.issues * self.inputs.yen_per_issue

    @property
    def cost_yen(self) -> Fraction:
        """What was paid: fixed, and by the issue (支出)."""
        return self.inputs.fixed_yen + self.fees_yen

    @property
    def net_yen(self) -> Fraction:
        """Time of clerks in yen, less what was paid (差引き)."""
        return self.yen_saved - self.cost_yen

    @property
    def cash_net_yen(self) -> Fraction:
        """What the purse feels: only what is really paid less, less what was paid (現金の差引き)."""
        return self.cashable_yen - self.cost_yen

    @property
    def resident_yen(self) -> Fraction:
        """What residents were spared; in nobody's budget (住民の時間と船賃)."""
        return self.issues * self.inputs.resident_yen

    @property
    def society_net_yen(self) -> Fraction:
        """The net with what residents were spared (住民を含む差引き)."""
        return self.net_yen + self.resident_yen

    @property
    def yen_per_issue(self) -> Fraction | None:
        """What one issue of the channel cost; None where there was none (1件あたりの費用)."""
        return self.cost_yen / self.issues if self.issues else None


def break_even(inputs: Inputs, *, with_residents: bool = False) -> int | None:
    """Return the first count of issues a year whose net is not below zero (損益分岐の件数).

    None where each issue costs as much as it spares, so that no number is enough.
    """
    gain = inputs.clerk_yen - inputs.yen_per_issue
    if with_residents:
        gain += inputs.resident_yen
    if inputs.fixed_yen <= 0:
        return 0
    return ceil(inputs.fixed_yen / gain) if gain > 0 else None


def split_change(before: Year, after: Year) -> Change | None:
    """Split a change of share exactly: more use at the old volume, and the rest (増減の分解).

    Both years are taken by the month, so that two months in service are not held against twelve.
    None where one of them has no share.
    """
    was, now = before.share, after.share
    if was is None or now is None:
        return None
    use = (after.mean - before.mean) * before.months / before.all_issues.issues
    return Change(before=before, after=after, points=now - was, from_use=use * _PERCENT)


def changes_of(years: Sequence[Year]) -> tuple[Change, ...]:
    """Return the change from each year to the next (増減の一覧)."""
    pairs = pairwise(years)
    return tuple(one for pair in pairs if (one := split_change(*pair)) is not None)
