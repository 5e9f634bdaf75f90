"""``madoguchi insights effect``: a table of years, without a database (効果の計算)."""

from __future__ import annotations

import argparse
import contextlib
import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from madoguchi.entry.cli.insights_desk import SIMULATE
from madoguchi.entry.cli.insights_fit import FIT
from madoguchi.entry.cli.verbs import Answer, Given, Verb, Words, in_words
from madoguchi.kernel.intake import FileRefused

if TYPE_CHECKING:
    from madoguchi.insights.api import Board, Change, Year

#: Each input of the calculation: its option, and what is meant; ``Inputs`` says what it is unless given.
_INPUTS = (
    ("seconds", "seconds of a clerk for one issue at the desk"),
    ("yen-per-hour", "an hour of a clerk"),
    ("fixed-yen", "paid in the newest year however many come"),
    ("yen-per-issue", "paid for each issue of the channel"),
    ("cashable-percent", "part of the clerks' time that is really paid less, such as overtime"),
    ("resident-minutes", "minutes one issue spares a resident"),
    ("resident-yen-per-hour", "an hour of a resident"),
    ("ferry-yen", "one crossing there and back"),
    ("ferry-percent", "of a hundred issues, so many spared a crossing"),
)  # fmt: skip
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,6})?")
_PERCENT = 100


def _number(text: str) -> Fraction:
    """Read a plain number exactly: 351, 351.5; nothing negative, no exponent."""
    if not _NUMBER.fullmatch(text):
        raise argparse.ArgumentTypeError(f"not a plain number: {text[:40]}")
    return Fraction(text)


def _percent(text: str) -> Fraction:
    number = _number(text)
    if number > _PERCENT:
        raise argparse.ArgumentTypeError(f"more than 100: {text[:40]}")
    return number


def _words(words: Words) -> None:
    from madoguchi.insights.api import Inputs

    words.add_argument("--input", required=True, type=Path, metavar="TABLE.csv",
                       help="fiscal_year,months_in_service,all_issues,channel_issues")  # fmt: skip
    words.add_argument("--printed", type=Path, metavar="MEANS.csv",
                       help="fiscal_year,printed_mean: what a report says, to be re-added")  # fmt: skip
    usual = Inputs()
    for name, meant in _INPUTS:
        kind = _percent if name.endswith("percent") else _number
        default = getattr(usual, name.replace("-", "_"))
        words.add_argument(f"--{name}", type=kind, default=default, metavar="N",
                           help=f"{meant} ({default})")  # fmt: skip


def _effect(given: Given) -> Answer:
    from madoguchi.insights import api

    names = [name.replace("-", "_") for name, _ in _INPUTS]
    inputs = api.Inputs(**{name: getattr(given, name) for name in names})
    with contextlib.ExitStack() as files:
        table = files.enter_context(given.input.open("rb"))
        printed = files.enter_context(given.printed.open("rb")) if given.printed else None
        try:
            board = api.read_board(table, printed, inputs=inputs, source=given.input.name)
        except FileRefused as refused:
            return Answer(values=_BLANK, problems=refused.report.problems)
    return Answer(values=_values(board))


def _values(board: Board) -> dict[str, Any]:
    from madoguchi.insights import api

    inputs = board.latest.inputs
    return {
        "years": [_year(year) for year in board.years],
        "latest": _latest(board),
        "break_even_issues": api.break_even(inputs),
        "break_even_issues_with_residents": api.break_even(inputs, with_residents=True),
        "change": [_change(one) for one in api.changes_of(board.years)],
        "findings": [
            {**said, **found.facts}
            for found, said in zip(board.findings, in_words(board.findings), strict=True)
        ],
        "inputs": {name: float(getattr(inputs, name)) for name in inputs.__dataclass_fields__},
    }


def _year(year: Year) -> dict[str, Any]:
    from madoguchi.insights.api import to_digits

    return {
        "fiscal_year": year.label,
        "all_issues": year.all_issues.issues,
        "channel_issues": year.channel_issues.issues,
        "months": year.months,
        "mean_per_month": float(to_digits(year.mean, 2)),
        "share_percent": None if year.share is None else float(to_digits(year.share, 2)),
        "rows": [
            {"channel": row.channel.value, "issues": row.issues, "source": row.source}
            for row in year.rows
        ],
    }


def _latest(board: Board) -> dict[str, Any]:
    from madoguchi.insights.api import printed_effect, to_digits

    effect = board.latest
    each = effect.yen_per_issue
    return {
        "fiscal_year": effect.year.label,
        "hours_saved": float(to_digits(effect.hours_saved, 2)),
        **printed_effect(effect),
        "yen_per_issue": None if each is None else int(to_digits(each, 0)),
        "clerk_yen_per_issue": float(to_digits(effect.inputs.clerk_yen, 2)),
    }


def _change(change: Change) -> dict[str, Any]:
    from madoguchi.insights.api import printed_change

    shown = printed_change(change)
    return {
        "from": change.before.label,
        "to": change.after.label,
        "share_points": float(shown["points"]),
        "from_use_points": float(shown["use"]),
        "from_volume_points": float(shown["volume"]),
        "by_month": change.months_differ,
    }


_BLANK: Mapping[str, Any] = {
    "years": [], "latest": None, "break_even_issues": None, "change": [], "findings": [],
}  # fmt: skip


def _show(values: Mapping[str, Any]) -> Iterator[str]:
    for year in values["years"]:
        share = "—" if year["share_percent"] is None else f"{year['share_percent']:.2f} %"
        yield (
            f"{year['fiscal_year']}: 全体 {year['all_issues']:,} 件・実績 {year['channel_issues']:,} 件・"
            f"月平均 {year['mean_per_month']:.2f} ({year['months']} か月)・利用率 {share}"
        )
    for one in values["change"]:
        yield (
            f"{one['from']}→{one['to']}: {one['share_points']:+.2f} ポイント"
            f"（利用の分 {one['from_use_points']:+.2f}・分母の分 {one['from_volume_points']:+.2f}）"
        )
    latest = values["latest"]
    yield (
        f"{latest['fiscal_year']}: 職員の時間 {latest['hours_saved']:,.2f} 時間（{latest['yen_saved']:,} 円に当たる）が空き、"
        f"{latest['fixed_yen']:,} 円と手数料 {latest['fees_yen']:,} 円を払い、差引き {latest['net_yen']:,} 円"
    )
    if latest["yen_per_issue"] is not None:
        yield f"1件あたり {latest['yen_per_issue']:,} 円（窓口は人件費 {latest['clerk_yen_per_issue']:,} 円）"
    needed = values["break_even_issues"]
    yield "損益分岐: なし" if needed is None else f"損益分岐: 年 {needed:,} 件"
    for found in values["findings"]:
        yield f"※ {found['cause']} {found['remedy']}"


VERBS = (
    Verb(
        name="effect",
        help="what a channel brings and costs, re-added from a table of years (効果)",
        schema="madoguchi.effect/1",
        run=_effect,
        arguments=_words,
        show=_show,
        needs_database=False,
        blank=_BLANK,
    ),
    SIMULATE,
    FIT,
)
