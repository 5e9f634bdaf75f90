"""Unlocks and endings that wait for a second officer (二人目の承認待ち)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Case, When

from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.protection import models
from madoguchi.protection.domain.gate import Use, hidden_from
from madoguchi.protection.domain.measures import EndReason
from madoguchi.protection.domain.unlocks import (
    Proposal,
    Requester,
    Unlock,
    UnlockState,
    basis_of,
    check_ending_officer,
    check_second_officer,
)
from madoguchi.protection.queries.measures import live_of


@dataclass(frozen=True, slots=True, kw_only=True)
class EndingRow:
    """A proposal to end a measure (終了の申請)."""

    ending_id: str
    measure_id: str
    case_no: int
    version: int
    live_version: int
    reason: EndReason
    words: str
    proposed_by: str
    proposed_name: str
    proposed_at: datetime
    mine_to_decide: bool

    @property
    def stale(self) -> bool:
        """Whether the measure changed after the proposal (状態の変化)."""
        return self.version != self.live_version


@dataclass(frozen=True, slots=True, kw_only=True)
class UnlockRow:
    """An unlock in the queue of the second officer (一時解除の申請)."""

    unlock: Unlock
    mine_to_decide: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Everything that waits for a second officer, oldest first (承認待ち)."""

    unlocks: tuple[UnlockRow, ...]
    endings: tuple[EndingRow, ...]


_UNLOCKS_WAITING = """
SELECT * FROM protection_unlock
 WHERE state = %(state)s AND proposal_ends_at > %(now)s ORDER BY proposed_at, unlock_id
"""
_ENDINGS_WAITING = """
SELECT e.*, m.case_no, m.version AS live_version
  FROM protection_ending e JOIN protection_measure m ON m.measure_id = e.measure_id
 WHERE e.state = 'PROPOSED' ORDER BY e.proposed_at, e.ending_id
"""
_WAITING_COUNT = """
SELECT (SELECT count(*) FROM protection_unlock
         WHERE state = %(state)s AND proposal_ends_at > %(now)s)
     + (SELECT count(*) FROM protection_ending WHERE state = 'PROPOSED')
"""


def _waiting_now() -> dict[str, str | datetime]:
    return {"state": UnlockState.PROPOSED.value, "now": clock.now()}


def list_waiting(*, actor: Actor) -> Waiting:
    """List what waits for a second officer; nothing for those who may not see it."""
    if hidden_from(actor):
        return Waiting(unlocks=(), endings=())
    # Written out: the clerk's home asks it each time, and Django is long in putting it together.
    unlocks = models.Unlock.objects.raw(_UNLOCKS_WAITING, _waiting_now())
    # With two columns of the measure, which the model does not name.
    endings: Iterable[Any] = models.Ending.objects.raw(_ENDINGS_WAITING)
    return Waiting(
        unlocks=tuple(
            UnlockRow(
                unlock=read_unlock(row),
                mine_to_decide=not check_second_officer(first_id=row.proposed_by, second=actor),
            )
            for row in unlocks
        ),
        endings=tuple(
            EndingRow(
                ending_id=row.ending_id,
                measure_id=row.measure_id,
                case_no=row.case_no,
                version=row.version,
                live_version=row.live_version,
                reason=EndReason(row.reason),
                words=row.words,
                proposed_by=row.proposed_by,
                proposed_name=row.proposed_name,
                proposed_at=row.proposed_at,
                mine_to_decide=not check_ending_officer(first_id=row.proposed_by, second=actor),
            )
            for row in endings
        ),
    )


def count_waiting(*, actor: Actor) -> int:
    """Count what ``list_waiting`` lists (承認待ちの件数)."""
    if hidden_from(actor):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_WAITING_COUNT, _waiting_now())
        return int(cursor.fetchone()[0])


def find_unlock(unlock_id: str, *, actor: Actor) -> Unlock | None:
    """Return one unlock as it stands, to those who may see protected persons (一時解除)."""
    if hidden_from(actor):
        return None
    row = models.Unlock.objects.filter(unlock_id=unlock_id).first()
    return read_unlock(row) if row else None


def newest_unlock(*, request_id: str, kind: str, use: str) -> Unlock | None:
    """Return the open unlock of exactly this request, kind and use, else the newest one."""
    is_open = Case(When(state__in=[UnlockState.PROPOSED, UnlockState.GRANTED], then=0), default=1)
    row = (
        models.Unlock.objects.filter(request_id=request_id, kind=kind, use=use)
        .order_by(is_open, "-proposed_at", "-unlock_id")
        .first()
    )
    return read_unlock(row) if row else None


def live_basis(person_ids: Iterable[str]) -> str:
    """Name the live state of everything that holds these persons (審査した状態)."""
    return basis_of((m.measure_id, m.version) for m in live_of(person_ids))


def read_unlock(row: models.Unlock) -> Unlock:
    """Read a stored unlock."""
    return Unlock(
        unlock_id=row.unlock_id,
        proposal=Proposal(
            request_id=row.request_id,
            kind=row.kind,
            use=Use(row.use),
            person_ids=frozenset(row.person_ids),
            requester=Requester(row.requester),
            reason=row.reason,
        ),
        state=UnlockState(row.state),
        basis=row.basis,
        proposed_by=row.proposed_by,
        proposed_name=row.proposed_name,
        proposed_at=row.proposed_at,
        proposal_ends_at=row.proposal_ends_at,
        granted_by=row.granted_by,
        granted_name=row.granted_name,
        expires_at=row.expires_at,
    )
