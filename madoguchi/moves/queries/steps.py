"""What became of those who came to move in, for figures: nobody is in it (転入の歩み)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Count, Max, Q

from madoguchi.moves.domain.tasks import TaskState
from madoguchi.moves.models import MoveCase, Task

Step = tuple[str, str, datetime]


def steps_of_moves(*, since: datetime, until: datetime) -> tuple[Step, ...]:
    """List the steps of cases opened from ``since`` to ``until`` and over: filed or given up, tasks done.

    Each row is an id of ours that leads nowhere outside, a code, and the moment. Cases of
    protected people are left out: nobody may count them who may not see them.
    """
    found = list(
        MoveCase.objects.filter(
            opened_at__gte=since, opened_at__lt=until, closed_at__isnull=False, is_protected=False
        ).order_by("case_id")
    )
    done = _done({one.filing_id for one in found if one.filing_id})
    return tuple(step for one in found for step in _steps(one, done.get(one.filing_id)))


def _steps(one: MoveCase, done_at: datetime | None) -> Iterator[Step]:
    assert one.closed_at is not None, "asked for above"
    yield one.case_id, "OPENED", one.opened_at
    yield one.case_id, "FILED" if one.filing_id else "GIVEN_UP", one.closed_at
    if done_at is not None:
        yield one.case_id, "TASKS_DONE", max(done_at, one.closed_at)


def _done(filings: set[str]) -> dict[str, datetime]:
    """Return when the last task of a filing was done; one with a task open is not there."""
    rows = (
        Task.objects.filter(filing_id__in=filings)
        .values("filing_id")
        .annotate(last=Max("done_at"), still=Count("task_id", filter=Q(state=TaskState.OPEN.value)))
    )
    return {
        row["filing_id"]: row["last"]
        for row in rows
        if not row["still"] and row["last"] is not None
    }
