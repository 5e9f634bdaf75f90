"""Print copy after copy, and hand over (印刷と交付)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.certificates.api import self_service
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused, Unavailable
from madoguchi.kiosk.actions.handing import hand_over, paid_for
from madoguchi.kiosk.actions.store import is_practice, machine_of, move, take, touch
from madoguchi.kiosk.actions.terminals import must
from madoguchi.kiosk.actions.undoing import OVER, close_as_it_ended, lose_paper
from madoguchi.kiosk.domain.devices import JobStage, JobState
from madoguchi.kiosk.domain.prints import (
    SILENT_MAX,
    is_lost,
    left_open_by,
    moved_on,
    sent_again,
    still_silent,
    trouble_of,
)
from madoguchi.kiosk.domain.steps import How, Step
from madoguchi.kiosk.models import PrintJob, Session
from madoguchi.kiosk.queries.sessions import SessionRow, row_of


@dataclass(frozen=True, slots=True, kw_only=True)
class ToPrint:
    """The session, and the file to send to the printer now, if any (次に印刷するもの)."""

    session: SessionRow
    job_id: str = ""  # the opaque name of the job
    pdf: bytes = b""


def start_print(*, session_id: str, now: datetime) -> ToPrint:
    """Check the next copy out for the printer; ``pdf`` is empty while it is still made (印刷開始).

    Called again for the same copy it gives the same file under the same name, so that a
    printer asked twice prints once.
    """
    session = take(session_id, Step.PRINT)
    if is_practice(session):
        return ToPrint(session=row_of(touch(session, now=now, what="KIOSK_PRINT_PRACTICE")))
    progress = self_service.progress_of(session.request_id)
    if progress.state in OVER:
        return ToPrint(session=row_of(_ended_by_itself(session, progress, now=now)))
    copy_no = _next_copy(session)
    if progress.state != "RELEASED" or copy_no is None:
        return ToPrint(session=row_of(touch(session, now=now, what="KIOSK_PRINT_WAITS")))
    actor = machine_of(session)
    data = self_service.check_out(
        request_id=session.request_id, copy_no=copy_no, actor=actor, now=now,
        paid_yen=paid_for(session.request_id),
    )  # fmt: skip
    if isinstance(data, Problem):
        return ToPrint(session=row_of(_not_checked_out(session, data, now=now)))
    sheets = progress.pages // progress.copies
    job, _ = PrintJob.objects.get_or_create(
        request_id=session.request_id, copy_no=copy_no,
        defaults={
            "job_id": new_id(), "session_id": session_id, "terminal_no": session.terminal_no,
            "sheets": sheets, "stage": str(JobStage.WAITING), "started_at": now, "heard_at": now,
        },
    )  # fmt: skip
    job.silence = sent_again(job.silence)
    job.save(update_fields=["silence"])
    touch(session, now=now, what="KIOSK_PRINT_STARTED", actor=actor)
    return ToPrint(session=row_of(session), job_id=job.job_id, pdf=data)


def note_print(
    *,
    session_id: str,
    job_id: str,
    state: JobState | Unavailable,
    now: datetime,
    reference: str = "",
) -> SessionRow:
    """Note what the printer says; the last copy DONE hands the paper over: PRINT → TAKE (印刷の知らせ).

    Held up or silent too long, or LOST: the paper is void, the fee is given back, and the
    session ends FAILED.
    """
    session = take(session_id, Step.PRINT)
    if is_practice(session):
        return row_of(_practised(session, state, now=now))
    job = PrintJob.objects.select_for_update().filter(
        job_id=job_id, session_id=session_id, request_id=session.request_id
    ).first()  # fmt: skip
    if job is None or job.ended_at is not None:
        raise Refused(Problem(code="KIOSK_STEP_PASSED"))
    job.reference = reference or job.reference
    _hear(job, state, now=now)
    job.save()
    if job.stage == JobStage.LOST:
        return row_of(_lost(session, job, now=now))
    if job.stage == JobStage.DONE and _all_done(session):
        return row_of(hand_over(session, now=now))
    return row_of(touch(session, now=now, what="KIOSK_PRINT_TOLD"))


def fetch_paper(*, terminal_no: str, reference: str, actor: Actor, now: datetime) -> bool:
    """Ask once more whether a paper a clerk is about to print may still leave (職員の印刷).

    It may have lain there for minutes, and a measure or a stop come meanwhile: then it is lost
    like any other. A paper of no copy is a receipt, and waits for nobody's leave.
    """
    must(actor, Right.ISSUE_CERTIFICATE)
    job = PrintJob.objects.filter(terminal_no=terminal_no, reference=reference).first()
    may_leave = job is None or job.ended_at is None
    if job is not None and may_leave:
        session = take(job.session_id, Step.PRINT)
        data = self_service.check_out(
            request_id=job.request_id, copy_no=job.copy_no, actor=machine_of(session), now=now,
            paid_yen=paid_for(session.request_id),
        )  # fmt: skip
        if isinstance(data, Problem):
            may_leave = False
            _not_checked_out(session, data, now=now)
    record(actor=actor, action="KIOSK_TRAY", subjects=(),
           detail={"terminal": terminal_no, "what": "fetched" if may_leave else "withheld",
                   "request_id": job.request_id if job is not None else ""})  # fmt: skip
    return may_leave


def give_up_print(*, session_id: str, now: datetime) -> SessionRow:
    """End a session whose printing nobody drives any more: its browser died (印刷の打切り)."""
    session = take(session_id, Step.PRINT)
    live = PrintJob.objects.filter(request_id=session.request_id, ended_at__isnull=True)
    if live.exists() or now - session.touched_at < SILENT_MAX:
        raise Refused(Problem(code="KIOSK_STILL_PRINTING"))
    return row_of(lose_paper(session, problem="KIOSK_PRINT_LOST", reasons=(), now=now))


def _hear(job: PrintJob, state: JobState | Unavailable, *, now: datetime) -> None:
    """Write what the printer said into the job, or that it said nothing."""
    if isinstance(state, Unavailable):
        job.silence = still_silent(job.silence, state.reason[:12])
    else:
        stage = moved_on(JobStage(job.stage), state.stage)
        job.sheets_done = max(job.sheets_done, min(state.sheets_done, 10_000))
        job.trouble = str(trouble_of(state) or "")
        job.held_up_at = (job.held_up_at or now) if stage is JobStage.HELD_UP else None
        job.stage, job.silence, job.heard_at = str(stage), left_open_by(state), now
        job.ended_at = now if stage in (JobStage.DONE, JobStage.LOST) else None
    if is_lost(JobStage(job.stage), started_at=job.started_at, held_up_at=job.held_up_at,
               heard_at=job.heard_at, now=now):  # fmt: skip
        job.stage, job.ended_at = str(JobStage.LOST), now
        job.cancel_due = job.reference != ""


def _lost(session: Session, job: PrintJob, *, now: datetime) -> Session:
    problem = _LOST_BY.get(job.trouble, "KIOSK_PRINT_LOST")
    return lose_paper(session, problem=problem, reasons=(), now=now)


_LOST_BY = {
    "PAPER_OUT": "KIOSK_PAPER_OUT",
    "PAPER_JAM": "KIOSK_PAPER_JAM",
}


def _next_copy(session: Session) -> int | None:
    """Return the copy to send: the first without a job, or one the printer may never have got."""
    jobs = {one.copy_no: one for one in PrintJob.objects.filter(request_id=session.request_id)}
    for copy_no in range(1, session.copies + 1):
        job = jobs.get(copy_no)
        if job is None:
            return copy_no
        if job.stage != JobStage.DONE:
            # Not in the printer's hands yet, or a file that is fetched and not printed (WEB).
            return copy_no if job.reference == "" else None
    return None


def _all_done(session: Session) -> bool:
    done = PrintJob.objects.filter(request_id=session.request_id, stage=str(JobStage.DONE))
    return done.count() == session.copies


def _ended_by_itself(
    session: Session, progress: self_service.Progress, *, now: datetime
) -> Session:
    if PrintJob.objects.filter(request_id=session.request_id).exists():
        return lose_paper(
            session, problem="KIOSK_NOT_HANDED_OVER", reasons=progress.problems, now=now
        )
    return close_as_it_ended(session, progress, now=now)


def _not_checked_out(session: Session, problem: Problem, *, now: datetime) -> Session:
    progress = self_service.progress_of(session.request_id)
    if progress.state in OVER:
        return _ended_by_itself(session, progress, now=now)
    # A copy is out already and this one may not leave: neither may that one.
    return lose_paper(session, problem="KIOSK_NOT_HANDED_OVER", reasons=(problem.code,), now=now)


def _practised(session: Session, state: JobState | Unavailable, *, now: datetime) -> Session:
    if isinstance(state, JobState) and state.stage is JobStage.DONE:
        return move(session, Step.TAKE, how=How.NEXT, now=now)
    return touch(session, now=now, what="KIOSK_PRINT_PRACTICE")
