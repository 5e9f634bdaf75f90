"""The terminals themselves, their hours and closed days, changed from a day on (統合端末の表の画面)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.csops.actions import tables as actions
from madoguchi.csops.forms import ClosedDayForm, HoursForm, TerminalForm
from madoguchi.csops.queries.days import list_closed, list_places, list_terminals, list_weekly
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press_form

PURPOSE = "統合端末の表の変更"


@needs(Right.STOP_SWITCH)
@require_safe
def tables(request: HttpRequest) -> HttpResponse:
    """Show which terminals there are, when they are worked at, and when not."""
    return _show(request)


@needs(Right.STOP_SWITCH)
@require_POST
def add_hours(request: HttpRequest) -> HttpResponse:
    """Add hours from a day on."""
    form = HoursForm(request.POST, places=list_places())
    return _press(request, actions.add_hours, form, lambda: {
        "place": form.cleaned_data["place"], "row": form.hours(),
        "source": form.cleaned_data["source"],
    }, hours=form)  # fmt: skip


@needs(Right.STOP_SWITCH)
@require_POST
def end_hours(request: HttpRequest, hours_id: int) -> HttpResponse:
    """Let hours hold until a day and no longer."""
    return _end(request, actions.end_hours, "last_day", hours_id=hours_id)


@needs(Right.STOP_SWITCH)
@require_POST
def add_terminal(request: HttpRequest) -> HttpResponse:
    """Add a terminal from a day on."""
    form = TerminalForm(request.POST)
    return _press(
        request, actions.add_terminal, form, lambda: dict(form.cleaned_data), terminal=form
    )


@needs(Right.STOP_SWITCH)
@require_POST
def end_terminal(request: HttpRequest, terminal_no: str) -> HttpResponse:
    """Let a terminal serve until a day and no longer."""
    return _end(request, actions.end_terminal, "on", terminal_no=terminal_no)


@needs(Right.STOP_SWITCH)
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    """Let no terminal of a place work on a day."""
    form = ClosedDayForm(request.POST, places=list_places())
    return _press(request, actions.close_day, form, lambda: dict(form.cleaned_data), closed=form)


@needs(Right.STOP_SWITCH)
@require_POST
def work_again(request: HttpRequest) -> HttpResponse:
    """Let the terminals work on a closed day after all."""
    on = parse_day(request.POST.get("on", ""))
    if isinstance(on, Problem):
        return _show(request, problems=(on,))
    place = request.POST.get("place", "")
    return _press(request, actions.work_again, None, lambda: {"place": place, "on": on})


def _end(request: HttpRequest, action: Callable[..., Any], name: str, **given: Any) -> HttpResponse:
    day = parse_day(request.POST.get("last_day", ""))
    if isinstance(day, Problem):
        return _show(request, problems=(day,))
    return _press(request, action, None, lambda: {name: day, **given})


def _press(
    request: HttpRequest, action: Callable[..., Any], form: forms.Form | None,
    given: Callable[[], dict[str, Any]], **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    problems = press_form(action, given, actor=actor_of(request, PURPOSE), form=form)
    if not problems:
        return HttpResponseRedirect(reverse("csops:tables"))
    return _show(request, problems=problems, wrong=form, **shown)


def _show(
    request: HttpRequest, *, problems: tuple[Problem, ...] = (), wrong: forms.Form | None = None,
    **shown: forms.Form,
) -> HttpResponse:  # fmt: skip
    today, places = clock.today(), list_places()
    context = {
        "today": today, "weekly": list_weekly(today=today),
        "terminals": list_terminals(today=today), "closed": list_closed(today=today),
        "hours_form": shown.get("hours") or HoursForm(places=places),
        "terminal_form": shown.get("terminal") or TerminalForm(),
        "closed_form": shown.get("closed") or ClosedDayForm(places=places),
        "problems": problems, "wrong": wrong,
    }  # fmt: skip
    return page(request, "csops/tables.html", context, 422 if problems else 200)
