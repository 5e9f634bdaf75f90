"""The front door of the fictional town (架空の町)."""

from madoguchi.town.generate import RESIDENTS_MIN, RESIDENTS_WITH_ODDITIES
from madoguchi.town.people import MINATO_FAMILY, NAMED, REFERENCE_DAY, NamedPerson
from madoguchi.town.places import AREA_NAMES, TOWN, share_out
from madoguchi.town.writing import Town, generate_town

__all__ = [
    "AREA_NAMES",
    "MINATO_FAMILY",
    "NAMED",
    "REFERENCE_DAY",
    "RESIDENTS_MIN",
    "RESIDENTS_WITH_ODDITIES",
    "TOWN",
    "NamedPerson",
    "Town",
    "generate_town",
    "share_out",
]
