"""The weights that count now (いまの重み)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.addressees.domain.linkage import FieldWeights
from madoguchi.addressees.domain.weights import BY_HAND
from madoguchi.addressees.models import Learnt


@dataclass(frozen=True, slots=True, kw_only=True)
class LearntRow:
    """Weights once learned (学んだ重み)."""

    learnt_id: str
    weights: tuple[FieldWeights, ...]
    labels: int
    pairs: int
    learnt_at: datetime
    adopted_at: datetime | None


def weights_now() -> tuple[FieldWeights, ...]:
    """Return the weights adopted last, else those set by hand (いまの重み)."""
    kept = Learnt.objects.filter(adopted_at__isnull=False).order_by("-adopted_at").first()
    return _weights(kept.weights) if kept else BY_HAND


def newest_learnt() -> LearntRow | None:
    """Return what was learned last, adopted or not (学んだ重み)."""
    kept = Learnt.objects.order_by("-learnt_at").first()
    if kept is None:
        return None
    return LearntRow(
        learnt_id=kept.learnt_id, weights=_weights(kept.weights), labels=kept.labels,
        pairs=kept.pairs, learnt_at=kept.learnt_at, adopted_at=kept.adopted_at,
    )  # fmt: skip


def _weights(kept: list[dict[str, Any]]) -> tuple[FieldWeights, ...]:
    return tuple(
        FieldWeights(name=one["name"], m=tuple(one["m"]), u=tuple(one["u"]), share=one["share"])
        for one in kept
    )
