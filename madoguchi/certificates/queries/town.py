"""Who certifies, from the settings and the town's table (認証者)."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from madoguchi.certificates.documents.seal import seal_svg
from madoguchi.certificates.domain.town import Certifier, Town, certifier_on, read_certifiers
from madoguchi.infra import clock
from madoguchi.infra.town_tables import read_table

FOLDER = Path(__file__).parent.parent / "tables"


def town(on: date | None = None) -> Town:
    """Return the municipality and who certifies its papers of a day, today's at first (認証者)."""
    name = settings.MADOGUCHI_TOWN_NAME
    found = certifier_on(_certifiers(settings.MADOGUCHI_CARD_RULES), on or clock.today())
    return Town(
        municipality=name,
        code=settings.MADOGUCHI_TOWN_CODE,
        mayor_title=f"{settings.MADOGUCHI_TOWN_PREFECTURE}{name}{found.office if found else '長'}",
        mayor_name=found.name if found else settings.MADOGUCHI_MAYOR_NAME,
        seal_svg=_demo_seal() if settings.MADOGUCHI_DEMO else b"",
    )


@lru_cache(maxsize=4)
def _certifiers(own: str) -> tuple[Certifier, ...]:
    return read_certifiers(read_table("certifiers", ours=FOLDER, own=own))


@lru_cache(maxsize=1)
def _demo_seal() -> bytes:
    return seal_svg()
