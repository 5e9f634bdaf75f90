"""The presses of a resident, screen by screen (画面の操作).

Each is one unit and returns the session as it is afterwards. A press that comes too late
(twice, from a stale page, after the end) raises ``Refused(KIOSK_STEP_PASSED)`` and stores
nothing: the caller draws the screen the session is on. A press that is not right raises
``Refused`` with every problem at once; the session stays where it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from madoguchi.kernel.ids import new_id
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.actions.handing import hand_over_download, paid_for
from madoguchi.kiosk.actions.store import end, machine_of, move, offer_of, take, tell, touch
from madoguchi.kiosk.actions.undoing import give_up_paper
from madoguchi.kiosk.domain import choices as rules
from madoguchi.kiosk.domain.snapshot import choices_of, pack_choices, shown_of
from madoguchi.kiosk.domain.steps import (
    CHOOSING,
    End,
    How,
    Mode,
    Step,
    next_step,
    previous_step,
)
from madoguchi.kiosk.models import PrintJob, Session, Terminal
from madoguchi.kiosk.queries.sessions import SessionRow, copies_max, row_of
from madoguchi.kiosk.queries.tables import opening_of


def open_session(*, terminal_no: str, mode: Mode, language: Language, now: datetime) -> SessionRow:
    """Begin a session at a terminal; an earlier one left open there is ended first (利用の開始).

    体験 begins at any hour: it gives nothing. A session begun within the hours may end after
    them.
    """
    terminal = Terminal.objects.select_for_update().filter(terminal_no=terminal_no).first()
    if terminal is None:
        raise Refused(Problem(code="KIOSK_TERMINAL_UNKNOWN"))
    if terminal.stopped_at is not None:
        raise Refused(Problem(code="KIOSK_TERMINAL_STOPPED"))
    if mode is not Mode.PRACTICE and not opening_of(terminal.channel, now=now).is_open:
        raise Refused(Problem(code="KIOSK_CLOSED"))
    if terminal.channel == "KIOSK":
        for left in Session.objects.filter(terminal_no=terminal_no, end=""):
            leave(session_id=left.session_id, how=End.TIMED_OUT, now=now)
    session = Session(
        session_id=new_id(), terminal_no=terminal_no, channel=terminal.channel, mode=str(mode),
        language=str(language), step=str(Step.ACCEPT), opened_at=now, step_since=now,
        touched_at=now,
    )  # fmt: skip
    session.save(force_insert=True)
    tell(session, "KIOSK_OPENED", at=session.step)
    return row_of(session)


def accept(*, session_id: str, now: datetime) -> SessionRow:
    """Note that the terms were accepted: ACCEPT → CARD (同意)."""
    return _go_on(session_id, Step.ACCEPT, now=now)


def place_card(*, session_id: str, now: datetime) -> SessionRow:
    """Note that a card lies on the reader: CARD → TOWN (カードを置く)."""
    return _go_on(session_id, Step.CARD, now=now)


def choose_town(*, session_id: str, now: datetime) -> SessionRow:
    """Note that this town was chosen: TOWN → PIN (市区町村の選択)."""
    return _go_on(session_id, Step.TOWN, now=now)


def note_card_back(*, session_id: str, now: datetime) -> SessionRow:
    """Note that the card was taken away: CARD_BACK → KIND (カードを取る)."""
    return _go_on(session_id, Step.CARD_BACK, now=now)


def choose(
    *, session_id: str, step: Step, values: Mapping[str, object], now: datetime
) -> SessionRow:
    """Take in one screen's choice and go on (選択).

    KIND ``kind`` · PART ``part``, ``member_nos`` (list of places in ``offer.members``) ·
    ITEMS ``items`` (list), ``year`` · COPIES ``copies`` (int).
    """
    session = take(session_id, step if step in CHOOSING else Step.KIND)
    offer = shown_of(offer_of(session))
    found = rules.choose(
        choices_of(session.choices), step=step, values=values, offer=offer,
        copies_max=copies_max(session.channel),
    )  # fmt: skip
    if isinstance(found, tuple):
        raise Refused(found)
    session.choices = pack_choices(found)
    to = next_step(step, skip=_skipped(session))
    assert to is not None
    return row_of(move(session, to, how=How.NEXT, now=now))


def go_back(*, session_id: str, step: Step, now: datetime) -> SessionRow:
    """Go back one screen without losing anything; ``step`` is the screen pressed on (もどる)."""
    session = take(session_id, step)
    to = previous_step(step, skip=_skipped(session))
    if to is None:
        raise Refused(Problem(code="KIOSK_NO_WAY_BACK"))
    actor = machine_of(session)
    if step is Step.PAY:
        if paid_for(session.request_id):
            raise Refused(Problem(code="KIOSK_PAID_ALREADY"))
        give_up_paper(session, note="利用者が前の画面にもどった", actor=actor, now=now)
        session.request_id, session.fee_yen, session.copies = "", 0, 0
    return row_of(move(session, to, how=How.BACK, now=now, actor=actor))


def stay(*, session_id: str, now: datetime) -> SessionRow:
    """Answer "are you still there?" with yes (つづける)."""
    return row_of(touch(take(session_id), now=now, what="KIOSK_STAYED"))


def leave(*, session_id: str, how: End, now: datetime) -> SessionRow:
    """End a session: LEFT by press, TIMED_OUT by the clock; DONE follows from TAKE (やめる).

    Nothing is left half-done: a paper not printed is void, a fee paid for it is given back. Only
    while the printer has a copy in hand nobody can leave: how that ends, the printer says.
    """
    assert how in (End.LEFT, End.TIMED_OUT), how
    session = take(session_id)
    way = How.LEAVE if how is End.LEFT else How.TIMEOUT
    if session.step == Step.TAKE:
        return row_of(end(session, End.DONE, how=way, now=now))
    jobs = PrintJob.objects.filter(request_id=session.request_id)
    if session.step == Step.PRINT and jobs.exists():
        if session.channel != "WEB":
            raise Refused(Problem(code="KIOSK_STILL_PRINTING"))
        # The file has left the house: it is issued, whether or not anybody says so. Only where
        # a measure came between is it void, and the session has ended with that.
        given = hand_over_download(session, now=now)
        return row_of(given if given.end else end(given, End.DONE, how=way, now=now))
    actor = machine_of(session)
    note = "利用者がやめた" if how is End.LEFT else "時間切れ"
    paid = paid_for(session.request_id)
    give_up_paper(session, note=note, actor=actor, now=now)
    told = ("KIOSK_REFUND_AT_DESK",) if paid else ()
    return row_of(end(session, how, how=way, now=now, problems=told, actor=actor))


def _go_on(session_id: str, step: Step, *, now: datetime) -> SessionRow:
    session = take(session_id, step)
    to = next_step(step)
    assert to is not None
    return row_of(move(session, to, how=How.NEXT, now=now))


def _skipped(session: Session) -> frozenset[Step]:
    if session.offer is None:
        return frozenset()
    kind = choices_of(session.choices).kind
    shown = shown_of(offer_of(session)).kind(kind)
    return rules.skipped(shown, copies_max=copies_max(session.channel))
