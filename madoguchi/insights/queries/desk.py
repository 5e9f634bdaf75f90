"""The desk tried out: scenarios read and answered, ready ones from the table (窓口の試算)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.infra.town_tables import read_table
from madoguchi.insights.domain.twin.answer import (
    Binding,
    Comparison,
    Outcome,
    Waits,
    binding_of,
    compare,
    outcome_of,
)
from madoguchi.insights.domain.twin.intervals import Estimate
from madoguchi.insights.domain.twin.reading import read_scenario, scenario_schema, warn_of
from madoguchi.insights.domain.twin.ready import Ready, read_ready
from madoguchi.insights.domain.twin.scenario import Resource, Scenario

__all__ = [
    "Binding", "Comparison", "Estimate", "Outcome", "Resource", "Scenario", "Waits", "binding_of",
    "compare", "outcome_of", "read_scenario", "ready_scenarios", "scenario_schema", "warn_of",
]  # fmt: skip
FOLDER = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=4)
def ready_scenarios(folder: str = "") -> Ready:
    """Return the base and its variants, the town's own table before ours (用意した試算)."""
    table: Mapping[str, Any] = read_table("desk", ours=FOLDER, own=folder)
    return read_ready(table)
