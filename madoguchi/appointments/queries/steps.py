"""When numbers were taken and called, for figures: no name and no number of the paper (待ちの歩み)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from madoguchi.appointments.models import Ticket


def moments_of(ticket_ids: Iterable[str]) -> Mapping[str, tuple[datetime, datetime | None]]:
    """Return of each ticket when it was taken, and when it was called last, if it was (待ち)."""
    rows = Ticket.objects.filter(ticket_id__in=set(ticket_ids))
    return {
        ticket_id: (issued, called)
        for ticket_id, issued, called in rows.values_list("ticket_id", "issued_at", "called_at")
    }
