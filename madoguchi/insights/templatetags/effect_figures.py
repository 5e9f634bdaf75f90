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
