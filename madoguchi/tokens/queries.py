"""Whose key is this, and which keys there are (鍵の照会)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from madoguchi.tokens.domain import PREFIX, Holder, Lifetime, Scope
from madoguchi.tokens.models import Token

ROWS_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenRow:
    """A key as the page shows it: never the key itself (鍵の一行)."""

    holder: Holder
    lifetime: Lifetime
    made_by: str
    revoked_by: str
    is_good: bool


def digest_of(secret: str) -> str:
    """Return what is kept of a key (鍵のハッシュ)."""
    return hashlib.sha256(secret.encode()).hexdigest()


def find_holder(secret: str, *, now: datetime) -> Holder | None:
    """Return whose key this is; unknown, ended and taken back are the same nothing (鍵の照合)."""
    if not secret.startswith(PREFIX):
        return None
    row = Token.objects.filter(digest=digest_of(secret)).first()
    return _holder(row) if row is not None and _lifetime(row).holds(now) else None


def list_tokens(*, now: datetime) -> tuple[TokenRow, ...]:
    """List the keys, the newest first (鍵の一覧)."""
    return tuple(
        TokenRow(
            holder=_holder(row), lifetime=_lifetime(row), made_by=row.made_by,
            revoked_by=row.revoked_by, is_good=_lifetime(row).holds(now),
        )
        for row in Token.objects.order_by("-made_at")[:ROWS_MAX]
    )  # fmt: skip


def _holder(row: Token) -> Holder:
    scopes = frozenset(Scope(one) for one in row.scopes)
    return Holder(token_id=row.token_id, name=row.name, scopes=scopes, section=row.section)


def _lifetime(row: Token) -> Lifetime:
    return Lifetime(made_at=row.made_at, expires_at=row.expires_at, revoked_at=row.revoked_at)
