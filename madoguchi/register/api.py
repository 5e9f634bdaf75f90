"""The front door of the register (住民記録)."""

from madoguchi.register.actions.bulk import append_versions
from madoguchi.register.domain.items import HouseholdRow, PersonRow, VersionRow
from madoguchi.register.queries.persons import (
    history_of,
    household_snapshot,
    names_of,
    persons_of,
    snapshot,
)

__all__ = [
    "HouseholdRow",
    "PersonRow",
    "VersionRow",
    "append_versions",
    "history_of",
    "household_snapshot",
    "names_of",
    "persons_of",
    "snapshot",
]
