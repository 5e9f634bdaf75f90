"""Named staff for tests, and signing them in (テスト用の職員)."""

from __future__ import annotations

from typing import TypeVar

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.test import Client

from madoguchi.accounts.domain import Role
from madoguchi.accounts.models import Staff
from madoguchi.kernel.actor import Actor

SomeClient = TypeVar("SomeClient", bound=Client)

BACKEND = "madoguchi.accounts.views.backend.StaffBackend"
PASSWORD = "kamome-tobu-minato-8"
TOTP_SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def kaede() -> Staff:
    """Return clerk Kaede (窓口係)."""
    return staff("kaede", "川畑 かえで", Role.CLERK)


def nagi() -> Staff:
    """Return clerk Nagi, the second officer (上席)."""
    return staff("nagi", "森 なぎ", Role.SENIOR)


def kai() -> Staff:
    """Return chief Kai (責任者)."""
    return staff("kai", "碇山 かい", Role.CHIEF)


def sango() -> Staff:
    """Return IT officer Sango, who sees no persons (管理者)."""
    return staff("sango", "叶 さんご", Role.OFFICER)


def tsuru() -> Staff:
    """Return clerk Tsuru of another section, without rights (他課)."""
    return staff("tsuru", "泉 つる", Role.OTHER)


def staff(staff_id: str, display_name: str, role: Role) -> Staff:
    """Return this member of staff, made on first use; the password is ``PASSWORD``."""
    found = Staff.objects.filter(staff_id=staff_id).first()
    if found is None:
        found = Staff(staff_id=staff_id, display_name=display_name, role=role.value)
        found.set_unusable_password()
        found.save()
    return found


def with_password(member: Staff) -> Staff:
    """Give this member of staff ``PASSWORD``; apart, because hashing one is slow on purpose."""
    member.set_password(PASSWORD)
    member.save()
    return member


def with_second_factor(member: Staff) -> Staff:
    """Give this member of staff a TOTP second factor with ``TOTP_SECRET``."""
    if not Authenticator.objects.filter(user_id=member.pk).exists():
        totp.TOTP.activate(member, TOTP_SECRET)
    return member


def actor_for(member: Staff, purpose: str = "テスト") -> Actor:
    """Return this member of staff at the first terminal of the town hall, for a purpose."""
    return Actor(
        staff_id=member.staff_id,
        name=member.display_name,
        rights=member.rights,
        place=settings.MADOGUCHI_PLACE,
        terminal=settings.MADOGUCHI_TERMINAL,
        purpose=purpose,
    )


def signed_in(client: SomeClient, member: Staff) -> SomeClient:
    """Sign this member of staff in, second factor included, and return the same client."""
    with_second_factor(member)
    client.force_login(member, backend=BACKEND)
    session = client.session
    session["place"] = settings.MADOGUCHI_PLACE
    session["terminal"] = settings.MADOGUCHI_TERMINAL
    session.save()
    return client
