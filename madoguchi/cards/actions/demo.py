"""What lies in the demo's boxes (デモの箱の中身): lists, and a few cards planted wrong.

Each is wrong in its own way, and found by the same scans as any town's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from madoguchi.cards.actions.boxes import open_box
from madoguchi.cards.actions.settling import note_fault
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardKind, Printed
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.models import Card
from madoguchi.kernel.actor import Actor

EMPTIED, WAITING = "DEMO-001", "DEMO-002"
CARDS, WAITING_CARDS = 40, 41
#: So many people are wanted, who is named first, and one more who moved away at the end.
PEOPLE = CARDS - 2 + WAITING_CARDS
#: As the fault is planted, so many people after the named ones.
_MOVED, _MISPRINTED, _EXPIRED, _TWICE, _FACE, _NOT_LISTED = range(6)


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody of the fictional town, as printed on a card (デモの名義人)."""

    name: str
    kana: str
    birth_on: date
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Deck:
    """Two lists, and what lies in the first box (箱と送付一覧)."""

    lists: Mapping[str, tuple[Line, ...]]
    scanned: tuple[str, ...]
    bad_face: str


def make_deck(people: Sequence[Holder], *, named: int, received_on: date) -> Deck:
    """Put cards for these people into two boxes; the first ``named`` are left right (箱の中身)."""
    lines = [_line(place, one, received_on) for place, one in enumerate(people)]
    gone, second = lines[-1:], lines[CARDS - 2 : -1]
    first = [*lines[: CARDS - 2], *gone]
    for place, change in _wrong(received_on).items():
        at = named + place
        first[at] = replace(first[at], printed=replace(first[at].printed, **change))
    # A second card of somebody who has one, and one that no list names.
    twin = replace(first[named + _TWICE], notice_no=f"DM1-{CARDS + 900:06}")
    unlisted = first[named + _NOT_LISTED].notice_no
    listed = [one for one in (*first, twin) if one.notice_no != unlisted]
    return Deck(
        lists={EMPTIED: tuple(listed), WAITING: tuple(second)},
        bad_face=first[named + _FACE].notice_no,
        # The last one belongs into the other box.
        scanned=(*(one.notice_no for one in (*first, twin)), second[0].notice_no),
    )  # fmt: skip


def open_demo_box(
    *, box_no: str, deck: Deck, received_on: date, actor: Actor, now: datetime
) -> str:
    """Open one of the demo's boxes with its list (デモの箱を開ける)."""
    lines = deck.lists[box_no]
    counted = len(deck.scanned) if box_no == EMPTIED else len(lines) - 1
    return open_box(
        box_no=box_no, received_on=received_on, counted_in=counted, lines=lines, actor=actor,
        now=now,
    )  # fmt: skip


def see_bad_face(*, notice_no: str, actor: Actor, now: datetime) -> None:
    """Write down that the face of a demo card is bad (デモの券面不良)."""
    card = Card.objects.get(notice_no=notice_no)
    note_fault(
        card_id=card.card_id, code=FaultCode.FACE, version=card.version, actor=actor, now=now
    )


def _wrong(received_on: date) -> Mapping[int, Mapping[str, Any]]:
    """What is printed wrong on whose card; the others are wrong by where they lie."""
    return {
        _MOVED: {"address": "鹿児島県大島郡瀬戸内町大字清水9999番地"},
        _MISPRINTED: {"name": "架空　書違"},
        _EXPIRED: {"expires_on": received_on - timedelta(days=1)},
    }


def _line(place: int, one: Holder, received_on: date) -> Line:
    kinds = (CardKind.NEW, CardKind.RENEWAL, CardKind.NEW, CardKind.REISSUE)
    printed = Printed(
        name=one.name, kana=one.kana, birth_on=one.birth_on, address=one.address,
        made_on=received_on - timedelta(days=10), expires_on=received_on + timedelta(days=3_300),
    )  # fmt: skip
    return Line(
        notice_no=f"DM1-{place + 1:06}", application_no=f"{place + 1:023}",
        kind=kinds[place % len(kinds)], printed=printed,
    )  # fmt: skip
