"""Campaigns with what was counted of them (催しの照会)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.insights.domain.campaigns import Campaign, CampaignKind, Counted
from madoguchi.insights.models import CampaignCount, CampaignRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CountRow:
    """One count (数)."""

    count_id: int
    what: Counted
    on: date
    number: int
    counted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CampaignView:
    """A campaign and its counts (催し)."""

    campaign_id: str
    campaign: Campaign
    counts: tuple[CountRow, ...]


def list_campaigns() -> tuple[CampaignView, ...]:
    """List the campaigns, the newest first, in two questions (催しの一覧)."""
    rows = list(CampaignRow.objects.filter(undone_at__isnull=True).order_by("-begins_on", "name"))
    counted = _counts([row.campaign_id for row in rows])
    return tuple(_view(row, counted.get(row.campaign_id, [])) for row in rows)


def find_campaign(campaign_id: str) -> CampaignView | None:
    """Return one campaign, or None (催し)."""
    row = CampaignRow.objects.filter(campaign_id=campaign_id, undone_at__isnull=True).first()
    return _view(row, _counts([campaign_id]).get(campaign_id, [])) if row else None


def as_campaign(
    row: CampaignRow, counts: Sequence[CountRow] = (), *, cost_yen: int | None = None
) -> Campaign:
    """Return a row as the rules take it (催しの値)."""
    return Campaign(
        name=row.name, kind=CampaignKind(row.kind), begins_on=row.begins_on, ends_on=row.ends_on,
        cost_yen=row.cost_yen if cost_yen is None else cost_yen,
        counts=tuple((one.what, one.number) for one in counts),
    )  # fmt: skip


def _view(row: CampaignRow, counts: list[CountRow]) -> CampaignView:
    return CampaignView(
        campaign_id=row.campaign_id, campaign=as_campaign(row, counts), counts=tuple(counts)
    )


def _counts(campaign_ids: Sequence[str]) -> dict[str, list[CountRow]]:
    found: dict[str, list[CountRow]] = {}
    rows = CampaignCount.objects.filter(campaign_id__in=campaign_ids, undone_at__isnull=True)
    for row in rows.order_by("on", "count_id"):
        found.setdefault(row.campaign_id, []).append(
            CountRow(count_id=row.count_id, what=Counted(row.what), on=row.on, number=row.number,
                     counted_by=row.counted_by)
        )  # fmt: skip
    return found
