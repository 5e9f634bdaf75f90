"""What drafts at home are worth, as a dated table: a switch, and how long they are kept (決まり)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.kernel.daytimes import DayRule


@dataclass(frozen=True, slots=True, kw_only=True)
class OnlineBook:
    """Whether a draft may be filed without coming, and how long it waits (オンライン届出の決まり)."""

    #: None: never yet; presence is the law.
    filing: DayRule | None
    source: str
    keep_days: int

    def may_file(self, day: date) -> bool:
        """Tell whether a move may be filed without standing at the counter (オンライン届出の可否)."""
        return self.filing is not None and self.filing.holds_on(day)


def read_online(table: Mapping[str, Any]) -> OnlineBook:
    """Make the table of a file as it is written (オンライン届出の表の読取り)."""
    switch, kept = table["online_filing"], table["draft"]
    begun = switch.get("from")
    rule = None
    if begun is not None:
        until = switch.get("until")
        rule = DayRule(
            valid_from=date.fromisoformat(begun),
            valid_until=date.fromisoformat(until) if until else None,
        )
    return OnlineBook(filing=rule, source=switch["source"], keep_days=int(kept["keep_days"]))
