"""Weights learned from what people said; vetoes are not weights."""

import numpy as np
import pytest

from madoguchi.addressees import testing as t
from madoguchi.addressees.actions import learning as actions
from madoguchi.addressees.domain.keys import Row
from madoguchi.addressees.domain.learning import LABELS_MIN, Pair, check_labels, learn_weights
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.matching import match, open_book
from madoguchi.addressees.domain.sides import build_side
from madoguchi.addressees.domain.weights import BY_HAND
from madoguchi.addressees.domain.worklist import State
from madoguchi.addressees.models import Entry
from madoguchi.addressees.queries.gazetteer import gazetteer
from madoguchi.addressees.queries.weights import newest_learnt, weights_now
from madoguchi.infra import unit
from madoguchi.infra.clock import frozen
from madoguchi.kernel.outcome import Refused

SAME = {"SURNAME": 1, "GIVEN": 1, "BIRTH": 1, "KANA": 1, "ADDRESS": 1, "NUMBER": 0}


def pairs(same, other):
    return [
        *(Pair(levels={**SAME, "ADDRESS": 5}, same=True) for _ in range(same)),
        *(Pair(levels={**SAME, "GIVEN": 4, "KANA": 3}, same=False) for _ in range(other)),
        *(Pair(levels=SAME, same=None) for _ in range(20)),
    ]


def test_few_decisions_teach_nothing():
    assert [one.code for one in check_labels(pairs(10, 5))] == ["ADDRESSEES_TOO_FEW_LABELS"]
    assert check_labels(pairs(LABELS_MIN, 0)) == ()


def test_where_true_pairs_moved_a_moved_address_says_less_against():
    learnt = learn_weights(pairs(300, 100))
    moved = 5
    assert learnt[Item.ADDRESS].bits()[moved] > BY_HAND[Item.ADDRESS].bits()[moved] + 1
    # How often strangers agree is not learned from a queue of look-alikes.
    assert [one.u for one in learnt] == [one.u for one in BY_HAND]


def test_a_handful_moves_the_weights_a_little_only():
    little, much = (learn_weights(pairs(count, 10))[Item.ADDRESS].bits()[5] for count in (30, 900))
    by_hand = BY_HAND[Item.ADDRESS].bits()[5]
    assert by_hand < little < much


def test_no_weights_whatever_lift_a_veto():
    absurd = tuple(
        type(one)(name=one.name, m=(1.0,) * len(one.m), u=(1e-9,) * len(one.u), share=one.share)
        for one in BY_HAND
    )
    people = [Row(row_id=str(n), name=f"海野　葵{n}", birth=f"1990-04-{n:02}", address=f"手安{n}")
              for n in range(1, 29)]  # fmt: skip
    book = open_book(build_side(people, gazetteer()))
    wrong = [one._replace(birth="1990-04-30") for one in people]
    matched = match(build_side(wrong, gazetteer()), book, weights=absurd)
    assert matched.counts()["auto"] == 0 and matched.counts()["review"] == len(people)
    assert np.isfinite(matched.totals).all()


@pytest.mark.django_db
def test_learned_weights_count_from_the_moment_they_are_adopted():
    with frozen(t.NOW):
        t.settle()
        list_id = t.a_list()
        entry = t.entry_of(list_id, "1")
        for number in range(LABELS_MIN):
            Entry.objects.create(
                entry_id=f"e{number}", listed_id=list_id, line=100 + number, row_id=f"x{number}",
                state=State.LINKED, means="PERSON", person_id=t.AOI, changed_at=t.NOW,
                candidates=[{**entry.candidates[0], "levels": {**SAME, "ADDRESS": 5}}],
            )  # fmt: skip
        with pytest.raises(Refused):
            unit.run(actions.learn, actor=t.KAEDE, now=t.NOW)
        learnt_id = unit.run(actions.learn, actor=t.NAGI, now=t.NOW)
        assert weights_now() == BY_HAND
        assert newest_learnt().labels == LABELS_MIN
        unit.run(actions.adopt, learnt_id=learnt_id, actor=t.NAGI, now=t.NOW)
        assert weights_now() != BY_HAND
        with pytest.raises(Refused):
            unit.run(actions.adopt, learnt_id=learnt_id, actor=t.NAGI, now=t.NOW)
