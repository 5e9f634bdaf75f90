"""One booking on the screen: another time, a reminder, cancelled, not come (予約の画面)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions.booking import cancel, change, remind_at
from madoguchi.appointments.actions.ending import note_no_show
from madoguchi.appointments.domain.booking import Channel, Start, State, minute_of
from madoguchi.appointments.domain.numbers import parse_booking_no
from madoguchi.appointments.forms import MoveForm, ReminderForm
from madoguchi.appointments.queries.bookings import (
    BookingRow,
    booking_of,
    find_booking,
    free_for,
)
from madoguchi.appointments.queries.tables import place_of
from madoguchi.appointments.views.phone import PURPOSE, START_KEYS
from madoguchi.infra import clock
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Right
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page
from madoguchi.web.press import press

#: By the kind of what a booking is about: the page of the room that knows it.
PAGES = {"MOVE": "moves:booked"}


@needs(Right.SEARCH)
@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """Go to the booking whose number was read out or scanned."""
    number = parse_booking_no(request.GET.get("booking_no", "")[:40], where="booking_no")
    row = None if isinstance(number, Problem) else find_booking(booking_no=number)
    if row is None:
        problem = number if isinstance(number, Problem) else Problem(code="BOOKING_UNKNOWN")
        return page(request, "appointments/find.html", {"problems": (problem,)}, 422)
    return HttpResponseRedirect(reverse("appointments:booking", args=[row.booking_id]))


@needs(Right.SEARCH)
@require_safe
def booking(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Show a booking, and what can be done with it."""
    return _show(request, booking_id)


@needs(Right.FILE_CHANGE)
@require_POST
def move(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Give it another time of the same place."""
    form = MoveForm(request.POST)
    if problems := problems_of(form):
        return _show(request, booking_id, problems=problems)
    return _press(request, booking_id, change, channel=Channel.PHONE, on=form.cleaned_data["on"],
                  begins=form.cleaned_data["begins"])  # fmt: skip


@needs(Right.FILE_CHANGE)
@require_POST
def remind(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Write down where its reminder goes."""
    form = ReminderForm(request.POST)
    if problems := problems_of(form):
        return _show(request, booking_id, problems=problems, form=form)
    return _press(request, booking_id, remind_at, mail_to=form.cleaned_data["mail"])


@needs(Right.FILE_CHANGE)
@require_POST
def give_up(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Cancel it by phone or at the desk."""
    return _press(request, booking_id, cancel, channel=Channel.PHONE)


@needs(Right.FILE_CHANGE)
@require_POST
def absent(request: HttpRequest, booking_id: str) -> HttpResponse:
    """Note that nobody came."""
    return _press(request, booking_id, note_no_show)


def _press(
    request: HttpRequest, booking_id: str, action: Callable[..., Any], **given: Any
) -> HttpResponse:
    _, problems = press(
        action, booking_id=booking_id, actor=actor_of(request, PURPOSE), now=clock.now(), **given
    )
    if problems:
        return _show(request, booking_id, problems=problems)
    return HttpResponseRedirect(reverse("appointments:booking", args=[booking_id]))


def _show(
    request: HttpRequest, booking_id: str, *, problems: tuple[Problem, ...] = (),
    form: ReminderForm | None = None,
) -> HttpResponse:  # fmt: skip
    row = booking_of(booking_id[:26])
    if row is None:
        return errors.refusal(request, [Problem(code="BOOKING_UNKNOWN")], status=404)
    now = clock.now()
    context = {
        "row": row, "place": place_of(row.place), "problems": problems,
        "can_move": row.state is State.CONFIRMED,
        "free": _free(request, row) if row.state is State.CONFIRMED else [],
        "about": _about(row), "since": _since(request), "is_past": _is_past(row, now.astimezone(JAPAN)),
        "form": form or ReminderForm(),
    }  # fmt: skip
    return page(request, "appointments/booking.html", context, 422 if problems else 200)


def _free(request: HttpRequest, row: BookingRow) -> list[tuple[str, Start]]:
    found = free_for(row, since=_since(request) or clock.today(), now=clock.now())
    return list(zip(START_KEYS, found, strict=False))


def _about(row: BookingRow) -> str | None:
    """Where the desk sees what this booking is about, if its room has such a page."""
    route = next((PAGES[one.about_kind] for one in row.errands if one.about_kind in PAGES), "")
    url = url_or_none(route) if route else None
    return f"{url}?{urlencode({'number': row.booking_no})}" if url else None


def _since(request: HttpRequest) -> date | None:
    given = parse_day(request.GET.get("since", ""))
    return None if isinstance(given, Problem) else given


def _is_past(row: BookingRow, now: datetime) -> bool:
    return (row.on, row.span.begins) <= (now.date(), minute_of(now))
