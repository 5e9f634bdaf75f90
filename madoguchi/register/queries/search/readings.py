"""Readings of one word of a question: where it may stand, and how to ask for it (読み方).

``Reading`` is a building block: two words are asked for together by joining a reading of each,
so that the inverted index meets both at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

from madoguchi.kernel.names import grams
from madoguchi.register.domain.search.keys import (
    BUCKETS,
    Token,
    born_piece,
    place_pieces,
    token,
)
from madoguchi.register.domain.search.question import Part, PartKind
from madoguchi.register.queries.search.arms import Arm, Condition, like

#: A word is asked for by at most so many pieces; its text is compared in any case.
PIECES_MAX = 10
PLACE_PIECES_MAX = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One place where a word may stand; a lower ``cost`` is shown first (読み方)."""

    cost: int
    code: str
    words: tuple[tuple[Token, str], ...] = ()
    pieces: tuple[str, ...] = ()
    kind: Token = Token.NAME_GRAM
    past: bool = False
    conditions: tuple[Condition, ...]
    #: The official name or reading meets it, and not only a former surname or an alias.
    official: Condition | None = None


COST_WORD, COST_NAME, COST_PLACE_WORD, COST_PLACE, COST_PAST_NAME, COST_PAST_PLACE = range(6)


def readings_of(part: Part) -> tuple[Reading, ...]:
    """Return every reading of a word, best first (検索語の読み方)."""
    found: list[Reading] = []
    if part.days is not None:
        return (_born(part.days),)
    if part.kind is PartKind.TEXT:
        found += _surname(part)
        found += _in_names(part)
    if part.kind is PartKind.KANA:
        found += _kana_surname(part)
        found += _in_kanas(part)
        found += _in_names(part)
    found += _in_places(part)
    return tuple(sorted(found, key=lambda one: one.cost))


def arm_of(readings: Sequence[Reading], *, besides: Sequence[Condition] = ()) -> Arm | None:
    """Join one reading of each word to an arm; None where the index cannot help (検索の手段)."""
    pieces = [
        (kind, text, one.past)
        for one in readings
        for kind, text in (*one.words, *((one.kind, piece) for piece in one.pieces))
    ]
    if not pieces:
        return None
    probes = tuple(
        tuple(token(kind, text, past=past, bucket=each) for kind, text, past in pieces)
        for each in BUCKETS
    )
    code, code_values = code_of(readings)
    conditions = [condition for one in readings for condition in one.conditions]
    return Arm(
        code=code, code_values=code_values, conditions=(*conditions, *besides), probes=probes
    )


def code_of(readings: Sequence[Reading]) -> tuple[str, tuple[Any, ...]]:
    """Return the SQL that tells how a person was found, as NAME or NAME+ADDRESS (該当の理由)."""
    codes = [one.code for one in readings]
    only = readings[0]
    if len(readings) == 1 and only.official is not None:
        text, values = only.official
        return f"CASE WHEN {text} THEN '{only.code}' ELSE 'OTHER_NAME' END", values
    return f"'{'+'.join(dict.fromkeys(codes))}'::text", ()


def anywhere(part: Part) -> Condition:
    """Return the condition that a word stands anywhere in a person's texts (どこかに一致)."""
    groups = [one.conditions for one in readings_of(part) if one.cost != COST_WORD]
    joined = [" AND ".join(text for text, _ in conditions) for conditions in groups]
    values = tuple(v for conditions in groups for _, some in conditions for v in some)
    return f"({' OR '.join(f'({text})' for text in joined)})", values


def joint_readings_of(parts: Sequence[Part]) -> list[list[tuple[Reading, ...]]]:
    """Return the readings of two or three words together, in groups, best first (複数語の読み方).

    A later group is for when the earlier found too few; of three words, when it found nobody.
    Three words are nearly always a name in two and a place or a birth, so surnames need no
    readings of their own there, and at most one word is read as past.
    """
    many = len(parts) >= MANY
    groups: list[list[tuple[Reading, ...]]] = [[], [], []]
    for some in product(*map(_for_joining, parts)):
        surnames = sum(one.cost == COST_WORD for one in some)
        past = sum(one.past for one in some)
        places = sum(one.cost == COST_PLACE for one in some)
        if surnames > (0 if many else 1) or (surnames and past) or past > (1 if many else 2):
            continue
        groups[2 if past else int(many and places > 1)].append(some)
    for group in groups:
        group.sort(key=lambda some: sum(one.cost for one in some))
    return [group for group in groups if group]


#: So many words together are asked for more sparingly.
MANY = 3


def _for_joining(part: Part) -> tuple[Reading, ...]:
    """Leave out what would only say again what another reading of the same word says."""
    found = readings_of(part)
    by_pieces = {one.past for one in found if one.kind is Token.PLACE_GRAM}
    return tuple(
        one
        for one in found
        if not (one.kind is Token.PLACE_WORD and one.past in by_pieces)
        # Who is registered in kana has the same reading.
        and not (part.kind is PartKind.KANA and one.kind is Token.NAME_GRAM)
    )


def _born(days: tuple[date, date]) -> Reading:
    """A day has its own index; a month or a year is a piece of the inverted one."""
    first, last = days
    whole_year = first.month != last.month
    return Reading(
        cost=COST_NAME,
        code="BIRTH_DATE",
        pieces=(born_piece(first, whole_year=whole_year),) if first != last else (),
        kind=Token.BORN,
        conditions=(("x.born BETWEEN %s AND %s", days),),
    )


# -- readings --------------------------------------------------------------------------


def _surname(part: Part) -> list[Reading]:
    return [
        Reading(
            cost=COST_WORD,
            code="NAME",
            words=((Token.SURNAME, part.name),),
            conditions=(like("names", "%", "|", part.name, " ", "%"),),
        )
    ]


def _in_names(part: Part) -> list[Reading]:
    if not part.name:
        return []
    pieces = _some(grams(part.name))
    return [
        Reading(
            cost=cost,
            code=code,
            pieces=pieces,
            kind=Token.NAME_GRAM,
            past=past,
            conditions=(like(column, "%", part.name, "%"),),
            official=None if past else like("name", "%", part.name, "%"),
        )
        for cost, code, past, column in (
            (COST_NAME, "NAME", False, "names"),
            (COST_PAST_NAME, "PAST_NAME", True, "past_names"),
        )
    ]


def _kana_surname(part: Part) -> list[Reading]:
    return [
        Reading(
            cost=COST_WORD,
            code="KANA",
            words=((Token.KANA_SURNAME, part.kana),),
            conditions=(like("kanas", "%", "|", part.kana, " ", "%"),),
        )
    ]


def _in_kanas(part: Part) -> list[Reading]:
    return [
        Reading(
            cost=cost,
            code=code,
            pieces=_some(grams(needle)),
            kind=Token.KANA_GRAM,
            past=past,
            conditions=(like(column, "%", needle, "%"),),
        )
        for cost, code, past, column in (
            (COST_NAME, "KANA", False, "kanas"),
            (COST_PAST_NAME, "PAST_NAME", True, "past_kanas"),
        )
        for needle in part.needles
    ]


def _in_places(part: Part) -> list[Reading]:
    found: list[Reading] = []
    for past, key in ((False, part.place), (True, part.past_place)):
        column = "past_places" if past else "places"
        code = "PAST_ADDRESS" if past else "ADDRESS"
        cost = COST_PAST_PLACE if past else COST_PLACE
        word = Reading(
            cost=cost if past else COST_PLACE_WORD,
            code=code,
            pieces=(key,),
            kind=Token.PLACE_WORD,
            past=past,
            conditions=(like(column, "%", "|", key, "|", "%"),),
        )
        if key and not any(character.isdigit() for character in key):
            found.append(word)
        # An address grows narrower from left to right: its end finds fewer people.
        pieces = place_pieces(key)[-PLACE_PIECES_MAX:]
        if pieces:
            found.append(
                Reading(
                    cost=cost,
                    code=code,
                    pieces=pieces,
                    kind=Token.PLACE_GRAM,
                    past=past,
                    conditions=(_holds_place(column, key),),
                )
            )
    return found


def _holds_place(column: str, key: str) -> Condition:
    """A number is met whole: 1283-5 is not 1283-51."""
    if not (key[0].isdigit() or key[-1].isdigit()):
        return like(column, "%", key, "%")
    before = "(^|[^0-9])" if key[0].isdigit() else ""
    after = "([^0-9]|$)" if key[-1].isdigit() else ""
    return f"x.{column} ~ %s", (before + re.sub(r"([^\w\s-])", r"\\\1", key) + after,)


def _some(pieces: Sequence[str]) -> tuple[str, ...]:
    """Pairs say more than single letters, and the first and last more than the middle."""
    pairs = [piece for piece in pieces if len(piece) > 1] or list(pieces)
    return tuple(pairs[:PIECES_MAX])
