"""A card goes to its holder, and, on the same day, may come back (交付と取消し)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from madoguchi.accounts.api import is_approved, request_approval, second_officer_rule
from madoguchi.advice.api import Advice
from madoguchi.appointments.api import settle_later
from madoguchi.audit.api import record
from madoguchi.cards.actions.boxes import CABINET, shelves_on
from madoguchi.cards.actions.judging import KEPT, judge, keep, tell
from madoguchi.cards.domain.card import CARD, CardKind, CardState
from madoguchi.cards.domain.faults import problem_of
from madoguchi.cards.domain.handover import (
    Handed,
    Step,
    check_hand_over,
    check_undo,
)
from madoguchi.cards.domain.rights import HELD, LINE, must
from madoguchi.cards.domain.shelves import next_place
from madoguchi.cards.models import Card, HandOver
from madoguchi.cards.queries.boxes import rows_of
from madoguchi.cards.queries.handover import advise_on, age_of
from madoguchi.cards.queries.people import held_among
from madoguchi.dispatch.api import close_matter
from madoguchi.infra import clock, facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kernel.text import check_free_text

#: The line of the second officers' table that speaks of this.
GUARDED = "HAND_OVER_CARD"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A hand-over as the counter tells it: the case of its visit, and what happened (申出)."""

    case: Mapping[str, Any]
    handed: Handed
    steps: Mapping[Step, int]


def hand_over(*, card_id: str, version: int, told: Told, actor: Actor, now: datetime) -> str:
    """Register that a card was given to its holder or who came for them (交付).

    Register, gate and every reason that stops the card are asked anew at this moment. Raises
    ``Refused`` with all that stands against it.
    """
    must(actor, LINE)
    card = _take(card_id, version=version, actor=actor)
    request = _request(card)
    judge([card], actor=actor, now=now)
    found = [problem_of(code) for code in rows_of([card], actor=actor)[0].faults]
    age = age_of(
        card.person_id,
        printed_birth=card.printed_birth,
        told=told.case.get("age"),
        today=clock.day_of(now),
    )
    if age is None:
        found.append(Problem(code="HANDOVER_AGE_UNKNOWN", where="age"))
    advice = advise_on(CardKind(card.kind), told.case, age=age, today=clock.day_of(now))
    found += check_hand_over(
        told.handed, state=CardState(card.state), kind=CardKind(card.kind), advice=advice,
        age=age or 0,
    )  # fmt: skip
    rule = second_officer_rule(GUARDED, clock.day_of(now))
    if rule == "BEFORE" and not is_approved(action=GUARDED, subject_ref=request):
        found.append(Problem(code="HANDOVER_SECOND_FIRST"))
    if found:
        raise Refused(tuple(dict.fromkeys(found)))
    before, card.state = card.state, CardState.HANDED_OVER.value
    card.handed_over_on, card.handed_over_by = clock.day_of(now), actor.staff_id
    keep(card, now=now, changed=["state", "handed_over_on", "handed_over_by"])
    row = _keep(card, told, advice, actor=actor, now=now)
    tell(card, "HANDED_OVER", actor=actor, now=now, before=before)
    # Nobody is written to about a card that is in its holder's hands.
    close_matter(about_no=card.notice_no, actor=actor, now=now)
    settle_later(about_kind=CARD, about_no=card.card_id)
    record(actor=actor, action="CARD_HANDED_OVER", subjects=(card.person_id,),
           detail={"card": card.card_id, "visitor": row.visitor})  # fmt: skip
    facts.note(
        "card_handed_over", at=now, kind=card.kind, visitor=row.visitor, fee=row.fee_yen,
        **{f"{step.value.lower()}_seconds": seconds for step, seconds in told.steps.items()},
    )  # fmt: skip
    if rule == "AFTERWARDS":
        request_approval(
            actor=actor, action=GUARDED, subject_ref=row.hand_over_id, reason=card.kind
        )
    return row.hand_over_id


def ask_second(*, card_id: str, version: int, actor: Actor, now: datetime) -> None:
    """Ask a second officer for this one hand-over, where the table wants one first (二人目の依頼)."""
    must(actor, LINE)
    card = _take(card_id, version=version, actor=actor)
    if second_officer_rule(GUARDED, clock.day_of(now)) != "BEFORE":
        raise Refused(Problem(code="HANDOVER_SECOND_NOT_WANTED"))
    request_approval(actor=actor, action=GUARDED, subject_ref=_request(card), reason=card.kind)


def undo_hand_over(*, card_id: str, why: str, version: int, actor: Actor, now: datetime) -> str:
    """Take back a slip of the same day; the card stands in the cabinet again (交付の取消し)."""
    must(actor, LINE)
    card = _take(card_id, version=version, actor=actor)
    found = list(check_undo(
        state=CardState(card.state), handed_over_on=card.handed_over_on, today=clock.day_of(now)
    ))  # fmt: skip
    found += check_free_text(why, limit=200, where="why")
    if not why.strip():
        found.append(Problem(code="HANDOVER_UNDO_WHY", where="why"))
    taken = set(Card.objects.filter(state__in=KEPT).values_list("shelf", flat=True))
    place = next_place(shelves_on(clock.day_of(now)), taken=taken, after="")
    if place is None:
        found.append(Problem(code="CARD_CABINET_FULL"))
    if found or place is None:
        raise Refused(found)
    HandOver.objects.filter(card=card, undone_at__isnull=True).update(
        undone_at=now, undone_by=actor.staff_id, undone_why=why.strip()
    )
    before, card.state = card.state, CardState.SET_UP.value
    # Its old place may be another card's by now.
    card.shelf, card.shelf_order = place.label, place.order
    card.handed_over_on, card.handed_over_by = None, ""
    keep(card, now=now,
         changed=["state", "shelf", "shelf_order", "handed_over_on", "handed_over_by"])  # fmt: skip
    tell(card, "HAND_OVER_UNDONE", actor=actor, now=now, before=before, shelf=place.label)
    judge([card], actor=actor, now=now)
    record(actor=actor, action="CARD_HAND_OVER_UNDONE", subjects=(card.person_id,),
           detail={"card": card.card_id})  # fmt: skip
    facts.note("card_hand_over_undone", at=now, kind=card.kind)
    return place.label


def _take(card_id: str, *, version: int, actor: Actor) -> Card:
    """Lock the card and its holder; what somebody may not know of is unknown (カードの確保)."""
    seen = Card.objects.filter(card_id=card_id).first()
    person = [(LockKind.PERSON, seen.person_id)] if seen is not None and seen.person_id else []
    locks.take([*person, CABINET])
    card = Card.objects.filter(card_id=card_id).first()
    if card is None or (
        not CardState(card.state).is_kept and not actor.may(HELD) and held_among([card.person_id])
    ):
        raise Refused(Problem(code="CARD_UNKNOWN"))
    if card.version != version:
        raise Refused(Problem(code="CARD_CHANGED_MEANWHILE"))
    return card


def _keep(card: Card, told: Told, advice: Advice, *, actor: Actor, now: datetime) -> HandOver:
    assert told.handed.old_card is not None, "checked before"
    return HandOver.objects.create(
        hand_over_id=new_id(), card=card, at=now, staff_id=actor.staff_id,
        visitor=told.handed.visitor.value, documents=sorted(told.case.get("documents") or ()),
        visitor_documents=sorted(told.case.get("visitor_documents") or ()),
        certificates=sorted(one.value for one in told.handed.certificates),
        old_card=told.handed.old_card.value, fee_yen=advice.fee_yen or 0,
    )  # fmt: skip


def _request(card: Card) -> str:
    """Name this one request: a card that changed since is another one."""
    return f"{card.card_id}-{card.version}"
