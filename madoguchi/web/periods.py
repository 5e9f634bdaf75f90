"""Years and months that are written in Japanese, in English: 令和6年度 is fiscal 2024 (年度と月)."""

from __future__ import annotations

import re
from datetime import date

from madoguchi.kernel import wareki

_PERIOD = re.compile(r"(?P<era>\D{2})(?P<year>元|\d{1,2})年(?:(?P<fiscal>度)|(?P<month>\d{1,2})月)")


def period_in_english(text: str) -> str:
    """Return a fiscal year or a month in English; a text that is anything more stays (年度・月).

    So words of people, in which a year stands too, are left alone.
    """
    found = _PERIOD.fullmatch(text)
    starts = {era.name: era.starts_on.year for era in wareki.adopted_eras()}
    if found is None or found["era"] not in starts:
        return text
    year = starts[found["era"]] + (0 if found["year"] == "元" else int(found["year"]) - 1)
    if found["fiscal"]:
        return f"fiscal {year}"
    return f"{date(year, int(found['month']), 1):%b %Y}" if 1 <= int(found["month"]) <= 12 else text
