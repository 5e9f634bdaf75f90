"""Looking at cards anew (止める理由の見直し): what is wrong is written down, what is mended goes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db.models import Count

from madoguchi.cards.domain.card import CardState, Printed, SetupOutcome
from madoguchi.cards.domain.faults import SEEN_BY_HAND, FaultCode, Situation, find_faults
from madoguchi.cards.domain.people import Match, Person
from madoguchi.cards.models import BoxLine, Card, CardEvent, Fault
from madoguchi.cards.queries.people import match_all, people_of
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor

ACCEPTED, MENDED = "ACCEPTED", "MENDED"
KEPT = tuple(one.value for one in CardState if one.is_kept)


def printed_of(card: Card | BoxLine) -> Printed:
    """Return what a card or a line of a list says of its holder (券面の記載)."""
    return Printed(
        name=card.printed_name,
        kana=card.printed_kana,
        birth_on=card.printed_birth,
        address=card.printed_address,
        made_on=card.made_on,
        expires_on=card.expires_on,
    )


def judge(cards: Sequence[Card], *, actor: Actor, now: datetime) -> Mapping[str, bool]:
    """Find anew what stops these cards, write it down, and set their states (見直し).

    Returns for each kept card whether nothing stops it. A reason somebody accepted stays
    accepted for as long as the person's record is the version it was accepted for. The number
    of queries does not grow with the number of cards. The caller holds the locks.
    """
    today = now.astimezone(clock.JAPAN).date()
    kept = [one for one in cards if CardState(one.state).is_kept]
    matches = _match(kept, today=today)
    people = people_of({one.person_id for one in kept}, today=today)
    known = _situations(kept, people, matches, today=today)
    standing = _faults_of(kept)
    right: dict[str, bool] = {}
    new: list[Fault] = []
    for card in kept:
        person = people.get(card.person_id)
        basis = str(person.history_no) if person else ""
        found = find_faults(known[card.card_id])
        faults = standing.get(card.card_id, [])
        still_open = _settle_mended(faults, found, actor=actor, now=now)
        missing = found - still_open - _accepted(faults, basis=basis)
        new += [_fault(card, code, basis=basis, actor=actor, now=now) for code in sorted(missing)]
        right[card.card_id] = not (still_open | missing)
    Fault.objects.bulk_create(new)
    for card in kept:
        _set_state(card, is_right=right[card.card_id], actor=actor, now=now)
    return right


def tell(
    card: Card, verb: str, *, actor: Actor, now: datetime, before: str = "", **detail: str | int
) -> None:
    """Write one thing into the card's history (カードの履歴)."""
    CardEvent.objects.create(
        card=card, at=now, staff_id=actor.staff_id, verb=verb, state_before=before,
        state_after=card.state, detail=detail,
    )  # fmt: skip


def open_fault(card: Card, code: FaultCode, *, actor: Actor, now: datetime) -> None:
    """Write down what somebody saw with their eyes or at the terminal (目で見た不良)."""
    if not Fault.objects.filter(card=card, code=code.value, settled_at__isnull=True).exists():
        _fault(card, code, basis="", actor=actor, now=now).save()


def close_faults(
    card: Card, codes: Iterable[FaultCode], *, how: str, actor: Actor, now: datetime
) -> int:
    """Settle open reasons of a card (止める理由の解消)."""
    return Fault.objects.filter(
        card=card, code__in=[code.value for code in codes], settled_at__isnull=True
    ).update(settled_at=now, settled_by=actor.staff_id, settled_how=how)


def keep(card: Card, *, now: datetime, changed: Iterable[str]) -> None:
    """Store these columns of a card, and count its version up (版を進める)."""
    card.version += 1
    card.changed_at = now
    card.save(update_fields=[*changed, "version", "changed_at"])


def _match(cards: Sequence[Card], *, today: date) -> Mapping[str, Match]:
    """Look for whose card it is where nobody was settled so far (名寄せ)."""
    nameless = [one for one in cards if not one.person_id]
    if not nameless:
        return {}
    found = match_all([printed_of(one) for one in nameless], today=today)
    for card, match in zip(nameless, found, strict=True):
        if match.is_sure:
            card.person_id = match.person_id
            card.save(update_fields=["person_id"])
    return {card.card_id: match for card, match in zip(nameless, found, strict=True)}


def _situations(
    cards: Sequence[Card],
    people: Mapping[str, Person],
    matches: Mapping[str, Match],
    *,
    today: date,
) -> Mapping[str, Situation]:
    listed: dict[str, set[str]] = {}
    numbers = [one.notice_no for one in cards if one.notice_no]
    for number, box_no in BoxLine.objects.filter(notice_no__in=numbers).values_list(
        "notice_no", "box_id"
    ):
        listed.setdefault(number, set()).add(box_no)
    with_list = set(
        BoxLine.objects.filter(box_id__in={one.box_id for one in cards})
        .values_list("box_id", flat=True)
        .distinct()
    )
    kept_of = dict(
        Card.objects.filter(person_id__in=list(people), state__in=KEPT)
        .values_list("person_id")
        .annotate(count=Count("card_id"))
    )
    return {
        one.card_id: Situation(
            printed=printed_of(one),
            person=people.get(one.person_id),
            match=matches.get(one.card_id, Match(person_id=one.person_id)),
            listed_in=frozenset(listed.get(one.notice_no, ())),
            box_no=one.box_id or "",
            box_has_list=one.box_id in with_list,
            kept_of_person=kept_of.get(one.person_id, 1),
            today=today,
        )
        for one in cards
    }


def _faults_of(cards: Sequence[Card]) -> Mapping[str, list[Fault]]:
    found: dict[str, list[Fault]] = {}
    for fault in Fault.objects.filter(card__in=[one.card_id for one in cards]).order_by("id"):
        found.setdefault(fault.card_id, []).append(fault)
    return found


def _settle_mended(
    faults: Iterable[Fault], found: frozenset[FaultCode], *, actor: Actor, now: datetime
) -> frozenset[FaultCode]:
    """Settle what the records do not say any more; return what is still open."""
    still = set()
    for fault in faults:
        code = FaultCode(fault.code)
        if fault.settled_at is not None:
            continue
        if code in found or code in SEEN_BY_HAND:
            still.add(code)
            continue
        fault.settled_at, fault.settled_by, fault.settled_how = now, actor.staff_id, MENDED
        fault.save(update_fields=["settled_at", "settled_by", "settled_how"])
    return frozenset(still)


def _accepted(faults: Iterable[Fault], *, basis: str) -> frozenset[FaultCode]:
    return frozenset(
        FaultCode(one.code)
        for one in faults
        if one.settled_at and one.settled_how.startswith(ACCEPTED) and one.basis == basis
    )


def _fault(card: Card, code: FaultCode, *, basis: str, actor: Actor, now: datetime) -> Fault:
    return Fault(card=card, code=code.value, basis=basis, found_at=now, found_by=actor.staff_id)


def _set_state(card: Card, *, is_right: bool, actor: Actor, now: datetime) -> None:
    after = CardState.WRONG
    if is_right:
        done = card.setup_outcome == SetupOutcome.DONE.value
        after = CardState.SET_UP if done else CardState.ARRIVED
    if card.state == after.value:
        return
    before, card.state = card.state, after.value
    keep(card, now=now, changed=["state"])
    tell(card, "JUDGED", actor=actor, now=now, before=before)
