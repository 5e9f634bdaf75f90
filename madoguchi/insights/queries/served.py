"""The desk's own log: whom the line's numbers brought to the counter, nobody's name (窓口の記録)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import connection

from madoguchi.infra.clock import JAPAN
from madoguchi.insights.domain.twin.fitting import Served
from madoguchi.insights.domain.twin.scenario import WEEK

_SQL = """
SELECT "on", kind, came_at, began_at, ended_at, needs_terminal FROM appointments_out_served
WHERE place = %s AND "on" >= %s AND "on" < %s AND extract(isodow FROM "on") <= %s
  AND ended_at > began_at AND ended_at < ("on" + 1)::timestamp AT TIME ZONE 'Asia/Tokyo'
ORDER BY "on", came_at
"""


def list_served(place: str, *, since: date, until: date, opens_at: int) -> tuple[Served, ...]:
    """List what was done at a place on office days before ``until``, by minutes from opening (記録).

    A matter that was forgotten over a night is no measure of anything and is left out.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [place, since, until, WEEK])
        rows = cursor.fetchall()

    def minute(moment: datetime) -> float:
        local = moment.astimezone(JAPAN)
        return local.hour * 60 + local.minute + local.second / 60 - opens_at

    return tuple(
        Served(
            on=on, service=kind, came=minute(came), began=minute(began), ended=minute(ended),
            terminal=terminal,
        )
        for on, kind, came, began, ended, terminal in rows
    )  # fmt: skip
