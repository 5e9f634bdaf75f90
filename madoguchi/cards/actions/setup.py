"""What came of a card at the terminal (交付前設定): one press a card, the last one can be undone.

The national terminal is closed to other software: somebody works it by hand beside this page,
and this says what came of it.
"""

from __future__ import annotations

from datetime import date, datetime

from madoguchi.audit.api import record
from madoguchi.cards.actions.boxes import CABINET
from madoguchi.cards.actions.judging import close_faults, judge, keep, open_fault, tell
from madoguchi.cards.domain.card import CardState, SetupOutcome
from madoguchi.cards.domain.faults import FaultCode, after_setup, problem_of
from madoguchi.cards.domain.rights import LINE, must
from madoguchi.cards.domain.terminal import SetupHow
from madoguchi.cards.models import Card
from madoguchi.cards.queries.boxes import rows_of
from madoguchi.cards.queries.notices import letters_about
from madoguchi.infra import clock, facts, locks
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused

TERMINAL_LENGTH_MAX = 8
#: Longer than this nobody worked at one card: the page was left open.
SECONDS_MAX = 3600


def note_setup(
    *, card_id: str, outcome: SetupOutcome, version: int, terminal: str, seconds: int | None,
    actor: Actor, now: datetime,
    how: SetupHow = SetupHow.BY_HAND,
) -> CardState:  # fmt: skip
    """Write down what came of one card; ``seconds`` it was on the screen, None: unknown (設定の結果).

    The register is asked anew first: whoever moved or died meanwhile is not set up.
    """
    assert outcome is not SetupOutcome.NONE
    locks.take([CABINET])
    must(actor, LINE)
    card = Card.objects.filter(card_id=card_id).first()
    if card is None:
        raise Refused(Problem(code="CARD_UNKNOWN"))
    if card.version != version:
        raise Refused(Problem(code="CARD_CHANGED_MEANWHILE"))
    judge([card], actor=actor, now=now)
    found = [problem_of(code) for code in rows_of([card], actor=actor)[0].faults]
    if not found and CardState(card.state) is not CardState.ARRIVED:
        found.append(Problem(code="CARD_STATE_FORBIDS", facts={"state": card.state}))
    if found:
        raise Refused(found)
    before = card.state
    card.setup_outcome, card.setup_at = outcome.value, now
    card.setup_by, card.setup_terminal = actor.staff_id, terminal[:TERMINAL_LENGTH_MAX]
    keep(card, now=now, changed=["setup_outcome", "setup_at", "setup_by", "setup_terminal"])
    for code in after_setup(outcome):
        open_fault(card, code, actor=actor, now=now)
    judge([card], actor=actor, now=now)
    tell(card, "SETUP", actor=actor, now=now, before=before, outcome=outcome.value, how=how.value)
    record(actor=actor, action="CARD_SETUP", subjects=(card.person_id,),
           detail={"card": card.card_id, "outcome": outcome.value, "how": how.value})  # fmt: skip
    timed = {} if seconds is None or seconds > SECONDS_MAX else {"seconds": seconds}
    facts.note("card_setup", at=now, outcome=outcome.value, terminal=card.setup_terminal,
               how=how.value, **timed)  # fmt: skip
    return CardState(card.state)


def look_before_setup(
    *, card_id: str, version: int, actor: Actor, now: datetime
) -> tuple[Problem, ...]:
    """Ask the register anew before a robot touches the terminal; keep what is found (設定前の見直し).

    A person at the terminal is told by ``note_setup``; a robot would have pressed by then.
    """
    locks.take([CABINET])
    must(actor, LINE)
    card = Card.objects.filter(card_id=card_id).first()
    if card is None:
        raise Refused(Problem(code="CARD_UNKNOWN"))
    if card.version != version or CardState(card.state) is not CardState.ARRIVED:
        raise Refused(Problem(code="CARD_CHANGED_MEANWHILE"))
    judge([card], actor=actor, now=now)
    record(actor=actor, action="CARD_LOOKED_AT_BEFORE_SETUP", subjects=(card.person_id,),
           detail={"card": card.card_id})  # fmt: skip
    return tuple(problem_of(code) for code in rows_of([card], actor=actor)[0].faults)


def undo_setup(*, actor: Actor, now: datetime) -> str:
    """Take back what this clerk noted last today; return the card's number (直前の取消し)."""
    locks.take([CABINET])
    must(actor, LINE)
    card = last_of(actor.staff_id, today=clock.day_of(now))
    if card is None or letters_about([card.notice_no]):
        raise Refused(Problem(code="CARD_SETUP_NOTHING_TO_UNDO"))
    before = card.state
    card.setup_outcome, card.setup_at, card.setup_by, card.setup_terminal = "", None, "", ""
    if CardState(card.state) is CardState.SET_UP:
        card.state = CardState.ARRIVED.value
    keep(card, now=now,
         changed=["state", "setup_outcome", "setup_at", "setup_by", "setup_terminal"])  # fmt: skip
    close_faults(card, [FaultCode.SETUP], how="TAKEN_BACK", actor=actor, now=now)
    judge([card], actor=actor, now=now)
    tell(card, "SETUP_UNDONE", actor=actor, now=now, before=before)
    record(actor=actor, action="CARD_SETUP_UNDONE", subjects=(card.person_id,),
           detail={"card": card.card_id})  # fmt: skip
    return card.notice_no


def last_of(staff_id: str, *, today: date) -> Card | None:
    """Return the card somebody noted last on a day, while it is still in the cabinet (直前のカード)."""
    start = datetime.combine(today, datetime.min.time(), tzinfo=clock.JAPAN)
    kept = [one.value for one in CardState if one.is_kept]
    noted = Card.objects.filter(setup_by=staff_id, setup_at__gte=start, state__in=kept)
    return noted.order_by("-setup_at", "-card_id").first()
