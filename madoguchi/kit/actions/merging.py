"""Bring home what was done, one transaction an operation, through the rooms' own actions (持ち帰り)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from madoguchi.accounts.api import actor_of
from madoguchi.audit.api import record
from madoguchi.cards.api import away as cards
from madoguchi.certificates.api import away as papers
from madoguchi.infra import unit
from madoguchi.journeys.api import away as surveys
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kit.actions.sealing import unwrap_key
from madoguchi.kit.documents.bundle_file import open_with_key, trip_of
from madoguchi.kit.documents.journal import Read, journal_of, read_journal
from madoguchi.kit.domain.merging import Known, Outcome, Step, Tally, decide, tally_of
from madoguchi.kit.domain.operations import Kind, Operation
from madoguchi.kit.domain.trips import CLOCK_SLACK, TripState
from madoguchi.kit.models import OperationRow, Trip
from madoguchi.kit.queries.trips import KIT, count_kept, known_of
from madoguchi.residence.api import away as checks

PURPOSE = "島の日の持ち帰り"


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What a merge did, and what the file's end looked like (持ち帰りの結果)."""

    trip_id: str
    tally: Tally
    torn_bytes: int


class AlreadyHome(Exception):
    """The town has an end of this operation: nothing is written a second time."""


def merge(path: Path, *, actor: Actor, now: datetime, dry_run: bool = False) -> Merged:
    """Bring a kit's journal home; may be cut anywhere and run again (持ち帰る).

    It has units of its own, one an operation: call it outside any.
    """
    trip, read = _opened(path, actor=actor)
    if dry_run:
        steps = _rehearse(read.operations)
        kept: Mapping[str, int] = dict.fromkeys(steps, 1)
    else:
        officers = {one: _officer(trip, one) for one in {"", *trip.officer_ids}}
        steps = {
            one.op_id: _bring(one, trip_id=trip.trip_id, officer=officers.get(one.officer),
                              actor=actor, now=now)
            for one in read.operations
        }  # fmt: skip
        unit.run(_come_home, trip_id=trip.trip_id, actor=actor, now=now)
        kept = count_kept(trip.trip_id)
    tally = tally_of([one.op_id for one in read.operations], steps=steps, kept=kept)
    return Merged(trip_id=trip.trip_id, tally=tally, torn_bytes=read.torn_bytes)


def _opened(path: Path, *, actor: Actor) -> tuple[Trip, Read]:
    if not actor.may(KIT):
        raise Refused(Problem(code="NOT_ALLOWED"))
    trip = Trip.objects.filter(trip_id=trip_of(path)).first()
    if trip is None:
        raise Refused(Problem(code="KIT_UNKNOWN"))
    _refuse_void(trip)
    key = unwrap_key(bytes(trip.wrapped_key), trip_id=trip.trip_id)
    open_with_key(path, key)
    return trip, read_journal(journal_of(path), key=key, trip_id=trip.trip_id)


def _bring(
    one: Operation, *, trip_id: str, officer: Actor | None, actor: Actor, now: datetime
) -> Step:  # fmt: skip
    """Bring one operation home; what a room refuses is kept as a conflict, with its reasons."""
    try:
        return unit.run(bring_one, one, trip_id=trip_id, officer=officer, actor=actor, now=now)
    except AlreadyHome:
        return Step.ALREADY
    except Refused as refused:
        codes = [problem.code for problem in refused.problems]
        if "KIT_REVOKED" in codes:
            raise
    try:
        return unit.run(_keep_conflict, one, codes=codes, trip_id=trip_id, actor=actor, now=now)
    except AlreadyHome:
        return Step.ALREADY


def bring_one(
    one: Operation, *, trip_id: str, officer: Actor | None, actor: Actor, now: datetime
) -> Step:  # fmt: skip
    """Decide about one operation and do it, in one unit (一件の持ち帰り)."""
    trip = _hold(trip_id)
    known = known_of([one.op_id, one.after])
    version = version_in_town(one.kind, one.subject)
    found = decide(one, known=known, version=version)
    if found.step is Step.ALREADY:
        raise AlreadyHome
    if found.step is Step.CONFLICT:
        if one.op_id in known:
            # The book has an end under this name; a second thing of that name is never kept.
            return _tell_forked(one, trip_id=trip_id, actor=actor)
        return _keep_conflict(one, codes=[found.code], trip_id=trip_id, actor=actor, now=now)
    if not trip.sealed_at - CLOCK_SLACK <= one.at <= min(trip.until, now + CLOCK_SLACK):
        # Its day would become a day of the town's record; nobody worked then.
        raise Refused(Problem(code="KIT_OUTSIDE_HOURS"))
    if officer is None:
        raise Refused(Problem(code="KIT_OFFICER_NOT_ALONG"))
    do(one, trip_id=trip_id, officer=officer, version=version, now=now)
    _keep(one, Outcome.APPLIED, trip_id=trip_id, actor=actor, now=now)
    return Step.APPLY


def do(
    one: Operation, *, trip_id: str, officer: Actor, version: int | None, now: datetime,
    looked: bool = False,
) -> None:  # fmt: skip
    """Do in the town what was done on the trip, as the room itself does it (実行).

    ``looked``: somebody has seen both sides of a conflict and wants it done after all.
    """
    match one.kind:
        case Kind.LOOKED:
            # The look was on the laptop; here it is told, under the officer's own name.
            record(actor=officer, action="KIT_LOOKED", subjects=[one.person_id],
                   detail={"at": one.at.isoformat()})  # fmt: skip
        case Kind.APPLICATION_TAKEN:
            cards.take_application(
                person_id=one.person_id, payload=one.payload, actor=officer, now=one.at
            )
        case Kind.CARD_HANDED_OVER:
            if version is None:
                raise Refused(Problem(code="KIT_SUBJECT_GONE"))
            cards.hand_over(
                card_id=one.subject, version=version, payload=one.payload, actor=officer, now=one.at
            )
        case Kind.VISIT_NOTED:
            checks.visit(case_id=one.subject, payload=one.payload, actor=officer, now=one.at)
        case Kind.SURVEY_ANSWERED:
            surveys.bring_answer(survey_id=one.subject, payload=one.payload, now=now)
        case Kind.CERTIFICATE_MADE:
            papers.bring_made(trip_id=trip_id, issue_no=one.subject, person_id=one.person_id,
                              payload=one.payload, actor=officer, now=one.at)  # fmt: skip
        case Kind.CERTIFICATE_HANDED_OVER:
            papers.bring_handed_over(trip_id=trip_id, issue_no=one.subject, payload=one.payload,
                                     actor=officer, now=one.at, looked=looked)  # fmt: skip
        case Kind.CERTIFICATE_SPOILT:
            papers.bring_spoilt(trip_id=trip_id, issue_no=one.subject, payload=one.payload,
                                actor=officer, now=one.at)  # fmt: skip


def version_in_town(kind: Kind, subject: str) -> int | None:
    """Return at which version the subject of an operation is now (町の版)."""
    match kind:
        case Kind.CARD_HANDED_OVER:
            return cards.version_of(subject)
        case Kind.VISIT_NOTED:
            return checks.version_of(subject)
        case _:
            # A paper has no number of a version: its room compares every record that is on it.
            return None


def _keep_conflict(
    one: Operation, *, codes: list[str], trip_id: str, actor: Actor, now: datetime
) -> Step:  # fmt: skip
    _hold(trip_id)
    if known_of([one.op_id]):
        raise AlreadyHome
    _keep(one, Outcome.CONFLICT, trip_id=trip_id, actor=actor, now=now, codes=codes)
    if one.kind is Kind.CERTIFICATE_MADE:
        papers.dispute(trip_id=trip_id, issue_no=one.subject)
    return Step.CONFLICT


def _keep(
    one: Operation, outcome: Outcome, *, trip_id: str, actor: Actor, now: datetime,
    codes: list[str] | None = None,
) -> None:  # fmt: skip
    nameless = one.kind is Kind.SURVEY_ANSWERED
    version = version_in_town(one.kind, one.subject)
    OperationRow.objects.create(
        op_id=one.op_id, trip_id=trip_id, number=one.number, kind=one.kind.value,
        subject=one.subject, person_id=one.person_id, base=one.base,
        at=None if nameless else one.at, digest=one.digest,
        payload={} if nameless and outcome is Outcome.APPLIED else dict(one.payload),
        outcome=outcome.value, left=version if outcome is Outcome.APPLIED else None,
        codes=codes or [], town_version=version, kept_at=now, kept_by=actor.staff_id,
    )  # fmt: skip
    record(
        actor=actor, action=f"KIT_{outcome.value}", subjects=[one.person_id] if one.person_id else [],
        detail={"trip": trip_id, "kind": one.kind.value},
    )  # fmt: skip


def _tell_forked(one: Operation, *, trip_id: str, actor: Actor) -> Step:
    record(actor=actor, action="KIT_FORKED", subjects=[one.person_id] if one.person_id else [],
           detail={"trip": trip_id, "operation": one.op_id})  # fmt: skip
    return Step.CONFLICT


def _come_home(*, trip_id: str, actor: Actor, now: datetime) -> None:
    _hold(trip_id)
    Trip.objects.filter(trip_id=trip_id).update(state=TripState.HOME.value, merged_at=now)
    papers.end_block(trip_id=trip_id, actor=actor, now=now)
    record(actor=actor, action="KIT_MERGED", subjects=[], detail={"trip": trip_id})


def _rehearse(operations: tuple[Operation, ...]) -> dict[str, Step]:
    """Decide without doing: what the rooms themselves would say is not asked (予行)."""
    known = dict(known_of([one.op_id for one in operations]))
    versions: dict[tuple[Kind, str], int | None] = {}
    steps: dict[str, Step] = {}
    for one in operations:
        place = (one.kind, one.subject)
        if place not in versions:
            versions[place] = version_in_town(*place)
        steps[one.op_id] = decide(one, known=known, version=versions[place]).step
        if steps[one.op_id] is Step.APPLY:
            before = versions[place]
            versions[place] = None if before is None else before + 1
            known[one.op_id] = Known(
                digest=one.digest, outcome=Outcome.APPLIED, left=versions[place]
            )
    return steps


def _hold(trip_id: str) -> Trip:
    """Hold a trip's row: one merge of it at a time, and none of a void one."""
    trip = Trip.objects.select_for_update().get(trip_id=trip_id)
    _refuse_void(trip)
    return trip


def _refuse_void(trip: Trip) -> None:
    if trip.state == TripState.REVOKED.value:
        raise Refused(Problem(code="KIT_REVOKED"))


def _officer(trip: Trip, staff_id: str) -> Actor:
    """Return who was on the trip, with the rights held today (持ち出した職員)."""
    return actor_of(
        staff_id=staff_id or trip.officer_id, purpose=PURPOSE, place=trip.area, terminal="KIT"
    )
