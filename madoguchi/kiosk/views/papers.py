"""Papers beside the certificate: the sample of practice, and the receipt (そのほかの書類)."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.certificates.api import self_service
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN
from madoguchi.infra.unit import Busy
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel import wareki
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kiosk.actions import printing
from madoguchi.kiosk.documents.receipt import Receipt, receipt_pdf
from madoguchi.kiosk.domain.choices import Part, part_of, year_of
from madoguchi.kiosk.domain.closing import shop_lines
from madoguchi.kiosk.domain.payments import Stage
from madoguchi.kiosk.domain.picking import kind_line
from madoguchi.kiosk.domain.steps import Mode, Step
from madoguchi.kiosk.domain.wording import line
from madoguchi.kiosk.ports import Printers
from madoguchi.kiosk.queries.sessions import SessionRow
from madoguchi.kiosk.queries.terminals import find_terminal_by_no
from madoguchi.kiosk.views.holding import session_of
from madoguchi.kiosk.views.resident import WHY, show, to_now, to_start
from madoguchi.kiosk.views.shopping import shop_for
from madoguchi.kiosk.views.texts import plain
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import pdf_answer


@open_to_all(reason=WHY)
@require_safe
def sample(request: HttpRequest) -> HttpResponse:
    """Show what the practised paper looks like: 見本 across it, a household nobody lives in (見本)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.mode is not Mode.PRACTICE or row.end is not None or not row.choices.kind:
        return to_now()
    here = row.choices.here
    offered = row.offer.kind(row.choices.kind) if row.offer is not None else None
    part = part_of(offered, here) if offered is not None else None
    pdf = self_service.sample_paper(
        row.choices.kind,
        part=str(part or Part.SELF),
        items=here.items,
        year=year_of(offered, here) if offered is not None else "",
    )
    return pdf_answer(pdf, name="mihon.pdf", inline=True)


@open_to_all(reason=WHY)
@require_POST
def receipt(request: HttpRequest) -> HttpResponse:
    """Print the receipt; asked twice, the printer knows the name and prints once (領収書)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.step is not Step.TAKE or row.end is not None or not has_receipt(row):
        return to_now()
    printer = adapter_of(Printers).of(row.terminal_no)
    sent = printer.print(name=f"r{receipt_no(row)}", pdf=receipt_of(row, now=clock.now()))
    if isinstance(sent, Unavailable):
        return show(request, row, problems=(Problem(code="KIOSK_RECEIPT_LATER"),), status=409)
    return HttpResponseRedirect(f"{reverse('kiosk:now')}?receipt=1")


@open_to_all(reason=WHY)
@require_safe
def receipt_file(request: HttpRequest) -> HttpResponse:
    """Give the receipt as a file to whoever paid on the web page (領収書の受取り)."""
    row = session_of(request)
    if row is None:
        return to_start()
    ours = row.channel == "WEB" and row.end is None and row.step is Step.PRINT
    if not ours or not has_receipt(row):
        return to_now()
    return pdf_answer(receipt_of(row, now=clock.now()), name="ryoshusho.pdf", inline=False)


@open_to_all(reason=WHY)
@require_POST
def download(request: HttpRequest) -> HttpResponse:
    """Give the file of the web page; asked again before the end, the same file (証明書の受取り)."""
    row = session_of(request)
    if row is None:
        return to_start()
    if row.channel != "WEB" or row.end is not None or row.step is not Step.PRINT:
        return to_now()
    try:
        file = unit.run(printing.start_print, session_id=row.session_id, now=clock.now())
    except (Refused, Busy):
        return to_now()
    if not file.pdf:
        return to_now()
    return pdf_answer(file.pdf, name="shomeisho.pdf", inline=False)


def has_receipt(row: SessionRow) -> bool:
    """Tell whether this session has paid anything there is a receipt for (領収書の有無)."""
    return row.payment is not None and row.payment.stage is Stage.PAID


def receipt_no(row: SessionRow) -> str:
    """Return the number on the receipt: part of the payment's own, which names nobody (領収番号)."""
    assert row.payment is not None
    return row.payment.payment_id[:12].upper()


def receipt_of(row: SessionRow, *, now: datetime) -> bytes:
    """Draw the receipt of what was paid; it is in Japanese, like the certificate (領収書)."""
    assert row.payment is not None
    terminal = find_terminal_by_no(row.terminal_no)
    at = now.astimezone(JAPAN)
    offered = row.offer.kind(row.choices.kind) if row.offer is not None else None
    title = offered.title if offered is not None else ""
    said = Language.JAPANESE
    return receipt_pdf(
        Receipt(
            number=receipt_no(row),
            at=f"{wareki.format_long(at.date())} {at:%-H:%M}",
            yen=f"{row.payment.yen:,}",
            kind=plain(kind_line(row.choices.kind, title), said),
            copies=row.copies,
            method=plain(line(f"receipt.{row.payment.method}"), said),
            place=terminal.place if terminal is not None else "",
            terminal=row.terminal_no,
            town=settings.MADOGUCHI_TOWN_NAME,
            sample=settings.MADOGUCHI_DEMO,
            shop=tuple(plain(one, said) for one in shop_lines(shop_for(row, now=now))),
        )
    )
