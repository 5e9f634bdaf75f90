"""Destroying cards on the screen (廃棄の画面): what may go, the list, the witness."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.cards.actions import disposing
from madoguchi.cards.domain.disposal import Means
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.forms import CountForm, MeansForm
from madoguchi.cards.queries.disposal import (
    Candidate,
    find_disposal,
    list_candidates,
    list_disposals,
)
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの廃棄"


@needs(LINE)
@require_http_methods(["GET", "HEAD", "POST"])
def index(request: HttpRequest) -> HttpResponse:
    """Show which cards may go, and put those that are chosen on a list."""
    if request.method != "POST":
        return _index(request, MeansForm(initial={"means": Means.SHREDDED.value}))
    form = MeansForm(request.POST)
    problems = problems_of(form)
    if not problems:
        disposal_id, problems = press(
            disposing.start_disposal, card_ids=sorted(set(request.POST.getlist("card")))[:200],
            means=Means(form.cleaned_data["means"]), actor=actor_of(request, PURPOSE),
            now=clock.now(),
        )  # fmt: skip
        if not problems:
            return HttpResponseRedirect(reverse("cards:disposal", args=[disposal_id]))
    return _index(request, form, problems=problems)


@needs(LINE)
@require_safe
def disposal(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """Show a list, in shelf order."""
    return _show(request, disposal_id)


@needs(LINE)
@require_POST
def drop(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """Take a list back."""
    return _press(request, disposal_id, disposing.drop_disposal)


@needs(LINE)
@require_POST
def witness(request: HttpRequest, disposal_id: str) -> HttpResponse:
    """Say that so many cards were destroyed before one's eyes."""
    form = CountForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, disposal_id, problems=problems)
    counted = form.cleaned_data["counted"]
    return _press(request, disposal_id, disposing.witness_disposal, counted=counted)


def _press(
    request: HttpRequest, disposal_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    _, problems = press(action, disposal_id=disposal_id, actor=actor, now=clock.now(), **given)
    if problems:
        return _show(request, disposal_id, problems=problems)
    return HttpResponseRedirect(reverse("cards:disposal", args=[disposal_id]))


def _index(
    request: HttpRequest, form: MeansForm, *, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    candidates = list_candidates(actor=actor, today=clock.today())
    lists = list_disposals(actor=actor)
    _look(candidates, actor=actor)
    context = {"candidates": candidates, "lists": lists, "form": form, "problems": problems}
    return page(request, "cards/disposals.html", context, 422 if problems else 200)


def _show(
    request: HttpRequest, disposal_id: str, *, problems: tuple[Problem, ...] = ()
) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    row = find_disposal(disposal_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="CARD_DISPOSAL_UNKNOWN")], status=404)
    _look(row.lines, actor=actor)
    context = {
        "row": row,
        "is_open": row.witnessed_at is None and not row.is_dropped,
        "is_mine": row.made_by == actor.staff_id,
        "problems": problems,
    }
    return page(request, "cards/disposal.html", context, 422 if problems else 200)


def _look(shown: tuple[Candidate, ...], *, actor: Actor) -> None:
    subjects = sorted({one.card.person_id for one in shown if one.card.person_id})
    look(actor=actor, screen="CARD_DISPOSALS", subjects=subjects, detail={"cards": len(shown)})
