"""A code of the authenticator app works once, at the desk and at a machine (確認コードの使用)."""

from __future__ import annotations

import base64
import hmac
import unicodedata
from datetime import datetime

from allauth.mfa import app_settings as mfa
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from allauth.mfa.utils import decrypt
from django.conf import settings
from django.db import connection

from madoguchi.accounts.domain import NOT_PEOPLE, Role, fold_staff_id, is_staff_id
from madoguchi.accounts.models import Staff, WrongCode
from madoguchi.audit import api as audit
from madoguchi.infra import locks, unit
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem

#: So many wrong codes at one machine, whoever they were for, stop it as well: else somebody
#: could go through the staff, some tries each.
TERMINAL_TRIES = 3
_NOBODY = "(不明)"
# Checked where no account is, so that an unknown id takes as long as a known one.
_NO_SECRET = base64.b32encode(bytes(20)).decode("ascii")

_SPEND = """
UPDATE mfa_authenticator SET data = jsonb_set(data, '{last_step}', to_jsonb(%s::bigint))
WHERE id = %s AND coalesce((data->>'last_step')::bigint, -1) < %s
"""


def spend_code(*, authenticator_id: int, step: int) -> bool:
    """Spend a time step; False when it, or a later one, was spent before (使い回しの防止).

    One conditional statement, so that two processes cannot both take the same code.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SPEND, [step, authenticator_id, step])
        return bool(cursor.rowcount == 1)


def step_of(secret: str, code: str, *, at: float) -> int | None:
    """Return the time step a code belongs to at a moment, the latest if several fit (RFC 6238)."""
    now = int(at) // mfa.TOTP_PERIOD
    folded = "".join(unicodedata.normalize("NFKC", code).split()).encode()
    fits = [
        step
        for step in range(now - mfa.TOTP_TOLERANCE, now + mfa.TOTP_TOLERANCE + 1)
        if hmac.compare_digest(
            totp.format_hotp_value(totp.hotp_value(secret, step)).encode(), folded
        )
    ]
    return max(fits, default=None)


def check_code(
    *, staff_id: str, code: str, terminal: str, place: str, now: datetime
) -> str | tuple[Problem, ...]:
    """Return the id of the clerk this code shows to stand here, or why it shows nobody (職員の確認).

    A unit of its own, before the caller's: what the caller rolls back must not give a try
    back. One answer for an unknown id, a wrong or spent code and somebody without the desk's
    right, so that a machine in the hall tells nobody who works here. Wrong codes are counted
    for the account and for the terminal and stop either for a while; the code is kept nowhere.
    """
    assert not unit.is_open(), "check_code() is a unit of its own; call it before the action"
    return unit.run(
        _check_code, staff_id=fold_staff_id(staff_id[:80]), code=code[:20],
        terminal=terminal, place=place, now=now,
    )  # fmt: skip


def _check_code(
    *, staff_id: str, code: str, terminal: str, place: str, now: datetime
) -> str | tuple[Problem, ...]:
    could_be = is_staff_id(staff_id)
    member = Staff.objects.filter(staff_id=staff_id).first() if could_be else None
    known = member.staff_id if member is not None else ""
    # Counted one by one: many tries at once must not each see the same few.
    locks.take(
        [(locks.LockKind.STAFF, f"code:{terminal}"), (locks.LockKind.STAFF, f"code.{known}")]
    )
    actor = _actor_of(member, terminal=terminal, place=place)
    if _is_locked(staff_id=known, terminal=terminal, now=now):
        audit.record_sign_in(actor=actor, action="STAFF_CODE_LOCKED")
        return (_locked(),)
    if _spend(member, code, now=now):
        WrongCode.objects.filter(staff_id=known).delete()
        audit.record_sign_in(actor=actor, action="STAFF_CODE_RIGHT")
        return known
    WrongCode.objects.filter(at__lt=now - settings.AXES_COOLOFF_TIME).delete()
    WrongCode.objects.create(staff_id=known, terminal=terminal, at=now)
    audit.record_sign_in(actor=actor, action="STAFF_CODE_WRONG")
    return (Problem(code="STAFF_CODE_WRONG", where="code"),)


def _spend(member: Staff | None, code: str, *, now: datetime) -> bool:
    """Spend the code if it is this account's and the account may stand beside a machine."""
    factor = (
        Authenticator.objects.filter(user_id=member.pk, type=Authenticator.Type.TOTP).first()
        if member is not None
        else None
    )
    secret = decrypt(factor.data["secret"]) if factor is not None else _NO_SECRET
    step = step_of(secret, code, at=now.timestamp())
    if member is None or factor is None or step is None:
        return False
    is_clerk = (
        member.is_active
        and Role(member.role) not in NOT_PEOPLE
        and Right.ISSUE_CERTIFICATE in member.rights
        and not member.password_is_initial
    )
    return is_clerk and spend_code(authenticator_id=factor.pk, step=step)


def _is_locked(*, staff_id: str, terminal: str, now: datetime) -> bool:
    wrong = WrongCode.objects.filter(at__gte=now - settings.AXES_COOLOFF_TIME)
    limit = settings.AXES_FAILURE_LIMIT
    if wrong.filter(terminal=terminal).count() >= limit * TERMINAL_TRIES:
        return True
    return bool(staff_id) and wrong.filter(staff_id=staff_id).count() >= limit


def _locked() -> Problem:
    minutes = int(settings.AXES_COOLOFF_TIME.total_seconds() // 60)
    return Problem(code="STAFF_CODE_LOCKED", where="code", facts={"minutes": str(minutes)})


def _actor_of(member: Staff | None, *, terminal: str, place: str) -> Actor:
    return Actor(
        staff_id=member.staff_id if member is not None else _NOBODY,
        name=member.display_name if member is not None else _NOBODY,
        rights=frozenset(),
        place=place,
        terminal=terminal,
        purpose="キオスクでの職員の確認",
    )
