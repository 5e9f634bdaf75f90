"""Who certifies, from the settings (認証者)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import jpholiday
from django.conf import settings

from madoguchi.certificates.documents.seal import seal_svg
from madoguchi.certificates.domain.town import Town


def town() -> Town:
    """Return the municipality and the mayor as they stand in the settings (認証者)."""
    name = settings.MADOGUCHI_TOWN_NAME
    return Town(
        municipality=name,
        code=settings.MADOGUCHI_TOWN_CODE,
        mayor_title=f"{settings.MADOGUCHI_TOWN_PREFECTURE}{name}長",
        mayor_name=settings.MADOGUCHI_MAYOR_NAME,
        seal_svg=_demo_seal() if settings.MADOGUCHI_DEMO else b"",
    )


@lru_cache(maxsize=1)
def _demo_seal() -> bytes:
    return seal_svg()


def is_office_day(day: date) -> bool:
    """Tell whether the town hall is open: not at weekends, holidays, nor 29 Dec to 3 Jan (開庁日)."""
    new_year = (day.month, day.day) in {(12, 29), (12, 30), (12, 31), (1, 1), (1, 2), (1, 3)}
    return day.weekday() < 5 and not new_year and not jpholiday.is_holiday(day)
