"""Facts: what happened, when, without personal data (事実の記録)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from madoguchi.infra.models import Fact

Value = str | int | float | bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class FactRow:
    """One fact as read back (事実)."""

    name: str
    at: datetime
    values: Mapping[str, Value]


def note(name: str, *, at: datetime, **values: Value) -> None:
    """Keep a fact in the caller's transaction: it stands or falls with the change it tells of.

    ``name`` is in the past tense (``certificate_released``). Never pass a name, an
    address, a birth date or an id of a person: figures do not need to know who.
    """
    Fact.objects.create(name=name, at=at, values=dict(values))


def list_facts(*, name: str, since: datetime) -> tuple[FactRow, ...]:
    """List facts of one name from ``since`` on, oldest first."""
    rows = Fact.objects.filter(name=name, at__gte=since).order_by("at", "id")
    return tuple(FactRow(name=row.name, at=row.at, values=row.values) for row in rows)
