"""``madoguchi insights simulate``: a desk tried out for a year, without a database (窓口の試算)."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madoguchi.entry.cli.casefile import case_words, read_case_file
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words
from madoguchi.kernel.outcome import Problem, Refused

if TYPE_CHECKING:
    from madoguchi.insights.queries.desk import Comparison, Estimate, Outcome, Scenario, Variant

_BLANK: Mapping[str, Any] = {
    "waits": {}, "utilisation": {}, "overtime_hours_per_year": None, "binding_resource": None,
    "interval": None,
}  # fmt: skip
BASE = "base"
#: Only the same days can be paired.
_SAME = ("days", "seed", "open_minutes")


def _words(words: Words) -> None:
    case_words(words)
    words.add_argument("--compare", type=Path, metavar="OTHER.json",
                       help="another scenario of the same days: what it makes different")  # fmt: skip
    words.add_argument("--ready", metavar="CODE",
                       help="a ready scenario instead of a file: base, or one of tables/desk.toml, "
                            "which is then held against the base")  # fmt: skip


def _simulate(given: Given) -> Answer:
    from madoguchi.insights.queries import desk

    if given.schema:
        return Answer(values={}, document=desk.scenario_schema())
    began = time.perf_counter()
    first, second, variant = _scenarios(given)
    outcome = desk.outcome_of(first)
    binding = desk.binding_of(outcome)
    values = {
        **_values(outcome),
        "binding_resource": binding.resource.value if binding.resource else "none",
        "one_more_spares_minutes_per_year": {
            name: _estimate(one, 0) for name, one in binding.one_more.items()
        },
        "replications": first.replications,
    }
    warnings = desk.warn_of(first)
    if second is not None:
        other = desk.outcome_of(second)
        values["compare"] = {
            **_values(other), "difference": _difference(desk.compare(outcome, other)),
        }  # fmt: skip
        warnings += desk.warn_of(second)
    if variant is not None:
        values["ready"] = {
            "code": variant.code, "source": variant.source, "assumed": variant.assumed,
            **_spared(variant, first),
        }  # fmt: skip
    values["seconds"] = round(time.perf_counter() - began, 2)
    return Answer(values=values, warnings=tuple(dict.fromkeys(warnings)))


def _spared(variant: Variant, base: Scenario) -> dict[str, Any]:
    """What a ready scenario spares the clerks: away from the desk as a range, at it by formula."""
    outside = variant.outside
    if outside is None:
        minutes = variant.spared_minutes(base)
        return {"formula_minutes_per_year": _round(minutes, 0),
                "formula_yen_per_year": _round(minutes * base.yen_per_hour / 60, 0)}  # fmt: skip
    return {"outside_minutes_per_year": _ends(outside, 0),
            "outside_yen_per_year": _ends(outside.times(base.yen_per_hour / 60), 0)}  # fmt: skip


def _scenarios(given: Given) -> tuple[Scenario, Scenario | None, Variant | None]:
    """The scenario asked for, the one it is compared with, and the ready one that is."""
    if given.ready is None:
        first = _read(given)
        if given.compare is None:
            return first, None, None
        second = _read(Given(file=given.compare))
        unlike = [name for name in _SAME if getattr(first, name) != getattr(second, name)]
        if unlike:
            raise Refused(
                Problem(code="TWIN_OTHER_DAYS", where=name, facts={"field": name})
                for name in unlike
            )
        return first, second, None
    from madoguchi.entry import environment
    from madoguchi.insights.queries import desk

    ready = desk.ready_scenarios(environment.text("MADOGUCHI_CARD_RULES", ""))
    if given.ready == BASE:
        return ready.base, None, None
    if given.ready not in ready.variants:
        facts = {"written": given.ready[:40], "words": "、".join((BASE, *ready.variants))}
        raise Refused(Problem(code="TWIN_READY_UNKNOWN", where="--ready", facts=facts))
    variant = ready.variants[given.ready]
    # Away from the desk nothing is different at it: there is no second year to run.
    there = None if variant.outside else variant.on(ready.base)
    return ready.base, there, variant


def _read(given: Given) -> Scenario:
    from madoguchi.insights.queries import desk

    found = desk.read_scenario(read_case_file(given))
    if isinstance(found, tuple):
        raise Refused(found)
    return found


def _values(outcome: Outcome) -> dict[str, Any]:
    # Of background work it is how long it lies until somebody begins it.
    all_waits = {**outcome.waits, **outcome.lying}
    return {
        "background": sorted(outcome.lying),
        "waits": {
            name: {
                "mean_min": round(one.mean.mean, 2),
                "p50_min": round(one.p50.mean, 2),
                "p90_min": round(one.p90.mean, 2),
            }
            for name, one in all_waits.items()
        },
        "utilisation": {name.value: round(one.mean, 4) for name, one in outcome.load.items()},
        "overtime_hours_per_year": round(outcome.overtime_hours.mean, 2),
        "overtime_yen_per_year": round(outcome.overtime_yen.mean),
        "leftover_per_day": round(outcome.left_a_day.mean, 3),
        "leftover_per_monday_friday": round(outcome.left_monday_friday.mean, 3),
        "waits_on_short_days": {
            name: {"mean_min": round(one.mean.mean, 2), "p90_min": round(one.p90.mean, 2)}
            for name, one in outcome.short_waits.items()
        },
        "interval": {
            "level": 0.95,
            "waits": {
                name: {"mean_min": _ends(one.mean), "p50_min": _ends(one.p50),
                       "p90_min": _ends(one.p90)}
                for name, one in all_waits.items()
            },
            "utilisation": {name.value: _ends(one, 4) for name, one in outcome.load.items()},
            "overtime_hours_per_year": _ends(outcome.overtime_hours),
            "overtime_yen_per_year": _ends(outcome.overtime_yen, 0),
            "leftover_per_day": _ends(outcome.left_a_day, 3),
        },
    }  # fmt: skip


def _difference(found: Comparison) -> dict[str, Any]:
    return {
        "waits": {
            name: {"mean_min": _estimate(one), "p90_min": _estimate(found.wait_p90[name])}
            for name, one in found.wait_mean.items()
        },
        "waiting_hours_per_year": _estimate(found.waiting_hours),
        "overtime_hours_per_year": _estimate(found.overtime_hours),
        "overtime_yen_per_year": _estimate(found.overtime_yen, 0),
        "clerk_minutes_per_year": _estimate(found.clerk_minutes, 0),
        "clerk_yen_per_year": _estimate(found.clerk_yen, 0),
        "leftover_per_day": _estimate(found.left_a_day, 3),
    }


def _estimate(one: Estimate, digits: int = 2) -> dict[str, Any]:
    return {
        "value": _round(one.mean, digits),
        "interval": _ends(one, digits),
        "clear": one.is_clear,
    }


def _ends(one: Estimate, digits: int = 2) -> list[float] | None:
    """Both ends of an interval; None where one replication alone says nothing."""
    if one.low is None or one.high is None:
        return None
    return [_round(one.low, digits), _round(one.high, digits)]


def _round(value: float, digits: int) -> float:
    """Round; no decimals where none are wanted, and no minus before a zero."""
    return round(value, digits or None) + 0


# -- as a table ------------------------------------------------------------------------


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    yield "待ち時間（分）        平均    真ん中   9割がこれ以内   平均の95%区間"
    yield from _show_waits(values)
    yield from _show_rest(values)
    binds = values["binding_resource"]
    yield f"効いている資源: {_name('desk_resource', binds)}"
    for name, one in values["one_more_spares_minutes_per_year"].items():
        unclear = "" if one["clear"] else "　（0をまたぐので、差があるとは言えない）"
        yield (
            f"  {_name('desk_resource', name)}をもう1つ: 待ちと時間外が年 {one['value']:,.0f} 分減る"
            f" {_range(one['interval'])}{unclear}"
        )
    if "compare" in values:
        yield ""
        yield "比べた条件"
        yield from _show_waits(values["compare"])
        yield from _show_rest(values["compare"])
        yield "差（比べた条件－もとの条件、同じ日の対）"
        for name, one in _flat(values["compare"]["difference"]):
            yield f"  {name}: {one['value']:+,} {_range(one['interval'])}"
    if "ready" in values:
        yield from _show_ready(values["ready"])
    yield f"{values['replications']} 回くり返し、{values['seconds']} 秒"


def _show_ready(ready: Mapping[str, Any]) -> Iterator[str]:
    yield ""
    yield f"案: {_name('desk_variant', ready['code'])}（よりどころ {ready['source']}）"
    if ready["assumed"]:
        yield f"  仮の値: {ready['assumed']}"
    if "outside_minutes_per_year" in ready:
        yield (
            f"  窓口の外で減る手間 年 {_range(ready['outside_minutes_per_year'])}分"
            f"・{_range(ready['outside_yen_per_year'])}円に当たる"
        )
    else:
        yield (
            f"  計算で減る手間 年 {ready['formula_minutes_per_year']:,}分"
            f"・{ready['formula_yen_per_year']:,}円に当たる"
        )


def _show_waits(values: Mapping[str, Any]) -> Iterator[str]:
    for name, one in values["waits"].items():
        ends = values["interval"]["waits"][name]["mean_min"]
        lies = "　※手を付けるまで" if name in values["background"] else ""
        yield (
            f"  {_pad(_name('desk_service', name), 18)}{one['mean_min']:7.2f} {one['p50_min']:9.2f}"
            f" {one['p90_min']:13.2f}   {_range(ends)}{lies}"
        )


def _show_rest(values: Mapping[str, Any]) -> Iterator[str]:
    for name, one in values["utilisation"].items():
        yield f"  {_pad(_name('desk_resource', name), 18)}{one * 100:6.1f} % 使われている"
    yield (
        f"  時間外 年 {values['overtime_hours_per_year']:,} 時間"
        f" {_range(values['interval']['overtime_hours_per_year'])}・{values['overtime_yen_per_year']:,} 円"
    )
    yield (
        f"  閉庁時に残る作業 1日 {values['leftover_per_day']} 件"
        f"（月・金 {values['leftover_per_monday_friday']} 件）"
    )


def _flat(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, one in found["waits"].items():
        for measure, each in one.items():
            yield f"{_name('desk_service', name)} {_name('desk_measure', measure)}", each
    for name, one in found.items():
        if name != "waits":
            yield _name("desk_measure", name), one


def _range(ends: list[float] | None) -> str:
    return "" if ends is None else f"［{ends[0]:,}〜{ends[1]:,}］"


def _name(kind: str, code: str) -> str:
    """The word of a name we know; a name of the caller's stays as it is."""
    from madoguchi.web.messages import UnknownCodeError, label

    try:
        return label(kind=kind, code=code)
    except UnknownCodeError:
        return code


def _pad(text: str, width: int) -> str:
    """Pad to so many columns, a Japanese letter being two."""
    return text + " " * max(0, width - sum(2 if ord(one) > 0x2E80 else 1 for one in text))


SIMULATE = Verb(
    name="simulate",
    help="a desk tried out for a year, many times over (窓口の試算)",
    schema="madoguchi.simulate/1",
    run=_simulate,
    arguments=_words,
    show=_show,
    needs_database=False,
    blank=_BLANK,
)
