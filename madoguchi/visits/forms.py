"""What the desk presses and types, as values (入力)."""

from __future__ import annotations

from datetime import date

from madoguchi.visits.domain.figures import months_back

MONTHS_SHOWN = 12


def read_month(text: str, *, today: date) -> date:
    """Return the month that was asked for; anything else is this one (月の読取り)."""
    shown = {one.strftime("%Y-%m"): one for one in months_back(today, MONTHS_SHOWN)}
    return shown.get(text, today.replace(day=1))
