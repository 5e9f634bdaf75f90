"""Sign-ins, written down before they take effect (認証の記録; SPEC1 10.2)."""

from __future__ import annotations

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.http import HttpRequest

from madoguchi.accounts.domain import fold_staff_id
from madoguchi.accounts.models import Staff
from madoguchi.audit import api as audit
from madoguchi.kernel.actor import Actor

#: Stands in the record for an id that no account has: what was typed may be a password.
NOBODY = "(不明)"


def record_success(request: HttpRequest, member: Staff, *, action: str) -> None:
    """Write down a sign-in with the ways it was proved; raises if it cannot be written."""
    used = [
        str(record.get("type", record["method"]))
        for record in get_authentication_records(request, member)
    ]
    audit.record_sign_in(
        actor=_actor(member), action=action, detail={"address": address_of(request), "by": used}
    )


def record_failure(request: HttpRequest, *, typed: str, what: str) -> None:
    """Write down a sign-in that failed, by id and address, never with what was typed wrong."""
    member = Staff.objects.filter(staff_id=fold_staff_id(typed)).first()
    audit.record_sign_in(
        actor=_actor(member),
        action="SIGN_IN_FAILED",
        detail={"address": address_of(request), "what": what},
    )


def record_event(request: HttpRequest, member: Staff, *, action: str) -> None:
    """Write down a change of somebody's own password or second factor, or a sign-out."""
    audit.record_sign_in(
        actor=_actor(member), action=action, detail={"address": address_of(request)}
    )


def settle_session(request: HttpRequest) -> None:
    """Note in the session where its terminal stands."""
    request.session["place"] = settings.MADOGUCHI_PLACE
    request.session["terminal"] = settings.MADOGUCHI_TERMINAL


def address_of(request: HttpRequest) -> str:
    """Return the network address the request came from (接続元)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _actor(member: Staff | None) -> Actor:
    return Actor(
        staff_id=member.staff_id if member is not None else NOBODY,
        name=member.display_name if member is not None else NOBODY,
        rights=frozenset(),
        place=settings.MADOGUCHI_PLACE,
        terminal=settings.MADOGUCHI_TERMINAL,
        purpose="サインイン",
    )
