"""Before a trip, at the desk: one's own word, and whom two officers release (出かける前の画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.areas import AREAS
from madoguchi.kernel.outcome import Problem
from madoguchi.kit.actions.preparing import WORD_LASTS, ask_release, set_word
from madoguchi.kit.forms import ReleaseForm, WordForm
from madoguchi.kit.queries.trips import KIT, has_word, list_releasable
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "島の日の準備"


@needs(KIT)
@require_http_methods(["GET", "HEAD", "POST"])
def word(request: HttpRequest) -> HttpResponse:
    """Set one's own word for the next trip."""
    actor, now = actor_of(request, PURPOSE), clock.now()
    form = WordForm(request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            _, problems = press(
                set_word, word=form.cleaned_data["word"], again=form.cleaned_data["again"],
                actor=actor, now=now,
            )  # fmt: skip
        mark(form, problems)
        if not problems:
            return HttpResponseRedirect(reverse("kit:word"))
    since = has_word(actor.staff_id, since=now - WORD_LASTS)
    context = {"form": form, "problems": problems, "set_at": since, "staff_id": actor.staff_id,
               "until": since + WORD_LASTS if since else None}  # fmt: skip
    return page(request, "kit/word.html", context, 422 if problems else 200)


@needs(KIT, Right.SEE_PROTECTED)
@require_http_methods(["GET", "HEAD", "POST"])
def release(request: HttpRequest, area: str) -> HttpResponse:
    """Ask a second officer to let protected people of an area come along once."""
    actor, now = actor_of(request, PURPOSE), clock.now()
    if area not in {row.area for row in AREAS}:
        return errors.refusal(request, [Problem(code="KIT_AREA_UNKNOWN")], status=404)
    people = list_releasable(area, actor=actor, on=clock.day_of(now))
    form = ReleaseForm(request.POST if request.method == "POST" else None, people=people)
    problems: tuple[Problem, ...] = ()
    trip_id = ""
    if form.is_bound:
        problems = problems_of(form)
        if not problems:
            trip_id, problems = press(
                ask_release, area=area, person_ids=form.cleaned_data["person_ids"],
                reason=form.cleaned_data["reason"], actor=actor, now=now,
            )  # fmt: skip
        mark(form, problems)
    look(actor=actor, screen="KIT_RELEASE", subjects=sorted(people), detail={"area": area})
    context = {"form": form, "problems": problems, "area": area, "people": people,
               "trip_id": trip_id, "staff_id": actor.staff_id}  # fmt: skip
    return page(request, "kit/release.html", context, 422 if problems else 200)
