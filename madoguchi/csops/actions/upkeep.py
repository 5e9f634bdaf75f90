"""What the CS is made of, and what went wrong there (CSの資産と障害の記録)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.csops.actions.work import must_run, refuse_if
from madoguchi.csops.domain.work import NOTE_MAX, Asset, check_asset
from madoguchi.csops.models import AssetRow, Incident
from madoguchi.infra import facts
from madoguchi.infra.clock import day_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text


def add_asset(*, asset: Asset, actor: Actor, now: datetime) -> str:
    """Enter something the CS needs, with the end of its support (資産の登録)."""
    must_run(actor)
    refuse_if(check_asset(asset))
    new = replace(asset, asset_id=new_id())
    AssetRow.objects.create(
        asset_id=new.asset_id, kind=new.kind.value, name=new.name.strip(), count=new.count,
        procured_on=new.procured_on, support_until=new.support_until, note=new.note.strip(),
    )  # fmt: skip
    _tell("CS_ASSET_ADDED", new.asset_id, actor=actor, now=now)
    return new.asset_id


def retire_asset(*, asset_id: str, on: date, actor: Actor, now: datetime) -> None:
    """Say that something is used no longer; its row stays (資産の廃止)."""
    must_run(actor)
    row = AssetRow.objects.select_for_update().filter(asset_id=asset_id).first()
    if row is None or row.retired_on is not None:
        raise Refused(Problem(code="CS_ASSET_UNKNOWN"))
    if on > day_of(now):
        raise Refused(Problem(code="CS_MOMENT_AHEAD", where="on"))
    if on < row.procured_on:
        raise Refused(Problem(code="CS_ENDS_BEFORE_BEGIN", where="on"))
    row.retired_on = on
    row.save(update_fields=["retired_on"])
    _tell("CS_ASSET_RETIRED", asset_id, actor=actor, now=now)


def note_incident(*, happened: datetime, what: str, actor: Actor, now: datetime) -> str:
    """Note that something went wrong (障害の記録)."""
    must_run(actor)
    problems = list(check_free_text(what, limit=NOTE_MAX, where="what"))
    if not what.strip():
        problems.append(Problem(code="CS_RESULT_MISSING", where="what"))
    if happened > now:
        problems.append(Problem(code="CS_MOMENT_AHEAD", where="at"))
    refuse_if(problems)
    row = Incident(
        incident_id=new_id(), happened_at=happened, what=what.strip(), noted_by=actor.staff_id
    )
    row.save(force_insert=True)
    _tell("CS_INCIDENT_NOTED", row.incident_id, actor=actor, now=now)
    return row.incident_id


def mend_incident(*, incident_id: str, how: str, actor: Actor, now: datetime) -> None:
    """Say how it was mended; that ends it (障害の復旧)."""
    must_run(actor)
    row = Incident.objects.select_for_update().filter(incident_id=incident_id).first()
    if row is None or row.mended_at is not None:
        raise Refused(Problem(code="CS_INCIDENT_UNKNOWN"))
    problems = list(check_free_text(how, limit=NOTE_MAX, where="how"))
    if not how.strip():
        problems.append(Problem(code="CS_RESULT_MISSING", where="how"))
    refuse_if(problems)
    row.mended_at, row.how = now, how.strip()
    row.save(update_fields=["mended_at", "how"])
    _tell("CS_INCIDENT_MENDED", incident_id, actor=actor, now=now)


def _tell(action: str, about: str, *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action=action, subjects=(), detail={"about": about})
    facts.note(action.lower(), at=now)
