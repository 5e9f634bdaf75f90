"""The front door of the register (住民記録)."""

from madoguchi.register.actions import filing
from madoguchi.register.actions.numbers import numbers_for_paper
from madoguchi.register.domain.items import HouseholdRow, PersonRow, VersionRow
from madoguchi.register.queries import desk as at_desk
from madoguchi.register.queries import seen
from madoguchi.register.queries.persons import (
    household_snapshot,
    live_history_of,
    persons_of,
    provisional_of,
)
from madoguchi.register.queries.search import search

__all__ = [
    "HouseholdRow",
    "PersonRow",
    "VersionRow",
    "at_desk",
    "filing",
    "household_snapshot",
    "live_history_of",
    "numbers_for_paper",
    "persons_of",
    "provisional_of",
    "search",
    "seen",
]
