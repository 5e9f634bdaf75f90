"""Destroying cards before a witness (立会いのもとでの廃棄): one makes the list, another counts."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from madoguchi.audit.api import record
from madoguchi.cards.actions.boxes import CABINET
from madoguchi.cards.actions.judging import judge, keep, tell
from madoguchi.cards.domain.card import CardState
from madoguchi.cards.domain.disposal import Means, check_witness
from madoguchi.cards.domain.rights import LINE, must
from madoguchi.cards.models import Card, Disposal, DisposalLine, Fault
from madoguchi.cards.queries.disposal import Candidate, DisposalRow, candidates_of, find_disposal
from madoguchi.infra import clock, facts, locks
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


def start_disposal(*, card_ids: Collection[str], means: Means, actor: Actor, now: datetime) -> str:
    """Put cards on a list to be destroyed; each ground is found anew (廃棄簿をつくる)."""
    locks.take([CABINET])
    must(actor, LINE)
    if not card_ids:
        raise Refused(Problem(code="CARD_DISPOSAL_NOTHING"))
    going = _going(card_ids, actor=actor, now=now)
    disposal = Disposal.objects.create(
        disposal_id=new_id(), means=means.value, made_by=actor.staff_id, made_at=now
    )
    DisposalLine.objects.bulk_create(
        DisposalLine(disposal=disposal, card_id=one.card.card_id, ground=one.ground.value)
        for one in going
    )
    _record("CARD_DISPOSAL_MADE", disposal.disposal_id, going, actor=actor)
    return disposal.disposal_id


def drop_disposal(*, disposal_id: str, actor: Actor, now: datetime) -> None:
    """Take a list back before anything was destroyed (廃棄簿の取りやめ)."""
    locks.take([CABINET])
    must(actor, LINE)
    row = _open(disposal_id, actor=actor)
    Disposal.objects.filter(disposal_id=disposal_id).update(dropped_at=now)
    DisposalLine.objects.filter(disposal=disposal_id).update(is_dropped=True)
    _record("CARD_DISPOSAL_DROPPED", disposal_id, row.lines, actor=actor)


def witness_disposal(*, disposal_id: str, counted: int, actor: Actor, now: datetime) -> None:
    """Say that these cards were destroyed before one's eyes: all of them or none (立会い)."""
    locks.take([CABINET])
    must(actor, LINE)
    row = _find(disposal_id, actor=actor)
    found = list(
        check_witness(
            made_by=row.made_by, witness=actor.staff_id,
            is_done=row.witnessed_at is not None or row.is_dropped,
            listed=len(row.lines), counted=counted,
        )
    )  # fmt: skip
    if found:
        raise Refused(found)
    going = _going([one.card.card_id for one in row.lines], actor=actor, now=now, on=disposal_id)
    Disposal.objects.filter(disposal_id=disposal_id).update(
        counted=counted, witnessed_by=actor.staff_id, witnessed_at=now
    )
    today = clock.day_of(now)
    for card in Card.objects.filter(card_id__in=[one.card.card_id for one in going]):
        before = card.state
        card.state, card.shelf, card.shelf_order = CardState.DISCARDED.value, "", ""
        card.ended_on, card.ended_by, card.witnessed_by = today, row.made_by, actor.staff_id
        keep(card, now=now, changed=[
            "state", "shelf", "shelf_order", "ended_on", "ended_by", "witnessed_by",
        ])  # fmt: skip
        Fault.objects.filter(card=card, settled_at__isnull=True).update(
            settled_at=now, settled_by=actor.staff_id, settled_how="DISCARDED"
        )
        tell(card, "DISCARDED", actor=actor, now=now, before=before, disposal=disposal_id)
    _record("CARD_DISPOSAL_WITNESSED", disposal_id, going, actor=actor)
    facts.note("cards_discarded", at=now, cards=counted)


def _going(
    card_ids: Collection[str], *, actor: Actor, now: datetime, on: str = ""
) -> tuple[Candidate, ...]:
    """Return the cards as they may go today, or refuse with every one that may not."""
    cards = list(Card.objects.filter(card_id__in=card_ids).order_by("shelf_order", "card_id"))
    judge(cards, actor=actor, now=now)
    found = candidates_of(cards, actor=actor, today=clock.day_of(now))
    listed = set(
        DisposalLine.objects.filter(card__in=card_ids, is_dropped=False)
        .exclude(disposal=on or None)
        .values_list("card_id", flat=True)
    )
    may_go = {one.card.card_id for one in found} - listed
    problems = [
        Problem(code="CARD_MAY_NOT_GO", facts={"number": one.notice_no})
        for one in cards
        if one.card_id not in may_go
    ]
    if len(cards) != len(set(card_ids)):
        problems.append(Problem(code="CARD_UNKNOWN"))
    if problems:
        raise Refused(problems)
    return found


def _find(disposal_id: str, *, actor: Actor) -> DisposalRow:
    row = find_disposal(disposal_id, actor=actor)
    if row is None:
        raise Refused(Problem(code="CARD_DISPOSAL_UNKNOWN"))
    return row


def _open(disposal_id: str, *, actor: Actor) -> DisposalRow:
    row = _find(disposal_id, actor=actor)
    if row.witnessed_at is not None or row.is_dropped:
        raise Refused(Problem(code="CARD_DISPOSAL_DONE"))
    return row


def _record(action: str, disposal_id: str, going: Collection[Candidate], *, actor: Actor) -> None:
    subjects = sorted({one.card.person_id for one in going if one.card.person_id})
    record(actor=actor, action=action, subjects=subjects,
           detail={"disposal": disposal_id, "cards": len(going)})  # fmt: skip
