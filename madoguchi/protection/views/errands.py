"""The one queue of errands: requests from towns, systems to confirm (未了の用件)."""

from __future__ import annotations

from collections.abc import Callable

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.infra import unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.protection.actions.errands import attach_errand, receive_town_request
from madoguchi.protection.actions.measures import confirm_system
from madoguchi.protection.forms import AttachForm, ChannelForm, TownRequestForm
from madoguchi.protection.queries.errands import list_open_errands
from madoguchi.protection.queries.measures import list_measures, measures_by_id
from madoguchi.protection.views.measures import looked, officer
from madoguchi.web.access import needs
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import attempt


@require_GET
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def queue(request: HttpRequest) -> HttpResponse:
    """Show every errand that is not done, oldest first (未了の用件)."""
    return _show(request)


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def receive(request: HttpRequest) -> HttpResponse:
    """Put a request of another town into the queue (連絡の受付)."""
    form, actor = TownRequestForm(request.POST), officer(request)
    return _act(
        request, form, lambda: unit.run(receive_town_request, actor=actor, **form.cleaned_data)
    )


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def confirm(request: HttpRequest, errand_id: str) -> HttpResponse:
    """Note by name that a system has been set (確認)."""
    form, actor = ChannelForm(request.POST), officer(request)
    return _act(
        request,
        form,
        lambda: unit.run(confirm_system, actor=actor, errand_id=errand_id, **form.cleaned_data),
    )


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def attach(request: HttpRequest, errand_id: str) -> HttpResponse:
    """Tie a request to a measure that is there already (結びつけ)."""
    form, actor = AttachForm(request.POST), officer(request)
    return _act(
        request,
        form,
        lambda: unit.run(attach_errand, actor=actor, errand_id=errand_id, **form.cleaned_data),
    )


def _act(request: HttpRequest, form: forms.Form, do: Callable[[], object]) -> HttpResponse:
    problems = problems_of(form)
    if not problems:
        _, problems = attempt(do)
        if not problems:
            return HttpResponseRedirect(reverse("protection:errands"))
    return _show(request, problems=problems, form=form)


def _show(
    request: HttpRequest,
    *,
    problems: tuple[Problem, ...] = (),
    form: forms.Form | None = None,
) -> HttpResponse:
    actor = officer(request)
    errands = list_open_errands(actor=actor)
    found = measures_by_id(errand.measure_id for errand in errands if errand.measure_id)
    measures = {measure.measure_id: measure for measure in found}
    receiving = form if isinstance(form, TownRequestForm) else None
    context = {
        "rows": [
            {"errand": errand, "measure": measures.get(errand.measure_id or "")}
            for errand in errands
        ],
        "candidates": [row.measure for row in list_measures(actor=actor)],
        "form": receiving or TownRequestForm(initial={"kind": "SET"}),
        "person_ids": looked(
            actor, "PROTECTION_ERRANDS", (p for m in measures.values() for p in m.person_ids)
        ),
        "problems": problems,
    }
    return page(request, "protection/errands.html", context, 422 if problems else 200)
