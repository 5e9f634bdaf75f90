"""A person beside the machine (職員を呼ぶ・付き添う)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.accounts.api import machine_actor
from madoguchi.audit.api import record
from madoguchi.infra import facts
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.store import PURPOSE, note_left, take, touch
from madoguchi.kiosk.actions.terminals import must
from madoguchi.kiosk.domain.steps import How
from madoguchi.kiosk.models import Session, Terminal
from madoguchi.kiosk.queries.sessions import SessionRow, row_of


def call_staff(*, terminal_no: str, now: datetime, session_id: str = "") -> None:
    """Ring at the clerk's home; also from the start page, without a session (職員を呼ぶ).

    Called twice it rings once; the screen stays where it is, and its time begins anew.
    """
    terminal = Terminal.objects.select_for_update().filter(terminal_no=terminal_no).first()
    if terminal is None:
        raise Refused(Problem(code="KIOSK_TERMINAL_UNKNOWN"))
    session = Session.objects.filter(
        session_id=session_id, terminal_no=terminal_no, end=""
    ).first()  # fmt: skip
    step = session.step if session is not None else ""
    if terminal.called_at is None:
        terminal.called_at, terminal.called_step = now, step
        terminal.save(update_fields=["called_at", "called_step"])
    if session is not None:
        Session.objects.filter(session_id=session_id, end="").update(touched_at=now)
        note_left(session, how=How.CALL, now=now)
    actor = machine_actor(terminal=terminal_no, place=terminal.place, purpose=PURPOSE)
    record(actor=actor, action="KIOSK_STAFF_CALLED", subjects=(), detail={"step": step})


def answer_call(*, terminal_no: str, actor: Actor, now: datetime) -> None:
    """Note that somebody goes (呼び出しに応じる)."""
    must(actor, Right.ISSUE_CERTIFICATE)
    terminal = Terminal.objects.select_for_update().filter(terminal_no=terminal_no).first()
    if terminal is None or terminal.called_at is None:
        raise Refused(Problem(code="KIOSK_NO_CALL"))
    seconds = round((now - terminal.called_at).total_seconds(), 1)
    terminal.called_at, terminal.called_step = None, ""
    terminal.save(update_fields=["called_at", "called_step"])
    record(actor=actor, action="KIOSK_CALL_ANSWERED", subjects=(),
           detail={"terminal": terminal_no})  # fmt: skip
    facts.note("kiosk_call_answered", at=now, terminal=terminal_no, seconds=seconds)


def staff_beside(*, session_id: str, shown: str | tuple[Problem, ...], now: datetime) -> SessionRow:
    """Let a clerk stand beside the resident; time runs slower from here on (職員付き添い).

    ``shown`` is what ``accounts.api.check_code`` answered just before, outside any unit:
    a wrong code is counted there, whatever becomes of this.
    """
    if not isinstance(shown, str):
        raise Refused(shown)
    session = take(session_id)
    session.staff_id = shown
    touch(session, now=now, what="KIOSK_STAFF_BESIDE")
    facts.note("kiosk_staff_beside", at=now, terminal=session.terminal_no, step=session.step,
               mode=session.mode)  # fmt: skip
    return row_of(session)


def note_tray(*, terminal_no: str, what: str, actor: Actor, now: datetime) -> None:
    """Write down who printed or spoiled a paper of a machine without a printer (職員の印刷)."""
    assert what in ("printed", "spoiled"), what
    must(actor, Right.ISSUE_CERTIFICATE)
    record(actor=actor, action="KIOSK_TRAY", subjects=(),
           detail={"terminal": terminal_no, "what": what})  # fmt: skip
    facts.note("kiosk_tray", at=now, terminal=terminal_no, what=what)
