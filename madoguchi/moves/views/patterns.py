"""Moves before an election, for somebody who may look into homes (続いた転入の画面)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.queries.patterns import list_patterns, pattern_book
from madoguchi.residence.api import Trigger, open_case
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press


@needs(Right.CHECK_RESIDENCE)
@require_http_methods(["GET", "HEAD", "POST"])
def patterns(request: HttpRequest) -> HttpResponse:
    """List what came just in time for a roll; a person begins a check, or does not."""
    actor = actor_of(request, "選挙の前に続いた転入")
    book = pattern_book(settings.MADOGUCHI_CARD_RULES)
    found = list_patterns(actor=actor, book=book)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        home = request.POST.get("household_no", "")
        people = [each.person_id for one in found for each in one.people
                  if each.household_no == home]  # fmt: skip
        case_id, problems = press(
            open_case, household_no=home, person_ids=people, trigger=Trigger.PATTERN,
            actor=actor, now=clock.now(),
        )  # fmt: skip
        if not problems:
            return HttpResponseRedirect(reverse("residence:case", args=[case_id]))
    subjects = sorted({each.person_id for one in found for each in one.people})
    if subjects:
        look(actor=actor, screen="MOVE_PATTERNS", subjects=subjects)
    context = {"rows": found, "book": book, "problems": problems}
    return page(request, "moves/patterns.html", context, 422 if problems else 200)
