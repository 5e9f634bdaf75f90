"""Boxes of cards for the fictional town (デモのカードの箱): one emptied onto the shelves, one waiting.

Whose cards they are follows from the town alone, so a demo looks the same each time it is made.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from django.db import connection

from madoguchi.accounts.api import cli_actor
from madoguchi.cards.actions import boxes, demo
from madoguchi.cards.queries.boxes import list_boxes
from madoguchi.infra import clock, unit
from madoguchi.town.api import NAMED

#: Named people with a card of their own in the first box; Rin is held, Ume has died.
NAMED_HOLDERS = ("aoi", "minato_father", "minato_mother", "minato_first", "sora", "rin", "ume")
ARRIVED_DAYS_AGO = 6

_PEOPLE = """
SELECT coalesce(nullif(name, ''), name_alphabet), coalesce(name_kana, ''), birth_sort, address
FROM register_current c
WHERE birth_sort IS NOT NULL
  AND (person_id = ANY(%(named)s)
       OR status = 'RESIDENT' AND nationality_group = 'JAPANESE'
          AND NOT EXISTS (SELECT FROM protection_out_held h WHERE h.person_id = c.person_id))
ORDER BY array_position(%(named)s, person_id), md5(person_id)
LIMIT %(limit)s
"""
_GONE = """
SELECT coalesce(nullif(name, ''), name_alphabet), coalesce(name_kana, ''), birth_sort, address
FROM register_current
WHERE status = 'MOVED_OUT' AND nationality_group = 'JAPANESE' AND birth_sort IS NOT NULL
ORDER BY removed_sort DESC NULLS LAST, person_id LIMIT 1
"""


def fill() -> None:
    """Receive the two boxes, if there is none yet (箱の用意)."""
    named = [NAMED[key].person_id for key in NAMED_HOLDERS]
    people = [*_holders(_PEOPLE, {"named": named, "limit": demo.PEOPLE}), *_holders(_GONE, {})]
    if list_boxes(limit=1) or len(people) <= demo.PEOPLE:
        return  # there are some, or the town is too small for them
    now, actor = clock.now(), cli_actor("demo").for_purpose("デモのカードの箱")
    received_on = clock.today() - timedelta(days=ARRIVED_DAYS_AGO)
    deck = demo.make_deck(people, named=len(named), received_on=received_on)
    # The waiting one first: the other holds a card of its list.
    for box_no in (demo.WAITING, demo.EMPTIED):
        unit.run(demo.open_demo_box, box_no=box_no, deck=deck, received_on=received_on,
                 actor=actor, now=now)  # fmt: skip
    for number in deck.scanned:
        unit.run(boxes.scan, box_no=demo.EMPTIED, text=number, actor=actor, now=now)
    unit.run(demo.see_bad_face, notice_no=deck.bad_face, actor=actor, now=now)


def _holders(query: str, given: Mapping[str, Any]) -> Iterator[demo.Holder]:
    with connection.cursor() as cursor:
        cursor.execute(query, given)
        for name, kana, birth_on, address in cursor.fetchall():
            yield demo.Holder(name=name, kana=kana, birth_on=birth_on, address=address)
