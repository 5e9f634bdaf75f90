"""Book by phone with a few keys, see a week (電話の予約)."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments.actions.booking import book
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.domain.services import Errand, Kind, Place
from madoguchi.appointments.forms import BookForm, kinds
from madoguchi.appointments.queries.bookings import find_booking, list_bookings, list_free
from madoguchi.appointments.queries.tables import list_places
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "予約の受付"
#: A key for each kind, in the order of the list; and one for each free time.
KIND_KEYS = "123456789uyi"
START_KEYS = "asdfjk"
PEOPLE_MAX = 20


@needs(Right.SEARCH)
@require_safe
def bookings(request: HttpRequest) -> HttpResponse:
    """Show the free times next for what was chosen, and the bookings of the week."""
    return _show(request)


@needs(Right.FILE_CHANGE)
@require_POST
def make(request: HttpRequest) -> HttpResponse:
    """Book the time that was chosen."""
    form = BookForm(request.POST)
    problems = problems_of(form)
    if not problems:
        kept, problems = press(
            book, place=place_asked(request, list_places()), on=form.cleaned_data["on"],
            begins=form.cleaned_data["begins"], party=form.party(), channel=Channel.PHONE,
            actor=actor_of(request, PURPOSE), now=clock.now(),
        )  # fmt: skip
        if not problems:
            return HttpResponseRedirect(
                f"{reverse('appointments:bookings')}?made={kept.booking_no}"
            )
    return _show(request, problems=problems)


def place_asked(request: HttpRequest, places: tuple[Place, ...]) -> str:
    """Return the place somebody speaks of: the one chosen, else where they sit (受付場所)."""
    given = request.POST.get("place") or request.GET.get("place", "")
    known = {one.place for one in places}
    return given if given in known else actor_of(request, PURPOSE).place


def _show(request: HttpRequest, *, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    places, today = list_places(), clock.today()
    place = place_asked(request, places)
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    people = request.POST.get("people") or request.GET.get("people", "")
    chosen = Kind(kind) if kind in set(Kind) else None
    # Python itself refuses a number of thousands of digits.
    is_number = len(people) < 4 and people.isascii() and people.isdigit()
    count = min(int(people), PEOPLE_MAX) if is_number else 1
    party = [Errand(kind=chosen)] * max(count, 1) if chosen else []
    free = (
        list_free(place=place, party=party, since=today, channel=Channel.PHONE, now=clock.now())
        if party
        else ()
    )
    context = {
        "place": place, "places": places,
        "chosen": kind if chosen else "", "people": max(count, 1),
        "kinds": list(zip(KIND_KEYS, kinds(), strict=True)),
        "free": list(zip(START_KEYS, free, strict=False)),
        "made": find_booking(booking_no=request.GET.get("made", "")),
        "week": list_bookings(place, first=today, last=today + timedelta(days=6)),
        "problems": problems,
    }  # fmt: skip
    return page(request, "appointments/bookings.html", context, 422 if problems else 200)
