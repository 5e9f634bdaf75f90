"""Sessions in the database, written only when there is something to write (セッション).

A session ends when it was quiet for a while, so each press has to move its end. Moved with each
press it cost every page a write to disk and the wait for it; so it is moved when a twentieth of
the time is gone. A quiet session ends so much earlier at most, and never later.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection

#: The end is moved when less than this of the whole time is left.
MOVED_BELOW = 0.95


class SessionStore(DatabaseStore):
    """A session that moves its own end now and then (セッション)."""

    def load(self) -> dict[str, Any]:
        """Read the session, and mark it to be written when its end must be moved."""
        with connection.cursor() as cursor:
            # The database's clock, which also decides for the other processes.
            cursor.execute(
                "SELECT session_data, expire_date - now() FROM django_session"
                " WHERE session_key = %s AND expire_date > now()",
                [self.session_key],
            )
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        data, left = row
        if left < timedelta(seconds=settings.SESSION_COOKIE_AGE) * MOVED_BELOW:
            self.modified = True
        decoded: dict[str, Any] = self.decode(data)
        return decoded
