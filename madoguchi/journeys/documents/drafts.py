"""The maps that are there from the start, all of them assumed (下書きのマップ)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from madoguchi.infra.town_tables import read_table
from madoguchi.journeys.documents.files import TABLES, rules_of
from madoguchi.journeys.domain.mapfile import from_plain
from madoguchi.journeys.domain.maps import Evidence, Field, JourneyMap


@lru_cache(maxsize=4)
def drafts(folder: str = "") -> Mapping[str, JourneyMap]:
    """Return the drafts by their codes; a table that makes no map stops the start (下書き)."""
    table = read_table("maps", ours=TABLES, own=folder)
    return {row["code"]: _draft(row, folder) for row in table["map"]}


def _draft(row: Mapping[str, Any], folder: str) -> JourneyMap:
    names = {name.value.lower() for name in Field}
    steps = [
        {**{key: value for key, value in step.items() if key not in names},
         # Nobody has looked or asked yet, so nothing in a draft is more than assumed.
         "cells": {key: {"value": value, "evidence": Evidence.ASSUMED.value}
                   for key, value in step.items() if key in names}}
        for step in row["steps"]
    ]  # fmt: skip
    made, problems = from_plain({**row, "steps": steps}, lanes=rules_of(folder).lanes)
    if made is None:
        raise ValueError(f"maps.toml: {row['code']}: {[(one.code, one.where) for one in problems]}")
    return made
