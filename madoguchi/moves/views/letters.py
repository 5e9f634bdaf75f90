"""Case C and D: the request to the old town and the slip to take home (請求書の画面).

Where the old town takes messages of ours, the request can go as one: then, and only then, it
names somebody.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.dispatch.api import office
from madoguchi.infra import clock
from madoguchi.infra.office import is_office_day
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions.sending import request_certificate
from madoguchi.moves.documents.letters import draw_request
from madoguchi.moves.domain.case import Case
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.domain.town_keys import town_at
from madoguchi.moves.domain.triage import Counted, last_day
from madoguchi.moves.forms import LetterForm
from madoguchi.moves.queries.post import town_names
from madoguchi.moves.queries.rulebook import triage_book
from madoguchi.moves.views import words
from madoguchi.moves.views.places import placed
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page, pdf_answer
from madoguchi.web.press import press

PURPOSE = "転出証明書の請求"
BRING = ("PAPER_CERTIFICATE", "IDENTITY", "CARDS")


@needs(Right.SEARCH)
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest) -> HttpResponse:
    """Ask for the town and the days, and draw both pages; nothing typed is kept."""
    form = LetterForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    towns = town_names(now=clock.now()) if actor_of(request, PURPOSE).may(FILE) else {}
    if request.method == "POST":
        problems = problems_of(form)
        if not problems and "send" not in request.POST:
            return _drawn(form.cleaned_data)
        if not problems:
            problems = _send(request, form.cleaned_data, towns)
        if not problems:
            return HttpResponseRedirect(reverse("moves:post"))
    context = {"form": form, "problems": problems, "towns": towns}
    return page(request, "moves/letter.html", context, 422 if problems else 200)


def _send(
    request: HttpRequest, given: dict[str, Any], towns: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Queue the request as a message, or say what it lacks."""
    wanted = ("name", "birth", "previous_address", "moved_in_on")
    missing = [Problem(code="BLANK_FORBIDDEN", where=one) for one in wanted if not given[one]]
    town = town_at(given["old_town"], towns)
    if town is None:
        missing.append(Problem(code="MOVE_POST_NO_SUCH_TOWN", where="old_town"))
    if missing or town is None:
        return tuple(placed(missing))
    deadline = _deadline(given)
    body = {
        "name": given["name"].strip(), "birth": given["birth"].isoformat(),
        "previous_address": given["previous_address"].strip(),
        "moved_in_on": given["moved_in_on"].isoformat(),
        "deadline": deadline.isoformat() if deadline else "",
    }  # fmt: skip
    _, problems = press(
        request_certificate, town=town, body=body, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    return problems


def _deadline(given: Mapping[str, Any]) -> date | None:
    """With the paper the filing's own fourteen days count, not the card's thirty."""
    case = Case(today=clock.today(), moved_in_on=given["moved_in_on"])
    book = triage_book(settings.MADOGUCHI_CARD_RULES)
    return last_day(case, book, counted=Counted.FILING, is_office_day=is_office_day)


def _drawn(given: dict[str, Any]) -> HttpResponse:
    today, deadline = clock.today(), _deadline(given)
    pdf = draw_request(
        old_town=str(given["old_town"]),
        deadline=deadline,
        today=today,
        bring=[words.plain(f"bring_{one}", Language.JAPANESE) for one in BRING],
        desk=office(),
    )
    return pdf_answer(pdf, name="request.pdf", inline=True)
