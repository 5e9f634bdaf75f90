"""Log lines without personal data (ログに個人情報を書かない).

The message of an exception may repeat a row, and an address may hold a person's number. So a
traceback keeps its lines of code and the kind of exception, and an address becomes its route.
"""

from __future__ import annotations

import json
import logging
import traceback
from datetime import UTC, datetime
from types import TracebackType

from madoguchi.infra.away import is_lost

#: Loggers of requests the framework refuses: a host that is not ours, a form too large.
_REFUSED = "django.security."
_ExcInfo = tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]


class Line(logging.Formatter):
    """One line a record; a traceback without what the exception says (書式)."""

    def formatException(self, ei: _ExcInfo) -> str:  # noqa: N802  the name is logging's
        """Return where it happened and of what kind it is."""
        kind, _, frames = ei
        lines = traceback.format_tb(frames)
        return "".join((*lines, kind.__name__ if kind else ""))


class Row(Line):
    """One JSON object a record, for machines that gather logs: the same words, the same silence (構造化ログ)."""

    def format(self, record: logging.LogRecord) -> str:
        """Return time (UTC), level, logger, sentence and, of an exception, its kind and where it happened."""
        said: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname, "logger": record.name, "message": record.getMessage(),
            "process": record.process,
        }  # fmt: skip
        if record.exc_info and record.exc_info[0] is not None:
            kind, _, frames = record.exc_info
            said["exception"] = kind.__name__
            said["where"] = [f"{one.filename}:{one.lineno} {one.name}"
                             for one in traceback.extract_tb(frames)]  # fmt: skip
        return json.dumps(said, ensure_ascii=False)


class NoAddress(logging.Filter):
    """Put the route in place of the address in what the framework says of a request (経路)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, changed where it names an address or repeats what a stranger sent."""
        if record.name.startswith(_REFUSED):
            # Django refused a request, by no mistake of ours; what was sent may be anything.
            record.exc_info, record.args = None, None
            record.msg = f"refused: {record.name.removeprefix(_REFUSED)}"
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and is_lost(error):
            # Where our code stood when the line went is nowhere in particular, and said with each press.
            record.exc_info, record.msg = None, f"{record.msg} ({type(error).__name__})"
        request = getattr(record, "request", None)
        path = getattr(request, "path", None)
        if path is None:
            return True
        found = getattr(request, "resolver_match", None)
        route = getattr(found, "route", "(no route)")
        if isinstance(record.args, tuple):
            record.args = tuple(route if one == path else one for one in record.args)
        return True
