"""The town's tables of matters, read once (用件の表の読取り)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

from django.conf import settings

from madoguchi.appointments.api import Kind, at_counter
from madoguchi.infra.town_tables import read_table
from madoguchi.visits.domain.matters import MatterBook, MatterRow, read_matters
from madoguchi.visits.domain.runs import RunRules
from madoguchi.visits.queries.run_plans import FOLDER, rules_of


def matter_book() -> MatterBook:
    """Return the tables of matters, the town's own in the place of ours (用件の表)."""
    return _matters(settings.MADOGUCHI_CARD_RULES)


@lru_cache(maxsize=4)
def _matters(folder: str) -> MatterBook:
    return read_matters(read_table("matters", ours=FOLDER, own=folder))


def planned_minutes(row: MatterRow, day: date) -> int:
    """Return how long a matter is planned to take: its own row, else that of bookings (予定の分)."""
    if row.minutes is not None:
        return row.minutes
    service = at_counter.services_of(day).get(Kind(row.service))
    return service.minutes if service else 0


def run_rules(day: date) -> RunRules:
    """Return the rules of family runs as they hold on a day (家族の手続きの決まり)."""
    return rules_of(settings.MADOGUCHI_CARD_RULES, day)
