"""The kiosk board: machines, calls, printers, what waits for a person (キオスクのいま)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.infra.wiring import NotWired, adapter_of
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem, Unavailable
from madoguchi.kiosk.actions.helping import answer_call
from madoguchi.kiosk.actions.settling import pay_back
from madoguchi.kiosk.actions.terminals import reopen_terminal, stop_terminal
from madoguchi.kiosk.domain.devices import NoAnswer, TrayPaper
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.forms import ReasonForm
from madoguchi.kiosk.ports import Printers, Tills
from madoguchi.kiosk.queries.board import BoardRow, board, open_calls, open_cases, refunds_due
from madoguchi.kiosk.queries.books import CHANNELS
from madoguchi.kiosk.queries.sweeping import find_due
from madoguchi.kiosk.queries.tables import opening_of
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "キオスクの見守り"


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine with its printer, as the board draws it (端末)."""

    row: BoardRow
    printer: str  # READY, SILENT or TROUBLE; "" where no printer is asked
    troubles: tuple[str, ...]
    tray: tuple[TrayPaper, ...]


@needs(Right.ISSUE_CERTIFICATE)
@require_safe
def show(request: HttpRequest) -> HttpResponse:
    """Show every machine, what waits for a person, and nobody's name."""
    return board_page(request, ())


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def answer(request: HttpRequest, terminal_no: str) -> HttpResponse:
    """Note that somebody goes to the machine that rings."""
    return _press(request, answer_call, terminal_no=terminal_no)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def stop(request: HttpRequest, terminal_no: str) -> HttpResponse:
    """Let nobody begin at a machine from the next press on."""
    form = ReasonForm(request.POST)
    problems = problems_of(form)
    if problems:
        return board_page(request, problems)
    return _press(
        request, stop_terminal, terminal_no=terminal_no, reason=form.cleaned_data["reason"]
    )


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def reopen(request: HttpRequest, terminal_no: str) -> HttpResponse:
    """Let residents begin at a machine again."""
    return _press(request, reopen_terminal, terminal_no=terminal_no)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def refund(request: HttpRequest, payment_id: str) -> HttpResponse:
    """Note that a clerk gave a fee back by hand; a till that can do it does it alone."""
    return _press(request, pay_back, payment_id=payment_id, till_stands=_till_stands(payment_id))


def board_page(
    request: HttpRequest, problems: tuple[Problem, ...], *, status: int | None = None
) -> HttpResponse:
    """Draw the board, with what stood against the last press."""
    actor, now = actor_of(request, PURPOSE), clock.now()
    machines = [_machine(row) for row in board(now=now)]
    cases = open_cases()
    context = {
        "machines": machines,
        "calls": open_calls(),
        "cases": cases,
        "stopping": any(one.stops for one in cases),
        "refunds": refunds_due(),
        "openings": [(one, opening_of(one, now=now)) for one in CHANNELS],
        "now": now,
        "may_change": actor.may(Right.STOP_SWITCH),
        "problems": problems,
    }
    return page(request, "kiosk_office/board.html", context, status or (422 if problems else 200))


def _press(request: HttpRequest, action: Callable[..., object], **given: Any) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    _, problems = press(action, actor=actor, now=clock.now(), **given)
    if problems:
        return board_page(request, problems)
    return HttpResponseRedirect(reverse("kiosk:board"))


def _till_stands(payment_id: str) -> bool:
    """Tell whether a till is there that may yet give this payment back: silent, or it knows it."""
    payment = find_due(payment_id)
    if payment is None or payment.method is not Method.CASHLESS:
        return False
    try:
        till = adapter_of(Tills).of(payment.terminal_no)
    except NotWired:
        return False
    if till is None or not payment.reference:
        return till is not None
    said = till.stage(payment.reference)
    return not (isinstance(said, Unavailable) and said.reason == NoAnswer.FORGOTTEN)


def _machine(row: BoardRow) -> Machine:
    """Ask a machine's printer how it is; no answer is told as no answer."""
    if row.terminal.channel != "KIOSK":
        return Machine(row=row, printer="", troubles=(), tray=())
    try:
        printers = adapter_of(Printers)
    except NotWired:
        return Machine(row=row, printer="SILENT", troubles=(), tray=())
    tray = printers.tray_of(row.terminal.terminal_no)
    state = printers.of(row.terminal.terminal_no).state()
    if isinstance(state, Unavailable):
        return Machine(row=row, printer="SILENT", troubles=(), tray=())
    troubles = tuple(sorted(str(one) for one in state.troubles))
    return Machine(
        row=row, printer="READY" if state.ready else "TROUBLE", troubles=troubles,
        tray=tray.waiting() if tray is not None else (),
    )  # fmt: skip
