import pickle

import pytest

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.ids import ID_LENGTH, new_id
from madoguchi.kernel.outcome import Problem, Refused, Unavailable

KAEDE = Actor(
    staff_id="kaede",
    name="Kaede",
    rights=frozenset({Right.SEARCH}),
    place="本庁",
    terminal="desk-1",
    purpose="転入の受付",
)


def test_a_problem_can_stand_in_a_set():
    with_facts = Problem(code="A", facts={"written": "x"})
    assert {with_facts, Problem(code="A", facts={"written": "x"})} == {with_facts}
    assert Problem(code="A", facts={"written": "y"}) != with_facts


@pytest.mark.parametrize("code", ["", "lower_case"])
def test_a_code_is_upper_case(code):
    with pytest.raises(AssertionError):
        Problem(code=code)


def test_a_refusal_keeps_every_problem_and_tells_only_codes():
    problems = (Problem(code="A", facts={"name": "湊"}), Problem(code="B"))
    refusal = Refused(problems)
    assert refusal.problems == problems
    assert str(refusal) == "A, B"
    assert Refused(problems[0]).problems == problems[:1]
    assert pickle.loads(pickle.dumps(refusal)).problems == problems


def test_a_refusal_needs_a_reason():
    with pytest.raises(AssertionError):
        Refused(())


def test_no_answer_is_neither_yes_nor_no():
    with pytest.raises(TypeError):
        bool(Unavailable(reason="the terminal is off"))


def test_an_actor_may_only_what_the_rights_say():
    assert KAEDE.may(Right.SEARCH)
    assert not [right for right in Right if right is not Right.SEARCH and KAEDE.may(right)]


def test_a_purpose_changes_nothing_else():
    other = KAEDE.for_purpose("証明書の交付")
    assert (other.purpose, KAEDE.purpose) == ("証明書の交付", "転入の受付")
    assert other.rights == KAEDE.rights
    assert other.staff_id == KAEDE.staff_id


def test_ids_are_short_plain_and_different():
    many = {new_id() for _ in range(1000)}
    assert len(many) == 1000
    assert all(
        len(one) == ID_LENGTH and set(one) <= set("abcdefghijklmnopqrstuvwxyz234567")
        for one in many
    )
