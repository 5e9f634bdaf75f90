"""The rows that hold every week, shown and changed from a day on (毎週の受付・用件・決まりの画面)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions import tables as actions
from madoguchi.appointments.domain.services import Terms
from madoguchi.appointments.forms import PlaceForm, ServiceForm, TermsForm, WeeklyOpeningForm
from madoguchi.appointments.queries.tables import (
    list_places,
    list_services,
    list_terms,
    list_weekly,
)
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press_form

PURPOSE = "受付の決まりの変更"


@needs(Right.STOP_SWITCH)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Show when people are seen every week, how long it takes, and by which rules they book."""
    return _show(request)


@needs(Right.STOP_SWITCH)
@require_POST
def add_opening(request: HttpRequest) -> HttpResponse:
    """Open a place on weekdays from a day on."""
    form = WeeklyOpeningForm(request.POST, places=list_places())
    return _press(request, actions.add_opening, form, lambda: {
        "place": form.cleaned_data["place"], "row": form.opening(),
        "source": form.cleaned_data["source"],
    }, opening=form)  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def end_opening(request: HttpRequest, opening_id: int) -> HttpResponse:
    """Let an opening hold until a day and no longer."""
    last_day = parse_day(request.POST.get("last_day", ""))
    if not isinstance(last_day, date):
        return _show(request, problems=(last_day,))
    return _press(
        request, actions.end_opening, None,
        lambda: {"opening_id": opening_id, "last_day": last_day},
    )  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def set_service(request: HttpRequest) -> HttpResponse:
    """Say how long a kind of visit takes from a day on."""
    form = ServiceForm(request.POST)
    return _press(request, actions.set_service, form, lambda: {
        "row": form.service(), "source": form.cleaned_data["source"],
    }, service=form)  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def set_terms(request: HttpRequest) -> HttpResponse:
    """Say by which rules people book from a day on."""
    form = TermsForm(request.POST)
    return _press(request, actions.set_terms, form, lambda: {
        "row": form.terms(), "source": form.cleaned_data["source"],
    }, terms=form)  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def add_place(request: HttpRequest) -> HttpResponse:
    """Add a place where people are seen."""
    form = PlaceForm(request.POST, places=list_places())
    return _press(request, actions.add_place, form, lambda: {"place": form.place()}, place=form)


def _press(
    request: HttpRequest, action: Callable[..., Any], form: forms.Form | None,
    given: Callable[[], dict[str, Any]], **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    problems = press_form(action, given, actor=actor_of(request, PURPOSE), form=form)
    if not problems:
        return HttpResponseRedirect(reverse("appointments:tables"))
    return _show(request, problems=problems, wrong=form, **shown)


def _show(
    request: HttpRequest, *, problems: tuple[Problem, ...] = (), wrong: forms.Form | None = None,
    **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    today, places = clock.today(), list_places()
    names = {one.place: one.name for one in places}
    terms = list_terms(today=today)
    context = {
        "today": today, "places": places, "services": list_services(today=today), "terms": terms,
        "weekly": [
            {"one": one, "place": names[one.place], "begun": one.row.rule.valid_from <= today}
            for one in list_weekly(today=today)
        ],
        "opening_form": shown.get("opening") or WeeklyOpeningForm(places=places),
        "service_form": shown.get("service") or ServiceForm(),
        "terms_form": shown.get("terms") or TermsForm(initial=_values(terms[0][0])),
        "place_form": shown.get("place") or PlaceForm(places=places),
        "problems": problems, "wrong": wrong,
    }  # fmt: skip
    return page(request, "appointments/tables.html", context, 422 if problems else 200)


def _values(terms: Terms) -> dict[str, Any]:
    """What holds now, to be changed in part; the day it begins on is typed anew."""
    return {name: getattr(terms, name) for name in Terms.__slots__ if name != "valid_from"}
