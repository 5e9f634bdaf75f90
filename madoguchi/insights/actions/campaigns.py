"""Keep a class, a fair or a spot, and what was counted of it (催しの登録・数)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.insights.domain.campaigns import Campaign, Counted, check_campaign, check_count
from madoguchi.insights.models import CampaignCount, CampaignRow
from madoguchi.insights.queries.campaigns import as_campaign
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: Whoever works at the desk counts heads at a class.
DESK = Right.FILE_CHANGE


def keep_campaign(*, campaign: Campaign, actor: Actor, now: datetime) -> str:
    """Keep a campaign (催しの登録)."""
    _must(actor)
    _refuse(check_campaign(campaign))
    row = CampaignRow.objects.create(
        campaign_id=new_id(), name=campaign.name.strip(), kind=campaign.kind.value,
        begins_on=campaign.begins_on, ends_on=campaign.ends_on, cost_yen=campaign.cost_yen,
        made_by=actor.staff_id, made_at=now,
    )  # fmt: skip
    _tell("INSIGHTS_CAMPAIGN_KEPT", row.campaign_id, actor=actor, now=now)
    return row.campaign_id


def set_cost(*, campaign_id: str, cost_yen: int, actor: Actor, now: datetime) -> None:
    """Say what a campaign cost, once it is known (費用)."""
    row = _held(campaign_id, actor)
    _refuse(check_campaign(as_campaign(row, cost_yen=cost_yen)))
    row.cost_yen = cost_yen
    row.save(update_fields=["cost_yen"])
    _tell("INSIGHTS_CAMPAIGN_COST_SET", campaign_id, actor=actor, now=now, yen=cost_yen)


def count_people(
    *, campaign_id: str, what: Counted, on: date, number: int, actor: Actor, now: datetime
) -> None:
    """Keep how many came or came back on a day; the same again is another group (数える)."""
    row = _held(campaign_id, actor)
    _refuse(check_count(as_campaign(row), what, number, on, today=day_of(now)))
    CampaignCount.objects.create(
        campaign=row, what=what.value, on=on, number=number, counted_by=actor.staff_id,
        counted_at=now,
    )  # fmt: skip
    _tell("INSIGHTS_CAMPAIGN_COUNTED", campaign_id, actor=actor, now=now, number=number)


def undo_count(*, campaign_id: str, count_id: int, actor: Actor, now: datetime) -> None:
    """Take a wrong count back (数の取消し)."""
    _held(campaign_id, actor)
    done = CampaignCount.objects.filter(
        campaign_id=campaign_id, count_id=count_id, undone_at__isnull=True
    ).update(undone_at=now)
    if not done:
        raise Refused(Problem(code="CAMPAIGN_COUNT_UNKNOWN"))
    _tell("INSIGHTS_CAMPAIGN_COUNT_UNDONE", campaign_id, actor=actor, now=now, count=count_id)


def undo_campaign(*, campaign_id: str, actor: Actor, now: datetime) -> None:
    """Take a campaign back that was entered by mistake (催しの取消し)."""
    row = _held(campaign_id, actor)
    row.undone_at = now
    row.save(update_fields=["undone_at"])
    _tell("INSIGHTS_CAMPAIGN_UNDONE", campaign_id, actor=actor, now=now)


def _held(campaign_id: str, actor: Actor) -> CampaignRow:
    _must(actor)
    row = (
        CampaignRow.objects.select_for_update()
        .filter(campaign_id=campaign_id, undone_at__isnull=True)
        .first()
    )
    if row is None:
        raise Refused(Problem(code="CAMPAIGN_UNKNOWN"))
    return row


def _refuse(problems: Sequence[Problem]) -> None:
    if problems:
        raise Refused(problems)


def _tell(what: str, which: str, *, actor: Actor, now: datetime, **values: int) -> None:
    record(actor=actor, action=what, subjects=[], detail={"which": which, **values})
    facts.note(what.lower(), at=now, **values)


def _must(actor: Actor) -> None:
    if not actor.may(DESK):
        raise Refused(Problem(code="NOT_ALLOWED"))
