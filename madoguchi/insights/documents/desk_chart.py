"""The waits of two desks as one picture, drawn on the server (待ち時間の図).

Readable without colour: the present desk is white with an outline, the other black, and each bar
says its name and its figure. The table beneath says the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from madoguchi.insights.documents.charts import draw
from madoguchi.insights.domain.twin.intervals import Estimate

_WIDTH, _BAR = 560, 22


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One bar: the mean wait of a service at one of the desks (図の1本)."""

    service: str
    desk: str
    minutes: Estimate


def draw_waits(bars: Sequence[Bar], *, axis: str, label: str) -> str:
    """Return the picture as SVG; the first desk named is white, the second black (図を描く).

    ``label`` says a bar, with ``{desk}`` and ``{minutes}`` in it.
    """
    # Half a second to load and a browser's engine inside: only who looks at the page pays it.
    import altair as alt

    desks = list(dict.fromkeys(bar.desk for bar in bars))
    values = [
        {
            "service": bar.service, "desk": bar.desk, "minutes": round(bar.minutes.mean, 3),
            "low": round(_end(bar.minutes.low, bar.minutes.mean), 3),
            "high": round(_end(bar.minutes.high, bar.minutes.mean), 3),
            "words": label.format(desk=bar.desk, minutes=f"{bar.minutes.mean:.2f}"),
        }
        for bar in bars
    ]  # fmt: skip
    most = max((_end(bar.minutes.high, bar.minutes.mean) for bar in bars), default=0.0)
    # Room on the right for the words; an empty axis still has a length.
    scale = alt.Scale(domain=[0, max(most, 0.1) * 1.35], nice=False)
    chart = alt.Chart(alt.InlineData(values=values)).encode(
        y=alt.Y("service:N", title=None, sort=None, axis=alt.Axis(domain=False, ticks=False,
                                                                    labelPadding=12)),
        yOffset=alt.YOffset("desk:N", sort=desks),
    )  # fmt: skip
    x = alt.X("minutes:Q", title=axis, scale=scale, axis=alt.Axis(grid=False, tickCount=5))
    bars_drawn = chart.mark_bar(stroke="black", strokeWidth=1, size=_BAR).encode(
        x=x,
        fill=alt.Fill(
            "desk:N", legend=None, scale=alt.Scale(domain=desks, range=["white", "black"])
        ),
    )
    spans = chart.mark_rule(strokeWidth=3, stroke="#767676").encode(
        x=alt.X("low:Q", scale=scale), x2="high:Q"
    )
    words = chart.mark_text(align="left", dx=8, fontSize=14).encode(
        x=alt.X("high:Q", scale=scale), text="words:N"
    )
    return draw(
        alt.layer(bars_drawn, spans, words).properties(width=_WIDTH, height=alt.Step(_BAR + 8))
    )


def _end(value: float | None, mean: float) -> float:
    """An end of the interval, never below nothing; where there is none, the mean itself."""
    return max(0.0, mean if value is None else value)
