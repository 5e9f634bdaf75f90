"""Nothing lost, nothing doubled, whatever is cut when: against an oracle that knows only histories."""

from __future__ import annotations

import random
from datetime import datetime, timedelta

import pytest

from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Refused
from madoguchi.kit.domain.merging import Known, Outcome, Step, decide, tally_of
from madoguchi.kit.domain.operations import Kind, Operation, read_operation, write_operation

BEGAN = datetime(2026, 11, 28, 9, tzinfo=JAPAN)
OPERATIONS = 500


class Town:
    """A town of numbers: what is kept of a merge, and what each subject went through."""

    def __init__(self, subjects: int) -> None:
        self.versions = {f"s{one}": 1 for one in range(subjects)}
        self.history: dict[str, list[str]] = {one: [] for one in self.versions}
        self.book: dict[str, Known] = {}
        self.applied: list[str] = []

    def edit(self, subject: str) -> None:
        self.versions[subject] += 1
        self.history[subject].append("town")

    def take(self, one: Operation) -> Step:
        version = self.versions.get(one.subject) if one.base is not None else None
        found = decide(one, known=self.book, version=version)
        if found.step is Step.APPLY:
            left = None
            if one.base is not None:
                self.versions[one.subject] += 1
                left = self.versions[one.subject]
                self.history[one.subject].append(one.op_id)
            self.applied.append(one.op_id)
            self.book[one.op_id] = Known(digest=one.digest, outcome=Outcome.APPLIED, left=left)
        elif found.step is Step.CONFLICT:
            self.book[one.op_id] = Known(digest=one.digest, outcome=Outcome.CONFLICT, left=None)
        return found.step


def made_on_the_trip(dice: random.Random, town: Town, count: int) -> list[Operation]:
    last: dict[str, str] = {}
    found = []
    for number in range(count):
        subject = dice.choice([*town.versions, ""])
        one = Operation(
            op_id=new_id(), number=number, kind=Kind.CARD_HANDED_OVER if subject else Kind.LOOKED,
            at=BEGAN + timedelta(seconds=number), subject=subject, person_id="",
            base=1 if subject else None, after=last.get(subject, "") if subject else "",
            payload={"n": number},
        )  # fmt: skip
        last[subject] = one.op_id
        found.append(one)
    return found


def oracle(one: Operation, made: list[Operation], history: dict[str, list[str]]) -> Outcome:
    """Judge by histories alone: the town must have seen just this trip's work on it, all of it."""
    if not one.subject:
        return Outcome.APPLIED
    before = [
        each.op_id for each in made if each.subject == one.subject and each.number < one.number
    ]
    return Outcome.APPLIED if history[one.subject] == before else Outcome.CONFLICT


def one_order(seed: int) -> None:
    dice = random.Random(seed)
    town = Town(subjects=dice.choice([5, 40, 400]))
    made = made_on_the_trip(dice, town, OPERATIONS)
    said: dict[str, Outcome] = {}
    busy = dice.choice([0, 0.02, 0.3])
    whole = False
    while not whole:
        # A file may be an earlier copy, the merge may stop anywhere, the town works in between.
        length = dice.choice([dice.randrange(OPERATIONS + 1), OPERATIONS])
        stop = dice.choice([dice.randrange(length + 1), length])
        for one in made[:stop]:
            if dice.random() < busy:
                town.edit(dice.choice(list(town.versions)))
            if one.op_id not in said:
                said[one.op_id] = oracle(one, made, town.history)
            town.take(one)
        whole = stop == OPERATIONS
    assert {key: one.outcome for key, one in town.book.items()} == said
    assert len(said) == OPERATIONS
    assert len(town.applied) == len(set(town.applied))
    again = {one.op_id: town.take(one) for one in made}
    assert set(again.values()) == {Step.ALREADY}
    total = tally_of([one.op_id for one in made], steps=again, kept=dict.fromkeys(town.book, 1))
    assert total.adds_up and total.operations == total.already == OPERATIONS


def test_k1_nothing_is_lost_and_nothing_doubled_in_some_dozens_of_orders():
    for seed in range(24):
        one_order(seed)


@pytest.mark.full
def test_k1_nothing_is_lost_and_nothing_doubled_in_a_thousand_orders():
    for seed in range(1_000):
        one_order(seed)


def an_operation(**given):
    return Operation(**{
        "op_id": "a" * 26, "number": 1, "kind": Kind.CARD_HANDED_OVER, "at": BEGAN, "subject": "s",
        "person_id": "", "base": 1, "after": "", "payload": {}, **given,
    })  # fmt: skip


def test_a_change_of_the_towns_that_comes_to_the_same_number_hides_no_conflict():
    """The town brought it to 2, so did the kit: the kit's second step must not fit by chance."""
    first, second = an_operation(), an_operation(op_id="b" * 26, number=2, after="a" * 26)
    book = {"a" * 26: Known(digest=first.digest, outcome=Outcome.CONFLICT, left=None)}
    found = decide(second, known=book, version=2)
    assert (found.step, found.code) == (Step.CONFLICT, "KIT_EARLIER_MISSING")


def test_one_name_is_one_operation():
    other = an_operation(payload={"changed": True})
    book = {"a" * 26: Known(digest=an_operation().digest, outcome=Outcome.APPLIED, left=2)}
    assert decide(an_operation(), known=book, version=9).step is Step.ALREADY
    assert decide(other, known=book, version=2).code == "KIT_NOT_THE_SAME"
    assert decide(an_operation(), known={}, version=None).code == "KIT_SUBJECT_GONE"


def test_what_was_written_is_read_back_and_nonsense_is_refused():
    one = an_operation(payload={"名前": "渚", "n": [1, 2]})
    assert read_operation(write_operation(one)) == one
    for text in ("", "{}", "[]", write_operation(one).replace('"number":1', '"number":"x"'),
                 write_operation(an_operation(payload={"long": "x" * 9_000}))):  # fmt: skip
        with pytest.raises(Refused):
            read_operation(text)


def test_a_tally_finds_what_is_lost_and_what_is_doubled():
    found = tally_of(["a", "b", "a"], steps={"a": Step.APPLY}, kept={"a": 2})
    assert (found.operations, found.lost, found.doubled, found.adds_up) == (2, 1, 1, False)
