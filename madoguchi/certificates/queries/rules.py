"""The dated rules: fees and stops (手数料表・停止)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from madoguchi.certificates.domain.definitions import kinds_on
from madoguchi.certificates.domain.kinds import Channel, Fee, Kind, fee_on
from madoguchi.certificates.models import FeeRule, Stop
from madoguchi.kernel.outcome import Problem


def fees_of(*, kind: Kind, channel: Channel) -> tuple[Fee, ...]:
    """Return the rows of the fee table for one kind and channel, whatever their days (手数料表)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT yen, valid_from, valid_until FROM certificates_fee_rule"
            " WHERE kind = %s AND channel = %s ORDER BY valid_from",
            [kind.value, channel.value],
        )
        rows = cursor.fetchall()
    return tuple(
        Fee(kind=kind, channel=channel, yen=yen, valid_from=first, valid_until=last)
        for yen, first, last in rows
    )


def fees_and_stop(*, kind: Kind, channel: Channel) -> tuple[tuple[Fee, ...], bool]:
    """Return the fee rows and whether the kind is stopped, by one question (手数料・停止)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT yen, valid_from, valid_until FROM certificates_fee_rule"
            " WHERE kind = %s AND channel = %s"
            " UNION ALL SELECT -1, NULL, NULL FROM certificates_stop"
            " WHERE kind = %s AND lifted_at IS NULL AND channel IN ('', %s)",
            [kind.value, channel.value, kind.value, channel.value],
        )
        rows = cursor.fetchall()
    fees = tuple(
        Fee(kind=kind, channel=channel, yen=yen, valid_from=first, valid_until=last)
        for yen, first, last in rows
        if first is not None
    )
    return fees, len(fees) < len(rows)


def fee_at(*, kind: str, channel: str, on: date) -> int | None:
    """Return what one copy costs on a channel that day; None where it is not given (手数料)."""
    if kind not in set(Kind) or channel not in set(Channel):
        return None
    rows, stopped = fees_and_stop(kind=Kind(kind), channel=Channel(channel))
    fee = fee_on(rows, kind=Kind(kind), channel=Channel(channel), on=on)
    return None if stopped or isinstance(fee, Problem) else fee


def is_stopped(*, kind: Kind, channel: Channel) -> bool:
    """Tell whether this kind may not leave now on this channel: read each time (I11)."""
    with connection.cursor() as cursor:
        # Plain SQL, as below: both stand in the middle of every press.
        cursor.execute(
            "SELECT EXISTS (SELECT FROM certificates_stop"
            " WHERE kind = %s AND lifted_at IS NULL AND channel IN ('', %s))",
            [kind.value, channel.value],
        )
        (found,) = cursor.fetchone()
    return bool(found)


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


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """A row of the fee table as shown (手数料の行)."""

    fee_id: int
    kind: str
    channel: str
    yen: int
    valid_from: date
    valid_until: date | None
    stands: bool


def list_fees(*, today: date) -> tuple[FeeLine, ...]:
    """List the fees that stand or are to come, of kinds given there, by kind and channel (手数料表)."""
    order = {kind.value: place for place, kind in enumerate(Kind)}
    given = {(kind.value, channel.value) for channel in Channel for kind in kinds_on(channel)}
    rows = FeeRule.objects.exclude(valid_until__lt=today).order_by("channel", "valid_from")
    found = [
        FeeLine(
            fee_id=row.id, kind=row.kind, channel=row.channel, yen=row.yen,
            valid_from=row.valid_from, valid_until=row.valid_until, stands=row.valid_from <= today,
        )
        for row in rows
        if (row.kind, row.channel) in given
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: order[one.kind]))
