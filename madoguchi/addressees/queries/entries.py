"""Lists and their rows as one clerk may see them (リストの照会).

A row that may be about somebody this actor may not see is, to them, a row that was not found.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Case, QuerySet, TextField, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform

from madoguchi.addressees.domain.worklist import State, persons_behind
from madoguchi.addressees.models import Choice, Entry, List
from madoguchi.addressees.queries.people import hidden
from madoguchi.kernel.actor import Actor

#: Rows somebody must look at.
OPEN = (State.REVIEW, State.SECOND)
UNDO_MAX = 10
LISTS_SHOWN = 50
SHOWN_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """One list with how many rows stand how (リストの1件)."""

    list_id: str
    name: str
    rows: int
    taken_at: datetime
    closed_at: datetime | None
    forgotten_at: datetime | None
    counts: Mapping[State, int]
    by_rule: int

    @property
    def waiting(self) -> int:
        """Rows somebody must look at (確認待ち)."""
        return self.counts[State.REVIEW] + self.counts[State.SECOND]


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """One row of a list with its candidates (1行)."""

    entry_id: str
    list_id: str
    line: int
    row_id: str
    name: str
    kana: str
    birth: str
    address: str
    number: str
    notice_no: str
    standing: int
    is_held: bool
    sent_to: str
    state: State
    means: str
    person_id: str
    bits: float
    margin: float
    vetoes: tuple[str, ...]
    candidates: tuple[Mapping[str, Any], ...]
    first_by: str


def list_lists(*, actor: Actor) -> tuple[ListRow, ...]:
    """List the lists, newest first, with counts as this actor may see them (リストの一覧)."""
    lists = List.objects.order_by("-taken_at")[:LISTS_SHOWN]
    return tuple(_list_row(one, _glance(_rows_of(one.list_id), actor=actor)) for one in lists)


def find_list(list_id: str, *, actor: Actor) -> ListRow | None:
    """Return one list (リスト)."""
    one = List.objects.filter(list_id=list_id).first()
    return _list_row(one, _glance(_rows_of(list_id), actor=actor)) if one else None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A row at a glance: how it stands for this actor, without its candidates."""

    entry_id: str
    state: State
    means: str
    first_by: str


def _glance(kept: QuerySet[Entry], *, actor: Actor) -> list[_Seen]:
    """Look over whole lists without reading them: thousands of rows are a fraction of a second."""
    # Who was linked is known without their candidates, which are long to read.
    nearest = [
        Case(
            When(state=State.LINKED, then=None),
            default=KeyTextTransform("person", KeyTransform(place, "candidates")),
            output_field=TextField(),
        )
        for place in "01"
    ]
    rows = [
        (entry_id, state, means, first_by,
         persons_behind(state=state, person_id=person_id, nearest=near, vetoes=vetoes))
        for entry_id, state, means, first_by, person_id, vetoes, *near in kept.order_by(
            "line"
        ).values_list("entry_id", "state", "means", "first_by", "person_id", "vetoes", *nearest)
    ]  # fmt: skip
    unseen = hidden(frozenset().union(*(row[4] for row in rows)), actor=actor)
    return [
        _Seen(entry_id=entry_id, state=State.NOBODY, means="RULE", first_by="")
        if unseen and not unseen.isdisjoint(behind)
        else _Seen(entry_id=entry_id, state=State(state), means=means, first_by=first_by)
        for entry_id, state, means, first_by, behind in rows
    ]


def _rows_of(list_id: str) -> QuerySet[Entry]:
    return Entry.objects.filter(listed_id=list_id)


def count_waiting(*, actor: Actor) -> int:
    """Count the rows of open lists that wait for this person to look (確認待ちの行)."""
    waiting = Entry.objects.filter(listed__closed_at__isnull=True, state__in=OPEN).exclude(
        first_by=actor.staff_id
    )
    return sum(one.state is not State.NOBODY for one in _glance(waiting, actor=actor))


def _list_row(one: List, seen: list[_Seen]) -> ListRow:
    return ListRow(
        list_id=one.list_id,
        name=one.name,
        rows=one.rows,
        taken_at=one.taken_at,
        closed_at=one.closed_at,
        forgotten_at=one.forgotten_at,
        counts={state: sum(each.state is state for each in seen) for state in State},
        by_rule=sum(each.state is State.LINKED and each.means == "RULE" for each in seen),
    )


def entries_of(
    list_id: str,
    *,
    actor: Actor,
    states: Iterable[State] = tuple(State),
    most: int | None = None,
) -> tuple[EntryRow, ...]:
    """List the rows of a list in its own order, as this actor may see them (行の一覧)."""
    wanted = frozenset(states)
    ids = [one.entry_id for one in _glance(_rows_of(list_id), actor=actor) if one.state in wanted]
    return read_entries(ids[:most], actor=actor)


def waiting_in(list_id: str, *, actor: Actor) -> tuple[tuple[str, ...], int]:
    """Return the rows that wait for this person, in order, and how many wait for another (確認の列)."""
    waiting = [
        one
        for one in _glance(_rows_of(list_id).filter(state__in=OPEN), actor=actor)
        if one.state in OPEN
    ]
    mine = tuple(one.entry_id for one in waiting if one.first_by != actor.staff_id)
    return mine, len(waiting) - len(mine)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """A row whose person is known, as short as a whole list of them can be read (決まった行)."""

    entry_id: str
    person_id: str
    notice_no: str
    settled_no: int


def linked_of(list_id: str, *, actor: Actor) -> tuple[Linked, ...]:
    """List the rows of a list whose person is known and may be seen (決まった行の一覧)."""
    kept = _rows_of(list_id).filter(state=State.LINKED).order_by("line")
    rows = [
        Linked(entry_id=entry_id, person_id=person_id, notice_no=notice_no, settled_no=settled_no)
        for entry_id, person_id, notice_no, settled_no in kept.values_list(
            "entry_id", "person_id", "notice_no", "settled_no"
        )
    ]
    unseen = hidden({one.person_id for one in rows}, actor=actor)
    return tuple(one for one in rows if one.person_id not in unseen)


def read_entries(entry_ids: Collection[str], *, actor: Actor) -> tuple[EntryRow, ...]:
    """Read rows in the order of their lists, as this actor may see them (行)."""
    kept = Entry.objects.filter(entry_id__in=list(entry_ids)).order_by("line")
    return as_seen([entry_row(one) for one in kept], actor=actor)


def find_entry(entry_id: str, *, actor: Actor) -> EntryRow | None:
    """Return one row as this actor may see it (1行)."""
    return next(iter(read_entries([entry_id], actor=actor)), None)


def entry_row(one: Entry) -> EntryRow:
    """Return a row as it is kept, whoever looks (1行)."""
    return EntryRow(
        entry_id=one.entry_id, list_id=one.listed_id, line=one.line, row_id=one.row_id,
        name=one.name, kana=one.kana, birth=one.birth, address=one.address, number=one.number,
        notice_no=one.notice_no, standing=one.standing, is_held=one.is_held,
        sent_to=one.sent_to, state=State(one.state), means=one.means,
        person_id=one.person_id, bits=one.bits, margin=one.margin, vetoes=tuple(one.vetoes),
        candidates=tuple(one.candidates), first_by=one.first_by,
    )  # fmt: skip


def as_seen(rows: list[EntryRow], *, actor: Actor) -> tuple[EntryRow, ...]:
    """Take out whom this actor may not see; what was about them was not found."""
    everybody = {each["person"] for one in rows for each in one.candidates}
    everybody |= {one.person_id for one in rows if one.person_id}
    unseen = hidden(everybody, actor=actor)
    return tuple(_without(one, unseen) for one in rows) if unseen else tuple(rows)


def _without(one: EntryRow, unseen: frozenset[str]) -> EntryRow:
    behind = persons_behind(
        state=one.state, person_id=one.person_id, vetoes=one.vetoes,
        nearest=[each["person"] for each in one.candidates],
    )  # fmt: skip
    if not unseen.isdisjoint(behind):
        return replace(
            one, state=State.NOBODY, means="RULE", person_id="", candidates=(), vetoes=(),
            first_by="", sent_to=one.address, bits=0.0, margin=0.0,
        )  # fmt: skip
    kept = tuple(each for each in one.candidates if each["person"] not in unseen)
    return replace(one, candidates=kept) if len(kept) != len(one.candidates) else one


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRow:
    """One decision of one's own that may be taken back (判断の1件)."""

    choice_id: int
    entry_id: str
    line: int
    name: str
    is_somebody: bool
    is_second: bool


def last_choices(list_id: str, *, actor: Actor) -> tuple[ChoiceRow, ...]:
    """List one's own last ten decisions of a list, newest first (取り消せる判断)."""
    kept = Choice.objects.filter(
        entry__listed_id=list_id, chosen_by=actor.staff_id, undone_at__isnull=True
    ).select_related("entry")
    found = [
        ChoiceRow(
            choice_id=one.choice_id, entry_id=one.entry_id, line=one.entry.line,
            name=one.entry.name, is_somebody=bool(one.person_id), is_second=one.is_second,
        )
        for one in kept.order_by("-choice_id")[:UNDO_MAX]
    ]  # fmt: skip
    seen = {row.entry_id: row for row in read_entries([one.entry_id for one in found], actor=actor)}
    return tuple(
        one for one in found if not (one.is_somebody and seen[one.entry_id].state is State.NOBODY)
    )
