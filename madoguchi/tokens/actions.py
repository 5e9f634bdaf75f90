"""Make a key, take it back (鍵を作る・止める)."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta

from madoguchi.audit.api import record
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.tokens.domain import PREFIX, check_token
from madoguchi.tokens.models import Token
from madoguchi.tokens.queries import digest_of

_BYTES = 32


def make_token(
    *, name: str, scopes: Collection[str], section: str, days: int, actor: Actor, now: datetime
) -> tuple[str, str]:
    """Make a key and return its id and the key, which is shown once and kept nowhere (鍵を作る)."""
    _must_manage(actor)
    problems = check_token(name=name, scopes=scopes, section=section, days=days)
    if problems:
        raise Refused(problems)
    secret, token_id = PREFIX + secrets.token_urlsafe(_BYTES), new_id()
    wanted = sorted(set(scopes))
    Token.objects.create(
        token_id=token_id, name=name.strip(), digest=digest_of(secret), scopes=wanted,
        section=section.strip(), made_by=actor.staff_id, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    detail = {"token": token_id, "scopes": " ".join(wanted), "days": str(days)}
    record(actor=actor, action="TOKEN_MADE", subjects=[], detail=detail)
    return token_id, secret


def revoke_token(*, token_id: str, actor: Actor, now: datetime) -> None:
    """Take a key back: from the next call on it opens nothing (鍵を止める)."""
    _must_manage(actor)
    gone = Token.objects.filter(token_id=token_id, revoked_at__isnull=True)
    if not gone.update(revoked_at=now, revoked_by=actor.staff_id):
        raise Refused(Problem(code="TOKEN_NOT_THERE"))
    record(actor=actor, action="TOKEN_REVOKED", subjects=[], detail={"token": token_id})


def _must_manage(actor: Actor) -> None:
    if not actor.may(Right.MANAGE_STAFF):
        raise Refused(Problem(code="NOT_ALLOWED"))
