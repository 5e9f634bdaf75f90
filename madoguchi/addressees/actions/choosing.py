"""One press says who a row is; the last ten can be taken back (確認の判断)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from madoguchi.addressees.domain.places import Gazetteer
from madoguchi.addressees.domain.rights import must
from madoguchi.addressees.domain.worklist import Means, State, check_second, needs_second
from madoguchi.addressees.models import Choice, Entry
from madoguchi.addressees.queries.entries import (
    OPEN,
    UNDO_MAX,
    EntryRow,
    as_seen,
    entry_row,
    find_entry,
    last_choices,
)
from madoguchi.addressees.queries.review import as_now
from madoguchi.audit.api import record
from madoguchi.infra import facts, locks
from madoguchi.infra.locks import LockKind
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused


def choose(
    *, entry_id: str, person_id: str, actor: Actor, gazetteer: Gazetteer, now: datetime
) -> State:
    """Say which candidate a row is, or, with an empty id, that it is none of them (選ぶ).

    The candidates are those of this moment. Another surname or birth date wants a second person,
    who must choose the same.
    """
    if person_id:
        locks.take([(LockKind.PERSON, person_id)])
    must(actor)
    kept = Entry.objects.select_for_update().filter(entry_id=entry_id).first()
    if kept is None or kept.state not in OPEN:
        raise Refused(Problem(code="ADDRESSEES_ROW_NOT_OPEN"))
    found = as_now(entry_row(kept), gazetteer=gazetteer)
    (seen,) = as_seen([found], actor=actor)
    if seen.state not in OPEN:
        raise Refused(Problem(code="ADDRESSEES_ROW_NOT_OPEN"))
    before = _kept_of(kept)
    is_second = seen.state is State.SECOND
    if is_second:
        problems = check_second(first_by=kept.first_by, staff_id=actor.staff_id)
        if problems:
            raise Refused(problems)
    _settle(kept, seen, person_id, actor=actor)
    kept.changed_at, kept.settled_no = now, 0
    # What it was decided by is what is learned from, and what is told of it later.
    kept.candidates, kept.vetoes = list(found.candidates), list(found.vetoes)
    kept.bits, kept.margin = found.bits, found.margin
    kept.save()
    Choice.objects.create(
        entry=kept, person_id=person_id, is_second=is_second, chosen_by=actor.staff_id,
        chosen_at=now, before=before,
    )  # fmt: skip
    record(
        actor=actor, action="ADDRESSEES_ROW_DECIDED",
        subjects=[person_id] if person_id else [],
        detail={"entry_id": entry_id, "state": kept.state, "second": is_second},
    )  # fmt: skip
    facts.note("addressees_row_decided", at=now, state=kept.state, second=is_second)
    return State(kept.state)


def _settle(kept: Entry, seen: EntryRow, person_id: str, *, actor: Actor) -> None:
    """Work out what the row becomes."""
    if seen.state is State.SECOND and person_id != kept.person_id:
        # The two do not agree: neither counts, and the row is asked about anew.
        kept.state, kept.means, kept.person_id = State.REVIEW, Means.NONE, ""
        kept.first_by = ""
        return
    if not person_id:
        kept.state, kept.means, kept.person_id = State.NOBODY, Means.PERSON, ""
        return
    chosen = next((one for one in seen.candidates if one["person"] == person_id), None)
    if chosen is None:
        raise Refused(Problem(code="ADDRESSEES_NOT_A_CANDIDATE"))
    if seen.state is State.SECOND:
        kept.state, kept.means = State.LINKED, Means.TWO_PERSONS
        return
    kept.person_id = person_id
    if needs_second(chosen["levels"]):
        kept.state, kept.means, kept.first_by = State.SECOND, Means.NONE, actor.staff_id
    else:
        kept.state, kept.means = State.LINKED, Means.PERSON


def undo(*, choice_id: int, actor: Actor, now: datetime) -> None:
    """Take back one of one's own last ten decisions, if nothing came of it since (取り消す)."""
    must(actor)
    choice = (
        Choice.objects.select_for_update()
        .filter(choice_id=choice_id, chosen_by=actor.staff_id, undone_at__isnull=True)
        .first()
    )
    if choice is None:
        raise Refused(Problem(code="ADDRESSEES_NOTHING_TO_UNDO"))
    kept = Entry.objects.select_for_update().get(entry_id=choice.entry_id)
    mine = {one.choice_id for one in last_choices(kept.listed_id, actor=actor)[:UNDO_MAX]}
    newest = (
        Choice.objects.filter(entry=kept, undone_at__isnull=True).order_by("-choice_id").first()
    )
    if choice_id not in mine or newest is None or newest.choice_id != choice_id:
        raise Refused(Problem(code="ADDRESSEES_NOTHING_TO_UNDO"))
    if kept.write_backs.filter(write_back__undone_at__isnull=True).exists():
        raise Refused(Problem(code="ADDRESSEES_WRITTEN_ALREADY"))
    for name, value in choice.before.items():
        setattr(kept, name, value)
    kept.changed_at, kept.settled_no = now, 0
    kept.save(update_fields=[*choice.before, "settled_no", "changed_at"])
    Choice.objects.filter(choice_id=choice_id).update(undone_at=now)
    record(
        actor=actor, action="ADDRESSEES_DECISION_UNDONE",
        subjects=[choice.person_id] if choice.person_id else [],
        detail={"entry_id": kept.entry_id},
    )  # fmt: skip


def look_again(*, entry_id: str, actor: Actor, now: datetime) -> None:
    """Send a decided row back to the queue: a letter came back, or somebody doubts it (確認に戻す)."""
    must(actor)
    kept = Entry.objects.select_for_update().filter(entry_id=entry_id).first()
    seen = find_entry(entry_id, actor=actor) if kept else None
    if kept is None or seen is None or seen.state in OPEN or not seen.candidates:
        raise Refused(Problem(code="ADDRESSEES_ROW_NOT_DECIDED"))
    person_id = kept.person_id
    kept.state, kept.means, kept.person_id, kept.first_by = State.REVIEW, Means.NONE, "", ""
    kept.changed_at, kept.settled_no = now, 0
    kept.save(update_fields=["state", "means", "person_id", "first_by", "settled_no", "changed_at"])
    record(
        actor=actor, action="ADDRESSEES_ROW_DOUBTED", subjects=[person_id] if person_id else [],
        detail={"entry_id": entry_id},
    )  # fmt: skip


def _kept_of(kept: Entry) -> dict[str, Any]:
    return {name: getattr(kept, name) for name in ("state", "means", "person_id", "first_by")}
