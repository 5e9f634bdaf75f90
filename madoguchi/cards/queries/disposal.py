"""Cards that may go, and the lists of those that went (廃棄の照会).

Whoever may not know a card's holder neither sees it here nor a list it stands on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db.models import Q
from django.db.models.expressions import RawSQL

from madoguchi.advice.api import KnownDays, kept_until
from madoguchi.appointments.api import bookings_about
from madoguchi.cards.domain.card import CARD, CardState
from madoguchi.cards.domain.disposal import Ground, ground_of
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.domain.rights import HELD
from madoguchi.cards.models import Card, Disposal, DisposalLine, Fault
from madoguchi.cards.queries.boxes import NAMELESS, CardRow, rows_of
from madoguchi.cards.queries.notices import applied_days, notice_days
from madoguchi.kernel.actor import Actor

_KEPT = [one.value for one in CardState if one.is_kept]
_POSTED = "SELECT about_no FROM dispatch_out_letters WHERE posted_on IS NOT NULL"
_GROUNDS = (FaultCode.DIED, FaultCode.MOVED_OUT, FaultCode.REMOVED, FaultCode.EXPIRED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A card that may go, and why (廃棄できるカード)."""

    card: CardRow
    ground: Ground


@dataclass(frozen=True, slots=True, kw_only=True)
class DisposalRow:
    """A list with its cards (廃棄簿)."""

    disposal_id: str
    means: str
    made_by: str
    made_at: datetime
    is_dropped: bool
    counted: int | None
    witnessed_by: str
    witnessed_at: datetime | None
    lines: tuple[Candidate, ...]


def list_candidates(*, actor: Actor, today: date, limit: int = 200) -> tuple[Candidate, ...]:
    """List the cards that may go and stand on no list yet, in shelf order (廃棄できるカード)."""
    stopped = Fault.objects.filter(
        settled_at__isnull=True, code__in=[one.value for one in _GROUNDS]
    ).values("card")
    asked = Q(state=CardState.RETURNED.value) | Q(card_id__in=stopped, state=CardState.WRONG.value)
    asked |= Q(notice_no__in=_posted(), state__in=_KEPT)
    listed = DisposalLine.objects.filter(is_dropped=False).values("card")
    cards = Card.objects.filter(asked).exclude(card_id__in=listed)
    # Cut after the rule: most of those whose notice went out are waited for still.
    found = candidates_of(list(cards.order_by("shelf_order", "card_id")), actor=actor, today=today)
    return found[:limit]


def candidates_of(cards: list[Card], *, actor: Actor, today: date) -> tuple[Candidate, ...]:
    """Say on which ground each may go; those that may not, or are not this actor's to know, go."""
    found = []
    ends = storage_of(cards)
    expected = bookings_about(CARD, [one.card_id for one in cards])
    for card, row in zip(cards, rows_of(cards, actor=actor), strict=True):
        if not is_open(row, actor=actor):
            continue
        ground = ground_of(
            state=row.state, faults=row.faults, hold_until=card.hold_until, today=today,
            kept_until=ends.get(card.card_id), is_expected=card.card_id in expected,
        )  # fmt: skip
        if ground is not None:
            found.append(Candidate(card=row, ground=ground))
    return tuple(found)


def storage_of(cards: Sequence[Card]) -> Mapping[str, date]:
    """Return until when each card nobody fetches is kept, where a rule has begun to run (保管の終わり)."""
    letters = notice_days([one.notice_no for one in cards if one.notice_no])
    applied = applied_days([one.application_no for one in cards if one.application_no])
    folder, found = settings.MADOGUCHI_CARD_RULES, {}
    for card in cards:
        posted = letters.get(card.notice_no)
        if posted is None:
            continue
        ends = kept_until(
            KnownDays(first_notice_on=posted.first, renotice_on=posted.again,
                      returned_on=posted.returned, applied_on=applied.get(card.application_no),
                      hold_until=card.hold_until),
            folder=folder,
        )  # fmt: skip
        if ends is not None:
            found[card.card_id] = ends
    return found


def is_open(row: CardRow, *, actor: Actor) -> bool:
    """Tell whether this actor may know whose card it is (名義人を知ってよいか)."""
    return actor.may(HELD) or not (NAMELESS & set(row.faults) or not row.person_id)


def list_disposals(*, actor: Actor, limit: int = 20) -> tuple[DisposalRow, ...]:
    """List the newest lists this actor may see; those dropped are left out (廃棄簿の一覧)."""
    rows = Disposal.objects.filter(dropped_at__isnull=True).order_by("-made_at", "-disposal_id")
    shown = (_row(one, actor=actor) for one in rows[:limit])
    return tuple(one for one in shown if one is not None)


def find_disposal(disposal_id: str, *, actor: Actor) -> DisposalRow | None:
    """Return a list, or None where there is none this actor may see (廃棄簿)."""
    found = Disposal.objects.filter(disposal_id=disposal_id).first()
    return None if found is None else _row(found, actor=actor)


def _posted() -> RawSQL:
    return RawSQL(_POSTED, [])  # noqa: S611  a constant text, nothing is put into it


def _row(row: Disposal, *, actor: Actor) -> DisposalRow | None:
    lines = list(DisposalLine.objects.filter(disposal=row).select_related("card"))
    lines.sort(key=lambda one: (one.card.shelf_order, one.card_id))
    shown = rows_of([one.card for one in lines], actor=actor)
    if not all(is_open(one, actor=actor) for one in shown):
        return None
    return DisposalRow(
        disposal_id=row.disposal_id, means=row.means, made_by=row.made_by, made_at=row.made_at,
        is_dropped=row.dropped_at is not None, counted=row.counted,
        witnessed_by=row.witnessed_by, witnessed_at=row.witnessed_at,
        lines=tuple(
            Candidate(card=card, ground=Ground(line.ground))
            for line, card in zip(lines, shown, strict=True)
        ),
    )  # fmt: skip
