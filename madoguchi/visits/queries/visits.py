"""Who is served now, and what matters ended (来庁・用件の照会)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.visits.domain.figures import Ended, next_month
from madoguchi.visits.domain.matters import Ends
from madoguchi.visits.models import Matter, Visit


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterLine:
    """One matter as its page shows it (用件)."""

    kind: str
    planned: int
    ticked: tuple[str, ...]
    started_at: datetime
    outcome: str
    minutes: int | None
    is_open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitRow:
    """A visit with its matters in order (来庁)."""

    visit_id: str
    on: date
    place: str
    person_id: str
    ticket_id: str
    extended: bool
    started_at: datetime
    matters: tuple[MatterLine, ...]

    @property
    def now(self) -> MatterLine | None:
        """Return the matter in hand (いまの用件)."""
        return next((one for one in self.matters if one.is_open), None)


def has_visits() -> bool:
    """Tell whether anybody was ever served here (来庁の有無)."""
    return Visit.objects.exists()


def open_visit_of(actor: Actor) -> VisitRow | None:
    """Return whom this actor serves now (いまの来庁)."""
    row = Visit.objects.filter(staff_id=actor.staff_id, ended_at__isnull=True).first()
    return None if row is None else next(iter(_rows([row])))


def ended_today(actor: Actor, *, today: date, limit: int = 10) -> tuple[VisitRow, ...]:
    """List whom this actor served today, the last first (きょうの来庁)."""
    rows = Visit.objects.filter(staff_id=actor.staff_id, on=today, ended_at__isnull=False)
    return tuple(_rows(list(rows.order_by("-ended_at")[:limit])))


def ended_in(place: str, month: date) -> tuple[Ended, ...]:
    """Return the matters of a month's visits that ended, oldest first: nobody's name (用件の明細)."""
    rows = Matter.objects.filter(
        visit__place=place, visit__on__gte=month, visit__on__lt=next_month(month),
        ended_at__isnull=False,
    ).select_related("visit")  # fmt: skip
    return tuple(
        Ended(
            on=row.visit.on, place=row.visit.place, matter=row.kind, outcome=row.outcome,
            ends=Ends(row.ends), planned=row.planned, minutes=row.minutes,
            extended=row.visit.extended, booked=row.visit.booked,
        )
        for row in rows.order_by("ended_at", "matter_id")
    )  # fmt: skip


def _rows(visits: Iterable[Visit]) -> Iterable[VisitRow]:
    wanted = list(visits)
    matters: dict[str, list[MatterLine]] = {one.visit_id: [] for one in wanted}
    for row in Matter.objects.filter(visit__in=wanted).order_by("started_at", "matter_id"):
        matters[row.visit_id].append(
            MatterLine(
                kind=row.kind, planned=row.planned, ticked=tuple(row.ticked),
                started_at=row.started_at.astimezone(JAPAN), outcome=row.outcome,
                minutes=row.minutes, is_open=row.ended_at is None,
            )
        )  # fmt: skip
    for one in wanted:
        yield VisitRow(
            visit_id=one.visit_id, on=one.on, place=one.place, person_id=one.person_id,
            ticket_id=one.ticket_id, extended=one.extended,
            started_at=one.started_at.astimezone(JAPAN), matters=tuple(matters[one.visit_id]),
        )  # fmt: skip
