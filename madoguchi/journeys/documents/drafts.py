"""The maps that are there from the start, all of them assumed (下書きのマップ)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from madoguchi.infra.town_tables import read_table
from madoguchi.journeys.documents.files import TABLES, rules_of
from madoguchi.journeys.domain.mapfile import from_plain
from madoguchi.journeys.domain.maps import NUMBERS, Evidence, Field, JourneyMap


@lru_cache(maxsize=4)
def drafts(folder: str = "") -> Mapping[str, JourneyMap]:
    """Return the drafts by their codes; a table that makes no map stops the start (下書き)."""
    table = read_table("maps", ours=TABLES, own=folder)
    return {row["code"]: _draft(row, table.get("inputs", {}), folder) for row in table["map"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """A number the drafts are made with, and where it is from (前提の値)."""

    name: str
    value: int
    unit: str
    source: str


@lru_cache(maxsize=4)
def draft_inputs(folder: str = "") -> tuple[Input, ...]:
    """Return the numbers the drafts are made with (前提の値)."""
    rows = read_table("maps", ours=TABLES, own=folder).get("inputs", {}).values()
    return tuple(
        Input(name=row["ja"], value=row["value"], unit=row["unit"], source=row["source"])
        for row in rows
    )


def _draft(row: Mapping[str, Any], inputs: Mapping[str, Any], folder: str) -> JourneyMap:
    def value(key: str, given: Any) -> Any:
        # A number by its name is one of the inputs, which say where it comes from.
        is_named = Field(key.upper()) in NUMBERS and isinstance(given, str)
        return inputs[given]["value"] if is_named else given

    names = {name.value.lower() for name in Field}
    steps = [
        {**{key: given for key, given in step.items() if key not in names},
         # Nobody has looked or asked yet, so nothing in a draft is more than assumed.
         "cells": {key: {"value": value(key, given), "evidence": Evidence.ASSUMED.value}
                   for key, given in step.items() if key in names}}
        for step in row["steps"]
    ]  # fmt: skip
    made, problems = from_plain({**row, "steps": steps}, lanes=rules_of(folder).lanes)
    if made is None:
        raise ValueError(f"maps.toml: {row['code']}: {[(one.code, one.where) for one in problems]}")
    return made
