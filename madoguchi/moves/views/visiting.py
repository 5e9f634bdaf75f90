"""A visit booked before coming, on the resident's page: days, a day, a time, yes (来る日の予約).

Nobody is named: who has the number of a booking sees, moves and cancels it. How long it takes,
from when and until when they may come is worked out again from the answers at each press.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import EmailField
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments import api as appointments
from madoguchi.infra import clock
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions import visits as acts
from madoguchi.moves.domain.visit import PlannedVisit
from madoguchi.moves.queries.rulebook import visit_book
from madoguchi.moves.queries.visits import VisitRow, booking_of, find_visit, visit_of_number
from madoguchi.moves.views import words
from madoguchi.moves.views.told import DAYS, READ, Told, carried, plan, read_told
from madoguchi.web import times
from madoguchi.web.access import open_to_all
from madoguchi.web.days import day_in
from madoguchi.web.pace import too_many, too_many_of
from madoguchi.web.pages import page, unkept
from madoguchi.web.press import press
from madoguchi.web.tongues import language_of, marked_html, town_in

WHY = "whoever moves here books a time; nobody is named, and a number opens one booking"
COOKIE, SALT, STAY_SECONDS = "move_visit", "moves.visit", 15 * 60
#: A person mistypes once or twice, and looks at a few times before one fits (*assumed*).
TRIES_A_MINUTE_MAX, TAKES_A_MINUTE_MAX, TAKES_AN_HOUR_MAX, HOUR = 6, 10, 30, 3600
GO = ("take", "confirm", "cancel", "calendar")


@open_to_all(reason=WHY)
@require_safe
def visit(request: HttpRequest) -> HttpResponse:
    """Show what comes next: the days, what to do first, a day, a time; or the booking there is."""
    return _show(request)


@open_to_all(reason=WHY)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Open a booking by its number; whatever is wrong, the answer is the same."""
    number = request.POST.get("number", "")[:40]
    tried = too_many(request, what="move-visit", a_minute=TRIES_A_MINUTE_MAX)
    visit_id = None if tried else visit_of_number(number)
    if visit_id is None:
        return _show(request, Problem(code="MOVE_VISIT_UNKNOWN"))
    return _inside(_back(request), visit_id)


@open_to_all(reason=WHY)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Hold a time, or move the booking there is to it."""
    address = str(request.META.get("REMOTE_ADDR"))
    if too_many(request, what="move-visit-take", a_minute=TAKES_A_MINUTE_MAX) or too_many_of(
        address, what="move-visit-hour", most=TAKES_AN_HOUR_MAX, seconds=HOUR
    ):
        return _show(request, Problem(code="MOVE_VISIT_BUSY"))
    on, begins = parse_day(request.POST.get("on", "")), request.POST.get("begins", "")
    if isinstance(on, Problem) or not (begins.isascii() and begins.isdigit() and len(begins) < 5):
        return _show(request, Problem(code="VISIT_CLOSED_THEN"))
    when: dict[str, Any] = {
        "on": on, "begins": int(begins), "day_max": _book().day_max, "now": clock.now(),
    }  # fmt: skip
    visit_id = _visit_id_of(request)
    booking = booking_of(visit_id, now=clock.now()) if visit_id else None
    if visit_id and booking is not None and not booking.is_held:
        return _do(request, acts.change_visit, said="changed", visit_id=visit_id,
                   booking_id=booking.booking_id, **when)  # fmt: skip
    planned = _planned(read_told(request.POST))
    if planned is None:
        return _back(request)
    visit_id = visit_id or new_id()
    answer = _do(request, acts.hold_visit, visit_id=visit_id, planned=planned,
                 place=settings.MADOGUCHI_PLACE, **when)  # fmt: skip
    return _inside(answer, visit_id) if answer.status_code < 400 else answer


@open_to_all(reason=WHY)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Say yes to the time that is held."""
    booking = _booking_of(request)
    if booking is None:
        return _show(request, Problem(code="BOOKING_HOLD_OVER"))
    mail = request.POST.get("mail", "").strip()
    try:
        EmailField(required=False, max_length=254).clean(mail)
    except ValidationError:
        return _show(request, Problem(code="MAIL_UNREADABLE"))
    return _do(request, appointments.booking.confirm, said="confirmed", mail_to=mail,
               booking_id=booking.booking_id, actor=acts.RESIDENT, now=clock.now())  # fmt: skip


@open_to_all(reason=WHY)
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Give the time back."""
    booking = _booking_of(request)
    if booking is None:
        return _back(request)
    return _do(
        request, appointments.booking.cancel, said="" if booking.is_held else "cancelled",
        booking_id=booking.booking_id, channel=appointments.Channel.WEB, actor=acts.RESIDENT,
        now=clock.now(),
    )  # fmt: skip


@open_to_all(reason=WHY)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Hand out the booking as a calendar file; it names no person and no matter."""
    booking = _booking_of(request)
    if booking is None or booking.is_held:
        return _back(request)
    language = language_of(request)
    told = booking.calendar(
        summary=times.plain("calendar_summary", language),
        location=words.plain("hall", language, **town_in(language)),
        description=times.plain("calendar_text", language, number=booking.booking_no),
        now=clock.now(),
    )
    return unkept(times.calendar_file(told))


@open_to_all(reason=WHY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget who was here; the number opens the booking again."""
    answer = _back(request)
    answer.delete_cookie(COOKIE, path=reverse("moves:visit"))
    return answer


def _do(
    request: HttpRequest, action: Callable[..., object], *, said: str = "", **given: Any
) -> HttpResponse:
    _, problems = press(action, **given)
    return _show(request, problems[0]) if problems else _back(request, said=said)


def _show(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    language, visit_id = language_of(request), _visit_id_of(request)
    row = find_visit(visit_id) if visit_id else None
    booking = _booking_of(request) if row else None
    told = read_told(request.POST if request.method == "POST" else request.GET)
    problem = problem or (told.problem if told else None)
    said = request.GET.get("said", "")
    context: dict[str, Any] = {
        **words.around(request), "is_on": _is_on(), "inside": row is not None and booking,
        "what": words.html("visit_about", language),
        "hall": words.html("hall", language, **town_in(language)),
        "go": {one: reverse(f"moves:visit_{one}") for one in GO},
        "problem": _sentence(problem, language) if problem else "",
        "said": f"said_{said}" if said in times.SAID else "",
        "carried": carried(told), "query": f"&{urlencode(told.pairs)}" if told else "",
    }  # fmt: skip
    if row and booking:
        context |= _inside_of(request, row, booking, language)
    elif told and _is_on():
        context |= _choosing(request, told, language)
    return unkept(page(request, "moves/visit.html", context, 422 if problem else 200))


def _inside_of(
    request: HttpRequest, row: VisitRow, booking: appointments.BookingRow, language: Language
) -> dict[str, Any]:
    asked = request.GET.get("ask", "") if not booking.is_held else ""
    found: dict[str, Any] = {
        "booking": times.drawn(booking, language), "changing": asked == "change",
        "cancelling": asked == "cancel",
        "first": [words.html(f"visit_before_{one}", language) for one in row.before],
        "bring": [words.html(f"bring_{one}", language) for one in row.bring],
    }  # fmt: skip
    if asked == "change":
        found |= _free(request, row, booking.errands, language, without=booking.booking_id)
    return found


def _choosing(request: HttpRequest, told: Told, language: Language) -> dict[str, Any]:
    """Ask for the days, say what is to be done first, then offer days and times."""
    found: dict[str, Any] = {
        "told": told, "back": urlencode({"language": str(language), **told.answers}),
    }  # fmt: skip
    if told.moved_on is None:
        # A day said wrongly is asked again with the others kept.
        given = request.GET
        return found | {
            "asking": True, "from_town": told.answers["came_from"] == "town",
            "given": {name: given.get(name, "")[:20] for name in DAYS},
        }  # fmt: skip
    planned = plan(told)
    window = planned.window
    found |= {
        "planned": planned, "say": words.html(f"say_{planned.key}", language),
        "do": words.html(f"do_{planned.key}", language),
        "deadline": _day(window.deadline, language), "late": window.is_late,
        "wait": words.html("visit_wait", language, day=day_in(window.first, language))
        if planned.before
        else "",
        "read_url": f"?{urlencode({'language': str(language), **told.pairs, READ: '1'})}",
        "minutes": words.html("minutes", language, minutes=planned.minutes),
    }  # fmt: skip
    if planned.before and not told.has_read:
        return found | {"stop": True}
    party = acts.party_of("", planned)
    return found | _free(request, planned, party, language)


def _free(
    request: HttpRequest, what: PlannedVisit | VisitRow, party: Any, language: Language,
    *, without: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The days to choose from, or the times of the day that was chosen; none after the deadline."""
    window = what.window
    asked: dict[str, Any] = {
        "place": settings.MADOGUCHI_PLACE, "party": party, "without": without,
        "channel": appointments.Channel.WEB, "now": clock.now(), "a_day_max": _book().day_max,
    }  # fmt: skip
    day, most = parse_day(request.GET.get("day", "")), times.TIMES_SHOWN
    if isinstance(day, date) and window.holds(day):
        free = appointments.list_free(**asked, since=day, until=day, each=most, most=most)
        if free:
            return {
                "day": marked_html(day_in(day, language)),
                "times": times.times_offered(free),
            }
    since = max(window.first, clock.today())
    free = appointments.list_free(
        **asked, since=since, until=window.last, each=1, most=times.DAYS_SHOWN
    )
    phone = settings.MADOGUCHI_OFFICE_PHONE
    none = "" if free else words.html("visit_none", language, phone=phone)
    return {"days": times.days_offered(free, language), "none": none}


def _planned(told: Told | None) -> PlannedVisit | None:
    """Return what may be booked now: the switch is on, and what is to be done first was read."""
    if told is None or told.moved_on is None or not _is_on():
        return None
    planned = plan(told)
    return planned if told.has_read or not planned.before else None


def _day(day: date | None, language: Language) -> SafeString | str:
    return marked_html(day_in(day, language)) if day else ""


def _sentence(problem: Problem, language: Language) -> SafeString:
    key = f"visit_problem_{problem.code.lower()}"
    if key in words.texts(language):
        return words.html(key, language, phone=settings.MADOGUCHI_OFFICE_PHONE)
    key = f"problem_{problem.code.lower()}"
    return times.html(key if key in times.texts(language) else "problem_other", language)


def _book() -> Any:
    return visit_book(settings.MADOGUCHI_CARD_RULES)


def _is_on() -> bool:
    return bool(_book().web_is_on(clock.today()))


def _booking_of(request: HttpRequest) -> appointments.BookingRow | None:
    visit_id = _visit_id_of(request)
    return booking_of(visit_id, now=clock.now()) if visit_id else None


def _visit_id_of(request: HttpRequest) -> str | None:
    try:
        given = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=STAY_SECONDS)
    except signing.BadSignature:
        return None
    return str(given)


def _inside(answer: HttpResponse, visit_id: str) -> HttpResponse:
    answer.set_cookie(
        COOKIE, signing.dumps(visit_id, salt=SALT), max_age=STAY_SECONDS, httponly=True,
        secure=settings.HTTPS, samesite="Strict", path=reverse("moves:visit"),
    )  # fmt: skip
    return answer


def _back(request: HttpRequest, *, said: str = "") -> HttpResponse:
    """Go on where they were: with the answers, while nothing is booked."""
    told = read_told(request.POST) if request.method == "POST" else None
    given = {"language": str(language_of(request)), **({"said": said} if said else {}),
             **(told.pairs if told and not said else {})}  # fmt: skip
    return unkept(HttpResponseRedirect(f"{reverse('moves:visit')}?{urlencode(given)}"))
