"""How the kiosk's screens were left in a month, and how long they were looked at (キオスクの画面).

A session forgets its screens on purpose, so no way of anybody is here: each screen by itself,
practice left out, fewer than k not told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from madoguchi.infra.clock import start_of
from madoguchi.infra.facts import list_facts

LEFT = ("next", "back", "leave", "timeout", "call")


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """One screen in a month: how often it was left each way; None where fewer than k (画面)."""

    step: str
    times: int
    ways: Mapping[str, int | None]
    median_seconds: float
    p90_seconds: float


def screens_of_month(first_on: date, last_on: date, *, k: int) -> tuple[Screen, ...]:
    """Return the screens of some days that were left k times or more, the most often left first.

    Of the ways of one screen no single small one is shown, nor what gives it back: where hidden
    ways together are fewer than k, the next smallest is hidden too.
    """
    until = start_of(last_on + timedelta(days=1))
    rows = [
        one.values for one in list_facts(name="kiosk_step_left", since=start_of(first_on))
        if one.at < until and one.values.get("mode") != "PRACTICE"
    ]  # fmt: skip
    found = []
    for step in sorted({str(one["step"]) for one in rows}):
        of_step = [one for one in rows if one["step"] == step]
        if len(of_step) < k:
            continue
        seconds = [float(one.get("seconds") or 0) for one in of_step]
        counts = {way: sum(one["how"] == way for one in of_step) for way in LEFT}
        found.append(
            Screen(step=step, times=len(of_step), ways=_told(counts, k),
                   median_seconds=float(np.quantile(seconds, 0.5)),
                   p90_seconds=float(np.quantile(seconds, 0.9)))
        )  # fmt: skip
    return tuple(sorted(found, key=lambda one: (-one.times, one.step)))


def _told(counts: Mapping[str, int], k: int) -> Mapping[str, int | None]:
    """Hide what is small, and as much more as keeps it from being what is left of the whole."""
    ordered: Sequence[str] = sorted(counts, key=lambda way: counts[way])
    hidden = [way for way in ordered if 0 < counts[way] < k]
    rest = [way for way in ordered if counts[way] >= k]
    while hidden and (len(hidden) < 2 or sum(counts[one] for one in hidden) < k) and rest:
        hidden.append(rest.pop(0))
    return {way: None if way in hidden else counts[way] for way in counts}
