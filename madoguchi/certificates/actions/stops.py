"""The stop switch: a kind of certificate that may not leave (停止スイッチ, I11)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import IntegrityError, transaction

from madoguchi.audit.api import record
from madoguchi.certificates.actions.reading import must
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.models import Stop
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text


def stop_kind(
    *, kind: Kind, channel: Channel | None, reason: str, actor: Actor, now: datetime
) -> int:
    """Stop a kind, on one channel or on all; it holds from the commit on (停止する).

    Drawing, releasing and printing each read it in their own transaction, so nothing that
    was already drawn slips out afterwards.
    """
    must(actor, Right.STOP_SWITCH)
    problems = check_free_text(reason, where="reason")
    if not reason.strip():
        problems += (Problem(code="STOP_NEEDS_REASON", where="reason"),)
    if problems:
        raise Refused(problems)
    try:
        with transaction.atomic():
            stop = Stop.objects.create(
                kind=kind, channel=channel or "", reason=reason,
                stopped_by=actor.staff_id, stopped_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise Refused(Problem(code="STOPPED_ALREADY", where="kind")) from error
    detail = {"kind": kind.value, "channel": channel.value if channel else "", "reason": reason}
    record(actor=actor, action="CERTIFICATE_STOPPED", subjects=(), detail=detail)
    facts.note("certificate_stopped", at=now, kind=kind.value, channel=channel or "")
    return stop.id


def lift_stop(*, stop_id: int, actor: Actor, now: datetime) -> None:
    """Let a stopped kind leave again (停止を解く)."""
    must(actor, Right.STOP_SWITCH)
    changed = Stop.objects.filter(id=stop_id, lifted_at__isnull=True).update(
        lifted_by=actor.staff_id, lifted_at=now
    )
    if not changed:
        raise Refused(Problem(code="NOT_STOPPED"))
    record(actor=actor, action="CERTIFICATE_STOP_LIFTED", subjects=(), detail={"stop_id": stop_id})
    facts.note("certificate_stop_lifted", at=now)


def stop_channel(*, channel: str, reason: str, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Stop every kind on one channel, as far as it is not stopped there (経路の停止).

    Returns the stops it laid, so that whoever lifts them lifts no others.
    """
    way = Channel(channel)
    standing = Stop.objects.filter(channel=way, lifted_at__isnull=True)
    stopped = set(standing.values_list("kind", flat=True))
    return tuple(
        stop_kind(kind=kind, channel=way, reason=reason, actor=actor, now=now)
        for kind in Kind
        if kind.value not in stopped
    )


def lift_stops(*, stop_ids: Iterable[int], actor: Actor, now: datetime) -> int:
    """Lift these stops, as far as they still stand, and return how many (停止を解く)."""
    standing = Stop.objects.filter(id__in=list(stop_ids), lifted_at__isnull=True)
    found = sorted(standing.values_list("id", flat=True))
    for stop_id in found:
        lift_stop(stop_id=stop_id, actor=actor, now=now)
    return len(found)
