"""Who waits, who is called, and how fast it goes today (番号札の読取り)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from madoguchi.appointments.domain.booking import minute_of
from madoguchi.appointments.domain.line import (
    Forecast,
    Outcome,
    Stage,
    Ticket,
    forecast,
    order_of,
)
from madoguchi.appointments.domain.services import Kind
from madoguchi.appointments.models import Ticket as TicketRow
from madoguchi.appointments.queries.tables import services_of
from madoguchi.infra.clock import JAPAN

#: As many counters as were busy or called within this many minutes are taken to be open.
_OPEN_MINUTES = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Somebody in the line as the desk sees them (待っている人)."""

    ticket_id: str
    ticket: Ticket
    forecast: Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class AtCounter:
    """Somebody who is called or served (対応中)."""

    ticket_id: str
    ticket: Ticket
    staff_id: str
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Hall:
    """The hall at this moment: called, served, waiting (待合のようす)."""

    at_counters: tuple[AtCounter, ...]
    waiting: tuple[Waiting, ...]
    newcomer: Forecast


@dataclass(frozen=True, slots=True, kw_only=True)
class KindCount:
    """How many visits of a kind ended on a day, and how long they took (用件別の集計)."""

    kind: Kind
    count: int
    minutes: int
    not_finished: int


def tickets_on(place: str, on: date) -> tuple[Ticket, ...]:
    """Return all numbers of a day in the order they were given (番号札)."""
    return tuple(_ticket(row) for row in _rows(place, on))


def hall_of(place: str, *, now: datetime) -> Hall:
    """Return the hall as it is now, with about how long each waits (待合のようす)."""
    local = now.astimezone(JAPAN)
    rows = {row.number: row for row in _rows(place, local.date())}
    tickets = [_ticket(row) for row in rows.values()]
    ordered = order_of([one for one in tickets if one.stage is Stage.WAITING], now=minute_of(local))
    counters = len({
        row.counter or row.staff_id
        for row in rows.values()
        if row.called_at and (local - row.called_at).total_seconds() < _OPEN_MINUTES * 60
    })  # fmt: skip
    usual = {kind: row.minutes for kind, row in services_of(local.date()).items()}
    pace = _pace(rows.values())

    def judged(ahead: int) -> Forecast:
        return forecast(ordered, ahead=ahead, counters=counters, usual=usual, today=pace)

    here = (Stage.CALLED, Stage.SERVING)
    return Hall(
        at_counters=tuple(
            AtCounter(
                ticket_id=rows[one.number].ticket_id, ticket=one,
                staff_id=rows[one.number].staff_id,
                since=rows[one.number].started_at or rows[one.number].called_at or local,
            )
            for one in sorted(tickets, key=lambda one: one.counter)
            if one.stage in here
        ),
        waiting=tuple(
            Waiting(ticket_id=rows[one.number].ticket_id, ticket=one, forecast=judged(at))
            for at, one in enumerate(ordered)
        ),
        newcomer=judged(len(ordered)),
    )  # fmt: skip


def counts_on(place: str, on: date) -> tuple[KindCount, ...]:
    """Count the visits of a day by kind: number, minutes, not finished (用件別の集計)."""
    return _counted(_rows(place, on))


def load_by_week(place: str, mondays: Iterable[date]) -> dict[date, dict[Kind, KindCount]]:
    """Count the visits of whole weeks by kind, in one query for all weeks (週ごとの負担)."""
    wanted = sorted(mondays)
    weeks: dict[date, list[TicketRow]] = {monday: [] for monday in wanted}
    last = wanted[-1] + timedelta(days=6)
    for row in TicketRow.objects.filter(place=place, on__gte=wanted[0], on__lte=last):
        monday = row.on - timedelta(days=row.on.weekday())
        if monday in weeks:
            weeks[monday].append(row)
    return {monday: {one.kind: one for one in _counted(rows)} for monday, rows in weeks.items()}


def _counted(tickets: Iterable[TicketRow]) -> tuple[KindCount, ...]:
    found: dict[Kind, list[TicketRow]] = {}
    for row in tickets:
        if row.stage == Stage.DONE:
            found.setdefault(Kind(row.kind), []).append(row)
    return tuple(
        KindCount(
            kind=kind, count=len(rows), minutes=sum(_minutes(row) for row in rows),
            not_finished=sum(row.outcome != Outcome.FINISHED for row in rows),
        )
        for kind, rows in sorted(found.items(), key=lambda pair: -len(pair[1]))
    )  # fmt: skip


def _pace(rows: Iterable[TicketRow]) -> Mapping[Kind, list[int]]:
    found: dict[Kind, list[int]] = {}
    for row in rows:
        if row.stage == Stage.DONE:
            found.setdefault(Kind(row.kind), []).append(_minutes(row))
    return found


def _minutes(row: TicketRow) -> int:
    if row.started_at is None or row.ended_at is None:
        return 0
    return max(1, round((row.ended_at - row.started_at).total_seconds() / 60))


def _rows(place: str, on: date) -> list[TicketRow]:
    return list(TicketRow.objects.filter(place=place, on=on).order_by("number"))


def _ticket(row: TicketRow) -> Ticket:
    return Ticket(
        number=row.number, kind=Kind(row.kind), stage=Stage(row.stage),
        issued=minute_of(row.issued_at.astimezone(JAPAN)), due=row.due, counter=row.counter,
    )  # fmt: skip
