"""The tables of moves, read once, and cases answered from them (異動の表).

A file of the same name in the town's folder of rules stands in the place of ours. No database
is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.infra.office import is_office_day
from madoguchi.infra.town_tables import read_table
from madoguchi.kernel.casefile import read_fields, schema_of
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import TRIAGE_EXAMPLE, TRIAGE_FIELDS, Case, case_from
from madoguchi.moves.domain.household import (
    HOUSEHOLD_FIELDS,
    PERSON_FIELDS,
    PERSONS_MAX,
    PLAN_EXAMPLE,
)
from madoguchi.moves.domain.online import OnlineBook, read_online
from madoguchi.moves.domain.sealing import OpenRule, read_open_rule
from madoguchi.moves.domain.town_keys import TownKey, read_town_keys
from madoguchi.moves.domain.triage import Triage, TriageBook, check_case, read_triage, triage
from madoguchi.moves.domain.visit import VisitBook, read_visit_rules

FOLDER = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=4)
def triage_book(folder: str = "") -> TriageBook:
    """Return the table of cases A to H (仕分けの表)."""
    return read_triage(read_table("triage", ours=FOLDER, own=folder))


def answer_triage(raw: object, *, today: date, folder: str = "") -> Triage | tuple[Problem, ...]:
    """Sort a case as it was written, or say all that is wrong with it (仕分け)."""
    values = read_fields(raw, TRIAGE_FIELDS)
    if not isinstance(values, Mapping):
        return values
    return sort_case(case_from(values, today=today), folder=folder)


def sort_case(case: Case, *, folder: str = "") -> Triage | tuple[Problem, ...]:
    """Sort a case, or say why it cannot be sorted yet (場合の仕分け)."""
    book = triage_book(folder)
    problems = check_case(case, book)
    return problems or triage(case, book, is_office_day=is_office_day)


def triage_schema() -> dict[str, Any]:
    """Return the JSON Schema of a triage's case (仕分けの場合の形)."""
    title = "madoguchi moves triage: one arrival"
    return schema_of(TRIAGE_FIELDS, title=title, example=TRIAGE_EXAMPLE)


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan's case (計画の場合の形)."""
    title = "madoguchi moves plan: a household that moves"
    schema = schema_of(HOUSEHOLD_FIELDS, title=title, example=PLAN_EXAMPLE)
    person = schema_of(
        PERSON_FIELDS, title="one of the people", example={"birth_date": "1985-05-03"}
    )
    schema["properties"]["persons"] = {
        "type": "array", "minItems": 1, "maxItems": PERSONS_MAX,
        "items": {name: person[name] for name in ("type", "properties", "additionalProperties")},
    }  # fmt: skip
    return schema


@lru_cache(maxsize=4)
def online_book(folder: str = "") -> OnlineBook:
    """Return what drafts at home are worth (オンライン届出の表)."""
    return read_online(read_table("online", ours=FOLDER, own=folder))


@lru_cache(maxsize=4)
def visit_book(folder: str = "") -> VisitBook:
    """Return the table of visits booked before coming (来庁の予約の表)."""
    return read_visit_rules(read_table("visit", ours=FOLDER, own=folder))


@lru_cache(maxsize=4)
def town_keys_book(folder: str = "") -> tuple[TownKey, ...]:
    """Return the keys of other towns (市区町村の鍵の表)."""
    return read_town_keys(read_table("town_keys", ours=FOLDER, own=folder))


@lru_cache(maxsize=4)
def open_rule(folder: str = "") -> OpenRule:
    """Return how long messages go without a seal; a town's table need not say it (封の決まり)."""
    ours = read_table("town_keys", ours=FOLDER, own="")
    return read_open_rule({**ours, **read_table("town_keys", ours=FOLDER, own=folder)})
