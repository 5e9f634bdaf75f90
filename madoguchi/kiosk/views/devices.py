"""Ask till and printer how far they are, while the page waits (機器とのやりとり)."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_POST

from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.infra.wiring import adapter_of
from madoguchi.kernel.outcome import Refused, Unavailable
from madoguchi.kernel.ruby import pieces
from madoguchi.kiosk.actions import paying, printing
from madoguchi.kiosk.domain.devices import JobStage, JobState, PaymentStage
from madoguchi.kiosk.domain.payments import Method, Stage
from madoguchi.kiosk.domain.steps import Mode, Step
from madoguchi.kiosk.ports import Printers, Tills
from madoguchi.kiosk.queries.sessions import PrintRow, SessionRow
from madoguchi.kiosk.views.holding import session_of
from madoguchi.kiosk.views.resident import WHY, ring_if_stuck
from madoguchi.kiosk.views.seeing import mark_of, screen_for, sight_of
from madoguchi.kiosk.views.texts import marked
from madoguchi.web.access import open_to_all
from madoguchi.web.pages import unkept

#: What the practice printer says: everything came out, and nothing did.
_PRACTISED = JobState(stage=JobStage.DONE, sheets_done=0, troubles=frozenset())


@open_to_all(reason=WHY)
@require_POST
def progress(request: HttpRequest) -> HttpResponse:
    """Move on what waits for a machine, and say how far it is (進みぐあい)."""
    row = session_of(request)
    if row is None:
        return unkept(JsonResponse({"mark": "over"}))
    if row.end is None:
        try:
            after = _advance(row, clock.now()) or row
            ring_if_stuck(row, after)
            row = after
        except (Refused, Busy):
            row = session_of(request) or row
    return unkept(JsonResponse(_said(row)))


def _said(row: SessionRow) -> dict[str, object]:
    if row.end is not None:
        return {"mark": mark_of(row)}
    screen = screen_for(row, sight_of(row, methods=()))
    words = marked(screen.waiting, row.language) if screen.waiting is not None else ""
    return {
        "mark": mark_of(row),
        "done": screen.done,
        "all": screen.all,
        # Text and reading apart: the page builds its ruby from them, and takes no HTML.
        "words": list(pieces(words)),
    }


def _advance(row: SessionRow, at: datetime) -> SessionRow | None:
    match row.step:
        case Step.PAY if row.payment is not None and row.payment.method is Method.CASHLESS:
            return _ask_till(row, at)
        case Step.PRINT if row.channel != "WEB":
            return _ask_printer(row, at)
        case _:
            return None


def _ask_till(row: SessionRow, at: datetime) -> SessionRow | None:
    """Ask the till for the sum, or where it stands; no answer is neither yes nor no."""
    payment = row.payment
    till = adapter_of(Tills).of(row.terminal_no)
    if payment is None or payment.stage is not Stage.WAITING or till is None:
        return None
    reference = payment.reference
    if not reference:
        asked = till.ask(payment_id=payment.payment_id, yen=payment.yen)
        if isinstance(asked, Unavailable):
            return None
        reference = asked
    stage = till.stage(reference)
    if isinstance(stage, Unavailable):
        stage = PaymentStage.WAITING
    if stage is PaymentStage.WAITING and payment.reference:
        return None
    return unit.run(
        paying.note_payment,
        session_id=row.session_id,
        payment_id=payment.payment_id,
        stage=stage,
        now=at,
        reference=reference,
    )


def _ask_printer(row: SessionRow, at: datetime) -> SessionRow | None:
    """Send the next copy, or ask how far the present one is (印刷)."""
    if row.mode is Mode.PRACTICE:
        return unit.run(
            printing.note_print, session_id=row.session_id, job_id="", state=_PRACTISED, now=at
        )
    printer = adapter_of(Printers).of(row.terminal_no)
    job = _at_printer(row)
    if job is not None:
        return unit.run(
            printing.note_print,
            session_id=row.session_id,
            job_id=job.job_id,
            state=printer.job(job.reference),
            now=at,
        )
    file = unit.run(printing.start_print, session_id=row.session_id, now=at)
    if not file.pdf:
        return file.session
    sent = printer.print(name=file.job_id, pdf=file.pdf)
    # The file leaves between two units, never inside one: no lock waits for a printer.
    return unit.run(
        printing.note_print,
        session_id=row.session_id,
        job_id=file.job_id,
        state=sent if isinstance(sent, Unavailable) else printer.job(sent),
        now=at,
        reference="" if isinstance(sent, Unavailable) else sent,
    )


def _at_printer(row: SessionRow) -> PrintRow | None:
    """Return the copy that is in the printer's hands now (印刷中の部)."""
    ended = (JobStage.DONE, JobStage.LOST)
    return next((one for one in row.prints if one.reference and one.stage not in ended), None)
