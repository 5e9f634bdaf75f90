"""The first screen: how and in which language, or why not now (はじめの画面)."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_POST, require_safe

from madoguchi.accounts.api import machine_actor
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Refused
from madoguchi.kiosk.actions import pressing, terminals
from madoguchi.kiosk.domain.hours import Opening
from madoguchi.kiosk.domain.showing import moment_line
from madoguchi.kiosk.domain.steps import Mode
from madoguchi.kiosk.domain.wording import Line, line
from madoguchi.kiosk.queries.tables import opening_of
from madoguchi.kiosk.queries.terminals import TerminalRow
from madoguchi.kiosk.views.drawing import (
    Manner,
    language_of,
    languages_of,
    manner_context,
)
from madoguchi.kiosk.views.holding import be_terminal, hold, session_of, terminal_of
from madoguchi.kiosk.views.resident import WHY, to_now, to_start
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import page, unkept

#: The machine of the fictional town's hall.
DEMO_TERMINAL = "K1"


@open_to_all(reason="the first screen of a registered machine says nothing about anybody")
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Show how to begin; a session left open here ends with the next one (はじめの画面)."""
    language = language_of(request.GET.get("language"))
    manner = Manner(mode=Mode.PLAIN, language=language)
    terminal = terminal_of(request)
    if terminal is None:
        if settings.MADOGUCHI_DEMO:
            return _register_demo(request)
        return unkept(page(request, "kiosk/stranger.html", manner_context(manner), 403))
    at = clock.now()
    opening = opening_of(terminal.channel, now=at)
    context = {
        **manner_context(manner),
        "languages": languages_of(language),
        "called": terminal.called_at is not None,
        "closed": closed_line(terminal, opening, today=at.astimezone(JAPAN).date()),
        "open_until": f"{opening.until:%-H:%M}" if opening.until is not None else "",
    }
    return unkept(page(request, "kiosk/start.html", context))


@open_to_all(reason=WHY)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a session in this mode and language (利用の開始)."""
    terminal = terminal_of(request)
    mode = request.POST.get("mode", "")
    language = language_of(request.POST.get("language"))
    if terminal is None or mode not in set(Mode):
        return to_start()
    return open_at(terminal, Mode(mode), language)


@open_to_all(reason=WHY)
@require_POST
def again(request: HttpRequest) -> HttpResponse:
    """Practise once more, in the same language (もう一度 練習する)."""
    row, terminal = session_of(request), terminal_of(request)
    if row is None or terminal is None or row.mode is not Mode.PRACTICE:
        return to_start()
    return open_at(terminal, Mode.PRACTICE, row.language)


def open_at(terminal: TerminalRow, mode: Mode, language: Language) -> HttpResponse:
    """Open a session at a machine and let the browser hold it; closed: back to the start (開始)."""
    try:
        row = unit.run(
            pressing.open_session,
            terminal_no=terminal.terminal_no,
            mode=mode,
            language=language,
            now=clock.now(),
        )
    except (Refused, Busy):
        return to_start(language, channel=terminal.channel)
    return hold(to_now(), row.session_id)


def closed_line(terminal: TerminalRow, opening: Opening, *, today: date) -> Line | None:
    """Say why nothing is given now and when it is again; none while it is open (休止の案内)."""
    if terminal.stopped:
        return line("start.closed_stopped")
    if opening.is_open:
        return None
    if opening.reopens_at is None:
        return line("start.closed_unknown")
    return line("start.closed_hours", next=moment_line(opening.reopens_at, today=today))


def _register_demo(request: HttpRequest) -> HttpResponse:
    """Let the demonstration's browser be its machine: there is nobody's data behind it (デモ)."""
    token = unit.run(
        terminals.register_demo_terminal,
        terminal_no=DEMO_TERMINAL,
        channel="KIOSK",
        actor=demo_actor(DEMO_TERMINAL),
        now=clock.now(),
    )
    return be_terminal(HttpResponseRedirect(request.get_full_path()), token)


def demo_actor(terminal_no: str) -> Actor:
    """Return the machine as the one who registers itself, in the fictional town only (デモの端末)."""
    return machine_actor(
        terminal=terminal_no, place=settings.MADOGUCHI_PLACE, purpose="デモの端末の登録"
    )
