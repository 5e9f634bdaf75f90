"""Errands and the systems they must reach (用件・連携先)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from madoguchi.kernel.actor import Actor
from madoguchi.protection import models
from madoguchi.protection.domain.errands import (
    DEFAULT_SETTINGS,
    Channel,
    Errand,
    ErrandKind,
    ErrandStep,
    channels_for,
)
from madoguchi.protection.domain.gate import hidden_from


def list_open_errands(*, actor: Actor) -> tuple[Errand, ...]:
    """List errands that are not done, oldest first (未了の用件)."""
    if hidden_from(actor):
        return ()
    rows = models.Errand.objects.filter(done_at=None).order_by("received_at", "errand_id")
    return _read(rows)


def count_open_errands(*, actor: Actor) -> int:
    """Count errands that are not done (未了の件数)."""
    if hidden_from(actor):
        return 0
    return models.Errand.objects.filter(done_at=None).count()


def list_errands_of(measure_id: str, *, actor: Actor) -> tuple[Errand, ...]:
    """List the errands of one measure, oldest first (用件の経過)."""
    if hidden_from(actor):
        return ()
    rows = models.Errand.objects.filter(measure_id=measure_id).order_by("received_at", "errand_id")
    return _read(rows)


def find_errand(errand_id: str) -> Errand | None:
    """Return one errand, or None."""
    found = _read(models.Errand.objects.filter(errand_id=errand_id))
    return found[0] if found else None


def list_channels(*, kind: ErrandKind, on: date) -> tuple[Channel, ...]:
    """List the systems an errand of this kind must reach on a day, in their order (連携先)."""
    rows = models.Channel.objects.order_by("position")
    return channels_for(
        (
            Channel(
                code=row.code,
                asks_gate=row.asks_gate,
                only_for=ErrandKind(row.only_for) if row.only_for else None,
                valid_from=row.valid_from,
                valid_to=row.valid_to,
            )
            for row in rows
        ),
        kind=kind,
        day=on,
    )


def setting(name: str, *, on: date) -> int:
    """Return the number that counts on a day: the town's own, else the default (設定値)."""
    row = models.Setting.objects.filter(name=name, valid_from__lte=on).order_by("-valid_from")[:1]
    return row[0].value if row else DEFAULT_SETTINGS[name]


def _read(rows: Iterable[models.Errand]) -> tuple[Errand, ...]:
    found = list(rows)
    if not found:
        return ()
    steps: dict[str, list[ErrandStep]] = {}
    for step in (
        models.ErrandStep.objects.filter(errand_id__in=[row.errand_id for row in found])
        .select_related("channel")
        .order_by("channel__position")
    ):
        steps.setdefault(step.errand_id, []).append(
            ErrandStep(
                channel=step.channel_id,
                asks_gate=step.channel.asks_gate,
                confirmed_at=step.confirmed_at,
                confirmed_by=step.confirmed_by,
            )
        )
    return tuple(
        Errand(
            errand_id=row.errand_id,
            kind=ErrandKind(row.kind),
            from_town=row.from_town,
            reference_no=row.reference_no,
            received_at=row.received_at,
            received_by=row.received_by,
            measure_id=row.measure_id,
            steps=tuple(steps.get(row.errand_id, ())),
        )
        for row in found
    )
