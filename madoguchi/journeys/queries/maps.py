"""Maps and their versions; a draft nobody touched yet comes from the table (マップの照会)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from madoguchi.journeys.documents.drafts import Input, draft_inputs, drafts
from madoguchi.journeys.documents.files import rules_of
from madoguchi.journeys.domain.areas import Rules
from madoguchi.journeys.domain.mapfile import from_plain
from madoguchi.journeys.domain.maps import JourneyMap
from madoguchi.journeys.models import VersionRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a map as it stands; a first one has no name, and a draft no day (マップの版)."""

    map_id: str
    number: int
    name: str
    made_on: date | None
    map: JourneyMap
    is_newest: bool


def rules() -> Rules:
    """Return the tables of the room (表)."""
    return rules_of(settings.MADOGUCHI_CARD_RULES)


def list_maps() -> tuple[Version, ...]:
    """List the newest version of each map, drafts first (マップの一覧)."""
    newest: dict[str, VersionRow] = {}
    for row in VersionRow.objects.order_by("map_id", "number"):
        newest[row.map_id] = row
    found = [
        _version(newest.pop(code)) if code in newest else _draft(code, one)
        for code, one in _drafts().items()
    ]
    rest = sorted(newest.values(), key=lambda row: row.row_id)
    return (*found, *(_version(row) for row in rest))


def versions_of(map_id: str) -> tuple[Version, ...]:
    """List the versions of a map, oldest first; empty where there is no such map (版の一覧)."""
    rows = list(VersionRow.objects.filter(map_id=map_id).order_by("number"))
    if not rows:
        found = _drafts().get(map_id)
        return () if found is None else (_draft(map_id, found),)
    return tuple(_version(row, is_newest=row is rows[-1]) for row in rows)


def find_version(map_id: str, number: int | None = None) -> Version | None:
    """Return a version of a map, the newest unless a number is given (版)."""
    found = versions_of(map_id)
    if number is None:
        return found[-1] if found else None
    return next((one for one in found if one.number == number), None)


def read_document(document: object) -> JourneyMap:
    """Read what a version holds; we wrote it, so anything wrong with it is our mistake (読取り)."""
    found, problems = from_plain(document, lanes=rules().lanes)
    assert found is not None, [one.code for one in problems]
    return found


def inputs_of_drafts() -> tuple[Input, ...]:
    """Return the numbers the drafts are made with, and their sources (前提の値)."""
    return draft_inputs(settings.MADOGUCHI_CARD_RULES)


def _drafts() -> Mapping[str, JourneyMap]:
    return drafts(settings.MADOGUCHI_CARD_RULES)


def _draft(map_id: str, one: JourneyMap) -> Version:
    return Version(
        map_id=map_id, number=1, name="", made_on=None, map=one, is_newest=True
    )  # fmt: skip


def _version(row: VersionRow, *, is_newest: bool = True) -> Version:
    return Version(
        map_id=row.map_id, number=row.number, name=row.name, made_on=row.made_on,
        map=read_document(row.document), is_newest=is_newest,
    )  # fmt: skip
