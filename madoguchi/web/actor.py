"""Who is at the keyboard, as the kernel's Actor (操作者)."""

from __future__ import annotations

from typing import Protocol, cast

from django.conf import settings
from django.http import HttpRequest

from madoguchi.kernel.actor import Actor, Right


class Staff(Protocol):
    """What this room wants of a signed-in user; the accounts room provides it (職員)."""

    @property
    def staff_id(self) -> str:
        """The number the staff member is known by (職員番号)."""
        ...

    @property
    def display_name(self) -> str:
        """The name shown on screens (表示名)."""
        ...

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do now (権限)."""
        ...


def staff_of(request: HttpRequest) -> Staff | None:
    """Return the signed-in member of staff, or nothing for an anonymous visitor (職員)."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    return cast(Staff, user)


def is_practising(request: HttpRequest) -> bool:
    """Tell whether this session came in by the practice door: its papers carry 見本 (練習)."""
    return bool(request.session.get("practice", False))


def actor_of(request: HttpRequest, purpose: str) -> Actor:
    """Build the actor of this request with a stated purpose (操作者・利用目的).

    Only for views that need a right: an anonymous visitor here is a bug, not a refusal.
    """
    staff = staff_of(request)
    assert staff is not None, "actor_of() in a view open to anonymous visitors"
    assert purpose.strip(), "an actor acts for a purpose"
    return Actor(
        staff_id=staff.staff_id,
        name=staff.display_name,
        rights=staff.rights,
        place=str(request.session.get("place", settings.MADOGUCHI_PLACE)),
        terminal=str(request.session.get("terminal", settings.MADOGUCHI_TERMINAL)),
        purpose=purpose,
    )
