"""Figures of the country and of other towns, each with its source (よその数字)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from madoguchi.infra.town_tables import read_table

FOLDER = Path(__file__).resolve().parents[1] / "tables"


@dataclass(frozen=True, slots=True, kw_only=True)
class Elsewhere:
    """One figure from elsewhere (よその数字)."""

    what: str
    figure: str
    source: str
    #: How sure we are of it: "H" read in the source itself, "M" in a report of it.
    sure: str


@lru_cache(maxsize=4)
def figures_elsewhere(folder: str) -> tuple[Elsewhere, ...]:
    """Return what a reader may hold the town's figures against, the town's own list first (よその数字)."""
    table = read_table("elsewhere", ours=FOLDER, own=folder)
    return tuple(Elsewhere(**row) for row in table["figure"])
