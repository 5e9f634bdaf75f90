"""How a password or a session becomes a member of staff (認証の土台)."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from madoguchi.accounts.domain import NOT_PEOPLE, Role
from madoguchi.accounts.models import Staff
from madoguchi.accounts.queries.signed_in import find_signed_in


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign in by staff id; command line and machines never come in through a browser."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Tell whether this account may be signed in (利用できるか)."""
        return bool(user.is_active) and Role(user.role) not in NOT_PEOPLE

    def get_user(self, user_id: int) -> Staff | None:
        """Read the signed-in member of staff with all that every request asks for: one query."""
        found = find_signed_in(user_id)
        return found if found is not None and self.user_can_authenticate(found) else None
