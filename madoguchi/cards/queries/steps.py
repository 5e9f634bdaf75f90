"""What was done to cards, for figures: no name, no number, no person (カードの歩み)."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Min

from madoguchi.cards.models import CardEvent

#: What a resident's card goes through; corrections of the office's own are left out.
_TOLD = ("SCANNED", "SETUP", "ANNOUNCED", "HANDED_OVER", "DISCARDED")


def steps_of_cards(*, since: datetime, until: datetime) -> tuple[tuple[str, str, datetime], ...]:
    """List what was done to the cards first touched from ``since`` to ``until`` (カードの歩み).

    Each row is an id of ours that leads nowhere outside, a code, and the moment.
    """
    begun = (
        CardEvent.objects.filter(verb__in=_TOLD)
        .values("card_id")
        .annotate(first=Min("at"))
        .filter(first__gte=since, first__lt=until)
        .values("card_id")
    )
    rows = CardEvent.objects.filter(card_id__in=begun, verb__in=_TOLD).order_by("card_id", "id")
    return tuple((row.card_id, row.verb, row.at) for row in rows.only("card_id", "verb", "at"))
