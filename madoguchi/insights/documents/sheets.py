"""The board as a page of A4 for whoever decides (効果の表の紙)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from madoguchi.dispatch.api import typeset
from madoguchi.insights.documents.books import Say
from madoguchi.insights.domain.counting import to_digits
from madoguchi.insights.domain.effect import Change, Effect, Year, break_even
from madoguchi.insights.domain.showing import printed_change, printed_effect
from madoguchi.kernel.wareki import format_long

_FOLDER = Path(__file__).parent / "templates"


def draw_board(
    years: Sequence[Year], *, effect: Effect | None, printed: Mapping[int, Decimal],
    changes: Sequence[Change], findings: Sequence[str], said_by: str, channel: str, today: date,
    say: Say, chart: str,
) -> bytes:  # fmt: skip
    """Draw the years, the split of the share, the money and what to know, as PDF/A (効果の表のPDF)."""
    given: dict[str, Any] = {
        "channel": channel, "today": format_long(today), "chart": chart, "findings": list(findings),
        "years": [_year(one, printed) for one in years],
        "changes": [
            [f"{one.before.label}から{one.after.label}", *(f"{value:+}" for value in printed_change(one).values())]
            for one in changes
        ],
        "money": [], "said_by": said_by, "first": "",
    }  # fmt: skip
    if effect is not None:
        given["first"] = first_sentence(effect, year=effect.year.label, channel=channel, say=say)
        given["money"] = [
            [say("effect_yen", name), f"{value:,}円"]
            for name, value in printed_effect(effect).items()
        ]
        needed = break_even(effect.inputs)
        given["money"].append(
            ["職員の時間だけで見合う件数", "なし" if needed is None else f"年 {needed:,}件"]
        )
    return typeset("board.typ", given, folder=_FOLDER)


def first_sentence(effect: Effect, *, year: str, channel: str, say: Say) -> str:
    """Say the whole board, its two halves on a line each (ひとことで)."""
    each, net = effect.yen_per_issue, printed_effect(effect)["net_yen"]
    if each is None:
        return say("effect_first", "NONE").format(year=year, channel=channel)
    cost = say("effect_first", "COST").format(
        year=year, channel=channel, yen=f"{int(to_digits(each, 0)):,}"
    )
    money = say("effect_first", "LOSS" if net < 0 else "GAIN").format(yen=f"{abs(net):,}")
    return f"{cost}\n{money}"


def _year(year: Year, printed: Mapping[int, Decimal]) -> list[str]:
    said = printed.get(year.number)
    mean = to_digits(year.mean, 2)
    beside = f"（印刷は {said}）" if said is not None and said != mean else ""
    return [
        year.label, f"{year.months}", f"{year.all_issues.issues:,}",
        f"{year.channel_issues.issues:,}", f"{mean}{beside}",
        "—" if year.share is None else f"{to_digits(year.share, 2)}",
    ]  # fmt: skip
