"""Where a card lies (保管場所): cabinet, shelf, place, in the order one walks along them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from madoguchi.kernel.outcome import Problem

_PLACE = re.compile(r"([A-Z]{1,2})-([1-9][0-9]?)-([0-9]{2,3})")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfRow:
    """One shelf with so many places (棚)."""

    cabinet: str
    shelf_no: int
    places: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One place for one card (棚の位置)."""

    cabinet: str
    shelf_no: int
    place_no: int

    @property
    def label(self) -> str:
        """C-2-07, as it stands on the shelf and on the screen (位置の表示)."""
        return f"{self.cabinet}-{self.shelf_no}-{self.place_no:02}"

    @property
    def order(self) -> str:
        """Text that sorts as one walks along the cabinet (並び順)."""
        return f"{self.cabinet:<2}{self.shelf_no:02}{self.place_no:03}"


def read_place(text: str, *, where: str | None = None) -> Place | Problem:
    """Read a place as its label says it (位置の読取り)."""
    found = _PLACE.fullmatch(text.strip().upper())
    if found is None:
        return Problem(code="CARD_PLACE_UNREADABLE", where=where)
    cabinet, shelf_no, place_no = found.groups()
    return Place(cabinet=cabinet, shelf_no=int(shelf_no), place_no=int(place_no))


def places_of(shelves: Iterable[ShelfRow]) -> Iterator[Place]:
    """Walk along all places (位置の一覧)."""
    for shelf in sorted(shelves, key=lambda one: (one.cabinet, one.shelf_no)):
        for place_no in range(1, shelf.places + 1):
            yield Place(cabinet=shelf.cabinet, shelf_no=shelf.shelf_no, place_no=place_no)


def next_place(
    shelves: Iterable[ShelfRow], *, taken: Collection[str], after: str = ""
) -> Place | None:
    """Give the first free place behind ``after``, then from the beginning (次の空き).

    A box so lies together in the order it was scanned, for as long as there is room.
    """
    free = [place for place in places_of(shelves) if place.label not in taken]
    return next((place for place in free if place.order > after), free[0] if free else None)
