"""``{% say "yes" %}``: a sentence shared by the pages on which a time is booked (文言の札)."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.web import times

register = template.Library()


@register.simple_tag(takes_context=True)
def say(context: Context, key: str, **facts: object) -> SafeString:
    """Show a shared sentence by its key (文)."""
    return times.html(key, Language(context["language"]), **facts)


@register.simple_tag(takes_context=True)
def plain_say(context: Context, key: str, **facts: object) -> str:
    """Give a shared sentence without readings (文)."""
    return times.plain(key, Language(context["language"]), **facts)
