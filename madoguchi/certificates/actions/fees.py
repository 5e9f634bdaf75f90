"""Change the fee table and the town's own rules; each change is on record (手数料表・町の決まり)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from madoguchi.audit.api import record
from madoguchi.certificates.actions.reading import must
from madoguchi.certificates.domain.fees import FeeRow, check_end, day_before, plan_fee
from madoguchi.certificates.domain.kinds import Channel, Fee, Kind
from madoguchi.certificates.models import FeeRule, TownRule
from madoguchi.certificates.queries.ledgers import RuleCode
from madoguchi.infra import facts
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused


def add_fee(
    *,
    kind: Kind,
    channel: Channel,
    yen: int,
    valid_from: date,
    actor: Actor,
    now: datetime,
) -> int:
    """Add a fee from a day on; the one that stood open ends the day before (手数料の改定)."""
    must(actor, Right.STOP_SWITCH)
    _lock()
    new = Fee(kind=kind, channel=channel, yen=yen, valid_from=valid_from)
    table = [_row(one) for one in FeeRule.objects.filter(kind=kind, channel=channel)]
    plan = plan_fee(new, table=table, today=now.astimezone(JAPAN).date())
    if plan.problems:
        raise Refused(plan.problems)
    if plan.ends is not None:
        FeeRule.objects.filter(id=plan.ends.fee_id).update(valid_until=day_before(valid_from))
    row = FeeRule.objects.create(kind=kind, channel=channel, yen=yen, valid_from=valid_from)
    detail = {
        "kind": kind.value, "channel": channel.value, "yen": yen,
        "valid_from": valid_from.isoformat(),
        "before_yen": plan.ends.fee.yen if plan.ends is not None else None,
    }  # fmt: skip
    record(actor=actor, action="FEE_ADDED", subjects=(), detail=detail)
    facts.note("fee_added", at=now, kind=kind.value, channel=channel.value, yen=yen)
    return row.id


def end_fee(*, fee_id: int, last_day: date, actor: Actor, now: datetime) -> None:
    """End a fee; from the next day on the kind has none there, and is not given (手数料の終了)."""
    must(actor, Right.STOP_SWITCH)
    _lock()
    row = FeeRule.objects.filter(id=fee_id).first()
    if row is None:
        raise Refused(Problem(code="FEE_UNKNOWN"))
    problems = check_end(_row(row).fee, last_day=last_day, today=now.astimezone(JAPAN).date())
    if problems:
        raise Refused(problems)
    row.valid_until = last_day
    row.save(update_fields=["valid_until"])
    detail = {"kind": row.kind, "channel": row.channel, "last_day": last_day.isoformat()}
    record(actor=actor, action="FEE_ENDED", subjects=(), detail=detail)
    facts.note("fee_ended", at=now, kind=row.kind, channel=row.channel)


def set_rule(*, code: RuleCode, stands: bool, actor: Actor, now: datetime) -> None:
    """Switch a rule of the town on or off (町の決まり)."""
    must(actor, Right.STOP_SWITCH)
    TownRule.objects.update_or_create(
        code=code,
        defaults={"stands": stands, "changed_by": actor.staff_id, "changed_at": now},
    )
    detail = {"code": code.value, "stands": stands}
    record(actor=actor, action="TOWN_RULE_CHANGED", subjects=(), detail=detail)
    facts.note("town_rule_changed", at=now, code=code.value, stands=stands)


def _lock() -> None:
    """Let two changes of the table wait for each other; drawing reads on meanwhile."""
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE certificates_fee_rule IN SHARE ROW EXCLUSIVE MODE")


def _row(row: FeeRule) -> FeeRow:
    return FeeRow(
        fee_id=row.id,
        fee=Fee(
            kind=Kind(row.kind), channel=Channel(row.channel), yen=row.yen,
            valid_from=row.valid_from, valid_until=row.valid_until,
        ),
    )  # fmt: skip
