"""What a clerk decides about a stopped card (止めたカードの判断)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.cards.actions.boxes import CABINET
from madoguchi.cards.actions.judging import (
    ACCEPTED,
    close_faults,
    judge,
    keep,
    open_fault,
    printed_of,
    tell,
)
from madoguchi.cards.domain.card import CardState, Printed
from madoguchi.cards.domain.faults import ACCEPTABLE, SEEN_BY_HAND, FaultCode
from madoguchi.cards.domain.people import may_be_of
from madoguchi.cards.domain.rights import HELD, LINE, must
from madoguchi.cards.models import Card, Fault
from madoguchi.cards.queries.boxes import rows_of
from madoguchi.cards.queries.people import held_among, people_of
from madoguchi.infra import clock, locks
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

REASON_LENGTH_MAX = 200


def write_printed(
    *, card_id: str, printed: Printed, version: int, actor: Actor, now: datetime
) -> None:
    """Write down what a card says, where no list said it, and look for its holder (券面の入力)."""
    locks.take([CABINET])
    must(actor, LINE)
    card = _card(card_id, version=version, actor=actor)
    problems = [
        *check_free_text(printed.name, limit=100, where="name"),
        *check_free_text(printed.kana, limit=100, where="kana"),
    ]
    if problems:
        raise Refused(problems)
    card.printed_name, card.printed_kana = printed.name, printed.kana
    card.printed_birth, card.person_id = printed.birth_on, ""
    keep(card, now=now, changed=["printed_name", "printed_kana", "printed_birth", "person_id"])
    tell(card, "PRINTED_WRITTEN", actor=actor, now=now, before=card.state)
    judge([card], actor=actor, now=now)
    _record(card, "CARD_HOLDER_DECIDED", actor=actor)


def decide_holder(
    *, card_id: str, person_id: str, version: int, actor: Actor, now: datetime
) -> None:
    """Say whose card it is; whoever is said must fit what is printed (名義人の決定)."""
    locks.take([CABINET])
    must(actor, LINE)
    card = _card(card_id, version=version, actor=actor)
    person = people_of([person_id], today=clock.day_of(now)).get(person_id)
    # To whom may not know of them held people are not there to be chosen.
    unseen = person is not None and person.is_held and not actor.may(HELD)
    if person is None or unseen or not may_be_of(printed_of(card), person):
        raise Refused(Problem(code="CARD_HOLDER_DOES_NOT_FIT"))
    card.person_id = person_id
    keep(card, now=now, changed=["person_id"])
    tell(card, "HOLDER_DECIDED", actor=actor, now=now, before=card.state)
    judge([card], actor=actor, now=now)
    _record(card, "CARD_HOLDER_DECIDED", actor=actor)


def note_fault(*, card_id: str, code: FaultCode, version: int, actor: Actor, now: datetime) -> None:
    """Write down a fault of the face that somebody saw (券面不良の記録)."""
    assert code in SEEN_BY_HAND
    locks.take([CABINET])
    must(actor, LINE)
    card = _card(card_id, version=version, actor=actor)
    open_fault(card, code, actor=actor, now=now)
    judge([card], actor=actor, now=now)
    tell(card, "FAULT_SEEN", actor=actor, now=now, before=card.state, code=code.value)
    _record(card, "CARD_FAULT_SEEN", actor=actor, code=code.value)


def accept_fault(
    *, card_id: str, code: FaultCode, reason: str, version: int, actor: Actor, now: datetime
) -> None:
    """Let a card go on although something is so, and say how it was made sure (理由の確認)."""
    locks.take([CABINET])
    must(actor, LINE)
    if code is FaultCode.PROTECTED:
        must(actor, HELD)
    card = _card(card_id, version=version, actor=actor)
    found = list(check_free_text(reason, limit=REASON_LENGTH_MAX, where="reason"))
    if not reason.strip():
        found.append(Problem(code="CARD_REASON_MISSING", where="reason"))
    if code not in ACCEPTABLE:
        found.append(Problem(code="CARD_FAULT_NOT_ACCEPTABLE"))
    # Asked of the card as this clerk sees it: a held person's must answer like any unsettled one.
    elif code not in rows_of([card], actor=actor)[0].faults:
        found.append(Problem(code="CARD_FAULT_NOT_OPEN"))
    if found:
        raise Refused(found)
    # What was accepted holds for the record as it is now, not as it was when it was found.
    person = people_of([card.person_id], today=clock.day_of(now)).get(card.person_id)
    Fault.objects.filter(card=card, code=code.value, settled_at__isnull=True).update(
        basis=str(person.history_no) if person else ""
    )
    close_faults(card, [code], how=f"{ACCEPTED}: {reason.strip()}", actor=actor, now=now)
    judge([card], actor=actor, now=now)
    tell(card, "FAULT_ACCEPTED", actor=actor, now=now, before=card.state, code=code.value)
    _record(card, "CARD_FAULT_ACCEPTED", actor=actor, code=code.value)


def judge_kept(*, actor: Actor, now: datetime, box_no: str | None = None) -> tuple[int, int]:
    """Look at every kept card anew, before letters are queued; count all and stopped (見直し)."""
    locks.take([CABINET])
    must(actor, LINE)
    kept = Card.objects.filter(state__in=[one.value for one in CardState if one.is_kept])
    cards = list(kept if box_no is None else kept.filter(box_id=box_no))
    right = judge(cards, actor=actor, now=now)
    stopped = sum(not one for one in right.values())
    record(actor=actor, action="CARD_JUDGED", subjects=(),
           detail={"cards": len(cards), "stopped": stopped})  # fmt: skip
    return len(cards), stopped


def _card(card_id: str, *, version: int, actor: Actor) -> Card:
    """Return the card as the clerk saw it, or refuse (カードの確保)."""
    card = Card.objects.filter(card_id=card_id).first()
    if card is None or (
        not CardState(card.state).is_kept
        and not actor.may(HELD)
        # One nobody is settled for answers the same, or it would tell who is held.
        and (not card.person_id or held_among([card.person_id]))
    ):
        raise Refused(Problem(code="CARD_UNKNOWN"))
    if card.version != version:
        raise Refused(Problem(code="CARD_CHANGED_MEANWHILE"))
    if not CardState(card.state).is_kept:
        raise Refused(Problem(code="CARD_STATE_FORBIDS", facts={"state": card.state}))
    return card


def _record(card: Card, action: str, *, actor: Actor, **detail: str) -> None:
    subjects = (card.person_id,) if card.person_id else ()
    record(actor=actor, action=action, subjects=subjects, detail={"card": card.card_id, **detail})
