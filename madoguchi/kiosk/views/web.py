"""The public page: the tax certificate of the town one has left (前住所地の課税証明書)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.certificates.api import fee_at
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.actions import terminals
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.domain.wording import yen_line
from madoguchi.kiosk.queries.tables import opening_of
from madoguchi.kiosk.queries.terminals import TerminalRow, list_terminals
from madoguchi.kiosk.views.drawing import (
    Manner,
    language_of,
    languages_of,
    manner_context,
)
from madoguchi.kiosk.views.resident import to_start
from madoguchi.kiosk.views.starting import closed_line, demo_actor, open_at
from madoguchi.web.access import open_to_all
from madoguchi.web.nav import url_or_none
from madoguchi.web.pace import too_many
from madoguchi.web.pages import page, unkept

WHY = "a former resident begins here; nothing is said of anybody before a card proves who it is"
DEMO_TERMINAL = "W1"
#: A person begins once or twice; whoever begins more often from one address is a machine.
BEGINNINGS_A_MINUTE_MAX = 10


@open_to_all(reason=WHY)
@require_safe
def web(request: HttpRequest) -> HttpResponse:
    """Say what this is, who can have it, what one needs, and how it goes (案内)."""
    language = language_of(request.GET.get("language"))
    desk = web_desk()
    at = clock.now()
    today = at.astimezone(JAPAN).date()
    fee = fee_at(kind="tax", channel="WEB", on=today)
    closed = None
    if desk is not None:
        closed = closed_line(desk, opening_of(desk.channel, now=at), today=today)
    context = {
        **manner_context(Manner(mode=Mode.PLAIN, language=language)),
        "languages": languages_of(language),
        "price": yen_line(fee) if fee is not None else None,
        "closed": closed,
        "open": desk is not None and fee is not None and closed is None,
        "verify": url_or_none("certificates:verify"),
        "busy": "busy" in request.GET,
    }
    return unkept(page(request, "kiosk/web.html", context))


@open_to_all(reason=WHY)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a session of the web page (利用の開始)."""
    desk = web_desk()
    language = language_of(request.POST.get("language"))
    if desk is None or too_many(request, what="kiosk-web", a_minute=BEGINNINGS_A_MINUTE_MAX):
        return to_start(language, channel="WEB")
    return open_at(desk, Mode.PLAIN, language)


def web_desk() -> TerminalRow | None:
    """Return the page as a registered machine; the fictional town registers it by itself (端末)."""
    found = _web_desk()
    if found is None and settings.MADOGUCHI_DEMO:
        unit.run(
            terminals.register_demo_terminal,
            terminal_no=DEMO_TERMINAL,
            channel="WEB",
            actor=demo_actor(DEMO_TERMINAL),
            now=clock.now(),
        )
        found = _web_desk()
    return found


def _web_desk() -> TerminalRow | None:
    return next((one for one in list_terminals() if one.channel == "WEB"), None)
