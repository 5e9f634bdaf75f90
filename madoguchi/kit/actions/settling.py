"""What differs is settled by a person; a laptop that is lost is made void (食い違いと紛失)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.certificates.api import away as papers
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text
from madoguchi.kit.actions.merging import do, version_in_town
from madoguchi.kit.domain.merging import Outcome
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.domain.trips import TripState
from madoguchi.kit.models import OperationRow, Trip
from madoguchi.kit.queries.trips import KIT
from madoguchi.register.api import seen

WHY_MAX = 200


def do_after_all(*, op_id: str, actor: Actor, now: datetime) -> None:
    """Do after all what conflicted, on what the town has now, as the one who looked (反映する)."""
    row = _held(op_id, actor)
    kind = Kind(row.kind)
    version = version_in_town(kind, row.subject)
    # A moment outside the trip is a wrong clock's: what is done after all is done now.
    at = None if "KIT_OUTSIDE_HOURS" in row.codes else row.at
    one = Operation(
        op_id=row.op_id, number=row.number, kind=kind, at=at or now, subject=row.subject,
        person_id=row.person_id, base=version, after="", payload=row.payload,
    )  # fmt: skip
    do(one, trip_id=row.trip_id, officer=replace(actor, purpose="島の日の食い違い"),
       version=version, now=now, looked=True)  # fmt: skip
    _settle(row, Outcome.APPLIED, actor=actor, now=now)


def leave_town(*, op_id: str, actor: Actor, now: datetime) -> None:
    """Leave the town's record as it is; what the trip did stays readable here (町の記録のまま).

    A certificate is out in somebody's hands: left so, its number is void.
    """
    row = _held(op_id, actor)
    if row.kind == Kind.CERTIFICATE_HANDED_OVER.value and papers.is_open(row.subject):
        papers.leave_town(trip_id=row.trip_id, issue_no=row.subject, actor=actor, now=now)
    _settle(row, Outcome.DROPPED, actor=actor, now=now)


def revoke(*, trip_id: str, why: str, actor: Actor, now: datetime) -> Trip:
    """Make a kit void: its key is thrown away, nothing of it is ever taken in (無効にする)."""
    if not actor.may(KIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    found = list(check_free_text(why, limit=WHY_MAX, where="why"))
    if not why.strip():
        found.append(Problem(code="KIT_WHY_MISSING", where="why"))
    trip = Trip.objects.select_for_update().filter(trip_id=trip_id).first()
    if trip is None:
        found.append(Problem(code="KIT_UNKNOWN"))
    elif trip.state == TripState.REVOKED.value:
        found.append(Problem(code="KIT_REVOKED"))
    if found or trip is None:
        raise Refused(found)
    trip.state, trip.wrapped_key = TripState.REVOKED.value, b""
    trip.revoked_at, trip.revoked_by, trip.revoked_why = now, actor.staff_id, why.strip()
    trip.save(update_fields=["state", "wrapped_key", "revoked_at", "revoked_by", "revoked_why"])
    papers.void_block(trip_id=trip_id, actor=actor, now=now)
    # Whom it held stands in the record: who was in a lost laptop may have to be told.
    record(actor=actor, action="KIT_REVOKED", subjects=trip.person_ids,
           detail={"trip": trip_id, "cards": len(trip.card_ids)})  # fmt: skip
    return trip


def _held(op_id: str, actor: Actor) -> OperationRow:
    if not actor.may(KIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    row = OperationRow.objects.select_for_update().filter(op_id=op_id).first()
    if row is None or (row.person_id and seen.find_person(row.person_id, actor=actor) is None):
        raise Refused(Problem(code="KIT_OPERATION_UNKNOWN"))
    if row.outcome != Outcome.CONFLICT.value:
        raise Refused(Problem(code="KIT_SETTLED_ALREADY"))
    return row


def _settle(row: OperationRow, outcome: Outcome, *, actor: Actor, now: datetime) -> None:
    row.outcome, row.settled_at, row.settled_by = outcome.value, now, actor.staff_id
    if row.kind == Kind.SURVEY_ANSWERED.value:
        row.payload = {}
    if outcome is Outcome.APPLIED:
        row.left = version_in_town(Kind(row.kind), row.subject)
    row.save(update_fields=["outcome", "settled_at", "settled_by", "payload", "left"])
    record(actor=actor, action="KIT_SETTLED", subjects=[row.person_id] if row.person_id else [],
           detail={"trip": row.trip_id, "how": outcome.value})  # fmt: skip
