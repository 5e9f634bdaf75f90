"""Trips and what came home, as one officer may see them (持ち出しの照会)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count

from madoguchi.certificates.api import away as papers
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kit.domain.merging import Known, Outcome
from madoguchi.kit.domain.operations import Kind
from madoguchi.kit.models import OfficerWord, OperationRow, Trip
from madoguchi.protection.api import Use, gate, hidden_from
from madoguchi.register.api import seen

#: Who takes a kit out, brings it home and settles what differs. *Assumed*: who files changes.
KIT = Right.FILE_CHANGE
ROWS_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRow:
    """A trip with its counts (持ち出しの行)."""

    trip_id: str
    area: str
    officer_ids: tuple[str, ...]
    sealed_at: datetime
    until: datetime
    state: str
    cards: int
    operations: int
    conflicts: int
    merged_at: datetime | None
    revoked_at: datetime | None
    revoked_why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One operation with its end (操作の行)."""

    op_id: str
    number: int
    kind: Kind
    person_id: str
    name: str
    at: datetime | None
    outcome: Outcome
    codes: tuple[str, ...]
    base: int | None
    town_version: int | None
    payload: Mapping[str, Any]
    settled_by: str


def list_trips(*, actor: Actor) -> tuple[TripRow, ...]:
    """List the trips, the newest first, with counts of what this actor may see (持ち出しの一覧)."""
    return _trips(list(Trip.objects.order_by("-sealed_at")[:ROWS_MAX]), actor=actor)


def find_trip(trip_id: str, *, actor: Actor) -> TripRow | None:
    """Return a trip, or None (持ち出し)."""
    found = _trips(list(Trip.objects.filter(trip_id=trip_id)), actor=actor)
    return found[0] if found else None


def list_operations(trip_id: str, *, actor: Actor) -> tuple[Row, ...]:
    """List what came home, conflicts first; about somebody held there is no row (操作の一覧)."""
    found = list(
        OperationRow.objects.filter(trip_id=trip_id).exclude(kind=Kind.LOOKED.value)
        .order_by("number")
    )  # fmt: skip
    names = seen.find_names({one.person_id for one in found if one.person_id}, actor=actor)
    rows = [
        _row(one, names[one.person_id].name if one.person_id else "")
        for one in found
        if not one.person_id or one.person_id in names
    ]
    return tuple(sorted(rows, key=lambda one: (one.outcome is not Outcome.CONFLICT, one.number)))


def list_held(trip_id: str, *, actor: Actor) -> Mapping[str, str]:
    """Name by id who was in a kit, as far as this actor may know of them (持ち出した人)."""
    found = Trip.objects.filter(trip_id=trip_id).first()
    if found is None:
        return {}
    names = seen.find_names(found.person_ids, actor=actor)
    return {key: one.name for key, one in names.items()}


def list_releasable(area: str, *, actor: Actor, on: date) -> Mapping[str, str]:
    """Name by id who lives there and would stay out, for those who may see it (支援措置の人)."""
    if hidden_from(actor):
        return {}
    people = seen.list_living_in(area, actor=actor, on=on)
    homes = {key: one.household_no for key, one in people.items()}
    answer = gate(list(people), actor=actor, use=Use.EXPORT, households=homes)
    if answer.failed:
        return {}
    return {key: people[key].name for key in sorted(answer.blocked & people.keys())}


def has_word(staff_id: str, *, since: datetime) -> datetime | None:
    """Return when this officer's word for the next trip was set; None: there is none (合言葉)."""
    found = OfficerWord.objects.filter(staff_id=staff_id, set_at__gt=since).first()
    return found.set_at if found is not None else None


def count_void(trip_id: str) -> int:
    """Count the numbers of certificates of a trip that are void (無効の番号)."""
    found = papers.count_of(trip_id)
    return found.voided if found is not None else 0


def known_of(op_ids: list[str]) -> Mapping[str, Known]:
    """Return what the town knows of these operations (既知の操作)."""
    return {
        one.op_id: Known(digest=one.digest, outcome=Outcome(one.outcome), left=one.left)
        for one in OperationRow.objects.filter(op_id__in=op_ids)
    }


def count_kept(trip_id: str) -> Mapping[str, int]:
    """Count how often each operation of a trip stands in the book (件数)."""
    found = OperationRow.objects.filter(trip_id=trip_id).values_list("op_id")
    return dict(found.annotate(count=Count("op_id")))


def _trips(found: list[Trip], *, actor: Actor) -> tuple[TripRow, ...]:
    """Count what came home without the rows about people this actor may not know of."""
    rows = list(
        OperationRow.objects.filter(trip__in=found).exclude(kind=Kind.LOOKED.value)
        .values_list("trip_id", "person_id", "outcome")
    )  # fmt: skip
    seen_ids = {"", *seen.find_names({person for _, person, _ in rows if person}, actor=actor)}
    shown = [(trip, outcome) for trip, person, outcome in rows if person in seen_ids]
    return tuple(
        TripRow(
            trip_id=one.trip_id, area=one.area, officer_ids=tuple(one.officer_ids or [one.officer_id]),
            sealed_at=one.sealed_at, until=one.until, state=one.state, cards=len(one.card_ids),
            operations=sum(trip == one.trip_id for trip, _ in shown),
            conflicts=shown.count((one.trip_id, Outcome.CONFLICT.value)),
            merged_at=one.merged_at, revoked_at=one.revoked_at, revoked_why=one.revoked_why,
        )
        for one in found
    )  # fmt: skip


def _row(one: OperationRow, name: str) -> Row:
    return Row(
        op_id=one.op_id, number=one.number, kind=Kind(one.kind), person_id=one.person_id, name=name, at=one.at,
        outcome=Outcome(one.outcome), codes=tuple(one.codes), base=one.base,
        town_version=one.town_version, payload=one.payload, settled_by=one.settled_by,
    )  # fmt: skip
