"""Serial numbers without gaps, one row a day and terminal (発行番号の採番)."""

from __future__ import annotations

from datetime import date

from django.db import connection


def next_serials(*, day: date, terminal: str, count: int) -> int:
    """Take ``count`` numbers and return the first; they come back if the unit rolls back.

    The row is locked until the commit, so two presses at one terminal wait for each other
    for milliseconds and no number is ever skipped or given twice.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO certificates_serial AS s (day, terminal, last) VALUES (%s, %s, %s)"
            " ON CONFLICT (day, terminal) DO UPDATE SET last = s.last + excluded.last"
            " RETURNING last",
            [day, terminal, count],
        )
        (last,) = cursor.fetchone()
    return int(last) - count + 1
