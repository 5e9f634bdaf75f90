"""How an estimate is said: its figure, its interval, which way it goes (推定の表し方)."""

from __future__ import annotations

from django import template

from madoguchi.insights.domain.twin.intervals import Estimate
from madoguchi.web.messages import is_english, word

register = template.Library()


@register.filter
def figure(value: Estimate | float, digits: int = 1) -> str:
    """Show a figure with thousands apart: 2,221 or 0.51 (数字)."""
    mean = value.mean if isinstance(value, Estimate) else value
    return f"{_round(mean, digits):,.{digits}f}"


@register.filter
def signed(value: Estimate, digits: int = 1) -> str:
    """Show a difference with its sign: −0.21, +3.1 (差)."""
    mean = _round(value.mean, digits)
    return f"{mean:+,.{digits}f}".replace("-", "−") if mean else f"{mean:.{digits}f}"


@register.filter
def ends(value: Estimate, digits: int = 1) -> str:
    """Show both ends of the interval: 0.48〜0.53; nothing where there is none (区間)."""
    if value.low is None or value.high is None:
        return ""
    low, high = (f"{_round(one, digits):,.{digits}f}" for one in (value.low, value.high))
    return f"{low}{'–' if is_english() else '〜'}{high}".replace("-", "−")


@register.filter
def turned(value: Estimate) -> str:
    """Say which way a difference goes, or that none is seen (増減の言葉)."""
    code = "UNCLEAR" if not value.is_clear else "MORE" if value.mean > 0 else "LESS"
    return word(kind="desk_chart", code=code)


@register.filter
def size(value: Estimate) -> Estimate:
    """Return how large a difference is, whichever way it goes (差の大きさ)."""
    return value.times(-1) if value.mean < 0 else value


def _round(value: float, digits: int) -> float:
    """Round; a zero has no minus."""
    return round(value, digits) + 0.0
