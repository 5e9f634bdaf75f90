"""Small tools for measuring: samples, percentiles, promises (計測の道具)."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import Any


def timed(function: Callable[[], object]) -> float:
    """Run once and return the seconds it took."""
    began = time.perf_counter()
    function()
    return time.perf_counter() - began


def p95(samples: Sequence[float]) -> float:
    """Return the value that 95 of 100 samples do not pass."""
    return sorted(samples)[max(0, round(len(samples) * 0.95) - 1)]


def median(samples: Sequence[float]) -> float:
    """Return the middle value."""
    return statistics.median(samples)


def promise(name: str, value: float, unit: str, *, at_most: float | None = None,
            at_least: float | None = None, drift: float | None = None) -> dict[str, Any]:  # fmt: skip
    """Return one promise with its bound and whether it was held.

    ``drift`` is how many percent it may be worse than the kept figure, where the unit's own will not do.
    """
    assert (at_most is None) != (at_least is None)
    bound = at_most if at_most is not None else at_least
    assert bound is not None
    held = value <= bound if at_most is not None else value >= bound
    return {
        "name": name, "value": round(value, 3), "unit": unit, "bound": bound,
        "better": "lower" if at_most is not None else "higher", "held": held,
        **({} if drift is None else {"drift_percent": drift}),
    }  # fmt: skip


def peer(name: str, version: str, value: float, ratio: float) -> dict[str, Any]:
    """Return one peer's figure and our ratio to it, both from the same run."""
    return {"name": name, "version": version, "value": round(value, 3), "ratio": round(ratio, 2)}
