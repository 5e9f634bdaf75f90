"""Which card somebody means who gives its number and a birth date (住民のページの本人)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.domain.people import Standing
from madoguchi.cards.models import Card
from madoguchi.cards.queries.people import people_of

#: A card that is stopped, gone or handed over is nothing one can come for.
_WAITING = (CardState.ARRIVED.value, CardState.SET_UP.value)
_HERE = (Standing.RESIDENT, Standing.MOVING_OUT)


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingCard:
    """A card somebody may come for; nothing of its holder is in it (受け取れるカード)."""

    card_id: str
    person_id: str
    is_renewal: bool


def card_for(*, notice_no: str, birth_on: date, today: date) -> WaitingCard | None:
    """Return the card of this number, if its holder was born that day and lives here (本人の確認)."""
    row = Card.objects.filter(notice_no=notice_no, state__in=_WAITING).first()
    if row is None or not row.person_id:
        return None
    holder = people_of([row.person_id], today=today).get(row.person_id)
    if holder is None or holder.standing not in _HERE or holder.birth_on != birth_on:
        return None
    return _waiting(row)


def waiting_cards(card_ids: Sequence[str]) -> tuple[WaitingCard, ...]:
    """Return which of these one can still come for, in the same order (受け取れるカード)."""
    rows = Card.objects.filter(card_id__in=card_ids, state__in=_WAITING).exclude(person_id="")
    found = {row.card_id: _waiting(row) for row in rows}
    return tuple(found[one] for one in card_ids if one in found)


def _waiting(row: Card) -> WaitingCard:
    return WaitingCard(
        card_id=row.card_id, person_id=row.person_id, is_renewal=row.kind == CardKind.RENEWAL
    )
