"""Letters of several checks, given to the post room at one press (照会・催告の発送の画面)."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.residence.actions.letters import chosen, queue_letters
from madoguchi.residence.domain.rules import due_letter
from madoguchi.residence.queries.cases import CHECK, list_cases
from madoguchi.residence.views.cases import PURPOSE, list_page
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render
from madoguchi.web.press import press


@needs(CHECK)
@require_POST
def queue(request: HttpRequest) -> HttpResponse:
    """Queue what was ticked; what may not be written is told beside what is queued."""
    actor, today = actor_of(request, PURPOSE), clock.today()
    due = {one.case_id: due_letter(one.facts, today=today) for one in list_cases(actor=actor)}
    wanted = chosen(request.POST.getlist("case"), due)
    if not wanted:
        return list_page(request, Problem(code="RESIDENCE_NO_LETTER_CHOSEN"))
    done, problems = press(
        queue_letters, wanted=wanted, phone=settings.MADOGUCHI_OFFICE_PHONE, actor=actor,
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return list_page(request, *problems)
    for one in done.problems:
        said = render(one)
        messages.warning(request, f"{said.cause}{said.remedy}")
    return HttpResponseRedirect(f"{reverse('residence:cases')}?queued={done.count}")
