"""Learn weights from the rows people decided, and adopt them (重みの学習と採用)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db.models import QuerySet

from madoguchi.addressees.domain.learning import Pair, check_labels, learn_weights
from madoguchi.addressees.domain.rights import WEIGHTS, must
from madoguchi.addressees.domain.worklist import Means, State
from madoguchi.addressees.models import Entry, Label, Learnt
from madoguchi.audit.api import record
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Problem, Refused


def learn(*, actor: Actor, now: datetime) -> str:
    """Learn from every decided row; nothing changes until it is adopted (学習する)."""
    must(actor, WEIGHTS)
    pairs = _pairs()
    problems = check_labels(pairs)
    if problems:
        raise Refused(problems)
    weights = learn_weights(pairs)
    kept = Learnt.objects.create(
        learnt_id=new_id(), learnt_by=actor.staff_id, learnt_at=now, pairs=len(pairs),
        labels=sum(one.same is not None for one in pairs),
        weights=[
            {"name": one.name, "m": list(one.m), "u": list(one.u), "share": one.share}
            for one in weights
        ],
    )  # fmt: skip
    record(
        actor=actor, action="ADDRESSEES_WEIGHTS_LEARNT", subjects=[],
        detail={"learnt_id": kept.learnt_id, "labels": kept.labels, "pairs": kept.pairs},
    )  # fmt: skip
    return kept.learnt_id


def adopt(*, learnt_id: str, actor: Actor, now: datetime) -> None:
    """Use learned weights from the next list on (採用する)."""
    must(actor, WEIGHTS)
    changed = Learnt.objects.filter(learnt_id=learnt_id, adopted_at__isnull=True).update(
        adopted_at=now, adopted_by=actor.staff_id
    )
    if not changed:
        raise Refused(Problem(code="ADDRESSEES_WEIGHTS_UNKNOWN"))
    record(
        actor=actor, action="ADDRESSEES_WEIGHTS_ADOPTED", subjects=[],
        detail={"learnt_id": learnt_id},
    )  # fmt: skip


def _pairs() -> list[Pair]:
    kept = [Pair(levels=one.levels, same=one.same) for one in Label.objects.all()]
    return [*kept, *pairs_of(Entry.objects.all())]


def pairs_of(entries: QuerySet[Entry]) -> Iterator[Pair]:
    """Yield every candidate of every row: said by a person, or left to the counting (学習の組)."""
    for one in entries.exclude(candidates=[]).only("candidates", "state", "means", "person_id"):
        by_person = one.means in (Means.PERSON, Means.TWO_PERSONS)
        for each in one.candidates:
            same = None
            if by_person and one.state in (State.LINKED, State.NOBODY):
                same = each["person"] == one.person_id
            yield Pair(levels=each["levels"], same=same)
