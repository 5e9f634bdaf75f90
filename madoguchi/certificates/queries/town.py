"""Who certifies, from the settings (認証者)."""

from __future__ import annotations

from django.conf import settings

from madoguchi.certificates.domain.town import Town


def town() -> Town:
    """Return the municipality and the mayor as they stand in the settings (認証者)."""
    name = settings.MADOGUCHI_TOWN_NAME
    return Town(
        municipality=name,
        code=settings.MADOGUCHI_TOWN_CODE,
        mayor_title=f"{settings.MADOGUCHI_TOWN_PREFECTURE}{name}長",
        mayor_name=settings.MADOGUCHI_MAYOR_NAME,
    )
