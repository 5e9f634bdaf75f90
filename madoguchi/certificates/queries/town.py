"""Who certifies, from the settings (認証者)."""

from __future__ import annotations

from functools import lru_cache

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
