"""What two towns tell each other about a parcel that reached its desk (書留の受領の知らせ).

The room that exchanges messages asks here which receipts have to be told, and hands in those of
other towns. It is no clerk's signature: the chain says that the other town said so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.audit.api import record
from madoguchi.dispatch.actions.parcels import sign_step
from madoguchi.dispatch.domain.parcels import Direction, ParcelState, check_parcel_step
from madoguchi.dispatch.models import Parcel, ParcelStep
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused

RECEIVED = frozenset({ParcelState.RECEIVED_SEALED, ParcelState.RECEIVED_OPEN})
#: How long back receipts are told: who joined later is not told of last year's.
TOLD_WITHIN = timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelReceipt:
    """That a parcel reached a town, and how its seal was found (受領)."""

    parcel_id: str
    other_town: str
    tracking_no: str
    state: str
    received_on: date


def receipts_since(now: datetime) -> tuple[ParcelReceipt, ...]:
    """List what came in lately and how its seal was found, oldest first (届いた書留)."""
    rows = ParcelStep.objects.select_related("parcel").filter(
        parcel__direction=Direction.IN, step_no=1, at__gte=now - TOLD_WITHIN,
        state__in=[one.value for one in RECEIVED],
    )  # fmt: skip
    return tuple(
        ParcelReceipt(
            parcel_id=one.parcel.parcel_id, other_town=one.parcel.other_town,
            tracking_no=one.parcel.tracking_no, state=one.state,
            received_on=one.at.astimezone(JAPAN).date(),
        )
        for one in rows.order_by("at", "id")
    )  # fmt: skip


def take_receipt(
    *, tracking_no: str, state: str, note: str, actor: Actor, now: datetime
) -> str:  # fmt: skip
    """Write down that a parcel we sent reached the other town, and return its number (受領の記録).

    Refused where we sent none of that number, or its chain went on already.
    """
    parcel = Parcel.objects.select_for_update().filter(
        direction=Direction.OUT, tracking_no=tracking_no
    ).first()  # fmt: skip
    if parcel is None or state not in RECEIVED:
        raise Refused(Problem(code="PARCEL_UNKNOWN"))
    problems = check_parcel_step(
        direction=Direction.OUT, before=ParcelState(parcel.state), after=ParcelState(state),
        done=(), last_actor=parcel.last_actor, actor=actor.staff_id,
    )  # fmt: skip
    if problems:
        raise Refused(problems)
    parcel.state, parcel.last_actor, parcel.changed_at = state, actor.staff_id, now
    parcel.save(update_fields=["state", "last_actor", "changed_at"])
    sign_step(parcel, note=note, actor=actor, now=now)
    record(
        actor=actor, action="DISPATCH_PARCEL_STEP", subjects=(),
        detail={"parcel_no": parcel.parcel_no, "state": state},
    )  # fmt: skip
    return parcel.parcel_no
