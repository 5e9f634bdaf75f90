"""How long lists and stays are kept (保存の決まり)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Keep:
    """The days in force (保存日数): until a list nobody closes is closed, until its rows go."""

    open_days: int
    closed_days: int

    def close_before(self, now: datetime) -> datetime:
        """Lists taken in before this moment are closed (閉じる境)."""
        return now - timedelta(days=self.open_days)

    def forget_before(self, now: datetime) -> datetime:
        """What ended before this moment is removed (消す境)."""
        return now - timedelta(days=self.closed_days)


def keep_on(rows: Iterable[Mapping[str, Any]], on: date) -> Keep | None:
    """Return the days of the newest row that holds; None before the first: nothing goes (有効な行)."""
    held = [row for row in rows if date.fromisoformat(row["from"]) <= on]
    if not held:
        return None
    newest = max(held, key=lambda row: date.fromisoformat(row["from"]))
    return Keep(open_days=int(newest["open_days"]), closed_days=int(newest["closed_days"]))
