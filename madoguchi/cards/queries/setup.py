"""Cards that wait for the terminal, in the order one walks along the cabinet (設定待ちの照会)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, IntegerField, Value, When

from madoguchi.cards.domain.card import CardState, SetupOutcome
from madoguchi.cards.domain.terminal import Expected
from madoguchi.cards.models import Card
from madoguchi.cards.queries.boxes import CardRow, rows_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupList:
    """The next card, how many wait, and how many were done today (設定の進み)."""

    next: CardRow | None
    waiting: int
    done_today: int


def setup_list(*, actor: Actor, today: date) -> SetupList:
    """Say which card is next; those put off come after all others (次のカード)."""
    # Whoever became held since is no card for this clerk: left out, and not counted.
    rows = [one for one in rows_of(_waiting(), actor=actor) if one.is_right]
    start = datetime.combine(today, datetime.min.time(), tzinfo=clock.JAPAN)
    done = Card.objects.filter(setup_outcome=SetupOutcome.DONE.value, setup_at__gte=start)
    return SetupList(next=rows[0] if rows else None, waiting=len(rows), done_today=done.count())


def setup_order(*, actor: Actor) -> tuple[Expected, ...]:
    """List what waits, in that order, with all that a screen can be compared with (設定の順)."""
    cards = _waiting()
    numbers = {one.card_id: one.application_no for one in cards}
    return tuple(
        Expected(
            card_id=one.card_id,
            version=one.version,
            person_id=one.person_id,
            notice_no=one.notice_no,
            shelf=one.shelf,
            kana=one.kana,
            birth_on=one.birth_on,
            application_no=numbers[one.card_id],
        )
        for one in rows_of(cards, actor=actor)
        if one.is_right
    )


def _waiting() -> list[Card]:
    put_off = When(setup_outcome=SetupOutcome.LATER.value, then=Value(1))
    return list(
        Card.objects.filter(state=CardState.ARRIVED.value)
        .annotate(turn=Case(put_off, default=Value(0), output_field=IntegerField()))
        .order_by("turn", "setup_at", "shelf_order")
    )
