"""The member of staff behind a session, read with each request (サインイン中の職員)."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.db import connection

from madoguchi.accounts.domain import Role, rights_on
from madoguchi.accounts.models import Staff, StaffRight
from madoguchi.infra import clock

_STAFF = [field.attname for field in Staff._meta.concrete_fields]
_RIGHT = [field.attname for field in StaffRight._meta.concrete_fields]
_FACTORS = [Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value]

# One question instead of two, and ready made: it is asked before every page.
_SQL = f"""
SELECT {", ".join(f"s.{name}" for name in _STAFF)},
       EXISTS (SELECT 1 FROM {Authenticator._meta.db_table} f
                WHERE f.user_id = s.id AND f.type = ANY(%s)),
       {", ".join(f"r.{name}" for name in _RIGHT)}
  FROM accounts_staff s
  LEFT JOIN accounts_staff_right r ON r.staff_id = s.staff_id
 WHERE s.id = %s
"""  # noqa: S608  names of our own columns


def find_signed_in(user_id: int) -> Staff | None:
    """Return the account with its rights of today and whether it has a second factor (職員)."""
    with connection.cursor() as cursor:
        cursor.execute(_SQL, [_FACTORS, user_id])
        rows = cursor.fetchall()
    if not rows:
        return None
    width = len(_STAFF)
    found = Staff.from_db(connection.alias, _STAFF, rows[0][:width])
    found.has_second_factor = rows[0][width]  # type: ignore[attr-defined]
    lines = [
        StaffRight.from_db(connection.alias, _RIGHT, row[width + 1 :]).value()
        for row in rows
        if row[width + 1] is not None
    ]
    # What ``rights`` would ask for a second time.
    found.rights = rights_on(Role(found.role), lines, day=clock.today())
    return found
