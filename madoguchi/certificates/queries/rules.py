"""The dated rules: fees and stops (手数料表・停止)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from madoguchi.certificates.domain.kinds import Channel, Fee, Kind
from madoguchi.certificates.models import FeeRule, Stop


def fees_of(*, kind: Kind, channel: Channel) -> tuple[Fee, ...]:
    """Return the rows of the fee table for one kind and channel, whatever their days (手数料表)."""
    return tuple(
        Fee(
            kind=Kind(row.kind), channel=Channel(row.channel), yen=row.yen,
            valid_from=row.valid_from, valid_until=row.valid_until,
        )
        for row in FeeRule.objects.filter(kind=kind, channel=channel).order_by("valid_from")
    )  # fmt: skip


def is_stopped(*, kind: Kind, channel: Channel) -> bool:
    """Tell whether this kind may not leave now on this channel: read each time (I11)."""
    return Stop.objects.filter(
        Q(channel="") | Q(channel=channel), kind=kind, lifted_at__isnull=True
    ).exists()


@dataclass(frozen=True, slots=True, kw_only=True)
class StopRow:
    """A stop that stands or stood (停止の記録)."""

    stop_id: int
    kind: str
    channel: str
    reason: str
    stopped_by: str
    stopped_at: datetime
    lifted_at: datetime | None


def list_stops() -> tuple[StopRow, ...]:
    """List the stops that stand, newest first (停止中の種類)."""
    return tuple(
        StopRow(
            stop_id=row.id, kind=row.kind, channel=row.channel, reason=row.reason,
            stopped_by=row.stopped_by, stopped_at=row.stopped_at, lifted_at=row.lifted_at,
        )
        for row in Stop.objects.filter(lifted_at__isnull=True).order_by("-stopped_at")
    )  # fmt: skip
