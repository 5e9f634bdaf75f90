"""The one door to a transaction (一件の処理 = 一つの取引)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import OperationalError, connection, transaction
from psycopg import errors as pg

P = ParamSpec("P")
R = TypeVar("R")

LOCK_MS = 3_000
STATEMENT_MS = 5_000

Recorder = Callable[[Sequence[object]], None]

_records: ContextVar[list[object] | None] = ContextVar("records", default=None)
_recorder: Recorder | None = None


class NothingRecorded(AssertionError):
    """An action changed something and told nobody: a bug, so nothing is committed."""


class Busy(Exception):
    """Somebody else holds this record; try again in a moment (処理中)."""


def set_recorder(recorder: Recorder) -> None:
    """Name the function that writes the collected records just before the commit.

    Audit registers itself here at start: infra sits below audit and never imports it.
    Writing last keeps the lock on the end of the hash chain as short as one insert.
    """
    global _recorder
    _recorder = recorder


def append(record: object) -> None:
    """Add one record to the running unit; outside a unit this is a bug."""
    records = _records.get()
    assert records is not None, "record() outside unit.run()"
    records.append(record)


def is_open() -> bool:
    """Tell whether a unit is running in this context."""
    return _records.get() is not None


def run(action: Callable[P, R], /, *args: P.args, **given: P.kwargs) -> R:
    """Do one action in one durable transaction and return its result.

    Raises ``Busy`` when a lock was not had within three seconds, ``NothingRecorded``
    when the action recorded nothing, and whatever the action raises (``Refused``
    among it); in each of these cases nothing at all is stored.
    """
    return _run(action, STATEMENT_MS, args, given)


def run_long(action: Callable[P, R], /, *args: P.args, **given: P.kwargs) -> R:
    """Like ``run`` without the limit on a statement's time: for imports and batches."""
    return _run(action, 0, args, given)


def _run(
    action: Callable[..., R], statement_ms: int, args: Sequence[object], given: dict[str, object]
) -> R:
    try:
        with transaction.atomic(durable=True):
            _set_limits(statement_ms=statement_ms)
            token = _records.set([])
            try:
                result = action(*args, **given)
                records = _records.get()
                if not records:
                    raise NothingRecorded(getattr(action, "__name__", repr(action)))
                assert _recorder is not None, "no recorder: is the audit room installed?"
                _recorder(tuple(records))
                return result
            finally:
                _records.reset(token)
    except OperationalError as error:
        if isinstance(error.__cause__, (pg.LockNotAvailable, pg.DeadlockDetected)):
            raise Busy from error
        raise


def _set_limits(*, statement_ms: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', %s, true), set_config('statement_timeout', %s, true)",
            [f"{LOCK_MS}ms", f"{statement_ms}ms"],
        )
