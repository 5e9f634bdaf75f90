"""Cards that wait for their notice (通知の画面): how many go, and why the others do not."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.audit.api import look
from madoguchi.cards.actions.announcing import announce
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.queries.notices import list_unannounced
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの通知"
#: So many lines are shown; the counts are of all.
SHOWN = 100


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """List the cards without a letter; one press queues a letter for each that is ready."""
    actor = actor_of(request, PURPOSE)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        _, problems = press(announce, actor=actor, now=clock.now())
        if not problems:
            return HttpResponseRedirect(reverse("cards:notices") + "?queued=1")
    rows = list_unannounced(actor=actor, today=clock.today())
    ready = [one.card for one in rows if one.wait is None]
    waiting = [one for one in rows if one.wait is not None]
    shown = (*ready[:SHOWN], *(one.card for one in waiting[:SHOWN]))
    look(actor=actor, screen="CARD_NOTICES",
         subjects=sorted({one.person_id for one in shown if one.person_id}))  # fmt: skip
    context = {
        "ready": ready[:SHOWN],
        "ready_count": len(ready),
        "waiting": waiting[:SHOWN],
        "waiting_count": len(waiting),
        "queued": "queued" in request.GET,
        "problems": problems,
    }
    return page(request, "cards/notices.html", context, 422 if problems else 200)
