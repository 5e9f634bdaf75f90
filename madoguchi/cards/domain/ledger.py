"""The ledger as a file of the town (管理簿): its columns, what a row may change, what goes out.

A file never moves a card the house knows already: it may bring its note, its 取置期限 and every
cell that is not ours. Whatever else it says must agree, or the row is refused with its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from madoguchi.cards.domain.card import CardKind, plain
from madoguchi.cards.domain.columns import DAYS, NAMES, Field, check_headings, guess
from madoguchi.cards.domain.rows import KINDS
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import has_individual_number

#: A position in the file and what it means to us; None: kept as it is.
Chosen = Mapping[int, Field | None]

#: Taken from a file for a card that is known; everything else must agree.
BROUGHT = (Field.NOTE, Field.HOLD_UNTIL)
#: Things done: none of them lies ahead.
DONE_DAYS = (Field.ARRIVED_ON, Field.SETUP_ON, Field.HANDED_OVER_ON, Field.ENDED_ON)
KIND_WORDS: Mapping[CardKind, str] = {
    kind: next(word for word, one in KINDS.items() if one is kind) for kind in CardKind
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a ledger file (管理簿の列)."""

    heading: str
    field: Field | None = None
    format: str = ""


def field_named(words: str) -> Field | None:
    """Return the column of ours a person names by its heading or code (項目の指定)."""
    return next(
        (field for field, names in NAMES.items() if words in (field.value, *names)),
        None,
    )


def decide_columns(
    headings: Sequence[str], *, line: int, chosen: Chosen | None = None
) -> tuple[tuple[Field | None, ...], tuple[Problem, ...]]:
    """Say what each column means; a guess counts only where somebody confirmed it (列の決定)."""
    guesses = guess(headings)
    problems = list(check_headings(headings, line=line))
    fields: list[Field | None] = []
    for place, one in enumerate(guesses):
        if chosen is not None and place in chosen:
            field = chosen[place]
        elif one.is_sure:
            field = one.field
        else:
            assert one.field is not None
            facts = {"column": one.heading, "meaning": NAMES[one.field][0]}
            where = f"line {line}, {one.heading}"
            problems.append(Problem(code="CARD_COLUMN_UNCONFIRMED", where=where, facts=facts))
            field = one.field
        if field is not None and field in fields:
            facts = {"column": one.heading, "meaning": NAMES[field][0]}
            where = f"line {line}, {one.heading}"
            problems.append(Problem(code="CARD_COLUMN_TWICE", where=where, facts=facts))
            field = None
        fields.append(field)
    if Field.NOTICE_NO not in fields:
        facts = {"column": NAMES[Field.NOTICE_NO][0]}
        problems.append(Problem(code="CARD_COLUMN_MISSING", facts=facts))
    return tuple(fields), tuple(problems)


def check_cells(
    texts: Sequence[str], *, headings: Sequence[str], fields: Sequence[Field | None], line: int
) -> tuple[Problem, ...]:
    """Refuse a 個人番号 in a cell that is only kept; the cell is not repeated (持ってはならない値)."""
    found = []
    for place, text in enumerate(texts):
        if place < len(fields) and fields[place] is not None:
            continue  # read_row looks at these
        if has_individual_number(text):
            heading = headings[place] if place < len(headings) and headings[place] else "見出しなし"
            where, facts = f"line {line}, {heading}", {"column": heading}
            found.append(Problem(code="CARD_CELL_INDIVIDUAL_NUMBER", where=where, facts=facts))
    return tuple(found)


def check_new(
    values: Mapping[Field, Any], *, line: int, today: date, taken: Mapping[str, str]
) -> tuple[Problem, ...]:
    """Say what is wrong with a row of a card that is new to the house (新しい行の検査)."""
    found = []
    for field in DONE_DAYS:
        day = values.get(field)
        if day is not None and day > today:
            where, facts = f"line {line}, {NAMES[field][0]}", {"column": NAMES[field][0]}
            found.append(Problem(code="CARD_DAY_AHEAD", where=where, facts=facts))
    shelf = values.get(Field.SHELF, "")
    if shelf in taken:
        where, facts = f"line {line}, {NAMES[Field.SHELF][0]}", {"number": taken[shelf]}
        found.append(Problem(code="CARD_PLACE_TAKEN", where=where, facts=facts))
    return tuple(found)


def check_known(
    values: Mapping[Field, Any], ours: Mapping[str, str], *, line: int
) -> tuple[Problem, ...]:
    """Say where a row disagrees with what is known of its card (食いちがい).

    An empty cell claims nothing, and where we hold nothing the file's word is kept as a cell.
    """
    found = []
    for field, value in values.items():
        said = as_text(field, value)
        held = ours.get(field.value, "")
        if field in BROUGHT or not said or not held or said == held:
            continue
        column = NAMES[field][0]
        where = f"line {line}, {column}"
        found.append(Problem(code="CARD_LEDGER_DIFFERS", where=where, facts={"column": column}))
    return tuple(found)


def as_text(field: Field, value: Any) -> str:
    """Return a value of ours as text that can be kept and compared (値の文字)."""
    if value is None:
        return ""
    if field is Field.KIND:
        return KIND_WORDS[CardKind(value)]
    return value.isoformat() if isinstance(value, date) else str(value)


def as_cell(field: Field, text: str) -> list[Any] | None:
    """Return a value of ours as a typed cell (値のセル)."""
    if not text:
        return None
    return ["d" if field in DAYS else "s", text]


def is_same(field: Field, text: str, taken: Mapping[str, str]) -> bool:
    """Tell whether our column still says what it said when the file came in (変わらない値)."""
    return taken.get(field.value, "") == text


def unite(layouts: Sequence[Sequence[Column]], filled: Sequence[Field]) -> tuple[Column, ...]:
    """Put the columns of several files side by side, the newest file's first (列の統合).

    A column of ours that no file has is added at the end where any card has something to say.
    """
    found: list[Column] = []
    for columns in layouts:
        for one, nth in _numbered(columns):
            if place_of(found, one, nth) is None:
                found.append(one)
    there = {one.field for one in found}
    found += [Column(heading=NAMES[one][0], field=one) for one in filled if one not in there]
    return tuple(found)


def place_of(columns: Sequence[Column], wanted: Column, nth: int = 0) -> int | None:
    """Find a file's column among the united ones: by meaning, else by heading (列の位置)."""
    seen = 0
    for place, one in enumerate(columns):
        if wanted.field is not None or one.field is not None:
            if wanted.field is one.field:
                return place
            continue
        if one.heading == wanted.heading:
            if seen == nth:
                return place
            seen += 1
    return None


def places_of_layout(columns: Sequence[Column], united: Sequence[Column]) -> tuple[int, ...]:
    """Say where each column of a file goes among the united ones (列の対応)."""
    places = []
    for one, nth in _numbered(columns):
        place = place_of(united, one, nth)
        assert place is not None
        places.append(place)
    return tuple(places)


def _numbered(columns: Sequence[Column]) -> Iterator[tuple[Column, int]]:
    seen: dict[str, int] = {}
    for one in columns:
        nth = seen.get(one.heading, 0)
        if one.field is None:
            seen[one.heading] = nth + 1
        yield one, nth


def shelf_of(text: str) -> str:
    """Return the part of a place a clerk filters by: C, C-2 or C-2-07 (棚のしぼりこみ)."""
    return plain(text)[:10]


def shelf_starts(shelf: str) -> str:
    """Return how places on that shelf begin: C-2 holds C-2-07 and not C-21 (棚の頭)."""
    return shelf if shelf.count("-") >= 2 or not shelf else f"{shelf}-"
