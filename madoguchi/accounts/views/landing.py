"""Where somebody's work begins after signing in (はじめの画面)."""

from __future__ import annotations

from django.http import HttpRequest
from django.urls import reverse

from madoguchi.kernel.actor import Right
from madoguchi.web.actor import staff_of
from madoguchi.web.nav import url_or_none


def landing_of(request: HttpRequest) -> str:
    """Return the clerk's home for who serves residents, else the page one has work on."""
    staff = staff_of(request)
    rights: frozenset[Right] = staff.rights if staff is not None else frozenset()
    home = url_or_none("desk:home")
    if home is not None and Right.SEARCH in rights:
        return home
    return reverse("accounts:staff" if Right.MANAGE_STAFF in rights else "accounts:me")
