"""Measures as lists and one by one (支援措置の一覧)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.domain import measures as rules
from madoguchi.protection.domain.gate import hidden_from
from madoguchi.protection.domain.measures import Measure
from madoguchi.protection.models import Forwarding, Perpetrator, Step
from madoguchi.protection.queries.gate import read_measure

PAGE = 100

_SELECT = """
SELECT m.*, (SELECT array_agg(p.person_id) FROM protection_member p
              WHERE p.measure_id = m.measure_id) AS members,
       (SELECT array_agg(s.channel_id ORDER BY c.position)
          FROM protection_errand e JOIN protection_errand_step s ON s.errand_id = e.errand_id
          JOIN protection_channel c ON c.code = s.channel_id
         WHERE e.measure_id = m.measure_id AND s.confirmed_at IS NULL) AS waiting,
       EXISTS (SELECT FROM protection_ending n
                WHERE n.measure_id = m.measure_id AND n.state = 'PROPOSED') AS end_proposed
  FROM protection_measure m
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureRow:
    """A measure with what is to be done about it (支援措置の行)."""

    measure: Measure
    alerts: tuple[Problem, ...]
    waiting: tuple[str, ...]
    end_proposed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NotEffective:
    """Accepted, but some system does not know yet; no row may be left in the evening."""

    measure_id: str | None
    errand_id: str | None
    case_no: int | None
    from_town: str
    since: date
    waiting: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepRow:
    """One step in the life of a measure (経過)."""

    version: int
    name: str
    state: str
    begins_on: date | None
    ends_on: date | None
    at: datetime
    staff_name: str
    second_name: str


def list_measures(*, actor: Actor, page: int = 1) -> tuple[MeasureRow, ...]:
    """List live measures: not in effect first, then over, then ending, then the rest.

    To an actor without SEE_PROTECTED there are none.
    """
    if hidden_from(actor):
        return ()
    today = clock.today()
    order = """
    WHERE m.state <> 'ENDED'
    ORDER BY CASE WHEN m.state = 'ACCEPTED' THEN 0 WHEN m.state = 'PROVISIONAL' THEN 3
                  WHEN m.ends_on < %(today)s THEN 1
                  WHEN m.ends_on <= %(today)s + interval '1 month 4 days' THEN 2
                  ELSE 4 END, m.ends_on, m.case_no
    LIMIT %(limit)s OFFSET %(offset)s
    """
    given: dict[str, int | date] = {
        "today": today,
        "limit": PAGE,
        "offset": PAGE * (max(page, 1) - 1),
    }
    return _rows(_SELECT + order, given, today=today)


def list_expiring(*, actor: Actor) -> tuple[MeasureRow, ...]:
    """List measures in their last month or over, soonest end first (A3, A4)."""
    if hidden_from(actor):
        return ()
    today = clock.today()
    where = """
    WHERE m.state = 'FULL' AND m.ends_on <= %(today)s + interval '1 month 4 days'
    ORDER BY m.ends_on, m.case_no
    """
    # The query takes a few days too many: the exact month is a rule of the domain.
    return tuple(
        row
        for row in _rows(_SELECT + where, {"today": today}, today=today)
        if rules.is_over(row.measure, today=today) or rules.ends_soon(row.measure, today=today)
    )


def find_measure(measure_id: str, *, actor: Actor) -> MeasureRow | None:
    """Return one measure, ended ones too; None without the right, as for an unknown id."""
    if hidden_from(actor):
        return None
    rows = _rows(_SELECT + "WHERE m.measure_id = %(id)s", {"id": measure_id}, today=clock.today())
    return rows[0] if rows else None


def list_accepted_not_effective(*, actor: Actor) -> tuple[NotEffective, ...]:
    """List what was accepted and is not in effect everywhere (Oamishirasato, 2023).

    Both a measure that some system has not confirmed and another town's request that has
    not even become a measure. Must be empty each evening.
    """
    return () if hidden_from(actor) else _not_effective()


def count_not_effective() -> int:
    """Count what is accepted and not in effect, for the evening check (夕方の点検)."""
    return len(_not_effective())


def count_held_wrongly() -> int:
    """Count persons in whom the table of held persons and the measures differ; must be 0."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH live AS (SELECT DISTINCT p.person_id FROM protection_member p
                            JOIN protection_measure m ON m.measure_id = p.measure_id
                           WHERE m.state <> 'ENDED')
            SELECT count(*) FROM live FULL JOIN protection_held h USING (person_id)
             WHERE live.person_id IS NULL OR h.person_id IS NULL
            """
        )
        (count,) = cursor.fetchone()
    return int(count)


def list_steps(measure_id: str, *, actor: Actor) -> tuple[StepRow, ...]:
    """List the steps of a measure, oldest first (経過)."""
    if hidden_from(actor):
        return ()
    return tuple(
        StepRow(
            version=row.version,
            name=row.name,
            state=row.state,
            begins_on=row.begins_on,
            ends_on=row.ends_on,
            at=row.at,
            staff_name=row.staff_name,
            second_name=row.second_name,
        )
        for row in Step.objects.filter(measure_id=measure_id).order_by("version")
    )


def find_reference(measure_id: str, *, actor: Actor) -> str | None:
    """Return the words about the perpetrator, to those who may see protected persons."""
    if not actor.may(Right.SEE_PROTECTED):
        return None
    row = Perpetrator.objects.filter(measure_id=measure_id).first()
    return row.reference if row else ""


def list_forwardings(measure_id: str, *, actor: Actor) -> tuple[tuple[str, date], ...]:
    """List the towns that were told, with the day (転送先)."""
    if hidden_from(actor):
        return ()
    rows = Forwarding.objects.filter(measure_id=measure_id).order_by("sent_on", "id")
    return tuple((row.town_code, row.sent_on) for row in rows)


def live_of(person_ids: Iterable[str]) -> tuple[Measure, ...]:
    """Return every live measure that holds one of these persons, by case number."""
    where = """
    WHERE m.state <> 'ENDED' AND m.measure_id IN (
          SELECT p.measure_id FROM protection_member p WHERE p.person_id = ANY(%(ids)s::text[]))
    ORDER BY m.case_no
    """
    return tuple(_load(row) for row in _fetch(_SELECT + where, {"ids": list(set(person_ids))}))


def measures_by_id(measure_ids: Iterable[str]) -> tuple[Measure, ...]:
    """Return these measures as they stand, by case number."""
    where = "WHERE m.measure_id = ANY(%(ids)s::text[]) ORDER BY m.case_no"
    return tuple(_load(row) for row in _fetch(_SELECT + where, {"ids": list(set(measure_ids))}))


def _not_effective() -> tuple[NotEffective, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT m.measure_id, e.errand_id, m.case_no, m.from_town, m.accepted_on,
                   array_agg(s.channel_id) FILTER (WHERE s.confirmed_at IS NULL)
              FROM protection_measure m
              LEFT JOIN protection_errand e ON e.measure_id = m.measure_id AND e.kind = 'SET'
              LEFT JOIN protection_errand_step s ON s.errand_id = e.errand_id
             WHERE m.state = 'ACCEPTED'
             GROUP BY m.measure_id, e.errand_id
            UNION ALL
            SELECT NULL, e.errand_id, NULL, e.from_town,
                   (e.received_at AT TIME ZONE 'Asia/Tokyo')::date,
                   array_agg(s.channel_id) FILTER (WHERE s.confirmed_at IS NULL)
              FROM protection_errand e
              LEFT JOIN protection_errand_step s ON s.errand_id = e.errand_id
             WHERE e.measure_id IS NULL
             GROUP BY e.errand_id
             ORDER BY 5, 2
            """
        )
        rows = cursor.fetchall()
    return tuple(
        NotEffective(
            measure_id=row[0],
            errand_id=row[1],
            case_no=row[2],
            from_town=row[3],
            since=row[4],
            waiting=tuple(sorted(row[5] or ())),
        )
        for row in rows
    )


def _rows(
    sql: str, given: Mapping[str, str | int | date | list[str]], *, today: date
) -> tuple[MeasureRow, ...]:
    found = []
    for row in _fetch(sql, given):
        measure = _load(row)
        found.append(
            MeasureRow(
                measure=measure,
                alerts=rules.alerts_of(measure, today=today),
                waiting=tuple(row["waiting"] or ()),
                end_proposed=row["end_proposed"],
            )
        )
    return tuple(found)


def _load(row: Mapping[str, Any]) -> Measure:
    measure = read_measure(row)
    # Constraints of the table let only known codes in.
    assert measure is not None, "a stored measure with an unknown code"
    return measure


def _fetch(sql: str, given: Mapping[str, str | int | date | list[str]]) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, given)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
