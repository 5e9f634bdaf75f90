"""What has to be settled after a session: tills, printers, books left open (後始末)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.certificates.api import self_service
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.balancing import KEEPER
from madoguchi.kiosk.actions.paying import write_stage
from madoguchi.kiosk.actions.store import machine_of
from madoguchi.kiosk.actions.terminals import must
from madoguchi.kiosk.actions.undoing import close_docket, outcome_of, spoil
from madoguchi.kiosk.domain.books import Outcome
from madoguchi.kiosk.domain.devices import PaymentStage
from madoguchi.kiosk.domain.payments import SETTLED, Method, Stage, told
from madoguchi.kiosk.models import Docket, Payment, PrintJob, Session


def note_settled(
    *, payment_id: str, stage: PaymentStage, now: datetime, reference: str = ""
) -> Stage:
    """Note what the till says of a payment whose session is over (決済端末の後始末)."""
    payment = Payment.objects.select_for_update().filter(payment_id=payment_id).first()
    if payment is None or Stage(payment.stage) in SETTLED:
        raise Refused(Problem(code="KIOSK_NO_PAYMENT"))
    payment.reference = reference or payment.reference
    write_stage(payment, told(Stage(payment.stage), by_till=stage), by="TILL", now=now)
    _tell("KIOSK_PAYMENT_SETTLED", payment, actor=KEEPER, now=now)
    return Stage(payment.stage)


def pay_back(*, payment_id: str, till_stands: bool, actor: Actor, now: datetime) -> None:
    """Note that a clerk gave the money back by hand (返金).

    ``till_stands``: the caller asked, and a till is there that knows the payment. Then the till
    gives back, now or when it answers again, and nobody else: both would give it twice.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    payment = Payment.objects.select_for_update().filter(payment_id=payment_id).first()
    if payment is None or payment.stage != Stage.REFUND_DUE:
        raise Refused(Problem(code="KIOSK_NO_REFUND_DUE"))
    if till_stands and payment.method == Method.CASHLESS:
        raise Refused(Problem(code="KIOSK_TILL_GIVES_BACK"))
    write_stage(payment, Stage.REFUNDED, by=actor.staff_id, now=now)
    _tell("KIOSK_PAID_BACK", payment, actor=actor, now=now)


def note_job_cancelled(*, job_id: str, now: datetime) -> None:
    """Note that the printer was told nobody waits for a job any more (印刷の取消し)."""
    changed = PrintJob.objects.filter(job_id=job_id, cancel_due=True).update(
        cancel_due=False, heard_at=now
    )
    if not changed:
        raise Refused(Problem(code="KIOSK_STEP_PASSED"))
    record(actor=KEEPER, action="KIOSK_JOB_CANCELLED", subjects=(), detail={"job_id": job_id})


def settle_docket(*, request_id: str, now: datetime) -> str:
    """Close the machine's book of a request whose session ended without a word of it (控えの後始末)."""
    docket = Docket.objects.select_for_update().filter(
        request_id=request_id, outcome=str(Outcome.OPEN)
    ).first()  # fmt: skip
    session = Session.objects.filter(session_id=docket.session_id).first() if docket else None
    if docket is None or session is None or session.end == "":
        raise Refused(Problem(code="KIOSK_STEP_PASSED"))
    printed = PrintJob.objects.filter(request_id=request_id).exists()
    progress = self_service.progress_of(request_id)
    outcome = outcome_of(progress.state, printed=printed)
    actor = machine_of(session)
    if outcome is None:
        disposal = "NOT_RECOVERED" if printed else "NEVER_PRINTED"
        outcome = spoil(
            request_id, disposal=disposal, note="見回りで取りやめた", actor=actor, now=now
        )
    reasons = progress.problems or ("KIOSK_PRINT_LOST",)
    close_docket(request_id, outcome, reasons=reasons, now=now)
    record(actor=actor, action="KIOSK_DOCKET_SETTLED", subjects=(),
           detail={"request_id": request_id, "outcome": str(outcome or "")})  # fmt: skip
    return str(outcome or "")


def _tell(what: str, payment: Payment, *, actor: Actor, now: datetime) -> None:
    record(actor=actor, action=what, subjects=(),
           detail={"payment": payment.payment_id, "yen": payment.yen, "stage": payment.stage,
                   "terminal": payment.terminal_no})  # fmt: skip
    facts.note("kiosk_payment_settled", at=now,
               stage=payment.stage, yen=payment.yen, method=payment.method,
               terminal=payment.terminal_no)  # fmt: skip
