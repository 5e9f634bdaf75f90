"""``madoguchi journeys map|xes``: a log as a drawing and figures, or for other tools (ジャーニー)."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.intake import FileRefused
from madoguchi.kernel.outcome import Problem

if TYPE_CHECKING:
    from madoguchi.journeys.api import Report

_K_MIN = 3


def _least(text: str) -> int:
    if not text.isdecimal() or int(text) < _K_MIN:
        raise argparse.ArgumentTypeError(f"{_K_MIN} or more: {text[:20]}")
    return int(text)


def _words(words: Words) -> None:
    words.add_argument("log", type=Path, metavar="LOG.csv",
                       help="case_id,activity,at,lane,area; or a log of XES")  # fmt: skip
    words.add_argument("--out", required=True, type=Path, metavar="MAP.svg", help="the drawing")
    words.add_argument("--k", type=_least, metavar="N",
                       help="hide numbers of fewer cases than this (the town's table: 5)")  # fmt: skip
    words.add_argument("--released", type=Path, metavar="FILE.json",
                       help="reports that left the office; this one is checked against them and "
                            "added, so that no two give back what each hides")  # fmt: skip


def _door() -> ModuleType:
    """Return the room's front door; its surveys have tables, so Django must know them first."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "madoguchi.entry.settings")
    import django

    django.setup()  # settings only: no database is asked
    from madoguchi.journeys import api

    return api


def _map(given: Given) -> Answer:
    api = _door()
    from madoguchi.web.messages import label

    rules = api.rules_of(os.environ.get("MADOGUCHI_CARD_RULES", ""))
    if given.k is not None:
        rules = replace(rules, k=given.k)
    try:
        with given.log.open("rb") as file:
            log, warnings = api.open_log(file, rules=rules)
    except FileRefused as refused:
        return Answer(values=_BLANK, problems=refused.report.problems)
    report = api.report_of(log, rules=rules)
    problems = _release(given.released, report, [one.date() for one in log.began])
    if problems:
        return Answer(values=_BLANK, problems=problems, warnings=warnings)
    lanes = {code: label(kind="journey_lane", code=code) for code in rules.lanes}
    groups = {code: one.ja for code, one in rules.areas.items()}
    drawing = api.draw_report(report, lanes=lanes, groups=groups)
    given.out.write_text(drawing, encoding="utf-8")
    if report.cases < rules.k:
        warnings = (*warnings, Problem(code="JOURNEY_CASES_FEW", facts={"k": f"{rules.k}"}))
    return Answer(values=_values(report), warnings=warnings)


def _xes_words(words: Words) -> None:
    words.add_argument("log", type=Path, metavar="LOG.csv", help="case_id,activity,at,lane,area")
    words.add_argument("--out", required=True, type=Path, metavar="LOG.xes",
                       help="every case under a running number; nothing is hidden in it")  # fmt: skip


def _xes(given: Given) -> Answer:
    api = _door()
    rules = api.rules_of(os.environ.get("MADOGUCHI_CARD_RULES", ""))
    try:
        with given.log.open("rb") as file:
            log, warnings = api.open_log(file, rules=rules)
    except FileRefused as refused:
        return Answer(values=_NO_LOG, problems=refused.report.problems)
    with given.out.open("w", encoding="utf-8") as out:
        out.writelines(api.write_xes(log))
    values = {"cases": len(log.case_ids), "events": len(log.case)}
    return Answer(values=values, warnings=warnings)


def _release(path: Path | None, report: Report, days: list[Any]) -> tuple[Problem, ...]:
    """Check the report against what left already, and write it down where it may leave too."""
    api = _door()
    if path is None:
        return ()
    earlier = api.read_releases(path.read_text(encoding="utf-8")) if path.exists() else ()
    if isinstance(earlier, Problem):
        return (earlier,)
    new = api.release_of(report, first_on=days[0], last_on=days[1])
    problems: tuple[Problem, ...] = api.check_release(new, earlier, k=report.k)
    if not problems and new not in earlier:
        # Written whole and then moved: half a list would protect nobody.
        half = path.with_name(f"{path.name}.part")
        half.write_text(api.write_releases([*earlier, new]), encoding="utf-8")
        half.replace(path)
    return problems


def _values(report: Report) -> dict[str, Any]:
    return {
        "cases": report.cases,
        "variants": report.ways,
        "edges": [
            {"from": one.before, "to": one.after, "count": one.count,
             "median_min": round(one.median_min, 2), "p90_min": round(one.p90_min, 2)}
            for one in report.edges
        ],
        "suppressed_cells": report.suppressed_cells,
        "k": report.k,
        "areas": [
            {"area": group.code, "cases": group.cases,
             "edges": [{"from": before, "to": after, "count": count}
                       for (before, after), count in sorted(group.edges.items())]}
            for group in report.groups
        ],
        "ways": [{"steps": list(way.steps), "count": way.count} for way in report.variants],
        "rework": dict(report.again),
        "drop_outs": dict(report.stopped),
        "switches": [
            {"from": before, "to": after, "count": count}
            for (before, after), count in sorted(report.switches.items())
        ],
    }  # fmt: skip


_NO_LOG: Mapping[str, Any] = {"cases": 0, "events": 0}
_BLANK: Mapping[str, Any] = {"cases": 0, "variants": 0, "edges": [], "suppressed_cells": 0}


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    yield f"{values['cases']:,} 件・道すじ {values['variants']:,} 通り"
    for one in values["edges"]:
        yield (
            f"{one['from']}→{one['to']}: {one['count']:,} 件・"
            f"中央値 {one['median_min']:g} 分・9割 {one['p90_min']:g} 分"
        )
    yield f"伏せた数 {values['suppressed_cells']} 個（{values['k']} 件より少ないか、差し引きで分かるもの）"


VERBS = (
    Verb(
        name="map",
        help="what follows what in a log, as a drawing and figures; small numbers hidden (流れの図)",
        schema="madoguchi.journey/1",
        run=_map,
        arguments=_words,
        show=_show,
        needs_database=False,
        blank=_BLANK,
    ),
    Verb(
        name="xes",
        help="a log as XES, for pm4py, bupaR and others; it stays in the office (XES)",
        schema="madoguchi.xes/1",
        run=_xes,
        arguments=_xes_words,
        show=lambda values: (f"{values['cases']:,} 件・出来事 {values['events']:,}",),
        needs_database=False,
        blank=_NO_LOG,
    ),
)
