"""The steps of a family's cards for whoever only wants to know them (家族のカードの手順).

No database is asked, so the command line plans a move without one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from madoguchi.infra.town_tables import read_table
from madoguchi.visits.domain.runs import Member, Pin, Reason, RunRules, Step, plan_run, read_rules

FOLDER = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=16)
def rules_of(folder: str, day: date) -> RunRules:
    """Return the rules of family runs as they hold on a day, of a town's folder or ours (決まり)."""
    return read_rules(read_table("run", ours=FOLDER, own=folder), day)


def plan_cards(
    holders: Iterable[Mapping[str, Any]], *, reason: str, day: date, folder: str
) -> tuple[Step, ...]:
    """Return the steps of cards told by the names of a member's fields (手順の計画)."""
    members = [Member(**{**one, "pin": Pin(one["pin"])}) for one in holders]
    return plan_run(members, reason=Reason(reason), rules=rules_of(folder, day)).steps
