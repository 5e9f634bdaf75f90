"""Take a session in hand, move it on, write it down (利用の記録).

A session's row is locked before anything else and before the locks of ``infra.locks`` that
drawing and printing take; nobody who holds one of those ever waits for a session. So two
units cannot wait for each other in a circle.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from madoguchi.accounts.api import machine_actor
from madoguchi.audit.api import record
from madoguchi.infra import facts, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.domain.steps import End, How, Mode, Step
from madoguchi.kiosk.models import Session, Terminal

PURPOSE = "キオスクでの証明書の交付"


def take(session_id: str, *steps: Step) -> Session:
    """Lock an open session that stands at one of these screens; else the press is too late."""
    assert unit.is_open()
    found = Session.objects.select_for_update().filter(session_id=session_id, end="").first()
    if found is None or (steps and Step(found.step) not in steps):
        raise Refused(Problem(code="KIOSK_STEP_PASSED"))
    return found


def machine_of(session: Session) -> Actor:
    """Return the machine that acts for this session (機械の操作者)."""
    place = Terminal.objects.values_list("place", flat=True).get(terminal_no=session.terminal_no)
    return machine_actor(terminal=session.terminal_no, place=place, purpose=PURPOSE)


def move(
    session: Session, to: Step, *, how: How, now: datetime, actor: Actor | None = None
) -> Session:
    """Go to another screen, and say how long the last one took (画面の移動)."""
    note_left(session, how=how, now=now)
    before, session.step = session.step, to
    session.step_since = session.touched_at = now
    session.save()
    tell(session, "KIOSK_STEP", actor=actor, before=before, to=str(to), how=str(how))
    return session


def touch(session: Session, *, now: datetime, what: str, actor: Actor | None = None) -> Session:
    """Stay on the screen with something changed (画面の更新)."""
    session.touched_at = now
    session.save()
    tell(session, what, actor=actor, at=session.step)
    return session


def end(
    session: Session,
    how_ended: End,
    *,
    how: How,
    now: datetime,
    problems: tuple[str, ...] = (),
    reasons: tuple[str, ...] = (),
    actor: Actor | None = None,
) -> Session:
    """Close a session and forget who it was; the reasons stay for the record (終了と消去)."""
    note_left(session, how=how, now=now)
    session.end, session.ended_at = str(how_ended), now
    session.person_id, session.card_registered_on = "", None
    session.offer, session.choices = None, {}
    session.problems, session.reasons = list(problems), list(dict.fromkeys(reasons))
    session.step_since = session.touched_at = now
    session.save()
    tell(session, "KIOSK_ENDED", actor=actor, at=session.step, end=str(how_ended))
    facts.note(
        "kiosk_session_ended", at=now, end=str(how_ended), step=session.step, mode=session.mode,
        language=session.language, terminal=session.terminal_no, channel=session.channel,
        seconds=_seconds(session.opened_at, now), staff_beside=bool(session.staff_id),
    )  # fmt: skip
    return session


def tell(session: Session, what: str, *, actor: Actor | None = None, **detail: str) -> None:
    """Write the audit entry of a press: which session, which screen, and nobody's name."""
    record(
        actor=actor or machine_of(session),
        action=what,
        subjects=(),
        detail={"session_id": session.session_id, "mode": session.mode, **detail},
    )


def offer_of(session: Session) -> dict[str, Any]:
    """Return the kept offer of a session that is past its PIN (案内の控え)."""
    assert session.offer is not None, session.step
    return dict(session.offer)


def is_practice(session: Session) -> bool:
    """Tell whether this is 体験: no card, no register, no paper that counts (体験)."""
    return session.mode == Mode.PRACTICE


def note_left(session: Session, *, how: How, now: datetime) -> None:
    """Note how long a screen was looked at, and how it was left (画面の離れ方)."""
    facts.note(
        "kiosk_step_left", at=now, step=session.step, how=str(how), mode=session.mode,
        language=session.language, terminal=session.terminal_no,
        seconds=_seconds(session.step_since, now),
    )  # fmt: skip


def _seconds(since: datetime, now: datetime) -> float:
    return round(max(0.0, (now - since).total_seconds()), 1)
