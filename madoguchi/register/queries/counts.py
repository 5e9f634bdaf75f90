"""Counting, without names (人数)."""

from __future__ import annotations

from django.db import connection


def count_residents() -> int:
    """Count the people who live here now, those who plan to leave among them (住民基本台帳人口)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM register_person WHERE status IN ('RESIDENT', 'MOVE_OUT_PLANNED')"
        )
        (count,) = cursor.fetchone()
    return int(count)
