"""Search keys of many people at once: what a worker process does (検索キーの一括作成)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from madoguchi.register.domain.copytext import copy_text
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search.keys import SearchKeys, keys_of
from madoguchi.register.domain.search.spelling import Spelling

#: The texts of a version that are looked into, in the order in which rows bring them.
SPELLED = (
    "name", "name_kana", "former_surname", "former_surname_kana", "alias", "alias_kana",
    "name_alphabet", "address", "building", "previous_address",
)  # fmt: skip
#: The columns of a row of keys, in the order in which they are written.
STORED = (
    "rank", "sort_key", "born", "name", "surname", "initial", "kana_surname", "names", "kanas",
    "places", "past_names", "past_kanas", "past_places", "tokens",
)  # fmt: skip

#: (person_id, status, birth_sort, *SPELLED)
VersionCells = tuple[Any, ...]

_RESIDENT = frozenset(status.value for status in Status if status.is_resident)


def key_block(people: Sequence[Sequence[VersionCells]]) -> bytes:
    """Write the key rows of people for COPY; each comes as their versions, oldest first."""
    return copy_text(map(_row, people))


def _row(versions: Sequence[VersionCells]) -> list[Any]:
    *older, newest = versions
    keys = keys_of(
        _spelling(newest),
        past=[_spelling(one) for one in reversed(older)],
        is_resident=newest[1] in _RESIDENT,
    )
    return [newest[0], *_cells(keys)]


def _cells(keys: SearchKeys) -> Iterable[Any]:
    return (getattr(keys, name) for name in STORED)


def _spelling(row: VersionCells) -> Spelling:
    born: date | None = row[2]
    return Spelling(born=born, **dict(zip(SPELLED, row[3:], strict=True)))
