"""A box from its arrival to its disposal (箱の受入れから処分まで)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from madoguchi.audit.api import record
from madoguchi.cards.actions.judging import KEPT, judge, keep, tell
from madoguchi.cards.domain import boxes as rules
from madoguchi.cards.domain.card import CardKind, CardState, read_notice_no
from madoguchi.cards.domain.rights import LINE, must
from madoguchi.cards.domain.shelves import ShelfRow, next_place
from madoguchi.cards.models import Box, BoxLine, Card, Fault, Shelf
from madoguchi.infra import clock, facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused

#: One lock for the whole cabinet: who gives out places waits for who gives out places.
CABINET = (LockKind.CARD, "cabinet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanned:
    """What one scan came to (スキャンの結果)."""

    card_id: str
    notice_no: str
    shelf: str
    is_right: bool


def open_box(
    *,
    box_no: str,
    received_on: date,
    counted_in: int,
    lines: Sequence[rules.Line] = (),
    actor: Actor,
    now: datetime,
) -> str:
    """Open a box: how many cards were counted in it, and the list that came with it (箱を開ける)."""
    must(actor, LINE)
    today = now.astimezone(clock.JAPAN).date()
    number = rules.read_box_no(box_no, where="box_no")
    found = [one for one in (number,) if isinstance(one, Problem)]
    found += rules.check_box(received_on=received_on, counted_in=counted_in, today=today)
    if isinstance(number, str) and Box.objects.filter(box_no=number).exists():
        found.append(Problem(code="CARD_BOX_THERE", where="box_no", facts={"box": number}))
    if found or isinstance(number, Problem):
        raise Refused(found)
    box = Box.objects.create(
        box_no=number, received_on=received_on, place=actor.place,
        told_count=len(lines) or None, counted_in=counted_in,
        opened_by=actor.staff_id, opened_at=now,
    )  # fmt: skip
    BoxLine.objects.bulk_create(
        BoxLine(
            box=box, line_no=place, notice_no=line.notice_no, application_no=line.application_no,
            kind=line.kind.value, printed_name=line.printed.name, printed_kana=line.printed.kana,
            printed_birth=line.printed.birth_on, printed_address=line.printed.address,
            made_on=line.printed.made_on, expires_on=line.printed.expires_on,
        )
        for place, line in enumerate(lines, start=1)
    )  # fmt: skip
    record(actor=actor, action="CARD_BOX_OPENED", subjects=(),
           detail={"box": number, "counted": counted_in, "listed": len(lines)})  # fmt: skip
    facts.note("card_box_opened", at=now, counted=counted_in, listed=len(lines))
    return number


def scan(*, box_no: str, text: str, actor: Actor, now: datetime) -> Scanned:
    """Take one card out of the box: a row, a place, and what is wrong with it (1枚のスキャン)."""
    locks.take([CABINET])
    must(actor, LINE)
    box = open_box_of(box_no)
    notice_no = read_notice_no(text)
    if isinstance(notice_no, Problem):
        raise Refused(notice_no)
    card = _take_out(box, notice_no, actor=actor, now=now)
    right = judge([card], actor=actor, now=now)
    judge(_others_of(card), actor=actor, now=now)
    subjects = (card.person_id,) if card.person_id else ()
    record(actor=actor, action="CARD_SCANNED", subjects=subjects,
           detail={"box": box_no, "card": card.card_id})  # fmt: skip
    facts.note("card_scanned", at=now, right=right[card.card_id])
    return Scanned(
        card_id=card.card_id, notice_no=notice_no, shelf=card.shelf,
        is_right=right[card.card_id],
    )  # fmt: skip


def take_back_scan(*, box_no: str, actor: Actor, now: datetime) -> str:
    """Undo the last scan of a box: its card is not here, and its place is free (直前の取消し)."""
    locks.take([CABINET])
    must(actor, LINE)
    box = open_box_of(box_no)
    card = Card.objects.filter(box=box, state__in=KEPT).order_by("-scanned_at", "-card_id").first()
    if card is None or card.setup_outcome:
        raise Refused(Problem(code="CARD_NOTHING_TO_TAKE_BACK"))
    before = card.state
    card.state, card.box, card.shelf, card.shelf_order = CardState.RETURNED.value, None, "", ""
    keep(card, now=now, changed=["state", "box", "shelf", "shelf_order"])
    Fault.objects.filter(card=card, settled_at__isnull=True).update(
        settled_at=now, settled_by=actor.staff_id, settled_how="TAKEN_BACK"
    )
    tell(card, "SCAN_TAKEN_BACK", actor=actor, now=now, before=before, box=box_no)
    judge(_others_of(card), actor=actor, now=now)
    record(actor=actor, action="CARD_SCAN_TAKEN_BACK",
           subjects=(card.person_id,) if card.person_id else (),
           detail={"box": box_no, "card": card.card_id})  # fmt: skip
    return card.notice_no


def empty_box(
    *, box_no: str, counted_out: int, without_listed: bool = False, actor: Actor, now: datetime
) -> None:
    """Close an emptied box: counted in, scanned and counted out are one number (箱を空にする).

    ``without_listed``: somebody knows that cards the list names were not in the box.
    """
    locks.take([CABINET])
    must(actor, LINE)
    box = open_box_of(box_no)
    scanned = Card.objects.filter(box=box).count()
    found = rules.check_counts(
        counted_in=box.counted_in, scanned=scanned, counted_out=counted_out,
        not_seen=() if without_listed else _listed_not_seen(box),
    )  # fmt: skip
    if found:
        raise Refused(found)
    box.counted_out, box.emptied_at, box.emptied_by = counted_out, now, actor.staff_id
    box.save(update_fields=["counted_out", "emptied_at", "emptied_by"])
    record(actor=actor, action="CARD_BOX_EMPTIED", subjects=(),
           detail={"box": box_no, "cards": scanned})  # fmt: skip
    facts.note("card_box_emptied", at=now, cards=scanned)


def recount_box(*, box_no: str, counted_in: int, actor: Actor, now: datetime) -> None:
    """Correct how many cards were counted in an open box (数え直し)."""
    locks.take([CABINET])
    must(actor, LINE)
    box = open_box_of(box_no)
    today = now.astimezone(clock.JAPAN).date()
    found = rules.check_box(received_on=box.received_on, counted_in=counted_in, today=today)
    if found:
        raise Refused(found)
    before, box.counted_in = box.counted_in, counted_in
    box.save(update_fields=["counted_in"])
    record(actor=actor, action="CARD_BOX_RECOUNTED", subjects=(),
           detail={"box": box_no, "before": before, "after": counted_in})  # fmt: skip


def dispose_of_box(
    *, box_no: str, how: rules.Disposal, on: date, witnessed_by: str = "", actor: Actor,
    now: datetime,
) -> None:  # fmt: skip
    """Write down how an emptied box was disposed of (箱の処分)."""
    locks.take([CABINET])
    must(actor, LINE)
    box = Box.objects.filter(box_no=box_no).first()
    today = now.astimezone(clock.JAPAN).date()
    found = rules.check_disposal(
        is_empty=box is not None and box.emptied_at is not None,
        is_gone=box is not None and box.disposed_on is not None,
        on=on, today=today, received_on=box.received_on if box else today,
    )  # fmt: skip
    if box is None or found:
        raise Refused(found or (Problem(code="CARD_BOX_UNKNOWN"),))
    box.disposed_on, box.disposed_how = on, how.value
    box.disposed_by, box.witnessed_by = actor.staff_id, witnessed_by
    box.save(update_fields=["disposed_on", "disposed_how", "disposed_by", "witnessed_by"])
    record(actor=actor, action="CARD_BOX_DISPOSED", subjects=(),
           detail={"box": box_no, "how": how.value, "on": on.isoformat()})  # fmt: skip


def open_box_of(box_no: str) -> Box:
    """Return an open box, or refuse (開いている箱)."""
    box = Box.objects.filter(box_no=box_no).first()
    if box is None:
        raise Refused(Problem(code="CARD_BOX_UNKNOWN"))
    if box.emptied_at is not None:
        raise Refused(Problem(code="CARD_BOX_EMPTY", facts={"box": box_no}))
    return box


def _take_out(box: Box, notice_no: str, *, actor: Actor, now: datetime) -> Card:
    card = Card.objects.filter(notice_no=notice_no).first()
    if card is not None and CardState(card.state) is not CardState.RETURNED:
        raise Refused(_seen_before(card, box))
    lines = {one.box_id: one for one in BoxLine.objects.filter(notice_no=notice_no)}
    here = lines.get(box.box_no) or next(iter(lines.values()), None)
    place = next_place(
        shelves_on(now.astimezone(clock.JAPAN).date()),
        taken=set(Card.objects.filter(state__in=KEPT).values_list("shelf", flat=True)),
        after=Card.objects.filter(box=box).aggregate(last=Max("shelf_order"))["last"] or "",
    )
    if place is None:
        raise Refused(Problem(code="CARD_CABINET_FULL"))
    before = card.state if card else ""
    card = card or Card(card_id=new_id(), notice_no=notice_no, kind=CardKind.UNKNOWN.value)
    if here is not None:
        for name in ("application_no", "kind", "printed_name", "printed_kana", "printed_birth",
                     "printed_address", "made_on", "expires_on"):  # fmt: skip
            setattr(card, name, getattr(here, name))
    card.box, card.state = box, CardState.ARRIVED.value
    card.shelf, card.shelf_order = place.label, place.order
    card.arrived_on, card.scanned_at, card.scanned_by = box.received_on, now, actor.staff_id
    card.changed_at = now
    card.save()
    tell(card, "SCANNED", actor=actor, now=now, before=before, box=box.box_no, shelf=place.label)
    return card


def shelves_on(day: date) -> tuple[ShelfRow, ...]:
    """Return the shelves that stand on a day; the newest row of a shelf counts (棚)."""
    rows: dict[tuple[str, int], Shelf] = {}
    for row in Shelf.objects.filter(valid_from__lte=day).order_by("valid_from"):
        rows[row.cabinet, row.shelf_no] = row
    return tuple(
        ShelfRow(cabinet=row.cabinet, shelf_no=row.shelf_no, places=row.places)
        for row in rows.values()
        if row.valid_until is None or row.valid_until >= day
    )


def _seen_before(card: Card, box: Box) -> Problem:
    """Say in words why this scan is no new card (重複)."""
    if card.box_id == box.box_no:
        return Problem(code="CARD_SCANNED_BEFORE", facts={"shelf": card.shelf or "-"})
    if CardState(card.state).is_kept:
        facts = {"box": card.box_id or "-", "shelf": card.shelf or "-"}
        return Problem(code="CARD_IN_ANOTHER_BOX", facts=facts)
    return Problem(code="CARD_ENDED_BEFORE", facts={"state": card.state})


def _others_of(card: Card) -> list[Card]:
    """Other kept cards of its holder: one card more or less changes what is wrong with them."""
    if not card.person_id:
        return []
    others = Card.objects.filter(person_id=card.person_id, state__in=KEPT)
    return list(others.exclude(card_id=card.card_id))


def _listed_not_seen(box: Box) -> tuple[str, ...]:
    seen = set(Card.objects.filter(box=box).values_list("notice_no", flat=True))
    listed = BoxLine.objects.filter(box=box).order_by("line_no").values_list("notice_no", flat=True)
    return tuple(number for number in listed if number not in seen)
