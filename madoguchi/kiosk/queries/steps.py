"""How sessions at the machines went, for figures; a session knows nobody any more (利用の歩み)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from madoguchi.kiosk.models import Payment, Session


def steps_of_sessions(*, since: datetime, until: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """List the steps of sessions begun from ``since`` to ``until`` and over by now (利用の歩み).

    Practice is no journey. Each row is an id of ours that leads nowhere outside, a code, and the
    moment; how a session ended is its last code.
    """
    found = Session.objects.filter(
        opened_at__gte=since, opened_at__lt=until, ended_at__isnull=False
    ).exclude(mode="PRACTICE")
    rows = list(found.order_by("session_id"))
    paid: dict[str, list[datetime]] = {}
    for session_id, at in Payment.objects.filter(
        session_id__in=[one.session_id for one in rows], paid_at__isnull=False
    ).values_list("session_id", "paid_at"):
        assert at is not None, "asked for above"
        paid.setdefault(session_id, []).append(at)
    return tuple(step for one in rows for step in _steps(one, paid.get(one.session_id, [])))


def _steps(one: Session, paid: list[datetime]) -> Iterator[tuple[str, str, datetime]]:
    yield one.session_id, "OPENED", one.opened_at
    if one.proven_at is not None:
        yield one.session_id, "PROVEN", one.proven_at
    for at in sorted(paid):
        yield one.session_id, "PAID", at
    assert one.ended_at is not None, "asked for above"
    yield one.session_id, one.end, one.ended_at
