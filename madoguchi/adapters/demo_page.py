"""The demonstration's machines: what a hand at printer and till would do (実演の機械)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.adapters.printer.emulator import PAPER, EmulatedPrinter
from madoguchi.adapters.printer.machine import Machine
from madoguchi.adapters.till.emulator import AskedSum, EmulatedTill
from madoguchi.infra.files import private_folder
from madoguchi.kiosk.domain.devices import PrinterTrouble
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import page

SUFFIX = "-emulated"
REASON = "emulated machines only, and only in the demonstration town; they name nobody"

TROUBLE_WORDS: Mapping[PrinterTrouble, str] = {
    PrinterTrouble.PAPER_OUT: "用紙切れ",
    PrinterTrouble.PAPER_JAM: "紙づまり",
    PrinterTrouble.COVER_OPEN: "カバーが開いている",
    PrinterTrouble.TONER_OUT: "トナー切れ",
    PrinterTrouble.STOPPED: "停止中",
    PrinterTrouble.OTHER: "そのほかの異常",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PrinterShown:
    """One emulated printer on the page (印刷機の模擬)."""

    terminal_no: str
    machine: Machine
    troubles: tuple[str, ...]
    off: bool
    waiting_sheets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TillShown:
    """One emulated till on the page (決済端末の模擬)."""

    terminal_no: str
    sums: tuple[AskedSum, ...]
    off: bool


@open_to_all(reason=REASON)
@require_safe
def machines(request: HttpRequest) -> HttpResponse:
    """Show every emulated machine that was used, with what can be done to it (実演の機械)."""
    _demo_only()
    return page(
        request,
        "adapters/machines.html",
        {
            "printers": [_printer_shown(terminal_no) for terminal_no in _used("printers")],
            "printer_presses": PRINTER_WORDS,
            "tills": [_till_shown(terminal_no) for terminal_no in _used("tills")],
        },
    )


@open_to_all(reason=REASON)
@require_POST
def press_printer(_request: HttpRequest, terminal_no: str, press: str) -> HttpResponse:
    """Do one thing to a printer (印刷機を操作する)."""
    _demo_only()
    if terminal_no not in _used("printers") or press not in PRINTER_PRESSES:
        raise Http404
    PRINTER_PRESSES[press](EmulatedPrinter(terminal_no=terminal_no))
    return HttpResponseRedirect(reverse("adapters:machines"))


@open_to_all(reason=REASON)
@require_POST
def press_till(request: HttpRequest, terminal_no: str, press: str) -> HttpResponse:
    """Do one thing to a till (決済端末を操作する)."""
    _demo_only()
    if terminal_no not in _used("tills") or press not in TILL_PRESSES:
        raise Http404
    reference = request.POST.get("reference", "")
    TILL_PRESSES[press](EmulatedTill(terminal_no=terminal_no), reference)
    return HttpResponseRedirect(reverse("adapters:machines"))


PRINTER_PRESSES: Mapping[str, Callable[[EmulatedPrinter], object]] = {
    "jam": lambda printer: printer.happen(PrinterTrouble.PAPER_JAM),
    "jam-next": lambda printer: printer.jam_after(1),
    "paper-out": lambda printer: printer.load(0),
    "paper-one": lambda printer: printer.load(1),
    "cover": lambda printer: printer.happen(PrinterTrouble.COVER_OPEN),
    "toner": lambda printer: printer.happen(PrinterTrouble.TONER_OUT),
    "cancel": lambda printer: printer.cancel_all(),
    "off": lambda printer: printer.switch_off(),
    "mend": lambda printer: printer.mend(paper=PAPER),
}
PRINTER_WORDS = (
    ("jam", "いま紙づまりにする"),
    ("jam-next", "1枚あとで紙づまりにする"),
    ("paper-out", "用紙を抜く"),
    ("paper-one", "用紙を1枚だけにする"),
    ("cover", "カバーを開ける"),
    ("toner", "トナーを切らす"),
    ("cancel", "印刷を取り消す"),
    ("off", "電源を切る"),
)
TILL_PRESSES: Mapping[str, Callable[[EmulatedTill, str], object]] = {
    "pay": lambda till, reference: till.pay(reference),
    "decline": lambda till, reference: till.decline(reference),
    "off": lambda till, _: till.switch(on=False),
    "on": lambda till, _: till.switch(on=True),
}


def _demo_only() -> None:
    if not settings.MADOGUCHI_DEMO:
        raise Http404


def _used(kind: str) -> list[str]:
    """Return the terminals whose emulated machine was used at least once."""
    found = private_folder(kind).glob(f"*{SUFFIX}")
    return sorted(path.name.removesuffix(SUFFIX) for path in found)


def _printer_shown(terminal_no: str) -> PrinterShown:
    printer = EmulatedPrinter(terminal_no=terminal_no)
    machine = printer.shown()
    return PrinterShown(
        terminal_no=terminal_no,
        machine=machine,
        troubles=tuple(TROUBLE_WORDS[one] for one in sorted(machine.waits_for)),
        off=printer.is_off(),
        waiting_sheets=sum(job.sheets - job.printed for job in machine.jobs if not job.ended),
    )


def _till_shown(terminal_no: str) -> TillShown:
    till = EmulatedTill(terminal_no=terminal_no)
    return TillShown(terminal_no=terminal_no, sums=till.waiting(), off=till.is_off())
