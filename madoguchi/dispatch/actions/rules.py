"""Change the town's own rules of letters, from a day on: days and envelope (発送の決まりの変更).

Nothing is changed backwards: letters that were made keep the envelope of their day.
"""

from __future__ import annotations

from dataclasses import astuple
from datetime import datetime
from typing import Any

from madoguchi.audit.api import record
from madoguchi.dispatch.domain.envelope import check_envelope
from madoguchi.dispatch.domain.renotices import RenoticeRule, check_rule, check_start
from madoguchi.dispatch.models import EnvelopeRow
from madoguchi.dispatch.models import RenoticeRule as RenoticeRow
from madoguchi.dispatch.queries.rules import ENVELOPE_COLUMNS, DatedEnvelope
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: What every letter of the town follows is the chief's to say, as other tables are.
TABLE_RIGHT = Right.STOP_SWITCH
SOURCE_MAX = 200


def set_renotices(*, rule: RenoticeRule, actor: Actor, now: datetime) -> None:
    """Say after how many days the next notice goes out, from a day on (再通知の決まり)."""
    _must(actor)
    found = (*check_rule(rule, today=day_of(now)), *_check_source(rule.source))
    if RenoticeRow.objects.filter(valid_from=rule.valid_from).exists():
        found = (*found, Problem(code="RULE_STANDS_THAT_DAY", where="valid_from"))
    if found:
        raise Refused(found)
    RenoticeRow.objects.create(
        valid_from=rule.valid_from, first_days=rule.first_days, second_days=rule.second_days,
        source=rule.source, made_by=actor.staff_id,
    )  # fmt: skip
    detail: dict[str, Any] = {"valid_from": rule.valid_from.isoformat(), "first_days": rule.first_days,
              "second_days": rule.second_days}  # fmt: skip
    _tell("RENOTICES", detail, actor=actor, now=now)


def set_envelope(*, row: DatedEnvelope, actor: Actor, now: datetime) -> None:
    """Say which envelope letters go into from a day on; one that shows too much is refused (封筒)."""
    _must(actor)
    found = (
        *check_envelope(row.envelope),
        *check_start(row.valid_from, row.source, today=day_of(now)),
        *_check_source(row.source),
    )
    if EnvelopeRow.objects.filter(valid_from=row.valid_from).exists():
        found = (*found, Problem(code="RULE_STANDS_THAT_DAY", where="valid_from"))
    if found:
        raise Refused(found)
    tenths = [round(10 * size) for size in astuple(row.envelope)]
    EnvelopeRow.objects.create(
        valid_from=row.valid_from, source=row.source, made_by=actor.staff_id,
        **dict(zip(ENVELOPE_COLUMNS, tenths, strict=True)),
    )  # fmt: skip
    detail: dict[str, Any] = {"valid_from": row.valid_from.isoformat(), "tenths_of_mm": tenths}
    _tell("ENVELOPE", detail, actor=actor, now=now)


def _check_source(source: str) -> tuple[Problem, ...]:
    return check_free_text(source, limit=SOURCE_MAX, where="source")


def _must(actor: Actor) -> None:
    if TABLE_RIGHT not in actor.rights:
        raise Refused(Problem(code="NOT_ALLOWED"))


def _tell(what: str, detail: dict[str, Any], *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action=f"DISPATCH_RULE_{what}", subjects=(), detail=detail)
    facts.note("dispatch_rule", at=now, what=what)
