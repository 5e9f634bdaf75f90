"""What hangs in the hall: numbers that are called, about how long, and the machine that gives them (待合)."""

from __future__ import annotations

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions.line import check_in, give_number
from madoguchi.appointments.domain.line import Stage
from madoguchi.appointments.domain.numbers import parse_booking_no
from madoguchi.appointments.domain.services import Kind
from madoguchi.appointments.forms import kinds
from madoguchi.appointments.queries.line import hall_of
from madoguchi.appointments.views.line import PANEL_COOKIE, PANEL_SALT
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import open_to_all
from madoguchi.web.pace import too_many
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press

WHY = "a wall of numbers says nothing about anybody"
#: The screen asks anew so often; a call is heard from the clerk as well.
REFRESH_SECONDS = 10
#: Nobody draws so many numbers at one machine; a child at play does.
NUMBERS_A_MINUTE_MAX = 12
NEXT_SHOWN = 8


@open_to_all(reason=WHY)
@require_safe
def hall(request: HttpRequest) -> HttpResponse:
    """Show the numbers that are called, who is next, and about how long a newcomer waits."""
    now = clock.now()
    found = hall_of(_place(request) or settings.MADOGUCHI_PLACE, now=now)
    context = {
        "called": [one for one in found.at_counters if one.ticket.stage is Stage.CALLED],
        "served": [one for one in found.at_counters if one.ticket.stage is Stage.SERVING],
        "waiting": found.waiting[:NEXT_SHOWN], "count": len(found.waiting),
        "newcomer": found.newcomer, "seconds": REFRESH_SECONDS,
        "at": now.hour * 60 + now.minute,
    }  # fmt: skip
    return unkept(page(request, "appointments/hall.html", context))


@open_to_all(reason="only a machine that a clerk made one gives numbers; a number names nobody")
@require_safe
def panel(request: HttpRequest) -> HttpResponse:
    """Ask what somebody comes for."""
    return _panel(request)


@open_to_all(reason="only a machine that a clerk made one gives numbers; a number names nobody")
@require_POST
def draw(request: HttpRequest) -> HttpResponse:
    """Give a number, for a kind of visit or for a booking."""
    place = _place(request)
    if place is None:
        return _panel(request)
    if too_many(request, what="hall", a_minute=NUMBERS_A_MINUTE_MAX):
        return _panel(request, Problem(code="LINE_TOO_FAST"))
    kind, typed = request.POST.get("kind", ""), request.POST.get("booking_no", "")[:40]
    actor = Actor(staff_id="hall", name="番号札の機械", rights=frozenset(), place=place,
                  terminal="hall", purpose="番号札の発行")  # fmt: skip
    if kind in set(Kind):
        given, problems = press(
            give_number, place=place, kind=Kind(kind), actor=actor, now=clock.now()
        )
    else:
        number = parse_booking_no(typed, where="booking_no")
        if isinstance(number, Problem):
            return _panel(request, number)
        given, problems = press(check_in, booking_no=number, actor=actor, now=clock.now())
    if problems:
        return _panel(request, *problems)
    return HttpResponseRedirect(f"{reverse('appointments:panel')}?number={given.number}")


def _panel(request: HttpRequest, *problems: Problem) -> HttpResponse:
    place = _place(request)
    number = request.GET.get("number", "")
    mine = None
    found = hall_of(place, now=clock.now()) if place else None
    if found is not None and number.isascii() and number.isdigit():
        mine = next((one for one in found.waiting if str(one.ticket.number) == number), None)
    context = {
        "ready": place is not None, "kinds": [one for one in kinds() if one[0] != Kind.OUTREACH],
        "newcomer": found.newcomer if found else None, "mine": mine, "problems": problems,
        "home": reverse("appointments:panel"),
    }  # fmt: skip
    status = 422 if problems else 200 if place else 403
    return unkept(page(request, "appointments/panel.html", context, status))


def _place(request: HttpRequest) -> str | None:
    try:
        return str(signing.loads(request.COOKIES.get(PANEL_COOKIE, ""), salt=PANEL_SALT))
    except signing.BadSignature:
        return None
