"""A code of the authenticator app works once (確認コードの使用)."""

from __future__ import annotations

from django.db import connection

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
