"""Write-backs and stays, as rows (書き戻しと居所情報の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count

from madoguchi.addressees.models import StayRow, WriteBack
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import seen

SHOWN_MAX = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteBackLine:
    """One write-back (書き戻しの1件)."""

    write_back_id: str
    written_at: datetime
    rows: int
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StayLine:
    """One stay with whose it is (居所情報の1件)."""

    stay_id: str
    person_id: str
    name: str
    kana: str
    address: str
    since: date
    until: date | None


def list_write_backs(list_id: str) -> tuple[WriteBackLine, ...]:
    """List a list's write-backs, newest first (書き戻しの一覧)."""
    kept = WriteBack.objects.filter(listed_id=list_id).annotate(rows=Count("changes"))
    return tuple(
        WriteBackLine(
            write_back_id=one.write_back_id, written_at=one.written_at, rows=one.rows,
            undone_at=one.undone_at,
        )
        for one in kept.order_by("-written_at")[:SHOWN_MAX]
    )  # fmt: skip


def list_stays(*, actor: Actor) -> tuple[StayLine, ...]:
    """List the stays that go on, of people this actor may see (居所情報の一覧)."""
    kept = list(StayRow.objects.filter(ended_at__isnull=True).order_by("since", "stay_id"))
    people = seen.find_persons({one.person_id for one in kept}, actor=actor)
    return tuple(
        StayLine(
            stay_id=one.stay_id, person_id=one.person_id, name=people[one.person_id].name,
            kana=people[one.person_id].name_kana, address=one.address, since=one.since,
            until=one.until,
        )
        for one in kept
        if one.person_id in people
    )  # fmt: skip
