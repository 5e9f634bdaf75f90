"""The desk's side of a visit booked before coming: by telephone, and who comes on a day (来庁の予約)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from madoguchi.appointments import api as appointments
from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions.visits import book_visit, party_of
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.queries.visits import Expected, expected_by, expected_on
from madoguchi.moves.views import words
from madoguchi.moves.views.told import DAYS, Told, carried, plan, read_told
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import is_english, word
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "転入の来庁予約"
START_KEYS = "asdfjk"


@needs(FILE)
@require_http_methods(["GET", "HEAD", "POST"])
def phone_book(request: HttpRequest) -> HttpResponse:
    """Book for somebody on the telephone, from what they just told (電話の予約)."""
    given = request.POST if request.method == "POST" else request.GET
    told = read_told(given, at_counter=True)
    if told is None:
        return HttpResponseRedirect(reverse("moves:phone"))
    problems: tuple[Problem, ...] = (told.problem,) if told.problem else ()
    if request.method == "POST" and not problems and told.moved_on:
        number, problems = _book(request, told)
        if number:
            return HttpResponseRedirect(
                f"{reverse('moves:booked')}?{urlencode({'number': number})}"
            )
    context: dict[str, Any] = {
        "told": told, "problems": problems, "carried": carried(told),
        "given": {name: given.get(name, "")[:20] for name in DAYS},
        "from_town": told.answers["came_from"] == "town",
        "back": urlencode(told.answers), "since": given.get("since", "")[:20],
    }  # fmt: skip
    if told.moved_on:
        context |= _offers(request, told)
    return page(request, "moves/phone_book.html", context, 422 if problems else 200)


@needs(FILE)
@require_safe
def booked(request: HttpRequest) -> HttpResponse:
    """Show who comes on a day with case, papers and what was told first; or the visit of a number."""
    number = request.GET.get("number", "")[:40]
    given = parse_day(request.GET.get("on", ""))
    rows = expected_by(number) if number else ()
    on = rows[0].booking.on if rows else given if isinstance(given, date) else clock.today()
    problems = (Problem(code="MOVE_VISIT_UNKNOWN"),) if number and not rows else ()
    shown = rows or expected_on(on)
    context = {
        "rows": [_row(one) for one in shown], "on": on, "number": number if rows else "",
        "before": on - timedelta(days=1), "after": on + timedelta(days=1), "problems": problems,
        "people": sum(one.visit.people for one in shown),
    }  # fmt: skip
    return page(request, "moves/booked.html", context, 422 if problems else 200)


def _book(request: HttpRequest, told: Told) -> tuple[str, tuple[Problem, ...]]:
    on, begins = parse_day(request.POST.get("on", ""), where="on"), request.POST.get("begins", "")
    if isinstance(on, Problem) or not (begins.isascii() and begins.isdigit() and len(begins) < 5):
        return "", (Problem(code="VISIT_CLOSED_THEN", where="begins"),)
    planned = plan(told)
    if planned.before and not told.has_read:
        return "", (Problem(code="MOVE_VISIT_NOT_TOLD"),)
    actor = actor_of(request, PURPOSE)
    number, problems = press(
        book_visit, planned=planned, place=actor.place, on=on, begins=int(begins), actor=actor,
        now=clock.now(),
    )  # fmt: skip
    return number or "", problems


def _offers(request: HttpRequest, told: Told) -> dict[str, Any]:
    """What the clerk tells the caller, and the next times up to the deadline."""
    planned = plan(told)
    window = planned.window
    since = parse_day(request.GET.get("since", ""))
    first = max(window.first, clock.today(), since if isinstance(since, date) else date.min)
    stop = bool(planned.before) and not told.has_read
    free = () if stop else appointments.list_free(
        place=actor_of(request, PURPOSE).place, party=party_of("", planned), since=first,
        until=window.last, channel=appointments.Channel.PHONE, now=clock.now(),
    )  # fmt: skip
    return {
        "planned": planned, "window": window, "stop": stop,
        "reason": word(kind="move_reason", code=planned.key),
        "first": [_first(one) for one in planned.before],
        "read_url": f"?{urlencode({**told.pairs, 'read': '1'})}",
        "free": list(zip(START_KEYS, free, strict=False)),
    }  # fmt: skip


def _language() -> Language:
    return Language.ENGLISH if is_english() else Language.JAPANESE


def _first(step: str) -> str:
    """What the caller has to do, in the words the resident's page has for it."""
    return words.html(f"visit_before_{step}", _language())


def _row(one: Expected) -> dict[str, Any]:
    language = _language()
    return {
        "visit": one.visit, "booking": one.booking,
        "bring": [words.html(f"bring_{code}", language) for code in one.visit.bring],
        "first": [_first(code) for code in one.visit.before],
    }  # fmt: skip
