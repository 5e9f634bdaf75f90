"""``{% month first %}``: a month in the Japanese calendar (月の表し方)."""

from __future__ import annotations

from datetime import date

from django import template

from madoguchi.kernel.wareki import format_long

register = template.Library()


@register.simple_tag
def month(first: date) -> str:
    """Show a month: 令和9年1月 (月)."""
    return format_long(first).partition("月")[0] + "月"
