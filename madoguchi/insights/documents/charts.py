"""Charts drawn on the server (図): readable without colour, each beside its table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from madoguchi.insights.domain.counting import to_digits
from madoguchi.insights.domain.effect import Year

_FONT = "Noto Sans JP, Noto Sans CJK JP, BIZ UDPGothic, Hiragino Sans, Yu Gothic, sans-serif"
_INK, _SOFT, _LINE = "#1a1a1c", "#626264", "#d8d8db"
_ACCENT = "#0017c1"


@dataclass(frozen=True, slots=True, kw_only=True)
class YearWords:
    """What the chart of the years says: titles of its three panels, a count, a year (図の言葉)."""

    channel: str
    everything: str
    share: str
    #: With ``{count}`` in it.
    count: str
    #: Says a fiscal year.
    year: Callable[[str], str]


def draw(chart: Any) -> str:
    """Return a chart as SVG, in the one look all charts have (図の描画)."""
    import vl_convert  # thirty megabytes: only for whoever draws

    config = {
        "font": _FONT, "background": "white", "view": {"stroke": None},
        "axis": {"labelColor": _INK, "titleColor": _SOFT, "gridColor": _LINE, "domainColor": _SOFT,
                 "tickColor": _SOFT, "labelFontSize": 13, "titleFontSize": 13,
                 "titleFontWeight": "normal", "labelLimit": 220},
        "title": {"color": _INK, "fontSize": 15, "anchor": "start", "offset": 12},
        "legend": {"labelFontSize": 13, "titleFontSize": 13, "labelColor": _INK,
                   "titleColor": _SOFT, "titleFontWeight": "normal"},
    }  # fmt: skip
    return str(vl_convert.vegalite_to_svg({**chart.to_dict(), "config": config}))


def draw_years(years: Sequence[Year], *, words: YearWords) -> str:
    """Draw issues of the channel and its share side by side (件数と利用率の図).

    Side by side and never in one frame: a share grows too when everything else shrinks.
    """
    import altair as alt  # a second of importing: only for whoever draws

    rows: list[dict[str, Any]] = [
        {
            "year": words.year(one.label), "issues": one.channel_issues.issues,
            "words": words.count.format(count=f"{one.channel_issues.issues:,}"), "all": one.all_issues.issues,
            "all_words": words.count.format(count=f"{one.all_issues.issues:,}"),
            "share": float(one.share or 0),
            "share_words": "—" if one.share is None else f"{to_digits(one.share, 2)}%",
        }
        for one in years
    ]  # fmt: skip
    panels = (
        (words.channel, "issues", "words"),
        (words.everything, "all", "all_words"),
        (words.share, "share", "share_words"),
    )
    drawn = []
    for title, value, said in panels:
        base = alt.Chart({"values": rows}).encode(
            x=alt.X("year:N", sort=None, title=None, axis=alt.Axis(labelAngle=0)),
            y=alt.Y(
                f"{value}:Q",
                title=None,
                axis=alt.Axis(tickCount=4),
                # Room for the figure over the highest bar.
                scale=alt.Scale(
                    domain=[0, 1.15 * max(row[value] for row in rows) or 1], nice=False
                ),
            ),
        )
        bars = base.mark_bar(color=_ACCENT if value != "all" else "#949497", size=34)
        texts = base.mark_text(dy=-9, fontSize=13, color=_INK).encode(text=f"{said}:N")
        drawn.append(
            (bars + texts).properties(title=alt.Title(title, frame="group"), width=215, height=190)
        )
    return draw(alt.hconcat(*drawn, spacing=58, bounds="flush"))
