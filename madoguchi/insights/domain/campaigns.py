"""Classes, fairs and spots: what they cost, who came, who came back (教室・催し・広報).

Nobody is followed. A class hands out slips, and slips that come back at the kiosk or are handed in
after a store are counted; the issues of the channel before and after stand beside, where other
causes work too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from fractions import Fraction

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

#: How many months before and after are held against each other.
MONTHS_BESIDE = 3
#: Fewer who came back than this are not told in number: a class on a small island had four guests.
SMALL = 5
NAME_MAX = 60
_YEN_MAX = 1_000_000_000
COUNT_MAX = 100_000


@unique
class CampaignKind(StrEnum):
    """What it was (催しの種類)."""

    CLASS = "CLASS"  # 優しいスマホ教室
    FAIR = "FAIR"  # デジタルフェア
    SPOT = "SPOT"  # CM, YouTube
    VISIT = "VISIT"  # 出張申請
    OTHER = "OTHER"


@unique
class Counted(StrEnum):
    """What a count of a campaign is of (数えたもの)."""

    CAME = "CAME"
    BACK_KIOSK = "BACK_KIOSK"
    BACK_STORE = "BACK_STORE"
    VIEWS = "VIEWS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """One of them; an unknown cost is None, never nothing (催し)."""

    name: str
    kind: CampaignKind
    begins_on: date
    ends_on: date
    cost_yen: int | None
    counts: tuple[tuple[Counted, int], ...] = ()

    def total(self, *what: Counted) -> int | None:
        """Add up what was counted of these; None where nobody counted (合計)."""
        found = [number for of, number in self.counts if of in what]
        return sum(found) if found else None

    @property
    def came(self) -> int | None:
        """Who came (来た人)."""
        return self.total(Counted.CAME)

    @property
    def back(self) -> int | None:
        """Slips that came back, of kiosk and store together (戻った人)."""
        return self.total(Counted.BACK_KIOSK, Counted.BACK_STORE)

    @property
    def is_small(self) -> bool:
        """Whether so few came back that their number is not told (少なすぎる)."""
        return self.back is not None and 0 < self.back < SMALL

    @property
    def yen_per_visitor(self) -> Fraction | None:
        """Cost of one who came; None where either is unknown (来た人1人あたり)."""
        return _each(self.cost_yen, self.came)

    @property
    def yen_per_convert(self) -> Fraction | None:
        """Cost of one who came back; None where either is unknown or too small to tell (戻った人1人あたり)."""
        return None if self.is_small else _each(self.cost_yen, self.back)


def _each(yen: int | None, people: int | None) -> Fraction | None:
    return Fraction(yen, people) if yen is not None and people else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """Issues of a channel in the months before and after; None where a month is not known (前後)."""

    channel: Channel
    before: int | None
    after: int | None


def beside(
    campaign: Campaign, rows: Iterable[Tally], channel: Channel, *, months: int = MONTHS_BESIDE
) -> Beside:
    """Add up the whole months before the campaign's first and after its last (前後の件数).

    The campaign's own months are left out: they are partly before and partly after.
    """
    by_month: dict[int, int] = {}
    for row in rows:
        if row.channel is channel and row.month is not None:
            year = row.fiscal_year + (row.month < 4)
            at = year * 12 + row.month - 1
            by_month[at] = by_month.get(at, 0) + row.issues
    first = campaign.begins_on.year * 12 + campaign.begins_on.month - 1
    last = campaign.ends_on.year * 12 + campaign.ends_on.month - 1
    return Beside(
        channel=channel,
        before=_sum(by_month, range(first - months, first)),
        after=_sum(by_month, range(last + 1, last + 1 + months)),
    )


def _sum(by_month: dict[int, int], months: range) -> int | None:
    found = [by_month.get(one) for one in months]
    return None if None in found else sum(one for one in found if one is not None)


def check_campaign(campaign: Campaign) -> tuple[Problem, ...]:
    """Return everything against keeping a campaign (入力の確認)."""
    found = list(check_free_text(campaign.name, where="name"))
    if not campaign.name.strip() or len(campaign.name) > NAME_MAX:
        found.append(Problem(code="CAMPAIGN_NAME", where="name", facts={"most": f"{NAME_MAX}"}))
    if campaign.ends_on < campaign.begins_on:
        found.append(Problem(code="CAMPAIGN_DAYS_REVERSED", where="ends_on"))
    if campaign.cost_yen is not None and not 0 <= campaign.cost_yen <= _YEN_MAX:
        found.append(
            Problem(code="CAMPAIGN_COST", where="cost_yen", facts={"most": f"{_YEN_MAX:,}"})
        )
    return tuple(found)


def check_count(
    campaign: Campaign, what: Counted, number: int, on: date, *, today: date
) -> tuple[Problem, ...]:
    """Return everything against keeping a count of a campaign (数の確認)."""
    found = []
    if not 0 <= number <= COUNT_MAX:
        found.append(
            Problem(code="CAMPAIGN_COUNT", where="number", facts={"most": f"{COUNT_MAX:,}"})
        )
    if not campaign.begins_on <= on <= today:
        found.append(Problem(code="CAMPAIGN_COUNT_DAY", where="on"))
    if what is Counted.CAME and on > campaign.ends_on:
        found.append(Problem(code="CAMPAIGN_CAME_AFTER", where="on"))
    return tuple(found)
