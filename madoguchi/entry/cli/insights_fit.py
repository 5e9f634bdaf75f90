"""``madoguchi insights fit``: a scenario from the desk's own log, and its error (記録への当てはめ)."""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.daytimes import parse_clock
from madoguchi.kernel.intake import FileRefused
from madoguchi.kernel.outcome import Problem, Refused

if TYPE_CHECKING:
    from madoguchi.insights.queries.desk import Fit, Scenario, Served

#: The share of an error that the project calls good.
GOAL_PERCENT = 10
_BLANK: Mapping[str, Any] = {"scenario": None, "prediction": [], "errors_percent": {}}
_LOOKED_BACK = timedelta(weeks=104)
_MEASURES = ("people_per_day", "work_min_per_day", "wait_mean_min", "wait_p90_min")


def _clock(text: str) -> int:
    minute = parse_clock(text)
    if isinstance(minute, Problem):
        raise argparse.ArgumentTypeError(f"not a time of day: {text[:20]}")
    return minute


def _words(words: Words) -> None:
    words.add_argument("log", nargs="?", type=Path, metavar="LOG.csv",
                       help="service,came_at,began_at,ended_at,terminal; no column of a person")  # fmt: skip
    words.add_argument("--place", metavar="PLACE",
                       help="instead of a file: the numbers of the line at this place, last two years")  # fmt: skip
    words.add_argument("--clerks", type=int, metavar="N", help="clerks at the desk (the base's)")
    words.add_argument("--terminals", type=int, metavar="N", help="CS terminals (the base's)")
    words.add_argument("--opens-at", type=_clock, default=_clock("8:30"), metavar="8:30")
    words.add_argument("--hold-out-weeks", type=int, default=8, choices=range(1, 53), metavar="8",
                       help="the last weeks, foretold and not learnt from")  # fmt: skip
    words.add_argument("--out", type=Path, metavar="SCENARIO.json",
                       help="write the fitted scenario, for insights simulate")  # fmt: skip


def _fit(given: Given) -> Answer:
    from madoguchi.entry import environment
    from madoguchi.insights.queries import desk

    base = desk.ready_scenarios(environment.text("MADOGUCHI_CARD_RULES", "")).base
    base = replace(
        base,
        clerks=base.clerks if given.clerks is None else given.clerks,
        cs_terminals=base.cs_terminals if given.terminals is None else given.terminals,
    )
    problems = desk.check_scenario(base)
    if problems:
        return Answer(values=_BLANK, problems=problems)
    try:
        rows = _log(given)
    except FileRefused as refused:
        return Answer(values=_BLANK, problems=refused.report.problems)
    problems = desk.check_log(rows, held_out_weeks=given.hold_out_weeks)
    if problems:
        return Answer(values=_BLANK, problems=problems)
    found = desk.fit(rows, base, held_out_weeks=given.hold_out_weeks)
    scenario = _document(found.scenario)
    if given.out is not None:
        given.out.write_text(json.dumps(scenario, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return Answer(values=_values(found, scenario))


def _log(given: Given) -> tuple[Served, ...]:
    """The log of a file, or the town's own; only for that is a database wanted."""
    from madoguchi.insights.queries import desk

    if given.place is None:
        if given.log is None:
            raise Refused(Problem(code="TWIN_LOG_MISSING"))
        with given.log.open("rb") as file:
            return desk.read_log_file(file, opens_at=given.opens_at)
    from madoguchi.entry import bootstrap

    bootstrap.set_up()
    from madoguchi.infra import clock
    from madoguchi.insights.queries.served import list_served

    today = clock.today()
    # Whole weeks only: days that are yet to come would count as days on which nobody came.
    monday = today - timedelta(days=today.weekday())
    return list_served(
        given.place, since=monday - _LOOKED_BACK, until=monday, opens_at=given.opens_at
    )


def _values(found: Fit, scenario: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "days_fitted": found.days_fitted,
        "days_held_out": found.days_held_out,
        "prediction": [
            {
                "service": one.service, "measure": one.measure, "seen": round(one.seen, 3),
                "predicted": round(one.expected.mean, 3),
                "interval": [round(one.expected.low or 0, 3), round(one.expected.high or 0, 3)],
                "error_percent": None if one.error_percent is None else round(one.error_percent, 1),
                "within_chance": one.is_chance,
            }
            for one in found.foretold
        ],
        "errors_percent": {
            name: None if (error := found.error_of(name)) is None else round(error, 1)
            for name in _MEASURES
        },
        "goal_percent": GOAL_PERCENT,
        "scenario": scenario,
    }  # fmt: skip


def _document(scenario: Scenario) -> dict[str, Any]:
    """The scenario as a file of ``insights simulate`` has it."""
    plain = {name: getattr(scenario, name) for name in scenario.__dataclass_fields__}
    services = [
        {name: getattr(one, name) for name in one.__dataclass_fields__}
        | {"needs": sorted(one.needs)}
        for one in scenario.services
    ]
    return plain | {"services": services, "absences": [], "seasons": []}


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    from madoguchi.web.messages import UnknownCodeError, label

    yield f"{values['days_fitted']}日から当てはめ、次の{values['days_held_out']}日を予測した"
    for one in values["prediction"]:
        try:
            name = label(kind="desk_service", code=one["service"])
        except UnknownCodeError:
            name = one["service"]
        error = "—" if one["error_percent"] is None else f"{one['error_percent']}%"
        chance = "偶然の幅のうち" if one["within_chance"] else "偶然の幅の外"
        yield (
            f"  {name} {label(kind='desk_foretold', code=one['measure'])}: 実際 {one['seen']:,.2f}"
            f" 予測 {one['predicted']:,.2f} 誤差 {error}（{chance}）"
        )
    for name, error in values["errors_percent"].items():
        held = "—" if error is None else f"{error}%"
        yield f"全体の{label(kind='desk_foretold', code=name)}: 誤差 {held}（めあて {GOAL_PERCENT}%）"


FIT = Verb(
    name="fit",
    help="a scenario from the desk's own log, and how well it foretells (記録への当てはめ)",
    schema="madoguchi.fit/1",
    run=_fit,
    arguments=_words,
    show=_show,
    needs_database=False,
    blank=_BLANK,
)
