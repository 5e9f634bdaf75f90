"""Queue a letter for every card that is ready and right (交付の通知)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings

from madoguchi.audit.api import record
from madoguchi.cards.actions.boxes import CABINET
from madoguchi.cards.actions.judging import judge, tell
from madoguchi.cards.domain.applications import Delivery
from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.domain.notices import (
    ALONE_FROM_AGE,
    Written,
    bring_lines,
    notice_on,
    why_wait,
    write_cover,
    write_notice,
)
from madoguchi.cards.domain.rights import LINE, must
from madoguchi.cards.models import Card
from madoguchi.cards.queries.handover import advise_on, ages_of
from madoguchi.cards.queries.notices import agreed_deliveries, letters_about
from madoguchi.cards.queries.tables import notice_book
from madoguchi.dispatch.api import enqueue
from madoguchi.infra import clock, facts, locks
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def announce(*, actor: Actor, now: datetime) -> int:
    """Queue the letters of all cards that are set up and right, in shelf order; return how many.

    Each is judged anew (L6), so what was right when it came is looked at again; who has a letter
    gets no second. What stops a card keeps it back and no other. Whether a letter may be sent is
    asked again when it is printed and posted.
    """
    locks.take([CABINET])
    must(actor, LINE)
    today = clock.day_of(now)
    ready = list(Card.objects.filter(state=CardState.SET_UP.value).exclude(notice_no="")
                 .order_by("shelf_order"))  # fmt: skip
    right = judge(ready, actor=actor, now=now)
    letters = letters_about([one.notice_no for one in ready])
    agreed = agreed_deliveries([one.application_no for one in ready])
    ages = ages_of(ready, today=today)
    queued = []
    for card in ready:
        age = ages[card.card_id]
        wait = why_wait(
            state=CardState(card.state), is_stopped=not right[card.card_id],
            letter_states=[one.state for one in letters.get(card.notice_no, ())], age=age,
        )  # fmt: skip
        if wait is not None or age is None:
            continue
        written = _write(card, age=age, delivery=agreed.get(card.application_no), today=today)
        enqueue(
            kind=written.kind, mail_class=written.mail_class, person_id=card.person_id,
            about_no=card.notice_no, content=written.content, sort_key=card.shelf,
            actor=actor, now=now,
        )  # fmt: skip
        tell(card, "ANNOUNCED", actor=actor, now=now, before=card.state, kind=written.kind)
        queued.append(card)
    if not queued:
        raise Refused(Problem(code="CARD_NOTHING_TO_ANNOUNCE"))
    record(actor=actor, action="CARD_ANNOUNCED", subjects=[one.person_id for one in queued],
           detail={"cards": len(queued)})  # fmt: skip
    facts.note("card_announced", at=now, cards=len(queued))
    return len(queued)


def _write(card: Card, *, age: int, delivery: Delivery | None, today: date) -> Written:
    """Write what this holder is told: as it was agreed, fetched or by mail."""
    phone, book = settings.MADOGUCHI_OFFICE_PHONE, notice_book(settings.MADOGUCHI_CARD_RULES)
    if delivery is not None and delivery.is_by_mail:
        return write_cover(delivery, enclosed=book.enclosed, phone=phone)
    visitor = "self" if age >= ALONE_FROM_AGE else "statutory_agent"
    advice = advise_on(CardKind(card.kind), {"visitor": visitor}, age=age, today=today)
    return write_notice(
        notice_on(book.rows, today), bring=bring_lines(book, advice.required), today=today,
        phone=phone, book_url=settings.MADOGUCHI_BOOKING_URL,
    )  # fmt: skip
