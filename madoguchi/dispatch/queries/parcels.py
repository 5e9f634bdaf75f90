"""Parcels between towns as shown: the chain, the list of two desks (授受の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.dispatch.domain.parcels import (
    CHECKLIST,
    ENDED,
    PARCEL_STEPS,
    CheckItem,
    Desk,
    Direction,
    ParcelState,
    items_open_now,
    waits_for,
)
from madoguchi.dispatch.models import Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One signature (署名)."""

    state: str
    staff_name: str
    place: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """One item of the list: who ticked it, or whether it can be ticked now (確認項目)."""

    item: CheckItem
    staff_name: str
    at: datetime | None
    can_now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRow:
    """One parcel with everything signed so far (授受の件)."""

    parcel_id: str
    parcel_no: str
    direction: str
    about_no: str
    other_town: str
    enclosed: tuple[str, ...]
    tracking_no: str
    state: str
    changed_at: datetime
    steps: tuple[StepRow, ...]
    checks: tuple[CheckRow, ...]
    waits_for: tuple[Desk, ...]
    next_states: tuple[str, ...]


def list_parcels() -> tuple[ParcelRow, ...]:
    """List the parcels whose chain has not ended, the oldest first (授受の一覧)."""
    rows = Parcel.objects.exclude(state__in=[one.value for one in ENDED]).order_by("opened_at")
    return tuple(_row(row) for row in rows)


def find_parcel(parcel_id: str) -> ParcelRow | None:
    """Return one parcel (授受の照会)."""
    row = Parcel.objects.filter(parcel_id=parcel_id).first()
    return None if row is None else _row(row)


def _row(row: Parcel) -> ParcelRow:
    direction = Direction(row.direction)
    ticked = {one.code: one for one in row.checks.all()}
    now = items_open_now(direction, ticked.keys())
    # What comes in was posted by the other town; its PREPARED never stands here.
    after = sorted(PARCEL_STEPS[ParcelState(row.state)])
    return ParcelRow(
        parcel_id=row.parcel_id,
        parcel_no=row.parcel_no,
        direction=row.direction,
        about_no=row.about_no,
        other_town=row.other_town,
        enclosed=tuple(row.enclosed),
        tracking_no=row.tracking_no,
        state=row.state,
        changed_at=row.changed_at,
        steps=tuple(
            StepRow(
                state=one.state, staff_name=one.staff_name, place=one.place, at=one.at,
                note=one.note,
            )
            for one in row.steps.order_by("step_no")
        ),
        checks=tuple(
            CheckRow(
                item=item,
                staff_name=ticked[item.code].staff_name if item.code in ticked else "",
                at=ticked[item.code].at if item.code in ticked else None,
                can_now=item in now,
            )
            for item in CHECKLIST[direction]
        ),
        waits_for=tuple(sorted(waits_for(direction, ticked.keys()))),
        next_states=tuple(one.value for one in after),
    )  # fmt: skip
