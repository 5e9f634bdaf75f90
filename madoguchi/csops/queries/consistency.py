"""The register laid beside an extract of the CS, as one clerk may see it (整合性の確認の照会)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from django.db import connection

from madoguchi.csops.documents.extract import open_extract
from madoguchi.csops.domain.consistency import Difference, Facts, Kind, Registered, compare
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import PersonRow, persons_of, seen

_CHUNK = 2_000
#: So many are listed on the page; all of them are counted.
LISTED_MAX = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What a check found: counted by kind, the first of them listed (確認の結果)."""

    rows: int
    counts: Mapping[Kind, int]
    listed: tuple[Difference, ...]

    @property
    def total(self) -> int:
        """Return how many differences there are (ちがいの数)."""
        return sum(self.counts.values())


def check_extract(file: BinaryIO, *, actor: Actor) -> Check | tuple[Problem, ...]:
    """Compare the register with an extract; nothing is kept of either (整合性の確認).

    To an actor without the right, held people are in neither: not listed, not counted, and not
    told as somebody only the extract knows.
    """
    extract = open_extract(file)
    people = [one for one in extract if isinstance(one, Facts)]
    if not people:
        return tuple(one for one in extract if isinstance(one, Problem))
    register, hidden = _register(actor)
    shown = [one for one in people if one.code not in hidden]
    differences = compare(register, shown)
    counts = Counter(one.kind for one in differences)
    return Check(
        rows=len(people), counts={kind: counts[kind] for kind in Kind if counts[kind]},
        listed=differences[:LISTED_MAX],
    )  # fmt: skip


def _register(actor: Actor) -> tuple[list[Registered], frozenset[str]]:
    """Return everybody this actor may see, and the codes of those they may not."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id, is_protected FROM register_out_names ORDER BY person_id")
        rows = cursor.fetchall()
    held = [person_id for person_id, is_held in rows if is_held]
    hidden = set(held) - seen.find_persons(held, actor=actor).keys()
    ids = [person_id for person_id, _ in rows]
    found: list[Registered] = []
    codes: set[str] = set()
    for at in range(0, len(ids), _CHUNK):
        for person_id, row in persons_of(ids[at : at + _CHUNK]).items():
            if person_id in hidden:
                codes.add(row.resident_code)
            else:
                found.append(_registered(row))
    return found, frozenset(codes - {""})


def _registered(row: PersonRow) -> Registered:
    return Registered(
        person_id=row.person_id, is_resident=row.status.is_resident, code=row.resident_code,
        name=row.name or row.name_alphabet, birth=row.birth, birth_sort=row.birth_sort,
        sex=row.sex.value, address=f"{row.address}{row.building}", moved_on=row.effective_on,
    )  # fmt: skip


def people_of(listed: Sequence[Difference]) -> tuple[str, ...]:
    """Return whom a list of differences is about, once each (対象者)."""
    return tuple(sorted({one.person_id for one in listed if one.person_id}))
