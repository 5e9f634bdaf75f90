"""Hand the paper over when every copy is out (交付)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Sum

from madoguchi.certificates.api import self_service
from madoguchi.infra import facts
from madoguchi.kernel.outcome import Refused
from madoguchi.kiosk.actions.store import machine_of, move
from madoguchi.kiosk.actions.undoing import close_docket, lose_paper
from madoguchi.kiosk.domain.books import Outcome
from madoguchi.kiosk.domain.devices import JobStage
from madoguchi.kiosk.domain.payments import Stage
from madoguchi.kiosk.domain.steps import How, Step
from madoguchi.kiosk.models import Payment, PrintJob, Session


def hand_over(session: Session, *, now: datetime) -> Session:
    """Write that every copy came out and the fee was taken: PRINT → TAKE (交付).

    Should a measure have come between the printing and this moment, the paper is void however
    far it got: a page lies in the tray, so a person looks.
    """
    actor = machine_of(session)
    try:
        self_service.hand_over(
            request_id=session.request_id, actor=actor, now=now,
            paid_yen=paid_for(session.request_id),
        )  # fmt: skip
    except Refused as refusal:
        codes = tuple(one.code for one in refusal.problems)
        return lose_paper(session, problem="KIOSK_NOT_HANDED_OVER", reasons=codes, now=now)
    close_docket(session.request_id, Outcome.ISSUED, reasons=(), now=now)
    facts.note("kiosk_paper_taken", at=now, copies=session.copies, yen=session.fee_yen,
               terminal=session.terminal_no, channel=session.channel, mode=session.mode)  # fmt: skip
    return move(session, Step.TAKE, how=How.NEXT, now=now, actor=actor)


def paid_for(request_id: str) -> int:
    """Return what was paid for a paper, by the book of payments and no other (収納額).

    For no paper, and so in 体験, that is nothing.
    """
    if not request_id:
        return 0
    paid = Payment.objects.filter(request_id=request_id, stage=str(Stage.PAID))
    return int(paid.aggregate(yen=Sum("yen", default=0))["yen"])


def hand_over_download(session: Session, *, now: datetime) -> Session:
    """Hand over a file that was fetched at least once (WEB); nobody can take it back (交付)."""
    PrintJob.objects.filter(request_id=session.request_id, ended_at__isnull=True).update(
        stage=str(JobStage.DONE), heard_at=now, ended_at=now
    )
    return hand_over(session, now=now)
