"""The presses of a resident, screen by screen (画面の操作).

Each is one unit and returns the session as it is afterwards. A press that comes too late
(twice, from a stale page, after the end) raises ``Refused(STEP_PASSED)`` and stores nothing:
the caller draws the screen the session is on. A press that is not right raises ``Refused``
with every problem at once; the session stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.kiosk.domain.steps import End, Language, Mode, Step
from madoguchi.kiosk.queries.sessions import SessionRow


def open_session(*, terminal_no: str, mode: Mode, language: Language, now: datetime) -> SessionRow:
    """Begin a session at a terminal; an earlier one left open there is ended first (利用の開始)."""
    raise NotImplementedError


def accept(*, session_id: str, now: datetime) -> SessionRow:
    """Note that the terms were accepted: ACCEPT → CARD (同意)."""
    raise NotImplementedError


def place_card(*, session_id: str, now: datetime) -> SessionRow:
    """Note that a card lies on the reader: CARD → TOWN (カードを置く)."""
    raise NotImplementedError


def choose_town(*, session_id: str, now: datetime) -> SessionRow:
    """Note that this town was chosen: TOWN → PIN (市区町村の選択)."""
    raise NotImplementedError


def note_card_back(*, session_id: str, now: datetime) -> SessionRow:
    """Note that the card was taken away: CARD_BACK → KIND (カードを取る)."""
    raise NotImplementedError


def choose(
    *, session_id: str, step: Step, values: Mapping[str, object], now: datetime
) -> SessionRow:
    """Take in one screen's choice and go on (選択).

    KIND ``kind`` · PART ``part``, ``member_nos`` (list of places in ``offer.members``) ·
    ITEMS ``items`` (list), ``year`` · COPIES ``copies`` (int).
    """
    raise NotImplementedError


def go_back(*, session_id: str, step: Step, now: datetime) -> SessionRow:
    """Go back one screen without losing anything; ``step`` is the screen pressed on (もどる)."""
    raise NotImplementedError


def stay(*, session_id: str, now: datetime) -> SessionRow:
    """Answer "are you still there?" with yes (つづける)."""
    raise NotImplementedError


def leave(*, session_id: str, how: End, now: datetime) -> SessionRow:
    """End a session: LEFT by press, TIMED_OUT by the clock; DONE follows from TAKE (やめる)."""
    raise NotImplementedError
