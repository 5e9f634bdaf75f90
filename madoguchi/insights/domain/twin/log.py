"""A log of the desk as a file brings it (窓口の記録): every wrong cell at once, with its place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from madoguchi.insights.domain.reading import Reading
from madoguchi.insights.domain.twin.fitting import Served
from madoguchi.insights.domain.twin.scenario import WEEK
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

COLUMNS = ("service", "came_at", "began_at", "ended_at", "terminal")
_MOMENTS = COLUMNS[1:4]
_YES, _NO = "1", "0"
_SHOWN = 40


def read_log(
    names: Sequence[str], rows: Iterable[NumberedRow], *, opens_at: int
) -> tuple[tuple[Served, ...], tuple[Problem, ...]]:
    """Read a log whose times are the town's own clock, and all problems (記録の読取り).

    ``opens_at`` is the minute of the day at which the desk opens. There is no column for a person.
    """
    reading = Reading(columns=COLUMNS)
    served = [
        one
        for line, cells in reading.records(names, rows)
        if (one := _served(reading, line, cells, opens_at)) is not None
    ]
    return tuple(sorted(served, key=lambda one: (one.on, one.came))), tuple(reading.problems)


def _served(reading: Reading, line: int, cells: Mapping[str, str], opens_at: int) -> Served | None:
    before = len(reading.problems)
    moments = [_moment(reading, line, column, cells[column]) for column in _MOMENTS]
    service, terminal = cells["service"].strip(), cells["terminal"].strip()
    if not service:
        reading.note("TWIN_LOG_SERVICE", line, "service")
    if terminal not in (_YES, _NO):
        reading.note("TWIN_LOG_TERMINAL", line, "terminal", written=terminal[:_SHOWN])
    came, began, ended = moments
    if came is None or began is None or ended is None:
        return None
    if not came <= began < ended:
        reading.note("TWIN_LOG_ORDER", line, "came_at")
    elif came.date() != ended.date() or came.weekday() >= WEEK:
        reading.note("TWIN_LOG_DAY", line, "came_at")
    if len(reading.problems) > before:
        return None
    return Served(
        on=came.date(), service=service[:_SHOWN], came=_minute(came) - opens_at,
        began=_minute(began) - opens_at, ended=_minute(ended) - opens_at, terminal=terminal == _YES,
    )  # fmt: skip


def _moment(reading: Reading, line: int, column: str, text: str) -> datetime | None:
    """Read a moment by the town's clock; one with a zone of its own is somebody else's."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is not None:
        reading.note("TWIN_LOG_MOMENT", line, column, written=text.strip()[:_SHOWN])
        return None
    return moment


def _minute(moment: datetime) -> float:
    return moment.hour * 60 + moment.minute + moment.second / 60
