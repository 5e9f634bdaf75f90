"""What fetching one card needs, and what was noted when it was fetched (交付の照会)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.conf import settings

from madoguchi.advice.api import Advice, age_on, answer_checklist
from madoguchi.appointments.api import BookingRow, bookings_about
from madoguchi.cards.domain.card import CARD, CardKind
from madoguchi.cards.domain.handover import VISIT_OF
from madoguchi.cards.models import Card, HandOver
from madoguchi.cards.queries.boxes import CardRow, rows_of
from madoguchi.cards.queries.people import people_of
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.daytimes import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOverRow:
    """A hand-over that stands: when, to whom, on which kinds of documents (交付の記録)."""

    at: datetime
    visitor: str
    documents: tuple[str, ...]
    visitor_documents: tuple[str, ...]
    certificates: tuple[str, ...]
    fee_yen: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Somebody who booked to fetch a card, and where it stands (きょう受け取りに来る人)."""

    span: Span
    booking_no: str
    card: CardRow


def expected_on(on: date, *, actor: Actor) -> tuple[Expected, ...]:
    """List who fetches a card on a day, in the order they come (受け取りの予約)."""
    return _expected(bookings_about(CARD, on=on), actor=actor)


def expected_by(booking_no: str, *, actor: Actor) -> tuple[Expected, ...]:
    """List the cards of one booking, by the number that was read out (予約番号からのカード)."""
    return _expected(bookings_about(CARD, booking_no=booking_no), actor=actor)


def _expected(found: Mapping[str, Sequence[BookingRow]], *, actor: Actor) -> tuple[Expected, ...]:
    cards = rows_of(list(Card.objects.filter(card_id__in=found)), actor=actor)
    rows = [
        Expected(span=booking.span, booking_no=booking.booking_no, card=card)
        for card in cards
        for booking in found[card.card_id]
        if not booking.is_held
    ]
    return tuple(sorted(rows, key=lambda one: (one.span, one.booking_no, one.card.shelf)))


def advise_on(kind: CardKind, case: Mapping[str, Any], *, age: int | None, today: date) -> Advice:
    """Ask the tables about fetching a card of this kind by this visitor (必要書類)."""
    given = {**case, "visit_kind": VISIT_OF[kind], "age": age or 0}
    return answer_checklist(given, today=today, folder=settings.MADOGUCHI_CARD_RULES)


def age_of(person_id: str, *, printed_birth: date | None, told: object, today: date) -> int | None:
    """Return the holder's age in whole years: the register's, the card's, or what is told (年齢)."""
    person = people_of([person_id], today=today).get(person_id)
    born = (person.birth_on if person else None) or printed_birth
    if born is not None:
        return age_on(today, born)
    return told if isinstance(told, int) else None


def ages_of(cards: Sequence[Card], *, today: date) -> Mapping[str, int | None]:
    """Return the holders' ages by card, the register asked once for all of them (年齢)."""
    people = people_of({one.person_id for one in cards}, today=today) if cards else {}
    found: dict[str, int | None] = {}
    for one in cards:
        person = people.get(one.person_id)
        born = (person.birth_on if person else None) or one.printed_birth
        found[one.card_id] = None if born is None else age_on(today, born)
    return found


def find_hand_over(card_id: str) -> HandOverRow | None:
    """Return the hand-over of a card that nobody took back, or None (交付の記録)."""
    row = HandOver.objects.filter(card_id=card_id, undone_at__isnull=True).first()
    if row is None:
        return None
    return HandOverRow(
        at=row.at, visitor=row.visitor, documents=tuple(row.documents),
        visitor_documents=tuple(row.visitor_documents), certificates=tuple(row.certificates),
        fee_yen=row.fee_yen,
    )  # fmt: skip
