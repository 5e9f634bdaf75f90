"""How visits went, for figures: no name, no number, no person (来庁の歩み)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from madoguchi.appointments.api import at_counter
from madoguchi.visits.models import Visit


def steps_of_visits(*, since: datetime, until: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """List the steps of visits begun from ``since`` to ``until``: number taken, called, matters (来庁の歩み).

    Each row is an id of ours that leads nowhere outside, a code, and the moment; a matter's code
    is its kind.
    """
    found = Visit.objects.filter(
        started_at__gte=since, started_at__lt=until, ended_at__isnull=False
    )
    rows = list(found.order_by("visit_id").prefetch_related("matters"))
    waits = at_counter.moments_of(one.ticket_id for one in rows if one.ticket_id)
    return tuple(step for one in rows for step in _steps(one, waits.get(one.ticket_id)))


def _steps(
    one: Visit, wait: tuple[datetime, datetime | None] | None
) -> Iterator[tuple[str, str, datetime]]:
    if wait is not None:
        yield one.visit_id, "TICKET", wait[0]
        if wait[1] is not None:
            yield one.visit_id, "CALLED", wait[1]
    yield one.visit_id, "BEGAN", one.started_at
    for matter in sorted(one.matters.all(), key=lambda each: each.started_at):
        yield one.visit_id, matter.kind, matter.started_at
    assert one.ended_at is not None, "asked for above"
    yield one.visit_id, "ENDED", one.ended_at
