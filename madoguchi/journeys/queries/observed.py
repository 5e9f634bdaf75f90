"""Logs out of the product's own facts, a month at a time, and what left of them (自前の記録)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection

from madoguchi.cards.api import steps_of_cards
from madoguchi.infra.clock import JAPAN
from madoguchi.journeys.domain.figures import Figure, read_figures
from madoguchi.journeys.domain.log import Event, EventLog, from_events
from madoguchi.journeys.domain.origins import READINGS, Origin
from madoguchi.journeys.models import ReleaseRow
from madoguchi.kiosk.api import steps_of_sessions
from madoguchi.moves.api import steps_of_moves
from madoguchi.visits.api import steps_of_visits

Steps = tuple[tuple[str, str, datetime], ...]
_BOOKED = """
SELECT booking_id, code, at FROM appointments_out_booked WHERE booking_id IN
  (SELECT booking_id FROM appointments_out_booked WHERE code LIKE 'BOOKED_%%' AND at >= %s AND at < %s)
 ORDER BY booking_id, at
"""
_LETTERS = """
SELECT letter_id, code, at FROM dispatch_out_steps WHERE letter_id IN
  (SELECT letter_id FROM dispatch_out_steps WHERE code = 'QUEUED' AND at >= %s AND at < %s)
 ORDER BY letter_id, at
"""


def _steps_of_bookings(*, since: datetime, until: datetime) -> Steps:
    return _published(_BOOKED, since, until)


def _steps_of_letters(*, since: datetime, until: datetime) -> Steps:
    return _published(_LETTERS, since, until)


def _published(question: str, since: datetime, until: datetime) -> Steps:
    with connection.cursor() as cursor:
        cursor.execute(question, [since, until])
        return tuple(cursor.fetchall())


_SOURCES: Mapping[Origin, Callable[..., Steps]] = {
    Origin.CARDS: steps_of_cards,
    Origin.VISITS: steps_of_visits,
    Origin.KIOSK: steps_of_sessions,
    Origin.BOOKINGS: _steps_of_bookings,
    Origin.LETTERS: _steps_of_letters,
    Origin.MOVES: steps_of_moves,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """A month that left, as it was drawn (出した報告)."""

    first_on: date
    last_on: date
    cases: int
    drawing: str
    made_on: date


def log_of_month(origin: Origin, *, first_on: date, last_on: date) -> EventLog | None:
    """Return the cases begun in some days as a log, or None where there were none (記録).

    Cases get running numbers, made for this log and kept nowhere. Areas are not asked for: an
    area would want the address of each, and the months of one island are nobody's but hers.
    """
    since = datetime.combine(first_on, time.min, tzinfo=JAPAN)
    until = datetime.combine(last_on + timedelta(days=1), time.min, tzinfo=JAPAN)
    reading, numbers = READINGS[origin], dict[str, str]()
    events = [
        Event(case_id=numbers.setdefault(key, f"{len(numbers) + 1}"), activity=code, at=at,
              lane=reading.lanes.get(code, reading.other))
        for key, code, at in _SOURCES[origin](since=since, until=until)
    ]  # fmt: skip
    return from_events(events) if events else None


def figures_left(origin: Origin | None = None) -> tuple[Figure, ...]:
    """List the figures of the months that left, the newest month first (記録の数)."""
    rows = ReleaseRow.objects.order_by("-first_on", "source")
    if origin is not None:
        rows = rows.filter(source=origin.value)
    return tuple(
        figure
        for row in rows
        for figure in read_figures(row.figures, origin=row.source, month=row.first_on)
    )


def releases_of(origin: Origin) -> Mapping[date, Released]:
    """Return what left of an origin, by its first day (出した報告)."""
    return {
        row.first_on: Released(first_on=row.first_on, last_on=row.last_on, cases=row.cases,
                               drawing=row.drawing, made_on=row.made_on)
        for row in ReleaseRow.objects.filter(source=origin.value)
    }  # fmt: skip
