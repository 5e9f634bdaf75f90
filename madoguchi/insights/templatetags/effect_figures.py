"""``{{ mean|digits:2 }}``: exact figures as they are printed (数字の札)."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django import template

from madoguchi.insights.domain.counting import to_digits

register = template.Library()


@register.filter
def digits(value: Fraction | int, places: int) -> str:
    """Show an exact figure with so many digits, thousands apart: 3,318 (表示の桁)."""
    return f"{to_digits(value, places):,}"


@register.filter
def signed(value: Decimal) -> str:
    """Show a change with its sign: +0.20 (増減)."""
    return f"{value:+}"


@register.filter
def percent(part: Fraction) -> str:
    """Show odds of a hundred with one digit; what is smaller than a tenth is called that (割合)."""
    shown = to_digits(part * 100, 1)
    return f"{shown}" if shown else "0.05 未満の "
