"""Boxes as the desk sees them (箱の照会): counts, the last scans, what is stopped."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, F, Q, QuerySet

from madoguchi.cards.domain.card import CardKind, CardState
from madoguchi.cards.domain.faults import FaultCode, shown_to
from madoguchi.cards.domain.rights import HELD
from madoguchi.cards.models import Box, BoxLine, Card, Fault
from madoguchi.cards.queries.people import held_among
from madoguchi.kernel.actor import Actor

#: Whose card it is is not settled: only who may know of held people reads the name, since a
#: held person's card must not be told apart from these.
NAMELESS = frozenset({FaultCode.UNSURE, FaultCode.NOBODY})


@dataclass(frozen=True, slots=True, kw_only=True)
class BoxRow:
    """A box with its counts (箱)."""

    box_no: str
    received_on: date
    place: str
    told_count: int | None
    counted_in: int | None
    scanned: int
    stopped: int
    emptied_at: datetime | None
    disposed_on: date | None
    disposed_how: str

    @property
    def missing(self) -> int:
        """How many are still to be scanned (のこり)."""
        return max((self.counted_in or 0) - self.scanned, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRow:
    """A card as one clerk may see it (カードの行)."""

    card_id: str
    notice_no: str
    person_id: str
    name: str
    kana: str
    birth_on: date | None
    kind: CardKind
    state: CardState
    shelf: str
    faults: tuple[FaultCode, ...]
    version: int
    setup_outcome: str = ""
    scanned_at: datetime | None = None
    box_no: str = ""

    @property
    def is_right(self) -> bool:
        """Nothing stops it (正常)."""
        return not self.faults


def list_boxes(*, limit: int = 50) -> tuple[BoxRow, ...]:
    """List boxes, open ones first, then the newest (箱の一覧)."""
    rows = _boxes().order_by(F("emptied_at").desc(nulls_first=True), "-received_on", "-box_no")
    return tuple(_box(one) for one in rows[:limit])


def find_box(box_no: str) -> BoxRow | None:
    """Return a box, or None (箱)."""
    found = _boxes().filter(box_no=box_no).first()
    return None if found is None else _box(found)


def last_scans(box_no: str, *, actor: Actor, limit: int = 8) -> tuple[CardRow, ...]:
    """Return the cards last taken out of a box, the newest first (最近のスキャン)."""
    cards = Card.objects.filter(box_id=box_no).order_by("-scanned_at", "-card_id")[:limit]
    return rows_of(list(cards), actor=actor)


def stopped_cards(box_no: str, *, actor: Actor, limit: int = 200) -> tuple[CardRow, ...]:
    """Return the cards of a box that are stopped, in shelf order (止まっているもの)."""
    cards = Card.objects.filter(box_id=box_no, state=CardState.WRONG.value)
    return rows_of(list(cards.order_by("shelf_order")[:limit]), actor=actor)


def rows_of(cards: Sequence[Card], *, actor: Actor) -> tuple[CardRow, ...]:
    """Show cards as this clerk may see them, in two queries for any number (カードの行)."""
    may_see = actor.may(HELD)
    ids = [one.card_id for one in cards]
    codes: dict[str, set[FaultCode]] = {}
    for card_id, code in Fault.objects.filter(card__in=ids, settled_at__isnull=True).values_list(
        "card_id", "code"
    ):
        codes.setdefault(card_id, set()).add(FaultCode(code))
    # Whoever is held since the card was looked at last is held now.
    held = held_among([one.person_id for one in cards if one.person_id])
    return tuple(
        show(
            one,
            codes.get(one.card_id, set())
            | ({FaultCode.PROTECTED} if one.person_id in held else set()),
            may_see_held=may_see,
        )
        for one in cards
    )


def show(card: Card, codes: Collection[FaultCode], *, may_see_held: bool) -> CardRow:
    """Build the row of a card; a held person's looks like one nobody is settled for (見せ方)."""
    shown = shown_to(codes, may_see_held=may_see_held)
    nameless = not may_see_held and bool(NAMELESS & set(shown))
    state = CardState(card.state)
    return CardRow(
        card_id=card.card_id,
        notice_no=card.notice_no,
        person_id="" if nameless else card.person_id,
        name="" if nameless else card.printed_name,
        kana="" if nameless else card.printed_kana,
        birth_on=None if nameless else card.printed_birth,
        kind=CardKind(card.kind),
        state=CardState.WRONG if nameless and state.is_kept else state,
        shelf=card.shelf,
        faults=(FaultCode.UNSURE,) if nameless else shown,
        version=card.version,
        setup_outcome="" if nameless else card.setup_outcome,
        scanned_at=card.scanned_at,
        box_no=card.box_id or "",
    )


def find_card(card_id: str, *, actor: Actor) -> CardRow | None:
    """Return one card by our id (カード)."""
    found = rows_of(list(Card.objects.filter(card_id=card_id)), actor=actor)
    return found[0] if found else None


def find_by_notice(notice_no: str, *, actor: Actor) -> CardRow | None:
    """Return one card by its 交付通知書番号 (カード)."""
    found = rows_of(list(Card.objects.filter(notice_no=notice_no)), actor=actor)
    return found[0] if found else None


def listed_not_seen(box_no: str) -> tuple[str, ...]:
    """Return the numbers a box's list names and nobody scanned (一覧にあって箱にない番号)."""
    seen = set(Card.objects.filter(box_id=box_no).values_list("notice_no", flat=True))
    listed = BoxLine.objects.filter(box_id=box_no).order_by("line_no")
    return tuple(one for one in listed.values_list("notice_no", flat=True) if one not in seen)


def _boxes() -> QuerySet[Box]:
    return Box.objects.annotate(
        scanned=Count("cards"),
        stopped=Count("cards", filter=Q(cards__state=CardState.WRONG.value)),
    )


def _box(row: Box) -> BoxRow:
    return BoxRow(
        box_no=row.box_no,
        received_on=row.received_on,
        place=row.place,
        told_count=row.told_count,
        counted_in=row.counted_in,
        scanned=row.scanned,  # type: ignore[attr-defined]  # counted by _boxes
        stopped=row.stopped,  # type: ignore[attr-defined]  # counted by _boxes
        emptied_at=row.emptied_at,
        disposed_on=row.disposed_on,
        disposed_how=row.disposed_how,
    )
