"""Tell every system, and note by name that it knows (用件と確認)."""

from __future__ import annotations

from madoguchi.audit import api as audit
from madoguchi.infra import clock, facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.protection import models
from madoguchi.protection.actions.store import need, refuse_if
from madoguchi.protection.domain.errands import ErrandKind, check_step
from madoguchi.protection.domain.measures import Measure, holds
from madoguchi.protection.queries.errands import find_errand, list_channels

GATE = "GATE"


def receive_town_request(
    *, actor: Actor, kind: str, from_town: str, reference_no: str = "", measure_id: str = ""
) -> str:
    """Put a request of another town into the one queue, before anything else (Izumo, 2021).

    It stays there, seen by everybody with the right, until it belongs to a measure and
    every system has confirmed. Returns the errand id.
    """
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    if not from_town.strip():
        raise Refused(Problem(code="ERRAND_WITHOUT_TOWN", where="from_town"))
    errand_id = _open(
        ErrandKind(kind),
        measure_id=None,
        actor=actor,
        from_town=from_town,
        reference_no=reference_no,
    )
    audit.record(
        actor=actor,
        action="PROTECTION_TOWN_REQUEST",
        subjects=(),
        detail={"errand_id": errand_id, "from_town": from_town, "kind": kind},
    )
    facts.note("protection_town_request_received", at=clock.now(), kind=kind)
    if measure_id:
        _attach(errand_id, measure_id=measure_id)
    return errand_id


def open_errand(kind: ErrandKind, *, measure: Measure, actor: Actor) -> str:
    """Open an errand of our own for a change of a measure, in the same transaction."""
    errand_id = _open(kind, measure_id=measure.measure_id, actor=actor)
    confirm_gate_channels(errand_id, still_holds=holds(measure.state))
    return errand_id


def attach_errand(*, actor: Actor, errand_id: str, measure_id: str) -> None:
    """Tie a town's request to the measure that answers it (連絡と支援措置の結びつけ)."""
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    _attach(errand_id, measure_id=measure_id)
    audit.record(
        actor=actor,
        action="PROTECTION_TOWN_REQUEST_ATTACHED",
        subjects=(),
        detail={"errand_id": errand_id, "measure_id": measure_id},
    )


def confirm_channel(*, actor: Actor, errand_id: str, channel: str) -> str | None:
    """Note by name that a system has been set; done only with the last (Izumo, 2021).

    Returns the measure the errand belongs to.
    """
    need(actor, Right.SET_PROTECTION, Right.SEE_PROTECTED)
    # Two officers who confirm the last two systems at once must not both miss the other.
    models.Errand.objects.select_for_update().filter(errand_id=errand_id).first()
    errand = find_errand(errand_id)
    if errand is None:
        raise Refused(Problem(code="ERRAND_UNKNOWN"))
    refuse_if(check_step(errand, channel=channel))
    now = clock.now()
    changed = models.ErrandStep.objects.filter(
        errand_id=errand_id, channel_id=channel, confirmed_at=None
    ).update(confirmed_at=now, confirmed_by=actor.name)
    if not changed:
        raise Refused(Problem(code="ERRAND_STEP_NOT_WAITING", where="channel"))
    _close_when_done(errand_id)
    audit.record(
        actor=actor,
        action="PROTECTION_CHANNEL_CONFIRMED",
        subjects=(),
        detail={"errand_id": errand_id, "channel": channel},
    )
    return errand.measure_id


def unconfirmed_of(measure_id: str) -> tuple[str, ...]:
    """Return the systems that have not confirmed the setting of this measure."""
    return tuple(
        models.ErrandStep.objects.filter(
            errand__measure_id=measure_id, errand__kind=ErrandKind.SET, confirmed_at=None
        ).values_list("channel_id", flat=True)
    )


def _open(
    kind: ErrandKind,
    *,
    measure_id: str | None,
    actor: Actor,
    from_town: str = "",
    reference_no: str = "",
) -> str:
    errand = models.Errand.objects.create(
        errand_id=new_id(),
        kind=kind.value,
        from_town=from_town,
        reference_no=reference_no,
        received_at=clock.now(),
        received_by=actor.name,
        measure_id=measure_id,
    )
    models.ErrandStep.objects.bulk_create(
        models.ErrandStep(errand_id=errand.errand_id, channel_id=channel.code)
        for channel in list_channels(kind=kind, on=clock.today())
    )
    return errand.errand_id


def _attach(errand_id: str, *, measure_id: str) -> None:
    measure = models.Measure.objects.filter(measure_id=measure_id).first()
    if measure is None:
        raise Refused(Problem(code="PROTECTION_UNKNOWN"))
    changed = models.Errand.objects.filter(errand_id=errand_id, measure=None).update(
        measure_id=measure_id
    )
    if not changed:
        raise Refused(Problem(code="ERRAND_TAKEN"))
    confirm_gate_channels(errand_id, still_holds=holds(measure.state))


def confirm_gate_channels(errand_id: str, *, still_holds: bool) -> None:
    """Confirm the systems that ask the gate: they know with this very commit.

    A request to clear is not done there while the measure still holds.
    """
    models.Errand.objects.select_for_update().filter(errand_id=errand_id).first()
    errand = find_errand(errand_id)
    assert errand is not None
    if errand.kind is not ErrandKind.CLEAR or not still_holds:
        models.ErrandStep.objects.filter(
            errand_id=errand_id, channel__asks_gate=True, confirmed_at=None
        ).update(confirmed_at=clock.now(), confirmed_by=GATE)
    _close_when_done(errand_id)


def open_clearing(measure: Measure, *, actor: Actor) -> None:
    """After an end: have every system clear; a town's waiting request is that errand."""
    waiting = models.Errand.objects.filter(
        measure_id=measure.measure_id, kind=ErrandKind.CLEAR, done_at=None
    ).values_list("errand_id", flat=True)
    for errand_id in list(waiting):
        confirm_gate_channels(errand_id, still_holds=False)
    if not waiting:
        open_errand(ErrandKind.CLEAR, measure=measure, actor=actor)


def _close_when_done(errand_id: str) -> None:
    errand = find_errand(errand_id)
    if errand is not None and errand.done:
        models.Errand.objects.filter(errand_id=errand_id, done_at=None).update(done_at=clock.now())
        facts.note("protection_errand_done", at=clock.now(), kind=errand.kind.value)
