"""A log from a file, and the tables of the room (記録のファイル)."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import BinaryIO, NoReturn

from madoguchi.infra.town_tables import read_table
from madoguchi.journeys.domain.areas import Rules, read_rules
from madoguchi.journeys.domain.log import EventLog, read_log
from madoguchi.journeys.domain.xes import rows_of_xes
from madoguchi.kernel.intake import FileRefused, FileReport, Found, open_rows
from madoguchi.kernel.outcome import Problem

TABLES = Path(__file__).resolve().parents[1] / "tables"


@lru_cache(maxsize=4)
def rules_of(folder: str = "") -> Rules:
    """Return the room's table, or the town's own in its place (表)."""
    return read_rules(read_table("journeys", ours=TABLES, own=folder))


def open_log(file: BinaryIO, *, rules: Rules) -> tuple[EventLog, tuple[Problem, ...]]:
    """Read a log, CSV or XES, and its warnings; refused with every problem of every row (読取り)."""
    found = Found()
    log = None
    warnings: tuple[Problem, ...] = ()
    if _is_xml(file):
        return _open_xes(file, rules)
    opened = open_rows(file, found)
    if opened is not None:
        lines, names, rows = opened
        log, problems, warnings = read_log(
            names, rows, lanes=rules.lane_names, areas=rules.area_names
        )
        found.add(problems)
        # Where the heading is wrong nobody reads on; the rest is read out so that the file is let go.
        for _ in rows:
            pass
        if lines.broken is not None:
            found.add([lines.broken])
    if log is None or found.problem_count:
        _refuse(found)
    return log, warnings


def _is_xml(file: BinaryIO) -> bool:
    head = file.read(64)
    file.seek(0)
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")


def _open_xes(file: BinaryIO, rules: Rules) -> tuple[EventLog, tuple[Problem, ...]]:
    found = Found()
    try:
        opened = rows_of_xes(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError:
        opened = Problem(code="JOURNEY_XES_UNREADABLE")
    if isinstance(opened, Problem):
        found.add([opened])
        _refuse(found)
    log, problems, warnings = read_log(*opened, lanes=rules.lane_names, areas=rules.area_names)
    found.add(problems)
    if log is None:
        _refuse(found)
    return log, warnings


def _refuse(found: Found) -> NoReturn:
    raise FileRefused(
        FileReport(rows=0, problems=tuple(found.problems), problem_count=found.problem_count)
    )
