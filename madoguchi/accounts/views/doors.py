"""The first page: four doors, and one-press sign-ins of the demo (はじめの画面)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import login
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.actions.demo import DEMO_STAFF, create_demo_staff
from madoguchi.accounts.domain import Role
from madoguchi.accounts.models import Staff
from madoguchi.accounts.views import events
from madoguchi.accounts.views.landing import landing_of
from madoguchi.web.access import open_to_all
from madoguchi.web.nav import PRACTICE, url_or_none
from madoguchi.web.pages import page
from madoguchi.web.tour import go

BACKEND = "madoguchi.accounts.views.backend.StaffBackend"
PRACTISING = "kaede"
#: Who goes round: the senior clerk, who sees everything a desk sees.
GUIDE = "nagi"


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """One button that signs somebody in (ワンタッチのサインイン)."""

    staff_id: str
    name: str
    role: Role


@open_to_all(reason="the doors tell the town's name and nothing about anybody")
@require_safe
def doors(request: HttpRequest) -> HttpResponse:
    """Show the four doors in the demo; elsewhere go where work begins (はじめの画面)."""
    if not settings.MADOGUCHI_DEMO:
        inside = isinstance(request.user, Staff)
        return HttpResponseRedirect(landing_of(request) if inside else reverse("accounts:sign_in"))
    return page(
        request,
        "accounts/doors.html",
        {
            "population": _population(),
            "neighbour": settings.MADOGUCHI_NEIGHBOUR.split(" ", 1),
            "staff": [
                Press(staff_id=staff_id, name=name, role=role)
                for staff_id, name, role in DEMO_STAFF
                if role is not Role.OTHER
            ],
            "practising": PRACTISING,
            "kiosk": url_or_none("kiosk:start"),
            "booking": url_or_none("cards:booking"),
            "pins": url_or_none("advice:pins"),
            "prepare": url_or_none("advice:prepare"),
            "moving": url_or_none("moves:before"),
            "verify": url_or_none("certificates:verify"),
            "former_town": url_or_none("kiosk:web"),
        },
    )


@open_to_all(reason="one-press sign-in of fictional staff; answers 404 outside the demo")
@require_POST
def demo_sign_in(request: HttpRequest, staff_id: str) -> HttpResponse:
    """Sign one of the demo's staff in with one press (デモのサインイン)."""
    if not settings.MADOGUCHI_DEMO:
        raise Http404
    if staff_id not in {known for known, _name, _role in DEMO_STAFF}:
        raise Http404
    create_demo_staff()
    member = Staff.objects.get(staff_id=staff_id)
    practice = request.POST.get("practice") == "1"
    events.record_success(
        request, member, action="PRACTICE_SIGNED_IN" if practice else "DEMO_SIGNED_IN"
    )
    login(request, member, backend=BACKEND)
    events.settle_session(request)
    request.session["demo_sign_in"] = True
    # Papers made in such a session carry 見本.
    request.session["practice"] = practice
    request.user = Staff.objects.get(pk=member.pk)
    # Whoever practises meets the visitors of the practice Monday first.
    day = url_or_none(PRACTICE) if practice else None
    return HttpResponseRedirect(day or landing_of(request))


@open_to_all(reason="the tour of the demo signs its fictional clerk in; 404 outside the demo")
@require_POST
def tour(request: HttpRequest) -> HttpResponse:
    """Go to a stop of the guided tour; the first one signs the demo's senior clerk in (ひとまわり)."""
    if not settings.MADOGUCHI_DEMO:
        raise Http404
    given = request.POST.get("to", "")
    number = int(given) if given.isascii() and given.isdecimal() and len(given) < 4 else 0
    if number and not isinstance(request.user, Staff):
        demo_sign_in(request, GUIDE)
    found = go(request, number)
    return HttpResponseRedirect(found.path if found else reverse("accounts:doors"))


def _population() -> int:
    """Ask the function that settings name; nought when there is none (人口)."""
    path = getattr(settings, "MADOGUCHI_POPULATION_FROM", "")
    if not path:
        return 0
    count: Callable[[], int] = import_string(path)
    # Everybody asks for the first page; the register need not count each time.
    return int(cache.get_or_set("accounts.population", count, timeout=60) or 0)
