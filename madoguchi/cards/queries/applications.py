"""Applications, trips and envelopes as the desk sees them (申請・出張・封筒の照会).

Whoever is held is left out for a clerk without the right, from lists and from counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.cards.domain.applications import ApplicationState, Delivery
from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.people import Person
from madoguchi.cards.domain.pin_sheets import MOVES, OVER, SheetState
from madoguchi.cards.domain.rights import HELD
from madoguchi.cards.models import Application, Card, PinSheet, PinSheetStep, Trip
from madoguchi.cards.queries.people import people_of
from madoguchi.kernel.actor import Actor

_OVER = [one.value for one in OVER]


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationRow:
    """An application as one clerk may see it (申請の行)."""

    application_id: str
    application_no: str
    person_id: str
    name: str
    kana: str
    state: ApplicationState
    delivery: Delivery | None
    trip_id: str
    taken_at: datetime | None
    sent_on: date | None
    #: Where the card that came of it stands; None: none came yet.
    card_state: CardState | None
    card_id: str
    documents: tuple[str, ...]
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """An envelope, where it is, and where it may go (封筒の行)."""

    sheet_id: str
    label: str
    state: SheetState
    since: datetime
    application_id: str
    next: tuple[SheetState, ...]
    steps: tuple[tuple[datetime, str, SheetState], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TripRow:
    """A trip and how many are on its list (出張の行)."""

    trip_id: str
    on: date
    where: str
    note: str
    people: int


def list_applications(*, actor: Actor, today: date, limit: int = 200) -> tuple[ApplicationRow, ...]:
    """List what is not at its end, the oldest change first (申請の一覧)."""
    open_ones = (ApplicationState.TAKEN.value, ApplicationState.SENT.value)
    found = Application.objects.filter(state__in=open_ones).order_by("changed_at")
    rows = _rows(list(found), actor=actor, today=today)
    # A card that was handed over or sent back ends its application: read, not copied.
    return tuple(one for one in rows if one.card_state is None or one.card_state.is_kept)[:limit]


def find_application(application_id: str, *, actor: Actor, today: date) -> ApplicationRow | None:
    """Return one application; unknown and held look the same (申請)."""
    rows = _rows(
        Application.objects.filter(application_id=application_id), actor=actor, today=today
    )
    return rows[0] if rows else None


def open_application_of(person_id: str) -> str:
    """Return the planned or taken application of somebody, or nothing (未送付の申請)."""
    live = (ApplicationState.PLANNED.value, ApplicationState.TAKEN.value)
    found = Application.objects.filter(person_id=person_id, state__in=live).first()
    return "" if found is None else found.application_id


def sheets_of(application_id: str) -> tuple[SheetRow, ...]:
    """Return the envelopes of an application with their steps (申請の封筒)."""
    return _sheets(PinSheet.objects.filter(application_id=application_id).order_by("sheet_id"))


def sheets_here(*, actor: Actor, today: date) -> tuple[SheetRow, ...]:
    """Return every envelope that is still in the house, the oldest first (預かっている封筒)."""
    found = PinSheet.objects.exclude(state__in=_OVER).select_related("application")
    rows = list(found.order_by("changed_at"))
    seen = _seen([one.application.person_id for one in rows], actor=actor, today=today)
    return _sheets(one for one in rows if one.application.person_id in seen)


def list_trips(*, actor: Actor, today: date) -> tuple[TripRow, ...]:
    """Return the trips from today on (出張の予定)."""
    trips = list(Trip.objects.filter(on__gte=today).order_by("on", "trip_id"))
    planned = Application.objects.filter(trip__in=trips).exclude(
        state=ApplicationState.WITHDRAWN.value
    )
    pairs = list(planned.values_list("trip_id", "person_id"))
    seen = _seen([person_id for _, person_id in pairs], actor=actor, today=today)
    counts: dict[str, int] = {}
    for trip_id, person_id in pairs:
        counts[trip_id] = counts.get(trip_id, 0) + (person_id in seen)
    return tuple(
        TripRow(
            trip_id=one.trip_id, on=one.on, where=one.where, note=one.note,
            people=counts.get(one.trip_id, 0),
        )
        for one in trips
    )  # fmt: skip


def find_trip(
    trip_id: str, *, actor: Actor, today: date
) -> tuple[TripRow, tuple[ApplicationRow, ...]] | None:
    """Return a trip and who is on its list (出張)."""
    trip = Trip.objects.filter(trip_id=trip_id).first()
    if trip is None:
        return None
    found = Application.objects.filter(trip=trip).exclude(state=ApplicationState.WITHDRAWN.value)
    rows = _rows(list(found.order_by("application_id")), actor=actor, today=today)
    row = TripRow(trip_id=trip_id, on=trip.on, where=trip.where, note=trip.note, people=len(rows))
    return row, rows


def _rows(found: Iterable[Application], *, actor: Actor, today: date) -> tuple[ApplicationRow, ...]:
    rows = list(found)
    people = _seen([one.person_id for one in rows], actor=actor, today=today)
    numbers = [one.application_no for one in rows if one.application_no]
    cards = {one.application_no: one for one in Card.objects.filter(application_no__in=numbers)}
    return tuple(
        _row(one, people[one.person_id], cards.get(one.application_no))
        for one in rows
        if one.person_id in people
    )


def _row(one: Application, person: Person, card: Card | None) -> ApplicationRow:
    return ApplicationRow(
        application_id=one.application_id, application_no=one.application_no,
        person_id=one.person_id, name=person.names[0], kana=(*person.kanas, "")[0],
        state=ApplicationState(one.state),
        delivery=Delivery(one.delivery) if one.delivery else None,
        trip_id=one.trip_id or "", taken_at=one.taken_at, sent_on=one.sent_on,
        card_state=None if card is None else CardState(card.state),
        card_id="" if card is None else card.card_id,
        documents=tuple(one.documents), version=one.version,
    )  # fmt: skip


def _seen(person_ids: Sequence[str], *, actor: Actor, today: date) -> dict[str, Person]:
    people = people_of(person_ids, today=today)
    may = actor.may(HELD)
    return {key: one for key, one in people.items() if may or not one.is_held}


def _sheets(found: Iterable[PinSheet]) -> tuple[SheetRow, ...]:
    rows = list(found)
    steps: dict[str, list[tuple[datetime, str, SheetState]]] = {}
    for one in PinSheetStep.objects.filter(sheet__in=rows).order_by("id"):
        steps.setdefault(one.sheet_id, []).append((one.at, one.staff_id, SheetState(one.state)))
    return tuple(
        SheetRow(
            sheet_id=one.sheet_id, label=one.label, state=SheetState(one.state),
            since=one.changed_at, application_id=one.application_id,
            next=tuple(to for to in SheetState if to in MOVES[SheetState(one.state)]),
            steps=tuple(steps.get(one.sheet_id, ())),
        )
        for one in rows
    )  # fmt: skip
