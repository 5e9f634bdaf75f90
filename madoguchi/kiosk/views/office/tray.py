"""Papers a clerk prints for a machine without a printer (職員が印刷する書類)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.infra import clock, unit
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.helping import note_tray
from madoguchi.kiosk.actions.printing import fetch_paper
from madoguchi.kiosk.ports import Printers, Tray
from madoguchi.kiosk.queries.sweeping import is_wanted
from madoguchi.kiosk.queries.terminals import find_terminal_by_no
from madoguchi.kiosk.views.office.board import PURPOSE, board_page
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.pages import pdf_answer

_GONE = (Problem(code="KIOSK_PAPER_SETTLED"),)


@needs(Right.ISSUE_CERTIFICATE)
@require_GET
def paper(request: HttpRequest, terminal_no: str, reference: str) -> HttpResponse:
    """Give the clerk the file to print, and write down who fetched it."""
    tray = _tray(terminal_no)
    data = tray.paper(reference) if tray is not None else None
    if data is None:
        return errors.refusal(request, _GONE, status=404)
    actor = actor_of(request, PURPOSE)
    try:
        may_leave = unit.run(
            fetch_paper, terminal_no=terminal_no, reference=reference, actor=actor, now=clock.now()
        )
    except Refused:
        may_leave = False  # its session has just ended
    if not may_leave:
        return errors.refusal(request, _GONE, status=404)
    return pdf_answer(data, name="shomeisho.pdf", inline=True)


@needs(Right.ISSUE_CERTIFICATE)
@require_POST
def settle(request: HttpRequest, terminal_no: str, reference: str) -> HttpResponse:
    """Write down that the clerk printed the paper, or spoiled it."""
    tray = _tray(terminal_no)
    # Given up and paid back meanwhile: whatever the clerk holds must not be handed over.
    wanted = is_wanted(terminal_no, reference)
    printed = request.POST.get("printed") == "yes" and wanted
    if tray is None or not tray.settle(reference, printed=printed) or not wanted:
        return board_page(request, _GONE)
    actor = actor_of(request, PURPOSE)
    what = "printed" if printed else "spoiled"
    unit.run(note_tray, terminal_no=terminal_no, what=what, actor=actor, now=clock.now())
    return HttpResponseRedirect(reverse("kiosk:board"))


def _tray(terminal_no: str) -> Tray | None:
    if find_terminal_by_no(terminal_no) is None:
        return None
    return adapter_of(Printers).tray_of(terminal_no)
