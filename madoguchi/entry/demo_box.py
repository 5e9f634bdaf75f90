"""Boxes of cards for the fictional town (デモのカードの箱): one emptied onto the shelves, one waiting.

Whose cards they are follows from the town alone, so a demo looks the same each time it is made.
A few are planted wrong, each in its own way, and are found by the same scans as any town's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from django.db import connection

from madoguchi.accounts.api import cli_actor
from madoguchi.cards.actions import boxes, settling
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardKind, Printed
from madoguchi.cards.domain.faults import FaultCode
from madoguchi.cards.models import Box, Card
from madoguchi.infra import clock, unit
from madoguchi.town.api import NAMED

EMPTIED, WAITING = "DEMO-001", "DEMO-002"
CARDS, WAITING_CARDS = 40, 12
#: Named people with a card of their own in the first box; Rin is held, Ume has died.
NAMED_HOLDERS = ("aoi", "minato_father", "minato_mother", "minato_first", "sora", "rin", "ume")
ARRIVED_DAYS_AGO = 6
#: As the fault is planted, so many people after the named ones.
_MOVED, _MISPRINTED, _EXPIRED, _TWICE, _FACE, _NOT_LISTED = range(6)

_PEOPLE = """
SELECT person_id, coalesce(nullif(name, ''), name_alphabet), coalesce(name_kana, ''), birth_sort,
       address
FROM register_current c
WHERE birth_sort IS NOT NULL
  AND (person_id = ANY(%(named)s)
       OR status = 'RESIDENT' AND nationality_group = 'JAPANESE'
          AND NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = c.person_id))
ORDER BY array_position(%(named)s, person_id), md5(person_id)
LIMIT %(limit)s
"""
_GONE = """
SELECT person_id, coalesce(nullif(name, ''), name_alphabet), coalesce(name_kana, ''), birth_sort,
       address
FROM register_current
WHERE status = 'MOVED_OUT' AND nationality_group = 'JAPANESE' AND birth_sort IS NOT NULL
ORDER BY removed_sort DESC NULLS LAST, person_id LIMIT 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Deck:
    """Two lists, and what lies in the first box (箱と送付一覧)."""

    first: tuple[Line, ...]
    second: tuple[Line, ...]
    scanned: tuple[str, ...]
    bad_face: str


def fill() -> None:
    """Receive the two boxes, if there is none yet (箱の用意)."""
    if Box.objects.exists():
        return
    now, actor = clock.now(), cli_actor("demo").for_purpose("デモのカードの箱")
    received_on = clock.today() - timedelta(days=ARRIVED_DAYS_AGO)
    deck = _deck(received_on)
    # The waiting one first: the other holds a card of its list.
    for box_no, count, lines in (
        (WAITING, len(deck.second) - 1, deck.second),
        (EMPTIED, len(deck.scanned), deck.first),
    ):
        unit.run(
            boxes.open_box, box_no=box_no, received_on=received_on, counted_in=count, lines=lines,
            actor=actor, now=now,
        )  # fmt: skip
    for number in deck.scanned:
        unit.run(boxes.scan, box_no=EMPTIED, text=number, actor=actor, now=now)
    card = Card.objects.get(notice_no=deck.bad_face)
    unit.run(
        settling.note_fault, card_id=card.card_id, code=FaultCode.FACE, version=card.version,
        actor=actor, now=now,
    )  # fmt: skip


def _deck(received_on: date) -> _Deck:
    named = [NAMED[key].person_id for key in NAMED_HOLDERS]
    people = list(_printed(_PEOPLE, {"named": named, "limit": CARDS - 2 + WAITING_CARDS}))
    people += list(_printed(_GONE, {}))
    known = sum(1 for person_id, _ in people if person_id in named)
    lines = [
        _line(place, replace(printed, **_days(received_on)))
        for place, (_, printed) in enumerate(people)
    ]
    gone, second = lines[-1:], lines[CARDS - 2 : -1]
    first = [*lines[: CARDS - 2], *gone]
    for place, change in _wrong(received_on).items():
        at = known + place
        first[at] = replace(first[at], printed=replace(first[at].printed, **change))
    # A second card of somebody who has one, and one that no list names.
    twin = replace(first[known + _TWICE], notice_no=f"DM1-{CARDS + 900:06}")
    unlisted = first[known + _NOT_LISTED].notice_no
    listed = [one for one in (*first, twin) if one.notice_no != unlisted]
    return _Deck(
        first=tuple(listed), second=tuple(second), bad_face=first[known + _FACE].notice_no,
        scanned=(*(one.notice_no for one in (*first, twin)), second[0].notice_no),
    )  # fmt: skip


def _wrong(received_on: date) -> Mapping[int, Mapping[str, Any]]:
    """What is printed wrong on whose card; the others are wrong by where they lie."""
    return {
        _MOVED: {"address": "鹿児島県大島郡瀬戸内町大字清水9999番地"},
        _MISPRINTED: {"name": "架空　書違"},
        _EXPIRED: {"expires_on": received_on - timedelta(days=1)},
    }


def _days(received_on: date) -> Mapping[str, Any]:
    made_on = received_on - timedelta(days=10)
    return {"made_on": made_on, "expires_on": made_on.replace(year=made_on.year + 9)}


def _printed(query: str, given: Mapping[str, Any]) -> Iterator[tuple[str, Printed]]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        rows: Sequence[tuple[str, str, str, date, str]] = cursor.fetchall()
    for person_id, name, kana, birth_on, address in rows:
        yield person_id, Printed(name=name, kana=kana, birth_on=birth_on, address=address)


def _line(place: int, printed: Printed) -> Line:
    kinds = (CardKind.NEW, CardKind.RENEWAL, CardKind.NEW, CardKind.REISSUE)
    return Line(
        notice_no=f"DM1-{place + 1:06}", application_no=f"{place + 1:023}",
        kind=kinds[place % len(kinds)], printed=printed,
    )  # fmt: skip
