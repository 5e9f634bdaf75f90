"""What was kept long enough goes; what people decided stays without whom it was about (保存と消去)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from madoguchi.addressees.actions.learning import pairs_of
from madoguchi.addressees.domain.keeping import Keep
from madoguchi.addressees.models import (
    Choice,
    Entry,
    Label,
    List,
    StayRow,
    WriteBack,
    WriteBackRow,
)
from madoguchi.audit.api import record
from madoguchi.kernel.actor import Actor


def lists_to_close(keep: Keep, *, now: datetime) -> QuerySet[List]:
    """Return the lists nobody closed in time (閉じるリスト)."""
    return List.objects.filter(closed_at__isnull=True, taken_at__lt=keep.close_before(now))


def lists_to_forget(keep: Keep, *, now: datetime) -> QuerySet[List]:
    """Return the closed lists whose rows have been kept long enough (消すリスト)."""
    return List.objects.filter(closed_at__lt=keep.forget_before(now), forgotten_at__isnull=True)


def stays_to_forget(keep: Keep, *, now: datetime) -> QuerySet[StayRow]:
    """Return the stays that ended long enough ago (消す居所情報)."""
    return StayRow.objects.filter(ended_at__lt=keep.forget_before(now))


def is_anything_due(keep: Keep, *, now: datetime) -> bool:
    """Tell whether there is anything to close or to remove (することの有無)."""
    due = (lists_to_close, lists_to_forget, stays_to_forget)
    return any(one(keep, now=now).exists() for one in due)


def forget(*, keep: Keep, actor: Actor, now: datetime) -> None:
    """Close what stayed open, remove the rows of what was closed long ago (保存期間の見回り).

    Run it in ``unit.run_long`` with a look first whether anything is due: nothing done is no record.
    """
    gone = list(lists_to_forget(keep, now=now).values_list("list_id", flat=True))
    for list_id in gone:
        _forget_rows(list_id)
    List.objects.filter(list_id__in=gone).update(forgotten_at=now)
    closed = lists_to_close(keep, now=now).update(closed_at=now)
    stays, _ = stays_to_forget(keep, now=now).delete()
    record(
        actor=actor, action="ADDRESSEES_FORGOTTEN", subjects=[],
        detail={"closed": closed, "lists": len(gone), "stays": stays},
    )  # fmt: skip


def _forget_rows(list_id: str) -> None:
    """Remove a list's rows; of what people said, levels and answer stay: nobody's name or number."""
    entries = Entry.objects.filter(listed_id=list_id)
    Label.objects.bulk_create(
        (Label(levels=dict(one.levels), same=one.same) for one in pairs_of(entries)),
        batch_size=1_000,
    )
    WriteBackRow.objects.filter(write_back__listed_id=list_id).delete()
    WriteBack.objects.filter(listed_id=list_id).delete()
    Choice.objects.filter(entry__listed_id=list_id).delete()
    entries.delete()
