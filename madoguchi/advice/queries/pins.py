"""The table of PIN kinds, read once (暗証番号の表)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from madoguchi.advice.domain.pins import PinPlan, plan_on, read_plans
from madoguchi.infra.town_tables import read_table

FOLDER = Path(__file__).resolve().parents[1] / "tables"


def pin_plan(day: date, *, folder: str = "") -> PinPlan:
    """Return what the holder of a card of this day decides (決める暗証番号)."""
    return plan_on(_plans(folder), day)


@lru_cache(maxsize=4)
def _plans(folder: str) -> tuple[PinPlan, ...]:
    return read_plans(read_table("pins", ours=FOLDER, own=folder))
