"""When cards and certificates run out, for planning the months to come (期限の見通し).

A card that is in its holder's hands, the newest of each person; a certificate that counts. Whoever
is dead or has moved away has nothing to renew. To somebody without the right, held people are in
no count and no list.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from madoguchi.kernel.actor import Actor
from madoguchi.protection.api import hidden_from

# One line a person and day: a certificate that ends with its card is renewed with it, and both
# certificates of a person are renewed in one visit.
_RUNNING_OUT = """
WITH card AS (
    SELECT DISTINCT ON (person_id) person_id, expires_on FROM cards_card
    WHERE state = 'HANDED_OVER' AND person_id <> '' AND expires_on IS NOT NULL
    ORDER BY person_id, expires_on DESC
), certificate AS (
    SELECT person_id, min(valid_until) AS ends_on FROM cards_certificate
    WHERE state = 'VALID' AND valid_until >= %(first)s GROUP BY person_id
), running_out AS (
    SELECT person_id, expires_on AS ends_on, 'CARD' AS what FROM card
    UNION ALL
    SELECT person_id, ends_on, 'CERTIFICATE' FROM certificate
    WHERE NOT EXISTS (SELECT FROM card WHERE card.person_id = certificate.person_id
                      AND card.expires_on <= certificate.ends_on)
)
SELECT {wanted} FROM running_out JOIN register_out_names USING (person_id)
WHERE ends_on >= %(first)s AND ends_on < %(until)s
  AND status IN ('RESIDENT', 'MOVE_OUT_PLANNED')
  AND NOT (%(hides)s AND is_protected)
{order}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsOut:
    """Somebody's card or certificate that runs out on a day (期限の切れるもの)."""

    person_id: str
    on: date
    what: str
    name: str
    kana: str
    area: str


def count_running_out(first: date, until: date, *, actor: Actor) -> dict[tuple[date, str], int]:
    """Count by month what runs out from a day to before another (月ごとの数)."""
    text = _RUNNING_OUT.format(
        wanted="date_trunc('month', ends_on)::date, what, count(*)", order="GROUP BY 1, 2"
    )
    return {(month, what): count for month, what, count in _ask(text, first, until, actor=actor)}


def list_running_out(first: date, until: date, *, actor: Actor) -> tuple[RunsOut, ...]:
    """List whose card or certificate runs out, the first to run out first (期限の一覧)."""
    text = _RUNNING_OUT.format(
        wanted="person_id, ends_on, what, name, kana, area", order="ORDER BY ends_on, person_id"
    )
    return tuple(
        RunsOut(person_id=person_id, on=on, what=what, name=name, kana=kana, area=area or "")
        for person_id, on, what, name, kana, area in _ask(text, first, until, actor=actor)
    )


def _ask(text: str, first: date, until: date, *, actor: Actor) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(text, {"first": first, "until": until, "hides": hidden_from(actor)})
        found: list[tuple[Any, ...]] = cursor.fetchall()
    return found
