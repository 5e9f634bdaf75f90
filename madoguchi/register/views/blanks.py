"""Residents whose record lacks an item (空欄の検索の画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.audit.api import look
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import RegisterDate, parse_register_date
from madoguchi.register.queries.blanks import Blank, count_blanks, list_blank
from madoguchi.register.views.searching import PURPOSE, url_of
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page


@needs(Right.SEARCH)
@require_safe
def blanks_page(request: HttpRequest) -> HttpResponse:
    """Say how many lack each item; ``item`` lists them, ``after`` goes on behind one of them."""
    actor = actor_of(request, PURPOSE)
    asked = request.GET.get("item", "")
    item = Blank(asked) if asked in set(Blank) else None
    if item is None:
        counts = count_blanks(actor=actor)
        # Numbers are of nobody: there is no one to write down as looked at.
        return page(request, "register/blanks.html", {"counts": counts.items()})
    found = list_blank(item, actor=actor, after=request.GET.get("after", "")[:15])
    look(actor=actor, screen="REGISTER_BLANKS", subjects=[one.person_id for one in found.rows],
         detail={"item": item.value})  # fmt: skip
    lines = [(one, _born(one.birth), url_of(one.person_id)) for one in found.rows]
    context = {
        "item": item,
        "lines": lines,
        "after": found.rows[-1].person_id if found.more else "",
    }
    return page(request, "register/blanks.html", context)


def _born(written: str) -> RegisterDate | str:
    found = parse_register_date(written) if written else written
    return found if isinstance(found, RegisterDate) else written
