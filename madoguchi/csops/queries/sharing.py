"""Who shares the work, what they told, and who pays what (共同利用の照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from madoguchi.csops.domain.shares import (
    Partner,
    Share,
    ShareRule,
    read_share_rules,
    rule_on,
    shares_of,
)
from madoguchi.csops.domain.windows import Plan, Stretch, TownTimes
from madoguchi.csops.models import Neighbour, Proposed
from madoguchi.csops.queries.work import FOLDER
from madoguchi.infra import town_tables
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Problem

TOWNS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TownRow:
    """One town and how much it has told for a time (参加団体の行)."""

    partner: Partner
    peaks: int
    quiet: int


@lru_cache(maxsize=4)
def share_rules(folder: str = "") -> tuple[ShareRule, ...]:
    """Return the dated rules of sharing the cost (分担の決まり)."""
    return read_share_rules(town_tables.read_table("cs", ours=FOLDER, own=folder)["share"])


def list_partners() -> tuple[Partner, ...]:
    """List the towns that take part, by name (参加団体の一覧)."""
    rows = Neighbour.objects.order_by("name")[:TOWNS_MAX]
    return tuple(Partner(name=row.name, population=row.population, uses=row.uses) for row in rows)


def list_towns(whole: Stretch) -> tuple[TownRow, ...]:
    """List the towns with how many peaks and quiet spans they told for a time (申し出の一覧)."""
    times = {one.name: one for one in _times(whole)}
    return tuple(
        TownRow(partner=one, peaks=len(times[one.name].peaks), quiet=len(times[one.name].quiet))
        for one in list_partners()
    )


def plan_of(whole: Stretch, *, length: timedelta, at_once: int) -> Plan | None:
    """Return the plan of all towns as they told it; nothing without a town (計画の組立て)."""
    towns = _times(whole)
    return Plan(whole=whole, length=length, at_once=at_once, towns=towns) if towns else None


def shares_on(
    yen: int, *, day: date, folder: str
) -> tuple[ShareRule | None, tuple[Share, ...] | tuple[Problem, ...]]:
    """Split a cost by the rule of a day (分担の照会)."""
    rule = rule_on(share_rules(folder), day)
    if rule is None:
        return None, (Problem(code="CS_NO_SHARE_RULE"),)
    return rule, shares_of(yen, list_partners(), rule)


def _times(whole: Stretch) -> tuple[TownTimes, ...]:
    told: dict[str, dict[str, list[Stretch]]] = {
        one.name: {"PEAK": [], "QUIET": []} for one in list_partners()
    }
    rows = Proposed.objects.filter(
        begins_at__lt=whole.ends.replace(tzinfo=JAPAN),
        ends_at__gt=whole.begins.replace(tzinfo=JAPAN),
    ).order_by("begins_at", "row_id")
    for row in rows:
        if row.town_id in told:
            span = Stretch(begins=_plain(row.begins_at), ends=_plain(row.ends_at))
            told[row.town_id][row.kind].append(span)
    return tuple(
        TownTimes(name=name, peaks=tuple(spans["PEAK"]), quiet=tuple(spans["QUIET"]))
        for name, spans in told.items()
    )


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(JAPAN).replace(tzinfo=None)
