"""Undo what was begun for a resident who gets no paper: paper, fee, case (取りやめ・失敗)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.certificates.api import self_service
from madoguchi.infra import facts, queue
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Refused
from madoguchi.kiosk.actions.store import end, machine_of
from madoguchi.kiosk.domain.books import Outcome, What
from madoguchi.kiosk.domain.devices import JobStage, PrinterTrouble
from madoguchi.kiosk.domain.payments import Method, Stage, taken_back
from madoguchi.kiosk.domain.prints import may_have_left_paper
from madoguchi.kiosk.domain.steps import End, How
from madoguchi.kiosk.models import Case, Docket, Payment, PrintJob, Session

SETTLE_JOB = "kiosk.settle"
QUEUE = "kiosk"
#: States of the certificates in which nothing will be handed over any more.
OVER = ("REFUSED", "FAILED", "VOID")
NEVER_PRINTED, RECOVERED, NOT_RECOVERED = "NEVER_PRINTED", "RECOVERED", "NOT_RECOVERED"


def give_up_paper(session: Session, *, note: str, actor: Actor, now: datetime) -> None:
    """Call off a paper of which nothing was printed: void, and nothing owed by anybody (取りやめ)."""
    if not session.request_id:
        return
    take_back_payments(session.request_id, now=now)
    outcome = spoil(session.request_id, disposal=NEVER_PRINTED, note=note, actor=actor, now=now)
    # It may have been refused, or have failed, by itself a moment before: then that is why.
    reasons = self_service.progress_of(session.request_id).problems
    close_docket(session.request_id, outcome, reasons=reasons, now=now)


def close_as_it_ended(
    session: Session, progress: self_service.Progress, *, now: datetime
) -> Session:
    """End a session whose paper came to its end by itself before printing (作成失敗・交付せず).

    A refusal is told neutrally, like any other; a failure is the machine's.
    """
    take_back_payments(session.request_id, now=now)
    outcome = outcome_of(progress.state, printed=False)
    close_docket(session.request_id, outcome, reasons=progress.problems, now=now)
    if outcome is Outcome.REFUSED:
        return end(session, End.REFUSED, how=How.NEXT, now=now, reasons=progress.problems,
                   problems=("NOT_AVAILABLE_HERE",))  # fmt: skip
    return end(session, End.FAILED, how=How.NEXT, now=now, reasons=progress.problems,
               problems=("KIOSK_PAPER_NOT_MADE",))  # fmt: skip


def lose_paper(
    session: Session, *, problem: str, reasons: tuple[str, ...], now: datetime
) -> Session:
    """End a session in the middle of printing (印刷の失敗).

    The paper is void and the fee is owed; if a page may lie somewhere, a case says so until
    somebody has looked.
    """
    actor = machine_of(session)
    jobs = list(PrintJob.objects.select_for_update().filter(request_id=session.request_id))
    for job in jobs:
        _lose_job(job, now=now)
    suspicious = any(_may_have_left_paper(job) for job in jobs)
    disposal = (NOT_RECOVERED if suspicious else RECOVERED) if jobs else NEVER_PRINTED
    outcome = spoil(session.request_id, disposal=disposal, note=_NOTES[disposal], actor=actor,
                     now=now)  # fmt: skip
    take_back_payments(session.request_id, now=now)
    close_docket(session.request_id, outcome, reasons=(problem, *reasons), now=now)
    if suspicious:
        _open_paper_case(session, jobs, now=now)
    facts.note("kiosk_paper_lost", at=now, problem=problem, terminal=session.terminal_no,
               sheets=sum(one.sheets_done for one in jobs), case=suspicious)  # fmt: skip
    return end(session, End.FAILED, how=How.NEXT, now=now, problems=(problem,),
               reasons=(problem, *reasons), actor=actor)  # fmt: skip


def take_back_payments(request_id: str, *, now: datetime) -> None:
    """Give back what was paid for this paper, and stop asking for what was not (返金・取りやめ)."""
    for payment in Payment.objects.select_for_update().filter(request_id=request_id):
        take_back(payment, now=now)


def take_back(payment: Payment, *, now: datetime) -> None:
    """Call one payment off, or owe it back (取りやめ・返金)."""
    after = taken_back(Stage(payment.stage), method=Method(payment.method))
    if after == payment.stage:
        return
    payment.stage = str(after)
    payment.save(update_fields=["stage"])
    facts.note("kiosk_payment_taken_back", at=now, stage=str(after), yen=payment.yen,
               method=payment.method, terminal=payment.terminal_no)  # fmt: skip
    if payment.method == Method.CASHLESS:
        # The till is asked after the commit, by a job; the sweep asks again if it was not.
        queue.defer(SETTLE_JOB, queue=QUEUE, payment_id=payment.payment_id)


def close_docket(
    request_id: str, outcome: Outcome | None, *, reasons: tuple[str, ...], now: datetime
) -> None:
    """Write what the machine saw of a request's end; nothing where it did not come to one."""
    if outcome is None:
        return
    Docket.objects.filter(request_id=request_id, outcome=str(Outcome.OPEN)).update(
        outcome=str(outcome), reasons=list(dict.fromkeys(reasons))[:10], ended_at=now
    )


#: What the certificates' end of a request means to the machine.
_OUTCOMES = {
    "REFUSED": Outcome.REFUSED,
    "FAILED": Outcome.FAILED,
    "HANDED_OVER": Outcome.ISSUED,
}
_NOTES = {
    NEVER_PRINTED: "印刷せずに終わった",
    RECOVERED: "印刷機が、紙は出ていないと知らせた",
    NOT_RECOVERED: "印刷の途中で止まった。紙を確かめること",
}


def outcome_of(state: str, *, printed: bool) -> Outcome | None:
    """Return what a state of the certificates means to the machine; None: it is not at its end."""
    if state == "VOID":
        return Outcome.FAILED if printed else Outcome.ABANDONED
    return _OUTCOMES.get(state)


def spoil(
    request_id: str, *, disposal: str, note: str, actor: Actor, now: datetime
) -> Outcome | None:
    """Void the paper and say how it counts; None where it could not be put away now.

    It may have come to another end of its own a moment before; then that is what counts. What
    cannot be put away stays open in the machine's book, and the sweep or a case takes it up.
    """
    try:
        state = self_service.spoil(
            request_id=request_id, disposal=disposal, actor=actor, now=now, note=note
        )
    except Refused:
        return None
    return outcome_of(state, printed=disposal != NEVER_PRINTED)


def _lose_job(job: PrintJob, *, now: datetime) -> None:
    if job.ended_at is not None:
        return
    job.stage, job.ended_at = str(JobStage.LOST), now
    job.cancel_due = job.reference != ""
    job.save()


def _may_have_left_paper(job: PrintJob) -> bool:
    return job.stage == JobStage.DONE or may_have_left_paper(
        sheets_done=job.sheets_done,
        jammed=job.trouble == PrinterTrouble.PAPER_JAM,
        sent=job.reference != "",
        silence=job.silence,
    )


def _open_paper_case(session: Session, jobs: list[PrintJob], *, now: datetime) -> None:
    kind = Docket.objects.values_list("kind", flat=True).get(request_id=session.request_id)
    Case.objects.create(
        day=now.date(), channel=session.channel, terminal_no=session.terminal_no, kind=kind,
        what=str(What.PAPER), expected=sum(one.sheets for one in jobs),
        found=sum(one.sheets_done for one in jobs), request_id=session.request_id, opened_at=now,
    )  # fmt: skip
