"""A person beside the machine (職員を呼ぶ・付き添う)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.kernel.actor import Actor
from madoguchi.kiosk.queries.sessions import SessionRow


def call_staff(*, terminal_no: str, now: datetime, session_id: str = "") -> None:
    """Ring at the clerk's home; also from the start page, without a session (職員を呼ぶ)."""
    raise NotImplementedError


def answer_call(*, terminal_no: str, actor: Actor, now: datetime) -> None:
    """Note that somebody goes (呼び出しに応じる)."""
    raise NotImplementedError


def staff_beside(*, session_id: str, staff_id: str, code: str, now: datetime) -> SessionRow:
    """Let a clerk stand beside the resident by the clerk's own code; time runs slower (職員付き添い)."""
    raise NotImplementedError
