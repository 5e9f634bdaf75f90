"""An event log as columns (出来事の記録): who did what when, read whole or told what is wrong.

One row of the file is one event of one case (一つの手続き). Order inside a case is by time; events
of the same moment keep the order of the file. A case lies in the area of its first row.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from functools import cached_property

import numpy as np
import numpy.typing as npt

from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

COLUMNS = ("case_id", "activity", "at", "lane", "area")
#: A moment written without a zone is one of Japan.
JAPAN = timezone(timedelta(hours=9))
ACTIVITY_MAX = 60
#: So many kinds of events are a map; more is a column taken for another.
ACTIVITIES_MAX = 500
_SHOWN = 40
_LOOSE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2}))?")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000
#: Both ends of what a desk's log can hold; an error of the century is told, not drawn.
_EARLIEST, _LATEST = datetime(1950, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

Codes = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened in one case (出来事)."""

    case_id: str
    activity: str
    at: datetime
    lane: str = ""
    area: str = ""


@dataclass(frozen=True, kw_only=True)
class EventLog:
    """Events in columns, sorted by case and time (出来事の記録).

    ``case``, ``activity`` and ``lane`` are codes into the names beside them; ``at`` counts
    microseconds. ``area`` holds one code a case.
    """

    case_ids: tuple[str, ...]
    activities: tuple[str, ...]
    lanes: tuple[str, ...]
    areas: tuple[str, ...]
    case: Codes
    activity: Codes
    at: Codes
    lane: Codes
    area: Codes

    @cached_property
    def first(self) -> Codes:
        """Return where each case begins (各手続きの始まり)."""
        return np.flatnonzero(np.r_[True, self.case[1:] != self.case[:-1]])

    @cached_property
    def last(self) -> Codes:
        """Return where each case ends (各手続きの終わり)."""
        return np.append(self.first[1:], len(self.case)) - 1

    @property
    def began(self) -> tuple[datetime, datetime]:
        """Return when the first and the last case began: the period of the log (期間)."""
        starts = self.at[self.first]
        return tuple(  # type: ignore[return-value]  # two of them
            (_EPOCH + timedelta(microseconds=int(one))).astimezone(JAPAN)
            for one in (starts.min(), starts.max())
        )

    def only(self, wanted: npt.NDArray[np.bool_]) -> EventLog:
        """Return the log of some cases, named by a mask over the cases (一部の手続き)."""
        number = np.cumsum(wanted) - 1
        keep = wanted[self.case]
        return EventLog(
            case_ids=tuple(
                one for one, kept in zip(self.case_ids, wanted, strict=True) if kept
            ),
            activities=self.activities, lanes=self.lanes, areas=self.areas,
            case=number[self.case[keep]], activity=self.activity[keep], at=self.at[keep],
            lane=self.lane[keep], area=self.area[wanted],
        )  # fmt: skip


def from_columns(
    *, case: Sequence[str], activity: Sequence[str], at: Codes, lane: Sequence[str],
    area: Sequence[str],
) -> EventLog:  # fmt: skip
    """Turn equally long columns into a log; ``at`` in microseconds (列から記録へ).

    Cases are numbered in the order of the file; sorting is stable, so that events of one moment
    stay as they were written.
    """
    case_ids, cases = _coded(case)
    activities, acts = _coded(activity)
    lanes, lane_of = _coded(lane)
    areas, area_of = _coded(area)
    # A case lies where its first row of the file says, whatever its times are.
    first_row = np.full(len(case_ids), -1, dtype=np.int64)
    first_row[cases[::-1]] = np.arange(len(cases))[::-1]
    order = in_order(cases, at)
    return EventLog(
        case_ids=case_ids, activities=activities, lanes=lanes, areas=areas,
        case=cases[order], activity=acts[order], at=at[order], lane=lane_of[order],
        area=area_of[first_row],
    )  # fmt: skip


def in_order(case: Codes, at: Codes) -> Codes:
    """Return the order by case, then time, then place in the file (並べ替え).

    As one number where it fits: three times as fast as by two keys.
    """
    if not len(at):
        return np.zeros(0, dtype=np.int64)
    since = at - at.min()
    span = int(since.max()) + 1
    if int(case.max()) + 1 <= np.iinfo(np.int64).max // span:
        return np.argsort(case * span + since, kind="stable")
    return np.lexsort((at, case))


def from_events(events: Iterable[Event]) -> EventLog:
    """Turn events into a log (出来事から記録へ)."""
    rows = list(events)
    return from_columns(
        case=[one.case_id for one in rows], activity=[one.activity for one in rows],
        at=np.array([microseconds(one.at) for one in rows], dtype=np.int64),
        lane=[one.lane for one in rows], area=[one.area for one in rows],
    )  # fmt: skip


def microseconds(moment: datetime) -> int:
    """Return a moment as a whole number; without a zone it is Japan's (時刻の数)."""
    aware = moment if moment.tzinfo else moment.replace(tzinfo=JAPAN)
    gone = aware - _EPOCH
    return (gone.days * 86_400 + gone.seconds) * _SECOND + gone.microseconds


def _coded(texts: Sequence[str]) -> tuple[tuple[str, ...], Codes]:
    """Number texts in the order they first appear."""
    known = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    codes = np.fromiter(map(known.__getitem__, texts), dtype=np.int64, count=len(texts))
    return tuple(known), codes


# -- reading a file ------------------------------------------------------------------------


@dataclass(slots=True, kw_only=True)
class _Reading:
    """What was read so far, and all that is wrong with it."""

    lanes: Mapping[str, str]
    areas: Mapping[str, str]
    problems: list[Problem] = field(default_factory=list)
    #: Names no table knows, and the line they first stand in: told once each.
    strange: dict[tuple[str, str], int] = field(default_factory=dict)
    #: A written moment is read once, however many rows hold it.
    moments: dict[str, int | None] = field(default_factory=dict)

    def note(self, code: str, line: int, column: str = "", **facts: str) -> None:
        place = f"line {line}" + (f", {column}" if column else "")
        told = {"column": column, **facts} if column else facts
        self.problems.append(Problem(code=code, where=place, facts=told))

    def known(self, column: str, written: str, line: int, names: Mapping[str, str]) -> str:
        """Return the code of a lane or an area; a strange one is kept apart and told."""
        found = names.get(written)
        if found is None:
            found = names.get(_plain(written).casefold(), "")
            if not found and written.strip():
                self.strange.setdefault((column, written.strip()[:_SHOWN]), line)
        return found

    def moment(self, written: str) -> int | None:
        if written not in self.moments:
            self.moments[written] = _moment(written)
        return self.moments[written]


def read_log(
    names: Sequence[str], rows: Iterable[NumberedRow], *, lanes: Mapping[str, str],
    areas: Mapping[str, str],
) -> tuple[EventLog | None, tuple[Problem, ...], tuple[Problem, ...]]:  # fmt: skip
    """Read a log from rows; return it, all problems, and warnings (記録の読取り).

    ``lanes`` and ``areas`` lead from names (small letters) to codes. A name they do not hold is
    no reason to refuse: it stands as "ほか" in the drawing, or counts with the whole town only.
    """
    reading = _Reading(lanes=lanes, areas=areas)
    places = _places(reading, names)
    if places is None:
        return None, tuple(reading.problems), ()
    columns: tuple[list[str], ...] = ([], [], [], [])
    moments: list[int] = []
    width = len(names)
    for line, cells in rows:
        if len(cells) != width:
            if any(cell.strip() for cell in cells):
                reading.note("CSV_RAGGED", line, cells=f"{len(cells)}", expected=f"{width}")
            continue
        row = _row(reading, line, [cells[place] for place in places])
        if row is not None:
            for column, value in zip(columns, row[0], strict=True):
                column.append(value)
            moments.append(row[1])
    kinds = len(set(columns[1]))
    if kinds > ACTIVITIES_MAX:
        facts = {"kinds": f"{kinds:,}", "most": f"{ACTIVITIES_MAX}"}
        reading.problems.append(Problem(code="JOURNEY_ACTIVITIES_MANY", facts=facts))
    if not moments and not reading.problems:
        reading.problems.append(Problem(code="JOURNEY_NO_ROWS"))
    if reading.problems:
        return None, tuple(reading.problems), _strange(reading)
    case, activity, lane, area = columns
    at = np.array(moments, dtype=np.int64)
    log = from_columns(case=case, activity=activity, at=at, lane=lane, area=area)
    return log, (), _strange(reading)


def _places(reading: _Reading, names: Sequence[str]) -> list[int] | None:
    """Find the five columns, wherever they stand; lane and area may be empty, not missing."""
    headings = [_plain(name).casefold() for name in names]
    for column in COLUMNS:
        if headings.count(column) > 1:
            reading.note("CSV_COLUMN_TWICE", 1, column)
        if column not in headings:
            reading.note("CSV_COLUMN_MISSING", 1, column)
    return None if reading.problems else [headings.index(column) for column in COLUMNS]


def _row(
    reading: _Reading, line: int, cells: Sequence[str]
) -> tuple[tuple[str, str, str, str], int] | None:
    """Read one row, or note everything that is wrong with it."""
    case_id, activity = cells[0].strip(), cells[1].strip()
    moment = reading.moment(cells[2])
    good = True
    for column, text in (("case_id", case_id), ("activity", activity)):
        if not text:
            reading.note("JOURNEY_CELL_EMPTY", line, column)
            good = False
    if len(activity) > ACTIVITY_MAX:
        reading.note("JOURNEY_ACTIVITY_LONG", line, "activity", most=f"{ACTIVITY_MAX}")
        good = False
    if moment is None:
        reading.note("JOURNEY_MOMENT_UNREADABLE", line, "at", written=cells[2].strip()[:_SHOWN])
        good = False
    if not good or moment is None:
        return None
    lane = reading.known("lane", cells[3], line, reading.lanes)
    area = reading.known("area", cells[4], line, reading.areas)
    return (case_id, activity, lane, area), moment


def _moment(written: str) -> int | None:
    """Read a moment with a day *and* a time: a day alone would draw waits that nobody measured."""
    text = _plain(written)
    loose = _LOOSE.fullmatch(text)
    try:
        if loose:  # as spreadsheets write it: 2026/4/1 9:05
            moment = datetime(*(int(part) for part in loose.groups(default="0")))  # type: ignore[arg-type]  # noqa: DTZ001  Japan's zone is put on below
        elif ":" in text or "T" in text:
            moment = datetime.fromisoformat(text)
        else:
            return None
    except ValueError:
        return None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=JAPAN)
    return microseconds(aware) if _EARLIEST <= aware <= _LATEST else None


def _strange(reading: _Reading) -> tuple[Problem, ...]:
    codes = {"lane": "JOURNEY_LANE_UNKNOWN", "area": "JOURNEY_AREA_UNKNOWN"}
    return tuple(
        Problem(code=codes[column], where=f"line {line}, {column}", facts={"written": written})
        for (column, written), line in reading.strange.items()
    )


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
