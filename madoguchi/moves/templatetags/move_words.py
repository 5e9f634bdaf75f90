"""``{% word "title" %}`` in the language of the resident's page (文言の札)."""

from __future__ import annotations

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.moves.views import words

register = template.Library()


@register.simple_tag(takes_context=True)
def word(context: Context, key: str, **facts: object) -> SafeString:
    """Show a sentence of the page by its key (文)."""
    return words.html(key, Language(context["language"]), **facts)


@register.simple_tag(takes_context=True)
def plain_word(context: Context, key: str, **facts: object) -> str:
    """Give a sentence without readings, for a title or a name (文)."""
    return words.plain(key, Language(context["language"]), **facts)
