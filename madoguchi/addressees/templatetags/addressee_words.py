"""``{% marked pieces %}``: a text with what differs marked, in the register's glyphs (ちがう字)."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from madoguchi.web.templatetags.madoguchi import name as in_glyphs

register = template.Library()


@register.simple_tag
def marked(pieces: Iterable[tuple[str, bool]]) -> SafeString:
    """Show a text whose differing letters are underlined and heavier; never by colour alone."""
    return format_html_join(
        "",
        "{}",
        (
            (
                format_html('<b class="differs">{}</b>', in_glyphs(text))
                if differs
                else in_glyphs(text),
            )
            for text, differs in pieces
        ),
    )


@register.filter
def bits(weight: float) -> str:
    """Show a weight with its sign: +13.2 (ビット)."""
    return f"{weight:+.1f}".replace("-", "−")
