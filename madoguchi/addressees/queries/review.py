"""The row that is looked at, compared with the register as it is this moment (確認の照会).

What a list was taken in with grows old: people move, marry, come under a measure. So who a waiting
row may be is worked out anew each time it is shown, and once more when it is decided.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from madoguchi.addressees.domain.columns import Column
from madoguchi.addressees.domain.deciding import Veto
from madoguchi.addressees.domain.keys import Called, Row
from madoguchi.addressees.domain.levels import Standing
from madoguchi.addressees.domain.matching import Candidate, match
from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.models import Entry, List
from madoguchi.addressees.queries.book import open_register
from madoguchi.addressees.queries.entries import OPEN, EntryRow, as_seen, entry_row, waiting_in
from madoguchi.addressees.queries.people import address_of, names_of
from madoguchi.addressees.queries.weights import weights_now
from madoguchi.kernel.actor import Actor
from madoguchi.register.api import persons_of

CANDIDATES_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class CandidateRow:
    """Somebody of the register a row may be, as the register has them now (候補)."""

    person_id: str
    #: The name they are met by, and which one it is; their own beside it where it is another.
    name: str
    kana: str
    called: Called
    own_name: str
    birth: str
    address: str
    status: str
    bits: float
    levels: Mapping[str, int]
    item_bits: Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """What waits for one person in a list (確認の列): the next row, and how many."""

    entry: EntryRow | None
    left: int
    #: Rows this person chose first: somebody else must look.
    for_others: int


def queue_of(list_id: str, *, actor: Actor, gazetteer: Gazetteer) -> Queue:
    """Return what this person is to look at next (次の1行)."""
    mine, for_others = waiting_in(list_id, actor=actor)
    for passed, entry_id in enumerate(mine):
        fresh = as_now(entry_row(Entry.objects.get(entry_id=entry_id)), gazetteer=gazetteer)
        (entry,) = as_seen([fresh], actor=actor)
        # Whoever it may be by now can be somebody this person may not see: then it waits for others.
        if entry.state in OPEN:
            return Queue(entry=entry, left=len(mine) - passed, for_others=for_others)
    return Queue(entry=None, left=0, for_others=for_others)


def as_now(entry: EntryRow, *, gazetteer: Gazetteer) -> EntryRow:
    """Compare a row with the register anew; where nobody is near any more, what was found stays (いまの照合).

    That another row claims the same person is not seen from one row: it is kept.
    """
    kind = List.objects.values_list("number_kind", flat=True).get(list_id=entry.list_id)
    row = Row(
        row_id=entry.row_id, name=entry.name, kana=entry.kana, birth=entry.birth,
        address=entry.address, standing=Standing(entry.standing), is_protected=entry.is_held,
        number=entry.number,
    )  # fmt: skip
    number = Column(kind) if kind else None
    batch, book = open_register([row], number=number, gazetteer=gazetteer)
    found = match(batch, book, weights=weights_now()).finding(0)
    if not found.candidates:
        return entry
    claimed = str(Veto.CLAIMED_TWICE.name)
    vetoes = [str(one.name) for one in found.vetoes]
    return replace(
        entry, candidates=tuple(as_kept(found.candidates)), bits=round(found.bits, 2),
        margin=round(found.margin, 2),
        vetoes=(*vetoes, *([claimed] if claimed in entry.vetoes else [])),
    )  # fmt: skip


def as_kept(candidates: Iterable[Candidate]) -> list[dict[str, Any]]:
    """Return candidates as a row keeps them (候補の保存形)."""
    return [
        {
            "person": one.register_id, "name_no": one.name_no, "bits": round(one.bits, 2),
            "levels": {item.name: level for item, level in one.levels.items()},
            "item_bits": {item.name: round(b, 2) for item, b in one.item_bits.items()},
        }
        for one in candidates
    ]  # fmt: skip


def candidates_of(entry: EntryRow) -> tuple[CandidateRow, ...]:
    """Return the candidates of a row as the register has them now (候補)."""
    people = persons_of([one["person"] for one in entry.candidates])
    found = []
    for one in entry.candidates[:CANDIDATES_SHOWN]:
        person = people.get(one["person"])
        if person is None:
            continue
        names = names_of(person)
        called = Called(one.get("name_no", Called.OWN))
        own = next((each for each in names if each[0]), names[Called.OWN])
        # A name given up since the list came is nobody's name any more.
        name, kana = names[called] if names[called][0] else own
        found.append(
            CandidateRow(
                person_id=person.person_id,
                name=name,
                kana=kana,
                called=called if (name, kana) != own else Called.OWN,
                own_name=own[0],
                birth=person.birth,
                address=address_of(person),
                status=person.status.value,
                bits=one["bits"],
                levels=one["levels"],
                item_bits=one["item_bits"],
            )
        )
    return tuple(found)
