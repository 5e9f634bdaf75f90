"""``{% say line %}`` and ``{% text "common.back" %}`` in the language of the page (文言の札)."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.template import Context
from django.utils.safestring import SafeString

from madoguchi.kernel.language import Language
from madoguchi.kiosk.domain.wording import Line
from madoguchi.kiosk.views import texts

register = template.Library()


def _language(context: Context) -> Language:
    return Language(context["language"])


@register.simple_tag(takes_context=True)
def say(context: Context, wanted: Line) -> SafeString:
    """Show a line of a screen (文)."""
    return texts.html(wanted, _language(context))


@register.simple_tag(takes_context=True)
def text(context: Context, key: str, **facts: str | int | Line) -> SafeString:
    """Show a sentence by its key (文)."""
    return texts.html(Line(key=key, facts=facts), _language(context))


@register.simple_tag(takes_context=True)
def plain_text(context: Context, key: str, **facts: str | int) -> str:
    """Give a sentence without ruby, for an attribute (文)."""
    return texts.plain(Line(key=key, facts=facts), _language(context))


@register.simple_tag(takes_context=True)
def plain_say(context: Context, wanted: Line) -> str:
    """Give a line without ruby, for an attribute (文)."""
    return texts.plain(wanted, _language(context))


@register.simple_tag(takes_context=True)
def spoken(context: Context, lines: Iterable[Line]) -> str:
    """Give what the voice says on this screen (読み上げ)."""
    language = _language(context)
    return "\n".join(texts.plain(one, language) for one in lines)
