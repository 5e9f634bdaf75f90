"""How a person is named on the pages of this room: ``{% load protection %}`` (人の表示)."""

from __future__ import annotations

from django import template
from django.template import Context
from django.template.loader import select_template
from django.utils.safestring import SafeString

from madoguchi.web.messages import word_or_code

register = template.Library()

#: A room above, which knows names, may bring the first; it gets ``person_id`` and, to read
#: all names at once, ``person_ids`` of the whole page. This room knows ids alone.
HOOK = ("hooks/protected_person.html", "protection/person.html")


@register.simple_tag(takes_context=True)
def person(context: Context, person_id: str) -> SafeString:
    """Show a person by what the highest room knows, else by id (人)."""
    found = select_template(HOOK)
    given = {"person_id": person_id, "person_ids": context.get("person_ids", ())}
    # Already escaped: it is the output of a template.
    return SafeString(found.render(given, context.get("request")))


@register.filter
def paper(kind: str) -> str:
    """Show the word for a form, where the room that prints it has given one (証明の種類)."""
    return word_or_code(kind="certificate_kind", code=kind)
