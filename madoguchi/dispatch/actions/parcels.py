"""The custody chain of a sealed parcel: each step signed, none changed (授受の署名)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.dispatch.actions.storing import NUMBERING, must, next_no
from madoguchi.dispatch.domain.parcels import (
    Direction,
    Enclosed,
    ParcelState,
    check_new_parcel,
    check_parcel_step,
    check_tick,
)
from madoguchi.dispatch.domain.posting import fold_receipt, is_receipt
from madoguchi.dispatch.models import Parcel, ParcelCheck, ParcelStep
from madoguchi.infra import facts, locks
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text


def open_parcel(
    *,
    direction: str,
    other_town: str,
    enclosed: Sequence[str],
    secret_sealed: bool,
    about_no: str,
    tracking_no: str,
    state: str,
    actor: Actor,
    now: datetime,
) -> str:
    """Open the chain of a parcel that is being prepared, or has just come in (授受の開始).

    What comes in begins with how its seal was found, and with its number.
    """
    must(actor)
    way, kinds = Direction(direction), [Enclosed(one) for one in enclosed]
    number = fold_receipt(tracking_no)
    begins = ParcelState.PREPARED if way is Direction.OUT else ParcelState(state)
    # Of what came open nobody asks whether it is sealed: it is not.
    sealed = secret_sealed or begins is ParcelState.RECEIVED_OPEN
    problems = check_new_parcel(other_town=other_town, enclosed=kinds, secret_sealed=sealed)
    problems += tuple(check_free_text(other_town, limit=60, where="other_town"))
    problems += tuple(check_free_text(about_no, limit=40, where="about_no"))
    if way is Direction.IN and not is_receipt(number):
        problems = (*problems, Problem(code="PARCEL_NO_NUMBER", where="tracking_no"))
    if way is Direction.IN and begins not in (
        ParcelState.RECEIVED_SEALED,
        ParcelState.RECEIVED_OPEN,
    ):
        problems = (
            *problems,
            Problem(code="PARCEL_STEP", where="state", facts={"state": begins.value}),
        )
    if problems:
        raise Refused(problems)
    locks.take([NUMBERING])
    parcel = Parcel.objects.create(
        parcel_id=new_id(),
        parcel_no=next_no(Parcel, day=now.astimezone(JAPAN).date()),
        direction=way,
        about_no=about_no,
        other_town=other_town,
        enclosed=sorted(kinds),
        tracking_no=number if way is Direction.IN else "",
        state=begins,
        last_actor=actor.staff_id,
        opened_at=now,
        changed_at=now,
    )
    sign_step(parcel, note="", actor=actor, now=now)
    record(
        actor=actor, action="DISPATCH_PARCEL_OPENED", subjects=(),
        detail={"parcel_no": parcel.parcel_no, "state": begins.value},
    )  # fmt: skip
    return parcel.parcel_id


def step_parcel(
    *, parcel_id: str, state: str, tracking_no: str, note: str, actor: Actor, now: datetime
) -> None:
    """Sign the next step of a parcel (授受の署名)."""
    must(actor)
    parcel = _take(parcel_id)
    after, way = ParcelState(state), Direction(parcel.direction)
    problems = check_parcel_step(
        direction=way,
        before=ParcelState(parcel.state),
        after=after,
        done=_done(parcel),
        last_actor=parcel.last_actor,
        actor=actor.staff_id,
    )
    problems += tuple(check_free_text(note, where="note"))
    number = fold_receipt(tracking_no)
    if after is ParcelState.SENT and not is_receipt(number):
        problems += (Problem(code="PARCEL_NO_NUMBER", where="tracking_no"),)
    if problems:
        raise Refused(problems)
    parcel.state, parcel.last_actor, parcel.changed_at = after, actor.staff_id, now
    if after is ParcelState.SENT:
        parcel.tracking_no = number
    parcel.save(update_fields=["state", "last_actor", "changed_at", "tracking_no"])
    sign_step(parcel, note=note, actor=actor, now=now)
    record(
        actor=actor, action="DISPATCH_PARCEL_STEP", subjects=(),
        detail={"parcel_no": parcel.parcel_no, "state": after.value},
    )  # fmt: skip
    facts.note("dispatch_parcel_step", at=now, state=after.value, direction=way.value)


def tick_check(*, parcel_id: str, code: str, actor: Actor, now: datetime) -> None:
    """Tick one thing of the two desks' list (確認の記録)."""
    must(actor)
    parcel = _take(parcel_id)
    problems = check_tick(Direction(parcel.direction), _done(parcel), code)
    if problems:
        raise Refused(problems)
    ParcelCheck.objects.create(
        parcel=parcel, code=code, staff_id=actor.staff_id, staff_name=actor.name, at=now
    )
    record(
        actor=actor, action="DISPATCH_PARCEL_CHECKED", subjects=(),
        detail={"parcel_no": parcel.parcel_no, "check": code},
    )  # fmt: skip


def _take(parcel_id: str) -> Parcel:
    parcel = Parcel.objects.select_for_update().filter(parcel_id=parcel_id).first()
    if parcel is None:
        raise Refused(Problem(code="PARCEL_UNKNOWN"))
    return parcel


def _done(parcel: Parcel) -> frozenset[str]:
    return frozenset(ParcelCheck.objects.filter(parcel=parcel).values_list("code", flat=True))


def sign_step(parcel: Parcel, *, note: str, actor: Actor, now: datetime) -> None:
    """Add a signed row to the chain of a parcel (授受の署名)."""
    ParcelStep.objects.create(
        parcel=parcel,
        step_no=ParcelStep.objects.filter(parcel=parcel).count() + 1,
        state=parcel.state,
        staff_id=actor.staff_id,
        staff_name=actor.name,
        place=actor.place,
        at=now,
        note=note,
    )
