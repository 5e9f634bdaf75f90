"""Later work, kept in the same database as the change that wants it (後でする仕事)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import ConnectorException

#: A job that failed comes back after 1, 2, 4, ... seconds, six times; then it stays in sight.
RETRY = RetryStrategy(max_attempts=6, exponential_wait=2)

#: ``doing`` by a worker that is gone, or has been silent for three of its signs of life. What was begun six
#: times may be what kills workers: it stays in sight.
_STALLED = """
SELECT procrastinate_retry_job_v2(j.id, now(), NULL, NULL, NULL)
  FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
 WHERE j.status = 'doing' AND j.attempts < 6
   AND (w.id IS NULL OR w.last_heartbeat < now() - interval '30 seconds')
"""


def job(*, name: str, queue: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function in a room's ``jobs.py`` as the job called ``name``.

    A job takes ids only, accepts unknown extra keys, and may run twice.
    """

    def register(function: Callable[..., None]) -> Callable[..., None]:
        app.task(name=name, queue=queue, retry=RETRY)(function)
        return function

    return register


def defer(name: str, *, queue: str, lock: str | None = None, **ids: Any) -> None:
    """Put a job in the queue as a row of the caller's transaction.

    No job therefore exists for a change that was rolled back. ``lock``: jobs with the
    same lock run one after another.
    """
    try:
        app.configure_task(name, queue=queue, lock=lock).defer(**ids)
    except ConnectorException as error:
        # It is the caller's own line: a lost database is one error, whoever meets it first.
        with connection.wrap_database_errors:
            raise (error.__cause__ or error) from error


def take_up_stalled() -> int:
    """Put every job of a worker that gave no sign for half a minute back in the queue (再開).

    Each job may run twice, so one that was done and could not say so does no harm.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STALLED)
        return len(cursor.fetchall())
