"""Charts of a bench, for eyes and printers without colour (計測の図).

One bar a promise: how much of its bound is used; one a peer: how many times ours it is. Both as SVG, drawn
here, with words on every bar; the table beneath says the same in numbers.
"""

from __future__ import annotations

from typing import Any

BARS_MAX = 30
_INK, _PAPER, _GREY = "#1a1a1c", "#ffffff", "#949494"
_CONFIG = {"background": _PAPER, "view": {"stroke": None}, "font": "Noto Sans CJK JP, sans-serif",
           "axis": {"labelColor": _INK, "titleColor": _INK, "labelLimit": 460, "gridColor": "#e6e6e6"}}  # fmt: skip


def of_promises(result: dict[str, Any]) -> str | None:
    """Draw how much of its bound each promise uses, the nearest to it on top."""
    rows = [_used(one) for one in result["promises"] if one["bound"] and one["value"]]
    rows = sorted(rows, key=lambda row: -row["used"])[:BARS_MAX]
    if not rows:
        return None
    top = max(120.0, 1.1 * max(row["used"] for row in rows))
    return _drawn(rows, x="used", title="% of the bound that is used (100 is the bound)", rule=100.0,
                  scale={"type": "linear", "domain": [0, top]})  # fmt: skip


def _used(one: dict[str, Any]) -> dict[str, Any]:
    part = one["value"] / one["bound"] if one["better"] == "lower" else one["bound"] / one["value"]
    said = f"{one['value']:,} {one['unit']}".strip()
    return {"name": one["name"], "used": round(100 * part, 2), "held": one["held"],
            "said": said if one["held"] else f"{said}: falls short"}  # fmt: skip


def of_peers(result: dict[str, Any]) -> str | None:
    """Draw how many times as good as each peer we are; left of 1 the peer is the better."""
    rows = [{"name": f"{one['name']} {one['version']}".removesuffix(" -"), "times": one["ratio"], "held": one["ratio"] >= 1,
             "said": f"× {one['ratio']}"} for one in result["peers"] if one["ratio"] > 0]  # fmt: skip
    if not rows:
        return None
    low = min(0.5, 0.8 * min(row["times"] for row in rows))
    high = max(2.0, 1.6 * max(row["times"] for row in rows))
    return _drawn(rows[:BARS_MAX], x="times", title="our ratio to the peer, same run (1 is as good)",
                  rule=1.0, scale={"type": "log", "domain": [low, high], "nice": False})  # fmt: skip


def _drawn(
    rows: list[dict[str, Any]], *, x: str, title: str, rule: float, scale: dict[str, Any]
) -> str:
    """Draw bars with their words; outlined ones are those on the wrong side of the rule."""
    import altair as alt
    import vl_convert

    names = [row["name"] for row in rows]
    base = alt.Chart(alt.Data(values=rows))
    down = alt.Y("name:N", sort=names, title=None)
    across = alt.X(f"{x}:Q", title=title, scale=alt.Scale(**scale))
    bars = base.mark_bar(height=11, stroke=_INK, strokeWidth=1).encode(
        y=down, x=across, x2=alt.datum(rule) if x == "times" else alt.Undefined,
        fill=alt.condition("datum.held", alt.value(_GREY), alt.value(_PAPER)),
    )  # fmt: skip
    words = base.mark_text(align="left", dx=5, color=_INK).encode(y=down, x=across, text="said:N")
    line = (
        alt.Chart(alt.Data(values=[{"at": rule}]))
        .mark_rule(color=_INK, strokeDash=[4, 3])
        .encode(x="at:Q")
    )
    chart = (bars + words + line).properties(width=520, height=alt.Step(19))
    return str(vl_convert.vegalite_to_svg({**chart.to_dict(), "config": _CONFIG}))
