"""A plan of windows answered from its file, without a database (共同作業枠の照会)."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.csops.documents import calendars
from madoguchi.csops.domain import windows_case
from madoguchi.csops.domain.windows import Plan, Stretch, Window
from madoguchi.csops.domain.windows_search import InTheWay, Undecided, find_windows
from madoguchi.kernel.outcome import Problem

_SHOWN = 50
#: What is kept of a calendar file: one byte more than is read, so that it can say "too large".
CALENDAR_BYTES_KEPT = calendars.BYTES_MAX + 1
TITLE = "CSの作業枠"


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanAnswer:
    """What a plan came to; ``feasible`` is nothing where it was not decided (計画の答え)."""

    feasible: bool | None
    windows: tuple[Window, ...] = ()
    in_the_way: tuple[str, ...] = ()
    at_once_enough: int | None = None
    problems: tuple[Problem, ...] = ()


def answer_plan(raw: object, *, read_file: Callable[[str], bytes | None]) -> PlanAnswer:
    """Find a window for every town of a plan as it was written, or say what is wrong (計画の回答)."""

    def calendar(name: str, whole: Stretch) -> tuple[Stretch, ...] | tuple[Problem, ...]:
        data = read_file(name)
        if data is None:
            return (Problem(code="CSOPS_CALENDAR_NOT_THERE"),)
        return calendars.read_spans(data, whole=whole)

    plan = windows_case.read_plan(raw, calendar=calendar)
    return solve_plan(plan) if isinstance(plan, Plan) else PlanAnswer(feasible=None, problems=plan)


def read_plan_file(data: bytes) -> Plan | tuple[Problem, ...]:
    """Read a plan that came as one file; calendars beside it are not there (計画のファイルの読取り)."""
    if len(data) > calendars.BYTES_MAX:
        return (Problem(code="CASE_FILE_TOO_LARGE"),)
    try:
        raw = json.loads(data.decode("utf-8-sig"))
    except json.JSONDecodeError as error:
        return (Problem(code="CASE_NOT_JSON", facts={"line": str(error.lineno)}),)
    except (UnicodeDecodeError, RecursionError):
        return (Problem(code="CASE_NOT_JSON", facts={"line": "1"}),)
    return windows_case.read_plan(
        raw, calendar=lambda _name, _whole: (Problem(code="CSOPS_CALENDAR_NOT_THERE"),)
    )


def read_calendar(data: bytes, *, whole: Stretch) -> tuple[Stretch, ...] | tuple[Problem, ...]:
    """Return the stretches of one calendar file within a time (予定ファイルの読取り)."""
    return calendars.read_spans(data, whole=whole)


def solve_plan(plan: Plan) -> PlanAnswer:
    """Find a window for every town, or name the towns in the way (作業枠の回答)."""
    found = find_windows(plan)
    if isinstance(found, Undecided):
        return PlanAnswer(feasible=None, problems=(Problem(code="CSOPS_WINDOWS_UNDECIDED"),))
    if isinstance(found, InTheWay):
        return PlanAnswer(
            feasible=False, in_the_way=found.towns, at_once_enough=found.at_once_enough,
            problems=(_clash(found, plan),),
        )  # fmt: skip
    windows = tuple(one for one in found if isinstance(one, Window))
    if windows:
        return PlanAnswer(feasible=True, windows=windows)
    without = [one for one in found if not isinstance(one, Window)]
    return PlanAnswer(
        feasible=False,
        in_the_way=tuple(one.town for one in without),
        problems=tuple(
            Problem(
                code="CSOPS_TOWN_HAS_NO_ROOM" if one.has_quiet else "CSOPS_TOWN_HAS_NO_QUIET",
                where=one.town, facts={"town": one.town, "hours": _hours(plan)},
            )
            for one in without
        ),
    )  # fmt: skip


def plan_schema() -> dict[str, Any]:
    """Return the JSON Schema of a plan (計画の形)."""
    return windows_case.plan_schema()


def windows_calendar(windows: tuple[Window, ...], *, plan_id: str, stamped_at: datetime) -> bytes:
    """Return windows as a calendar file (作業枠の予定ファイル)."""
    return calendars.write_windows(windows, title=TITLE, plan_id=plan_id, stamped_at=stamped_at)


def _clash(found: InTheWay, plan: Plan) -> Problem:
    named = "、".join(found.towns[:_SHOWN])
    more = len(found.towns) - _SHOWN
    facts = {
        "towns": f"{named} ほか{more}団体" if more > 0 else named,
        "count": str(len(found.towns)),
        "at_once": str(plan.at_once),
        "hours": _hours(plan),
        "enough": str(found.at_once_enough),
    }
    code = "CSOPS_TOWNS_CLASH" if found.is_smallest else "CSOPS_TOWNS_CLASH_SOMEWHERE"
    return Problem(code=code, facts=facts)


def _hours(plan: Plan) -> str:
    hours, minutes = divmod(plan.length.total_seconds() / 60, 60)
    return f"{hours:g}時間" + (f"{minutes:g}分" if minutes else "")
