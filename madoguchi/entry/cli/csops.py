"""``madoguchi csops windows``: one window for each of several towns, without a database (共同の作業枠)."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from madoguchi.entry.cli.casefile import case_words, read_case_file
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words

_BLANK: Mapping[str, Any] = {
    "feasible": None, "windows": [], "in_the_way": [], "max_towns_at_once_enough": None,
    "seconds": None,
}  # fmt: skip


def _words(words: Words) -> None:
    case_words(words)
    words.add_argument("--ics", type=Path, metavar="OUT.ics",
                       help="write the windows as a calendar file too")  # fmt: skip


def _windows(given: Given) -> Answer:
    from madoguchi.csops.queries.windows import answer_plan, plan_schema

    if given.schema:
        return Answer(values={}, document=plan_schema())
    raw = read_case_file(given)
    began = time.perf_counter()
    found = answer_plan(raw, read_file=_beside(given.file))
    seconds = round(time.perf_counter() - began, 3)
    if given.ics and found.feasible:
        given.ics.write_bytes(_calendar(found.windows, raw))
    values = {
        "feasible": found.feasible,
        "windows": [
            {"town": one.town, "start": _iso(one.span.begins), "end": _iso(one.span.ends)}
            for one in found.windows
        ],
        "in_the_way": list(found.in_the_way),
        "max_towns_at_once_enough": found.at_once_enough,
        "seconds": seconds,
    }
    return Answer(values=values, problems=found.problems, good=found.feasible is True)


def _beside(plan: Path) -> Callable[[str], bytes | None]:
    """Read files beside the plan and nowhere else: a plan may come from another town."""
    folder = plan.resolve().parent

    def read(name: str) -> bytes | None:
        from madoguchi.csops.queries.windows import CALENDAR_BYTES_KEPT

        path = (folder / name).resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        with path.open("rb") as file:
            return file.read(CALENDAR_BYTES_KEPT)

    return read


def _calendar(windows: Any, raw: object) -> bytes:
    from madoguchi.csops.queries.windows import windows_calendar
    from madoguchi.infra import clock

    # The same plan written again is the same events, so a calendar takes them as news of the old.
    plan_id = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()[:16]
    return windows_calendar(windows, plan_id=plan_id, stamped_at=clock.now())


def _iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds" if moment.second else "minutes")


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    for one in values["windows"]:
        yield f"{one['start'].replace('T', ' ')} 〜 {one['end'].replace('T', ' ')}  {one['town']}"
    if values["feasible"]:
        yield f"{len(values['windows'])}団体すべてに枠がとれました（{values['seconds']}秒）"


VERBS = (
    Verb(
        name="windows",
        help="one window for each of several towns, at most so many at once (共同の作業枠)",
        schema="madoguchi.windows/1",
        run=_windows,
        arguments=_words,
        show=_show,
        needs_database=False,
        blank=_BLANK,
    ),
)
