"""A few letters that wait in the demo town, so that the page has something to do (デモの手紙)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

from madoguchi.dispatch.api import enqueue
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor

#: As many as one box brings (assumed).
LETTERS = 12
_BRING = (
    ("この紙と 交付通知書のはがき", "運転免許証など 顔写真のある書類 1点"),
    ("この紙と 交付通知書のはがき", "資格確認書・年金手帳など 2点", "古いマイナンバーカード"),
)


def queue_demo_letters(*, actor: Actor, now: datetime) -> None:
    """Queue notices to the first adults of the town, with invented numbers (デモの手紙)."""
    today = now.astimezone(JAPAN).date()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person_id FROM register_out_names WHERE status = 'RESIDENT'"
            " AND birth_sort < %s ORDER BY person_id LIMIT %s",
            [today - timedelta(days=20 * 366), LETTERS],
        )
        persons = [person_id for (person_id,) in cursor.fetchall()]
    for number, person_id in enumerate(persons, start=1):
        enqueue(
            kind="ISSUE_NOTICE",
            person_id=person_id,
            about_no=f"MDG-{number:06d}",
            sort_key=f"C-1-{number:02d}",
            content={
                "bring": list(_BRING[number % 2]),
                "place": "町民生活課 2番窓口",
                "hours": ["平日 8時30分から17時15分まで", "第2・第4月曜日は 19時まで"],
                "first_on": today.isoformat(),
                "last_on": (today + timedelta(days=90)).isoformat(),
                "phone": settings.MADOGUCHI_OFFICE_PHONE,
            },
            actor=actor,
            now=now,
        )
