"""The resident's page: a day, a time, yes; see, change, cancel (受け取りの予約).

Whoever knows the number of the notice and the birth date is let in for a quarter of an hour. The
page says when and where, never who: a name or an address could be read by whoever found a letter.
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
from django.views.decorators.http import require_POST, require_safe

from madoguchi.appointments import api as appointments
from madoguchi.cards.actions.residents import RESIDENT, let_in
from madoguchi.cards.domain.card import CARD, read_notice_no
from madoguchi.cards.queries.residents import WaitingCard, waiting_cards
from madoguchi.cards.views import booking_words as words
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.unit import Busy
from madoguchi.kernel.dates import parse_day
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web import times
from madoguchi.web.access import open_to_all
from madoguchi.web.pace import too_many, too_many_of
from madoguchi.web.pages import page, unkept
from madoguchi.web.tongues import language_of, town_in

WHY = "whoever got a notice books here; nothing is said of anybody, and tries are few"
COOKIE, SALT, STAY_SECONDS = "booking", "cards.booking", 15 * 60
#: A person mistypes once or twice; so few tries find no birth date (*assumed*).
TRIES_A_MINUTE_MAX, TRIES_A_NUMBER_MAX, HOUR = 6, 12, 3600
#: As many as one booking takes (the town's terms say the same, or fewer).
PARTY_MAX = 8
Cards = tuple[WaitingCard, ...]
GO = ("take", "confirm", "cancel", "calendar")


@open_to_all(reason=WHY)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show what comes next: who are you, which day, which time, is it right, your booking."""
    return _show(request)


@open_to_all(reason=WHY)
@require_POST
def enter(request: HttpRequest) -> HttpResponse:
    """Let somebody in; whatever is wrong, the answer is the same."""
    number = request.POST.get("notice_no", "")[:40]
    refused = Problem(code="CARD_BOOKING_REFUSED")
    # A second one of the family is added to the visit, while nothing is booked yet.
    party = _cards_of(request) if request.POST.get("add") else ()
    if party and _booking_of(party) is not None:
        return _back(request)
    tried = too_many(request, what="booking", a_minute=TRIES_A_MINUTE_MAX)
    # Counted by what is read, so that another width or a dash is no further try.
    meant = read_notice_no(number)
    same = isinstance(meant, str) and too_many_of(
        meant, what="booking-no", most=TRIES_A_NUMBER_MAX, seconds=HOUR
    )
    if tried or same:
        return _show(request, refused)
    try:
        card = unit.run(
            let_in, notice_no=number, birth=request.POST.get("birth", "")[:40], now=clock.now()
        )
    except Refused:
        return _show(request, refused)
    if party and _booking_of((card,)) is not None:
        return _show(request, Problem(code="BOOKING_THERE_ALREADY"))
    ids = list(dict.fromkeys([*(one.card_id for one in party), card.card_id]))[:PARTY_MAX]
    answer = _back(request)
    answer.set_cookie(
        COOKIE, signing.dumps(ids, salt=SALT), max_age=STAY_SECONDS, httponly=True,
        secure=settings.HTTPS, samesite="Strict", path=reverse("cards:booking"),
    )  # fmt: skip
    return answer


@open_to_all(reason=WHY)
@require_POST
def take(request: HttpRequest) -> HttpResponse:
    """Hold a time, or move the booking there is to it."""
    cards = _cards_of(request)
    if not cards:
        return _back(request)
    on, begins = parse_day(request.POST.get("on", "")), request.POST.get("begins", "")
    if isinstance(on, Problem) or not (begins.isascii() and begins.isdigit() and len(begins) < 5):
        return _show(request, Problem(code="VISIT_CLOSED_THEN"))
    booking = _booking_of(cards)
    when: dict[str, Any] = {
        "on": on, "begins": int(begins), "channel": appointments.Channel.WEB, "actor": RESIDENT,
    }  # fmt: skip
    if booking is None or booking.is_held:
        return _do(request, appointments.booking.hold, place=settings.MADOGUCHI_PLACE,
                   party=_party(cards), **when)  # fmt: skip
    return _do(
        request, appointments.booking.change, said="changed", booking_id=booking.booking_id, **when
    )


@open_to_all(reason=WHY)
@require_POST
def confirm(request: HttpRequest) -> HttpResponse:
    """Say yes to the time that is held."""
    cards = _cards_of(request)
    booking = _booking_of(cards)
    if booking is None:
        return _show(request, Problem(code="BOOKING_HOLD_OVER")) if cards else _back(request)
    mail = request.POST.get("mail", "").strip()
    try:
        EmailField(required=False, max_length=254).clean(mail)
    except ValidationError:
        return _show(request, Problem(code="MAIL_UNREADABLE"))
    return _do(request, appointments.booking.confirm, said="confirmed", booking_id=booking.booking_id,
               mail_to=mail, actor=RESIDENT)  # fmt: skip


@open_to_all(reason=WHY)
@require_POST
def cancel(request: HttpRequest) -> HttpResponse:
    """Give the time back."""
    booking = _booking_of(_cards_of(request))
    if booking is None:
        return _back(request)
    return _do(
        request, appointments.booking.cancel, said="" if booking.is_held else "cancelled",
        booking_id=booking.booking_id, channel=appointments.Channel.WEB, actor=RESIDENT,
    )  # fmt: skip


@open_to_all(reason=WHY)
@require_safe
def calendar(request: HttpRequest) -> HttpResponse:
    """Hand out the booking as a calendar file; it names no person and no matter."""
    booking = _booking_of(_cards_of(request))
    if booking is None or booking.is_held:
        return _back(request)
    language = language_of(request)
    told = booking.calendar(
        summary=words.plain("calendar_summary", language),
        location=words.plain("hall", language, **town_in(language)),
        description=words.plain("calendar_text", language, number=booking.booking_no),
        now=clock.now(),
    )
    return unkept(times.calendar_file(told))


@open_to_all(reason=WHY)
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Forget who was here."""
    answer = _back(request)
    answer.delete_cookie(COOKIE, path=reverse("cards:booking"))
    return answer


def _do(
    request: HttpRequest, action: Callable[..., object], *, said: str = "", **given: Any
) -> HttpResponse:
    try:
        unit.run(action, now=clock.now(), **given)
    except Refused as refusal:
        return _show(request, refusal.problems[0])
    except Busy:
        return _show(request, Problem(code="VISIT_TAKEN"))
    return _back(request, said=said)


def _show(request: HttpRequest, problem: Problem | None = None) -> HttpResponse:
    language, cards = language_of(request), _cards_of(request)
    context: dict[str, Any] = {
        "language": language, "lang": language.tag,
        "languages": [(one, words.html("language", one)) for one in Language],
        "problem": words.sentence_for(problem.code, language) if problem else "",
        "phone": settings.MADOGUCHI_OFFICE_PHONE, **town_in(language), "inside": bool(cards),
    }  # fmt: skip
    if cards:
        context |= _inside(request, cards, language)
    return unkept(page(request, "cards/booking.html", context, 422 if problem else 200))


def _inside(request: HttpRequest, cards: Cards, language: Language) -> dict[str, Any]:
    booking = _booking_of(cards)
    asked = request.GET.get("ask", "")
    said = request.GET.get("said", "")
    found: dict[str, Any] = {
        "what": words.html(
            "about_renewal" if all(one.is_renewal for one in cards) else "about_new", language
        ),
        "hall": words.html("hall", language, **town_in(language)),
        "go": {one: reverse(f"cards:booking_{one}") for one in GO},
        "people": words.html("people", language, count=len(cards)) if len(cards) > 1 else "",
        "adding": bool(request.POST.get("add")),
        "may_add": booking is None and len(cards) < PARTY_MAX,
        "said": f"said_{said}" if said in times.SAID else "",
        "booking": times.drawn(booking, language) if booking else None,
        "changing": booking is not None and not booking.is_held and asked == "change",
        "cancelling": booking is not None and not booking.is_held and asked == "cancel",
    }
    if booking is None or asked == "change":
        found |= _choices(request, cards, booking, language)
    return found


def _choices(
    request: HttpRequest, cards: Cards, booking: appointments.BookingRow | None,
    language: Language,
) -> dict[str, Any]:  # fmt: skip
    """The days to choose from, or the times of the day that was chosen."""
    now = clock.now()
    asked: dict[str, Any] = {
        "place": settings.MADOGUCHI_PLACE, "party": booking.errands if booking else _party(cards), "now": now,
        "channel": appointments.Channel.WEB, "without": booking.booking_id if booking else "",
    }  # fmt: skip
    day = parse_day(request.GET.get("day", ""))
    if isinstance(day, date):
        most = times.TIMES_SHOWN
        free = appointments.list_free(**asked, since=day, until=day, each=most, most=most)
        if free:
            return {
                "day": words.ruby(words.day_in(day, language)),
                "times": times.times_offered(free),
            }
    since = now.astimezone(JAPAN).date()
    free = appointments.list_free(**asked, since=since, each=1, most=times.DAYS_SHOWN)
    none = "" if free else words.html("none", language, phone=settings.MADOGUCHI_OFFICE_PHONE)
    return {"days": times.days_offered(free, language), "none": none}


def _booking_of(cards: Cards) -> appointments.BookingRow | None:
    """Return the visit's booking; a hold whose time ran out is nobody's."""
    if not cards:
        return None
    found = appointments.bookings_about(CARD, [one.card_id for one in cards])
    now = clock.now()
    rows = (row for one in cards for row in found.get(one.card_id, ()))
    return next((one for one in rows if not one.is_held or one.hold_until > now), None)


def _cards_of(request: HttpRequest) -> Cards:
    """Return the cards of this visit one can still come for: one's own, then the family's."""
    try:
        given = signing.loads(request.COOKIES.get(COOKIE, ""), salt=SALT, max_age=STAY_SECONDS)
    except signing.BadSignature:
        return ()
    return waiting_cards([str(one) for one in given])


def _party(cards: Cards) -> tuple[appointments.Errand, ...]:
    return tuple(
        appointments.Errand(
            kind=appointments.Kind.RENEWAL if one.is_renewal else appointments.Kind.COLLECT,
            about_kind=CARD, about_no=one.card_id,
        )
        for one in cards
    )  # fmt: skip


def _back(request: HttpRequest, *, said: str = "") -> HttpResponse:
    given = {"language": str(language_of(request)), **({"said": said} if said else {})}
    return unkept(HttpResponseRedirect(f"{reverse('cards:booking')}?{urlencode(given)}"))
