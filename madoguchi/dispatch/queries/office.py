"""Who sends, from the settings (差出人)."""

from __future__ import annotations

from django.conf import settings

from madoguchi.dispatch.domain.sender import Office


def office() -> Office:
    """Return the sender as set (差出人)."""
    return Office(
        town=settings.MADOGUCHI_TOWN_NAME,
        section=settings.MADOGUCHI_OFFICE_SECTION,
        postcode=settings.MADOGUCHI_OFFICE_POSTCODE,
        address=settings.MADOGUCHI_OFFICE_ADDRESS,
        phone=settings.MADOGUCHI_OFFICE_PHONE,
    )
