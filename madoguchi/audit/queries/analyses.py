"""What to look out for: night and holiday looks, failed sign-ins, bulk looks (分析; SPEC1 10.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection

from madoguchi.audit.domain import Entry, Kind
from madoguchi.audit.models import AuditEntry
from madoguchi.audit.queries.entries import entry_of
from madoguchi.infra.clock import JAPAN, start_of
from madoguchi.infra.office import is_holiday

LINES_MAX = 200

#: More persons than this seen by one staff member in one hour is worth a question.
BULK_PERSONS_AN_HOUR = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line of an analysis: who, when it was last, how often, how many persons."""

    staff_id: str
    at: datetime
    times: int
    persons: int
    note: str = ""


def list_looks_at(person_id: str, *, since: date, until: date) -> tuple[Entry, ...]:
    """List who looked at this person, newest first (この人を見た職員)."""
    rows = AuditEntry.objects.filter(
        subjects__contains=[person_id],
        kind=Kind.LOOK.value,
        at__gte=start_of(since),
        at__lt=start_of(until + timedelta(days=1)),
    ).order_by("-seq")
    return tuple(entry_of(row) for row in rows[:LINES_MAX])


def list_looks_out_of_hours(*, since: date, until: date) -> tuple[Entry, ...]:
    """List looks at night, on weekends and on holidays, newest first (時間外・休日の閲覧).

    Office hours are 8:30 to 17:15 on working days; holidays are the national ones and
    29 December to 3 January (地方公共団体の休日).
    """
    rows = AuditEntry.objects.raw(
        """
        SELECT * FROM audit_entry
        WHERE kind = 'LOOK' AND at >= %s AND at < %s
          AND ((at AT TIME ZONE 'Asia/Tokyo')::time NOT BETWEEN '08:30' AND '17:15'
               OR extract(isodow FROM at AT TIME ZONE 'Asia/Tokyo') IN (6, 7)
               OR (at AT TIME ZONE 'Asia/Tokyo')::date = ANY(%s))
        ORDER BY seq DESC LIMIT %s
        """,
        [
            start_of(since),
            start_of(until + timedelta(days=1)),
            holidays_between(since, until),
            LINES_MAX,
        ],
    )
    return tuple(entry_of(row) for row in rows)


def holidays_between(since: date, until: date) -> list[date]:
    """Return every public holiday and year-end closing day between two days (休日)."""
    days = (since + timedelta(days=n) for n in range((until - since).days + 1))
    return [day for day in days if is_holiday(day)]


def list_failed_sign_ins(*, since: date, until: date) -> tuple[Line, ...]:
    """Count failed sign-ins by id and address, most first (認証の失敗)."""
    return _lines(
        """
        SELECT staff_id, max(at), count(*), 0, coalesce(detail->>'address', '')
        FROM audit_entry
        WHERE kind = 'SIGN_IN' AND action = 'SIGN_IN_FAILED' AND at >= %s AND at < %s
        GROUP BY staff_id, coalesce(detail->>'address', '')
        ORDER BY count(*) DESC, max(at) DESC LIMIT %s
        """,
        since,
        until,
    )


def list_sign_ins_by_id(*, since: date, until: date) -> tuple[Line, ...]:
    """Count sign-ins by id, most first, with the number of addresses (職員番号ごとの認証)."""
    return _lines(
        """
        SELECT staff_id, max(at), count(*), 0,
               count(DISTINCT coalesce(detail->>'address', ''))::text
        FROM audit_entry
        WHERE kind = 'SIGN_IN' AND action LIKE '%%SIGNED\\_IN' AND at >= %s AND at < %s
        GROUP BY staff_id ORDER BY count(*) DESC, staff_id LIMIT %s
        """,
        since,
        until,
    )


def list_bulk_looks(
    *, since: date, until: date, persons_an_hour: int = BULK_PERSONS_AN_HOUR
) -> tuple[Line, ...]:
    """List hours in which one staff member saw very many persons (大量の閲覧)."""
    return _lines(
        """
        SELECT staff_id, max(at), count(DISTINCT seq), count(DISTINCT subject),
               to_char(date_trunc('hour', at AT TIME ZONE 'Asia/Tokyo'), 'HH24') || '時台'
        FROM audit_entry, unnest(subjects) AS subject
        WHERE kind = 'LOOK' AND at >= %s AND at < %s
        GROUP BY staff_id, date_trunc('hour', at AT TIME ZONE 'Asia/Tokyo')
        HAVING count(DISTINCT subject) > %s
        ORDER BY count(DISTINCT subject) DESC, max(at) DESC LIMIT %s
        """,
        since,
        until,
        persons_an_hour,
    )


def _lines(sql: str, since: date, until: date, *more: int) -> tuple[Line, ...]:
    with connection.cursor() as cursor:
        cursor.execute(
            sql, [start_of(since), start_of(until + timedelta(days=1)), *more, LINES_MAX]
        )
        return tuple(
            Line(staff_id=who, at=at.astimezone(JAPAN), times=times, persons=persons, note=note)
            for who, at, times, persons, note in cursor.fetchall()
        )
