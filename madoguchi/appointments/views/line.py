"""The line at the desk: give, call, start, stop, and what the week was made of (番号札の受付)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions import line
from madoguchi.appointments.domain.line import Outcome
from madoguchi.appointments.domain.numbers import parse_booking_no
from madoguchi.appointments.domain.services import Kind
from madoguchi.appointments.forms import kinds
from madoguchi.appointments.queries.line import counts_on, hall_of, load_by_week
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "番号札の受付"
PANEL_COOKIE, PANEL_SALT, PANEL_SECONDS = "hall", "appointments.hall", 400 * 24 * 3600
KIND_KEYS = "123456789uyi"
COUNTER_MAX = 10
WEEKS = 4


@needs(Right.SEARCH)
@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Show who is called, served and waits, and what today was made of."""
    return _show(request)


@needs(Right.FILE_CHANGE)
@require_POST
def give(request: HttpRequest) -> HttpResponse:
    """Give a number to somebody without a booking."""
    kind = _kind(request)
    if kind is None:
        return _show(request, Problem(code="VISIT_NOBODY", where="kind"))
    actor = actor_of(request, PURPOSE)
    return _do(request, line.give_number, place=actor.place, kind=kind)


@needs(Right.FILE_CHANGE)
@require_POST
def check_in(request: HttpRequest) -> HttpResponse:
    """Give a number to somebody who booked; the QR code is a scan into the field."""
    number = parse_booking_no(request.POST.get("booking_no", "")[:40], where="booking_no")
    if isinstance(number, Problem):
        return _show(request, number)
    return _do(request, line.check_in, booking_no=number)


@needs(Right.FILE_CHANGE)
@require_POST
def call(request: HttpRequest) -> HttpResponse:
    """Call whoever is next to this counter."""
    counter = request.POST.get("counter", "").strip()[:COUNTER_MAX]
    if not counter:
        return _show(request, Problem(code="LINE_COUNTER_MISSING", where="counter"))
    place = actor_of(request, PURPOSE).place
    return _do(request, line.call_next, place=place, counter=counter)


@needs(Right.FILE_CHANGE)
@require_POST
def start(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Begin to serve; the kind may turn out to be another."""
    kind = _kind(request)
    if kind is None:
        return _show(request, Problem(code="VISIT_NOBODY", where="kind"))
    return _do(request, line.start, ticket_id=ticket_id, kind=kind)


@needs(Right.FILE_CHANGE)
@require_POST
def stop(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """End serving, with what came of it."""
    outcome = request.POST.get("outcome", "")
    if outcome not in set(Outcome):
        return _show(request, Problem(code="LINE_OUTCOME_MISSING", where="outcome"))
    return _do(request, line.stop, ticket_id=ticket_id, outcome=Outcome(outcome))


@needs(Right.FILE_CHANGE)
@require_POST
def put_back(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Let somebody who did not come wait on."""
    return _do(request, line.put_back, ticket_id=ticket_id)


@needs(Right.FILE_CHANGE)
@require_POST
def let_leave(request: HttpRequest, ticket_id: str) -> HttpResponse:
    """Note that somebody went home."""
    return _do(request, line.let_leave, ticket_id=ticket_id)


@needs(Right.SEARCH)
@require_safe
def load(request: HttpRequest) -> HttpResponse:
    """Show how many minutes each kind of visit took, week by week."""
    place, today = actor_of(request, PURPOSE).place, clock.today()
    monday = today - timedelta(days=today.weekday())
    weeks = [monday - timedelta(weeks=back) for back in range(WEEKS)]
    found = load_by_week(place, weeks)
    rows = [
        {"kind": kind.value, "weeks": [found[monday].get(kind) for monday in weeks],
         "total": sum(one[kind].minutes for one in found.values() if kind in one)}
        for kind in Kind
        if any(kind in one for one in found.values())
    ]  # fmt: skip
    context = {
        "place": place, "weeks": weeks, "rows": sorted(rows, key=lambda row: -int(str(row["total"]))),
        "totals": [sum(one.minutes for one in found[monday].values()) for monday in weeks],
    }  # fmt: skip
    return page(request, "appointments/load.html", context)


@needs(Right.FILE_CHANGE)
@require_POST
def be_panel(request: HttpRequest) -> HttpResponse:
    """Make this device the machine that gives numbers in the hall, and sign out of it."""
    place = actor_of(request, PURPOSE).place
    request.session.flush()
    answer = HttpResponseRedirect(reverse("appointments:panel"))
    answer.set_cookie(
        PANEL_COOKIE, signing.dumps(place, salt=PANEL_SALT), max_age=PANEL_SECONDS, httponly=True,
        secure=settings.HTTPS, samesite="Strict", path=reverse("appointments:hall"),
    )  # fmt: skip
    return answer


def _do(request: HttpRequest, action: Callable[..., object], **given: Any) -> HttpResponse:
    _, problems = press(action, actor=actor_of(request, PURPOSE), now=clock.now(), **given)
    if problems:
        return _show(request, *problems)
    counter = request.POST.get("counter", "").strip()[:COUNTER_MAX]
    answer = HttpResponseRedirect(reverse("appointments:board"))
    if counter:
        request.session["line_counter"] = counter
    return answer


def _show(request: HttpRequest, *problems: Problem) -> HttpResponse:
    place = actor_of(request, PURPOSE).place
    context = {
        "place": place, "hall": hall_of(place, now=clock.now()), "problems": problems,
        "today": clock.today(), "counts": counts_on(place, clock.today()),
        "kinds": list(zip(KIND_KEYS, kinds(), strict=True)), "outcomes": list(Outcome),
        "counter": request.session.get("line_counter", "1"),
    }  # fmt: skip
    return page(request, "appointments/board.html", context, 422 if problems else 200)


def _kind(request: HttpRequest) -> Kind | None:
    given = request.POST.get("kind", "")
    return Kind(given) if given in set(Kind) else None
