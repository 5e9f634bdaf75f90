"""Bookings as rows, and the free times next (予約・空きの読取り)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, QuerySet

from madoguchi.appointments.domain.booking import (
    Channel,
    Start,
    State,
    check_day,
    first_of_each_day,
    minute_of,
    starts_of,
)
from madoguchi.appointments.domain.icalendar import Entry, write
from madoguchi.appointments.domain.numbers import parse_booking_no
from madoguchi.appointments.domain.services import Errand, Kind, minutes_of, needs_terminal
from madoguchi.appointments.models import LIVE_CODES, Booking
from madoguchi.appointments.queries.tables import diaries_of, place_of, services_of, terms_of
from madoguchi.csops.api import Day, Purpose, days_of, pick_terminal
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.daytimes import Span
from madoguchi.kernel.outcome import Problem

#: Days are read in runs of this many, until enough free times are found.
_RUN_DAYS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingRow:
    """A booking as pages and other rooms read it (予約)."""

    booking_id: str
    booking_no: str
    place: str
    lane: int
    on: date
    span: Span
    state: State
    channel: Channel
    terminal_no: str
    sequence: int
    has_mail: bool
    hold_until: datetime
    made_by: str
    errands: tuple[Errand, ...]

    @property
    def is_held(self) -> bool:
        """Tell whether nobody has said yes to it yet (仮押さえ)."""
        return self.state is State.HELD

    def calendar(self, *, summary: str, location: str, description: str, now: datetime) -> bytes:
        """Return it as a calendar file; the words are the caller's (予定ファイル)."""
        return write(
            Entry(uid=f"{self.booking_no}@madoguchi", sequence=self.sequence, on=self.on,
                  span=self.span, summary=summary, location=location, description=description),
            stamped_at=now,
        )  # fmt: skip


def find_booking(*, booking_no: str) -> BookingRow | None:
    """Find a booking by the number people read out (予約番号での検索)."""
    return _first(Booking.objects.filter(booking_no=booking_no))


def booking_of(booking_id: str) -> BookingRow | None:
    """Return a booking by our own id (予約)."""
    return _first(Booking.objects.filter(booking_id=booking_id))


def bookings_about(
    about_kind: str, about_nos: Iterable[str] | None = None, *, on: date | None = None,
    booking_no: str | None = None,
) -> dict[str, tuple[BookingRow, ...]]:  # fmt: skip
    """Return the live bookings of another room's references, those of a day, or of a number as read out (用件の予約)."""
    asked: dict[str, Any] = {"errands__about_kind": about_kind, "errands__live": True}
    wanted = None if about_nos is None else set(about_nos)
    if wanted is not None:
        asked["errands__about_no__in"] = wanted
    if on is not None:
        asked["on"] = on
    if booking_no is not None:
        number = parse_booking_no(booking_no)
        if isinstance(number, Problem):
            return {}
        asked["booking_no"] = number
    assert len(asked) > 2, "all bookings there are is no question"
    rows = Booking.objects.filter(**asked).distinct()
    found: dict[str, tuple[BookingRow, ...]] = {}
    for row in _read(rows.order_by("on", "begins", "lane")):
        for errand in row.errands:
            if errand.about_kind == about_kind and (wanted is None or errand.about_no in wanted):
                found[errand.about_no] = (*found.get(errand.about_no, ()), row)
    return found


def list_bookings(place: str, *, first: date, last: date) -> tuple[BookingRow, ...]:
    """List a place's bookings of some days, in the order they come (予約の一覧)."""
    rows = Booking.objects.filter(place=place, on__gte=first, on__lte=last).exclude(
        state__in=[State.EXPIRED, State.CANCELLED, State.HELD]
    )
    return _read(rows.order_by("on", "begins", "lane"))


def list_free(
    *,
    place: str,
    party: Sequence[Errand],
    since: date,
    channel: Channel,
    now: datetime,
    until: date | None = None,
    each: int = 3,
    most: int = 6,
    without: str = "",
    a_day_max: int | None = None,
) -> tuple[Start, ...]:
    """List the next times this party can come, a few a day (空いている日時).

    ``without``: a booking whose own minutes, of lane and terminal, count as free.
    ``a_day_max``: a day on which so many came to have this matter this way has none left.
    """
    local = now.astimezone(JAPAN)
    terms = terms_of(local.date())
    end = local.date() + timedelta(days=terms.ahead_days)
    last = min(until or end, end)
    found: list[Start] = []
    mine = _reservation_of(without)
    first = max(since, local.date())
    while first <= last and len(found) < most:
        run = [first + timedelta(days=ahead) for ahead in range(_RUN_DAYS)]
        run = [day for day in run if day <= last]
        if a_day_max is not None:
            full = full_days(
                place, run, party, channel=channel, a_day_max=a_day_max, without=without
            )
            run = [day for day in run if day not in full]
        starts = _starts(place, run, party, without=without, reservation_id=mine, now=local)
        open_ones = (
            one
            for one in starts
            if not check_day(one.on, one.span.begins, channel=channel, terms=terms, now=local)
        )
        found += first_of_each_day(open_ones, each=each, most=most - len(found))
        first += timedelta(days=_RUN_DAYS)
    return tuple(found)


def full_days(
    place: str, days: Iterable[date], party: Sequence[Errand], *, channel: Channel,
    a_day_max: int, without: str = "",
) -> frozenset[date]:  # fmt: skip
    """Return the days on which one way has had its share of a matter (経路ごとの一日の上限)."""
    taken = (
        Booking.objects.filter(
            place=place, on__in=list(days), state__in=LIVE_CODES, channel=channel.value,
            errands__kind__in={one.kind.value for one in party},
        )
        .exclude(booking_id=without)
        .values_list("on")
        .annotate(count=Count("booking_id", distinct=True))
    )  # fmt: skip
    return frozenset(on for on, count in taken if count >= a_day_max)


def free_for(row: BookingRow, *, since: date, now: datetime) -> tuple[Start, ...]:
    """List the next times a booking could be moved to, its own left out (変更先の空き)."""
    found = list_free(place=row.place, party=row.errands, since=since, channel=Channel.PHONE,
                      now=now, most=7, without=row.booking_id)  # fmt: skip
    return tuple(one for one in found if (one.on, one.span) != (row.on, row.span))[:6]


def _starts(
    place: str, days: list[date], party: Sequence[Errand], *, without: str, reservation_id: str,
    now: datetime,
) -> Iterable[Start]:  # fmt: skip
    where = place_of(place)
    diaries = diaries_of(place, days, without=without)
    terminals = days_of(where.terminals_of, days) if where.terminals_of else {}
    for on, diary in diaries.items():
        services = services_of(on)
        if any(one.kind not in services for one in party):
            continue
        asks = needs_terminal(party, services)
        if asks and on not in terminals:
            continue
        day = _left_out(terminals[on], reservation_id) if asks else None

        def free(span: Span, day: Day | None = day) -> bool:
            return day is None or isinstance(pick_terminal(day, span, Purpose.BOOKING), str)

        yield from starts_of(
            diary, minutes=minutes_of(party, services), has_terminal=free,
            not_before=minute_of(now) + 1 if on == now.date() else 0,
        )  # fmt: skip


def _reservation_of(booking_id: str) -> str:
    """The terminal's minutes a booking has; without a booking or a terminal none."""
    if not booking_id:
        return ""
    found = Booking.objects.filter(booking_id=booking_id).values_list("reservation_id", flat=True)
    return found.first() or ""


def _left_out(day: Day, reservation_id: str) -> Day:
    """The day as it would be if a booking's own minutes were given back."""
    kept = tuple(one for one in day.taken if one.reservation_id != reservation_id)
    return Day(place=day.place, on=day.on, terminals=day.terminals, hours=day.hours, taken=kept)


def _first(rows: QuerySet[Booking]) -> BookingRow | None:
    return next(iter(_read(rows)), None)


def _read(rows: QuerySet[Booking]) -> tuple[BookingRow, ...]:
    return tuple(_row(row) for row in rows.prefetch_related("errands"))


def _row(row: Booking) -> BookingRow:
    return BookingRow(
        booking_id=row.booking_id, booking_no=row.booking_no, place=row.place, lane=row.lane,
        on=row.on, span=Span(begins=row.begins, ends=row.ends), state=State(row.state),
        channel=Channel(row.channel), terminal_no=row.terminal_no, sequence=row.sequence,
        has_mail=bool(row.mail_to), hold_until=row.hold_until, made_by=row.made_by,
        errands=tuple(
            Errand(kind=Kind(one.kind), about_kind=one.about_kind, about_no=one.about_no,
                   minutes=one.minutes, mark=one.mark)
            for one in sorted(row.errands.all(), key=lambda one: one.errand_id)
        ),
    )  # fmt: skip
