"""How a password or a session becomes a member of staff (認証の土台)."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from allauth.mfa.models import Authenticator
from django.db.models import Exists, OuterRef

from madoguchi.accounts.domain import NOT_PEOPLE, Role
from madoguchi.accounts.models import Staff


class StaffBackend(AuthenticationBackend):  # type: ignore[misc]
    """Sign in by staff id; command line and machines never come in through a browser."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Tell whether this account may be signed in (利用できるか)."""
        return bool(user.is_active) and Role(user.role) not in NOT_PEOPLE

    def get_user(self, user_id: int) -> Staff | None:
        """Read the signed-in member of staff with all that every request asks for: two queries."""
        factors = Authenticator.objects.filter(
            user_id=OuterRef("pk"),
            type__in=[Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN],
        )
        found = (
            Staff.objects.filter(pk=user_id)
            .annotate(has_second_factor=Exists(factors))
            .prefetch_related("dated_rights")
            .first()
        )
        return found if found is not None and self.user_can_authenticate(found) else None
