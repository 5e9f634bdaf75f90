"""The town's dated rows as the rules want them (用件・受付枠・決まりの表)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q

from madoguchi.appointments.domain.booking import Diary, Seat
from madoguchi.appointments.domain.services import (
    BY_NAME,
    Kind,
    Opening,
    OpeningKind,
    Place,
    Service,
    Terms,
    openings_on,
    services_on,
    terms_on,
)
from madoguchi.appointments.models import LIVE_CODES, Booking, ClosedDay
from madoguchi.appointments.models import Opening as OpeningRow
from madoguchi.appointments.models import Place as PlaceRow
from madoguchi.appointments.models import Service as ServiceRow
from madoguchi.appointments.models import Terms as TermsRow
from madoguchi.infra.office import is_holiday
from madoguchi.kernel.daytimes import DayRule, Span
from madoguchi.kernel.outcome import Problem, Refused


def list_places() -> tuple[Place, ...]:
    """List the places people can be seen at (受付場所の一覧)."""
    return tuple(_place(row) for row in PlaceRow.objects.order_by("position", "place"))


def place_of(place: str) -> Place:
    """Return one place; an unknown one is refused (受付場所)."""
    row = PlaceRow.objects.filter(place=place).first()
    if row is None:
        raise Refused(Problem(code="PLACE_UNKNOWN", where="place"))
    return _place(row)


def services_of(on: date) -> dict[Kind, Service]:
    """Return what can be come for on a day, and how long it takes (用件の表)."""
    return services_on(on, (_service(row) for row in ServiceRow.objects.all()))


def terms_of(on: date) -> Terms:
    """Return the rules for bookings on a day (予約の決まり)."""
    return terms_on(on, [_terms(row) for row in TermsRow.objects.all()])


def openings_of(place: str, on: date) -> tuple[Opening, ...]:
    """Return when people are seen at a place on a day, closed or not (その日の受付枠)."""
    return _open(on, [_opening(row) for row in OpeningRow.objects.filter(place=place)])


@dataclass(frozen=True, slots=True, kw_only=True)
class SpecialDay:
    """A day that was opened or closed by name (特別な日); closed: no span."""

    place: str
    on: date
    opening_id: int | None
    kind: OpeningKind | None
    span: Span | None
    lanes: int
    reason: str


def list_special_days(*, since: date) -> tuple[SpecialDay, ...]:
    """List the days opened or closed by name from a day on, the next first (特別な日の一覧)."""
    opened = OpeningRow.objects.filter(
        kind__in=[one.value for one in BY_NAME], valid_from__gte=since, valid_until=F("valid_from")
    )
    closed = ClosedDay.objects.filter(on__gte=since)
    found = [
        SpecialDay(place=row.place, on=row.valid_from, opening_id=int(row.opening_id),
                   kind=OpeningKind(row.kind), span=Span(begins=row.begins, ends=row.ends),
                   lanes=row.lanes, reason="")
        for row in opened
    ]  # fmt: skip
    found += [
        SpecialDay(place=row.place, on=row.on, opening_id=None, kind=None, span=None, lanes=0,
                   reason=row.reason)
        for row in closed
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (one.on, one.place, one.span or Span(begins=0, ends=1)))
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class WeeklyRow:
    """An opening that holds every week, with its number and where it comes from (毎週の受付枠)."""

    opening_id: int
    place: str
    row: Opening
    source: str


def list_weekly(*, today: date) -> tuple[WeeklyRow, ...]:
    """List the openings that hold, or will hold, every week, place by place (毎週の受付枠の一覧)."""
    rows = OpeningRow.objects.exclude(kind__in=[one.value for one in BY_NAME]).filter(
        Q(valid_until__isnull=True) | Q(valid_until__gte=today)
    )
    order = [one.place for one in list_places()]
    found = [
        WeeklyRow(opening_id=int(row.opening_id), place=row.place, row=_opening(row),
                  source=row.source)
        for row in rows
    ]  # fmt: skip
    return tuple(
        sorted(found, key=lambda one: (order.index(one.place), min(one.row.rule.weekdays),
                                       one.row.span, one.row.rule.valid_from))
    )  # fmt: skip


def list_services(*, today: date) -> tuple[tuple[Service, str], ...]:
    """List how long each kind of visit takes now and what is coming, with its source (用件の表)."""
    rows = list(ServiceRow.objects.order_by("valid_from"))
    begun = {row.kind: row for row in rows if row.valid_from <= today}
    shown = [*begun.values(), *(row for row in rows if row.valid_from > today)]
    order = list(Kind)
    return tuple(
        (_service(row), row.source)
        for row in sorted(shown, key=lambda row: (order.index(Kind(row.kind)), row.valid_from))
    )


def list_terms(*, today: date) -> tuple[tuple[Terms, str], ...]:
    """List the rules for bookings that hold now and those to come (予約の決まりの一覧)."""
    rows = list(TermsRow.objects.order_by("valid_from"))
    begun = sum(row.valid_from <= today for row in rows)
    return tuple((_terms(row), row.source) for row in rows[max(0, begun - 1) :])


def closing_of(place: str, on: date) -> str:
    """Return why nobody is booked at a place on a day; empty: it is not closed by name (休みの理由)."""
    row = ClosedDay.objects.filter(place=place, on=on).first()
    return "" if row is None else row.reason


def diaries_of(place: str, days: Iterable[date], *, without: str = "") -> dict[date, Diary]:
    """Return each of these days of a place; ``without`` leaves one booking out (日ごとの予約)."""
    wanted = sorted(set(days))
    rows = [_opening(row) for row in OpeningRow.objects.filter(place=place)]
    closed = set(ClosedDay.objects.filter(place=place, on__in=wanted).values_list("on", flat=True))
    seats: dict[date, list[Seat]] = {on: [] for on in wanted}
    for row in (
        Booking.objects.filter(place=place, on__in=wanted, state__in=LIVE_CODES)
        .exclude(booking_id=without)
        .only("booking_id", "lane", "on", "begins", "ends")
    ):
        seats[row.on].append(
            Seat(booking_id=row.booking_id, lane=row.lane,
                 span=Span(begins=row.begins, ends=row.ends))
        )  # fmt: skip
    return {
        on: Diary(place=place, on=on, openings=() if on in closed else _open(on, rows),
                  seats=tuple(seats[on]))
        for on in wanted
    }  # fmt: skip


def _open(on: date, rows: list[Opening]) -> tuple[Opening, ...]:
    """A day opened by name is open whatever the calendar says; others keep the holidays."""
    if not is_holiday(on):
        return openings_on(on, rows)
    return openings_on(on, [one for one in rows if one.kind in BY_NAME])


def _place(row: PlaceRow) -> Place:
    return Place(place=row.place, name=row.name, terminals_of=row.terminals_of)


def _service(row: ServiceRow) -> Service:
    return Service(
        kind=Kind(row.kind), minutes=row.minutes, further_minutes=row.further_minutes,
        needs_terminal=row.needs_terminal, bookable=row.bookable, valid_from=row.valid_from,
    )  # fmt: skip


def _terms(row: TermsRow) -> Terms:
    return Terms(
        valid_from=row.valid_from, hold_minutes=row.hold_minutes, ahead_days=row.ahead_days,
        web_lead_days=row.web_lead_days, change_until_days=row.change_until_days,
        late_minutes=row.late_minutes, party_max=row.party_max,
    )  # fmt: skip


def _opening(row: OpeningRow) -> Opening:
    return Opening(
        kind=OpeningKind(row.kind),
        rule=DayRule(
            valid_from=row.valid_from, valid_until=row.valid_until,
            weekdays=frozenset(row.weekdays), nth=frozenset(row.nth),
        ),
        span=Span(begins=row.begins, ends=row.ends),
        lanes=row.lanes, step_minutes=row.step_minutes, lands=row.lands, leaves=row.leaves,
    )  # fmt: skip
