"""Is it the database that is away, and not we who are wrong (データベースの不在).

With three machines for one database another becomes the primary within half a minute; until then nothing
answers, lines are cut, or a machine that was the primary takes no more changes. All of that is one thing to
whoever waits: not now, and nothing was stored that was not acknowledged.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

import psycopg
from django.db import InterfaceError, InternalError, OperationalError
from psycopg import errors as pg

#: So often somebody who waits for the database asks for it.
WAIT_SECONDS = 1.0


def is_away(error: BaseException) -> bool:
    """Tell whether this error says that the database is away, or a standby now (不在か)."""
    if isinstance(error, InternalError):
        return isinstance(error.__cause__, pg.ReadOnlySqlTransaction)
    return isinstance(error, (OperationalError, InterfaceError))


def is_lost(error: BaseException) -> bool:
    """Tell whether there is nothing to learn from where it was met: the line is gone (切断か)."""
    return is_away(error) and not isinstance(error.__cause__, pg.QueryCanceled)


def wait_for_database(url: str, *, stopping: Callable[[], bool] = lambda: False) -> bool:
    """Wait until there is a database that takes changes; False when told to stop before (待機)."""
    told = False
    while not stopping():
        try:
            # Whoever does not answer a moment later is asked again, not waited for.
            psycopg.connect(url, connect_timeout=5, target_session_attrs="read-write").close()
        except psycopg.OperationalError as error:
            if not told:
                sys.stderr.write(f"データベースを待っています（{type(error).__name__}）。\n")
            told = True
            time.sleep(WAIT_SECONDS)
        else:
            return True
    return False
