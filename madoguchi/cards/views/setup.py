"""交付前設定 by hand (設定の画面): one card at a time in shelf order, one key for what came of it.

This page is the by-hand way to do what ``ports.PreIssueSetup`` asks of a terminal: a person lays
the card, compares, presses there, and says here what came of it. It is the usual way, since the
national terminal is closed to other software. Nothing is read back: the person's word is all.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.cards.actions.setup import note_setup, undo_setup
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.rights import LINE
from madoguchi.cards.domain.terminal import SetupHow
from madoguchi.cards.queries.setup import setup_list
from madoguchi.csops.api import terminals_at
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "個人番号カードの交付前設定"
#: One key each; the first is the usual one.
KEYS = {
    SetupOutcome.DONE: "1",
    SetupOutcome.CARD_UNREADABLE: "2",
    SetupOutcome.NOT_FOUND: "3",
    SetupOutcome.DIFFERS: "4",
    SetupOutcome.REFUSED: "5",
    SetupOutcome.LATER: "9",
}


@needs(LINE)
@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Show the next card."""
    return _show(request)


@needs(LINE)
@require_POST
def note(request: HttpRequest) -> HttpResponse:
    """Take what came of the card on the screen, and show the next."""
    outcome, version = request.POST.get("outcome", ""), _number(request.POST.get("version", ""))
    if outcome not in {one.value for one in KEYS} or version is None:
        return _show(request, problems=(Problem(code="BAD_INPUT"),))
    return _press(
        request, note_setup, card_id=request.POST.get("card", "")[:26],
        outcome=SetupOutcome(outcome), version=version, terminal=_terminal(request),
        seconds=_number(request.POST.get("seconds", "")), how=SetupHow.BY_HAND,
    )  # fmt: skip


@needs(LINE)
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Take back the last one."""
    return _press(request, undo_setup)


def _press(request: HttpRequest, action: Callable[..., Any], **given: Any) -> HttpResponse:
    _, problems = press(action, actor=actor_of(request, PURPOSE), now=clock.now(), **given)
    if problems:
        return _show(request, problems=problems)
    return HttpResponseRedirect(f"{reverse('cards:setup')}?terminal={_terminal(request)}")


def _show(request: HttpRequest, *, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor, today = actor_of(request, PURPOSE), clock.today()
    found = setup_list(actor=actor, today=today)
    shown = [found.next.person_id] if found.next and found.next.person_id else []
    look(actor=actor, screen="CARD_SETUP_PAGE", subjects=shown)
    context = {
        "list": found,
        "card": found.next,
        "outcomes": [(one.value, key) for one, key in KEYS.items()],
        "terminals": terminals_at(actor.place, today),
        "terminal": _terminal(request),
        "problems": problems,
    }
    return page(request, "cards/setup.html", context, 422 if problems else 200)


def _terminal(request: HttpRequest) -> str:
    """Return the terminal somebody sits at, one of those that stand here, or nothing."""
    asked = request.POST.get("terminal") or request.GET.get("terminal", "")
    here = terminals_at(actor_of(request, PURPOSE).place, clock.today())
    return next((one.terminal_no for one in here if one.terminal_no == asked), "")


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None
