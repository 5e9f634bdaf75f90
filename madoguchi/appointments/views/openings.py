"""A day of a place, and days opened and closed by name (一日の予約・受付日の画面)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions import openings as actions
from madoguchi.appointments.forms import CloseDayForm, OpenDayForm
from madoguchi.appointments.queries.bookings import list_bookings
from madoguchi.appointments.queries.tables import (
    closing_of,
    list_places,
    list_special_days,
    openings_of,
)
from madoguchi.appointments.views.phone import PURPOSE, place_asked
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press


@needs(Right.SEARCH)
@require_safe
def day(request: HttpRequest) -> HttpResponse:
    """Show one day of a place: when it is open, who comes in which order."""
    given, places = parse_day(request.GET.get("on", "")), list_places()
    place = place_asked(request, places)
    on = clock.today() if isinstance(given, Problem) else given
    rows = list_bookings(place, first=on, last=on)
    context = {
        "place": place, "places": places, "on": on, "before": on - timedelta(days=1),
        "after": on + timedelta(days=1), "rows": rows, "openings": openings_of(place, on),
        "closed": closing_of(place, on),
        "people": sum(len(row.errands) for row in rows),
    }  # fmt: skip
    return page(request, "appointments/day.html", context)


@needs(Right.SEARCH)
@require_safe
def special(request: HttpRequest) -> HttpResponse:
    """Show the days opened and closed by name."""
    return _show(request)


@needs(Right.FILE_CHANGE)
@require_POST
def open_day(request: HttpRequest) -> HttpResponse:
    """Open a day at a place, even for one person."""
    form = OpenDayForm(request.POST, places=list_places())
    if problems := problems_of(form):
        return _show(request, problems=problems, opening=form)
    return _press(request, actions.open_day, form=form, asked=form.opening())


@needs(Right.FILE_CHANGE)
@require_POST
def take_back(request: HttpRequest, opening_id: int) -> HttpResponse:
    """Take back a day that was opened by name."""
    return _press(request, actions.take_back_opening, opening_id=opening_id)


@needs(Right.FILE_CHANGE)
@require_POST
def close_day(request: HttpRequest) -> HttpResponse:
    """Book nobody on a day."""
    form = CloseDayForm(request.POST, places=list_places())
    if problems := problems_of(form):
        return _show(request, problems=problems, closing=form)
    return _press(request, actions.close_day, closing=form, **form.cleaned_data)


@needs(Right.FILE_CHANGE)
@require_POST
def open_again(request: HttpRequest) -> HttpResponse:
    """Let a closed day be open after all."""
    on = parse_day(request.POST.get("on", ""))
    if isinstance(on, Problem):
        return _show(request, problems=(on,))
    return _press(request, actions.open_again, place=place_asked(request, list_places()), on=on)


def _press(
    request: HttpRequest, action: Callable[..., Any], *, form: OpenDayForm | None = None,
    closing: CloseDayForm | None = None, **given: Any,
) -> HttpResponse:  # fmt: skip
    _, problems = press(action, actor=actor_of(request, PURPOSE), now=clock.now(), **given)
    for one in (form, closing):
        if one is not None:
            mark(one, problems)
    if problems:
        return _show(request, problems=problems, opening=form, closing=closing)
    return HttpResponseRedirect(reverse("appointments:special"))


def _show(
    request: HttpRequest, *, problems: tuple[Problem, ...] = (), opening: OpenDayForm | None = None,
    closing: CloseDayForm | None = None,
) -> HttpResponse:  # fmt: skip
    places, today = list_places(), clock.today()
    names = {one.place: one.name for one in places}
    context = {
        "days": [
            {"row": one, "place": names.get(one.place, one.place)}
            for one in list_special_days(since=today)
        ],
        "opening": opening or OpenDayForm(places=places),
        "closing": closing or CloseDayForm(places=places),
        "problems": problems,
        "wrong": opening if opening is not None else closing,
        "may_extend": actor_of(request, PURPOSE).may(actions.CHIEF),
    }  # fmt: skip
    return page(request, "appointments/special.html", context, 422 if problems else 200)
