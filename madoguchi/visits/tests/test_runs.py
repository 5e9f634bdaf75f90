"""The plan of a family run: every needed step once, in order, against brute force; nothing twice."""

import itertools
import tomllib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.visits.domain.runs import (
    AGENT_UNTIL_AGE,
    Later,
    Member,
    Pin,
    Reason,
    StepCode,
    agent_of,
    changes_of,
    check_members,
    plan_run,
    read_rules,
)
from madoguchi.visits.queries.tables import FOLDER

DAY = date(2027, 1, 18)
RULES = read_rules(tomllib.loads((FOLDER / "run.toml").read_text(encoding="utf-8")), DAY)
BEFORE = [
    (StepCode.PIN_RESET, StepCode.CONTINUE), (StepCode.CONTINUE, StepCode.UPDATE_CHIP),
    (StepCode.PIN_RESET, StepCode.UPDATE_CHIP), (StepCode.UPDATE_CHIP, StepCode.SIGN_CERT),
    (StepCode.PIN_RESET, StepCode.SIGN_CERT), (StepCode.UPDATE_CHIP, StepCode.WRITE_LINE),
]  # fmt: skip


def member(no=1, **given):
    values = {"person_id": str(no), "age": 40, "is_here": True, "card_here": True,
              "pin": Pin.KNOWN, "lines_used": 0, "wants_sign": True}  # fmt: skip
    return Member(**(values | given))


@st.composite
def families(draw, most=5, signs=(True, False)):
    return [
        member(
            no, age=draw(st.sampled_from([3, 14, 15, 17, 18, 45])), is_here=draw(st.booleans()),
            card_here=draw(st.sampled_from([True, True, False])), pin=draw(st.sampled_from(list(Pin))),
            lines_used=draw(st.integers(0, 4)), wants_sign=draw(st.sampled_from(signs)),
        )
        for no in range(1, draw(st.integers(1, most)) + 1)
    ]  # fmt: skip


def codes_of(plan, no=1):
    return [one.code.value for one in plan.steps if one.person_id == str(no)]


def later_of(plan, no=1):
    return [one.why for one in plan.left if one.person_id == str(no)]


# -- what is needed, written by hand -----------------------------------------------------------


@pytest.mark.parametrize(
    ("reason", "told", "steps", "later"),
    [
        (Reason.MOVE_IN, {}, "CONTINUE UPDATE_CHIP SIGN_CERT WRITE_LINE", []),
        (Reason.MOVE_WITHIN, {}, "UPDATE_CHIP SIGN_CERT WRITE_LINE", []),
        (Reason.RENAME, {"wants_sign": False}, "UPDATE_CHIP WRITE_LINE", []),
        (Reason.MOVE_IN, {"pin": Pin.LOCKED}, "PIN_RESET CONTINUE UPDATE_CHIP SIGN_CERT WRITE_LINE", []),
        (Reason.MOVE_IN, {"lines_used": 3, "wants_sign": False}, "CONTINUE UPDATE_CHIP WRITE_LINE", []),
        (Reason.MOVE_IN, {"lines_used": 4, "pin": Pin.FORGOTTEN}, "REISSUE_APPLY", []),
        (Reason.MOVE_IN, {"lines_used": 4, "is_here": False}, "", [Later.REISSUE_WANTS_HOLDER]),
        (Reason.MOVE_IN, {"card_here": False}, "", [Later.NO_CARD_HERE]),
        (Reason.MOVE_IN, {"has_card": False, "card_here": False}, "", []),
        (Reason.MOVE_IN, {"is_here": False}, "CONTINUE UPDATE_CHIP WRITE_LINE", [Later.SIGN_WANTS_HOLDER]),
        (Reason.MOVE_IN, {"is_here": False, "pin": Pin.FORGOTTEN}, "", [Later.PIN_WANTS_HOLDER]),
        (Reason.MOVE_IN, {"age": 14}, "", [Later.AGENT_WANTED]),
    ],
)  # fmt: skip
def test_what_one_card_needs(reason, told, steps, later):
    plan = plan_run([member(**told)], reason=reason, rules=RULES)
    assert codes_of(plan) == [one.value for one in StepCode if one.value in steps.split()]
    assert later_of(plan) == later


def test_a_child_is_spoken_for_and_gets_no_signing_certificate():
    family = [member(1, age=9, is_here=False, pin=Pin.FORGOTTEN), member(2, age=38)]
    plan = plan_run(family, reason=Reason.MOVE_IN, rules=RULES)
    assert codes_of(plan, 1) == ["PIN_RESET", "CONTINUE", "UPDATE_CHIP", "WRITE_LINE"]
    assert {one.agent_id for one in plan.steps if one.person_id == "1"} == {"2"}
    assert plan.steps[0].person_id == "2", "whoever speaks for the child comes first"


def test_past_the_ninety_days_nothing_is_continued():
    plan = plan_run([member()], reason=Reason.MOVE_IN, rules=RULES, too_late=True)
    assert plan.steps == () and later_of(plan) == [Later.TOO_LATE]
    assert plan_run([member()], reason=Reason.MOVE_WITHIN, rules=RULES, too_late=True).steps


def test_a_family_of_five_takes_about_the_half_hour_of_the_slides():
    family = [member(1), member(2), *(member(no, age=10) for no in (3, 4, 5))]
    plan = plan_run(family, reason=Reason.MOVE_IN, rules=RULES)
    assert 25 <= plan.minutes <= 35, "five people, size and minutes assumed"


# -- properties --------------------------------------------------------------------------------


@given(family=families(), reason=st.sampled_from(list(Reason)))
def test_f1_every_needed_step_once_and_none_for_a_card_that_is_not_here(family, reason):
    plan = plan_run(family, reason=reason, rules=RULES)
    keys = [(one.person_id, one.code) for one in plan.steps]
    assert len(keys) == len(set(keys))
    for one in family:
        mine = {code for person_id, code in keys if person_id == one.person_id}
        assert not mine or one.card_here
        assert (StepCode.PIN_RESET in mine) <= (one.pin is not Pin.KNOWN)
        assert (StepCode.SIGN_CERT in mine) <= (one.age >= 15 and one.wants_sign)
        if mine and StepCode.REISSUE_APPLY not in mine:
            assert {StepCode.UPDATE_CHIP, StepCode.WRITE_LINE} <= mine
            assert (StepCode.CONTINUE in mine) is (reason is Reason.MOVE_IN)
        elif mine:
            assert mine == {StepCode.REISSUE_APPLY} and one.lines_used == 4
        assert mine or later_of(plan, one.person_id), "nobody is passed over in silence"


@given(family=families(), reason=st.sampled_from(list(Reason)))
def test_f2_the_order_keeps_every_constraint(family, reason):
    assert keeps_order(plan_run(family, reason=reason, rules=RULES).steps, family)


def keeps_order(steps, family):
    place = {(one.person_id, one.code): at for at, one in enumerate(steps)}
    own = all(
        place[no, first] < place[no, then]
        for no in {one.person_id for one in steps}
        for first, then in BEFORE
        if (no, first) in place and (no, then) in place
    )
    return own and all(
        place[one.agent_id, step.code] < at
        for at, one in enumerate(steps)
        if one.terminal and one.agent_id
        for step in steps
        if step.person_id == one.agent_id and step.terminal
    )


@settings(max_examples=60, deadline=None)
@given(family=families(most=4, signs=(False,)), reason=st.just(Reason.MOVE_WITHIN))
def test_f3_no_order_changes_cards_less_often(family, reason):
    """Every permutation of a small family's steps that keeps the order, against the planner."""
    plan = plan_run(family, reason=reason, rules=RULES)
    while len(plan.steps) > 7:
        family = family[:-1]
        plan = plan_run(family, reason=reason, rules=RULES)
    orders = (one for one in itertools.permutations(plan.steps) if keeps_order(one, family))
    assert changes_of(plan.steps) == min(map(changes_of, orders))


@given(family=families(), reason=st.sampled_from(list(Reason)), data=st.data())
def test_f4_what_was_done_is_never_planned_again(family, reason, data):
    """Interrupted anywhere: done and left together are the whole plan, whatever comes in later."""
    plan = plan_run(family, reason=reason, rules=RULES)
    done = {(one.person_id, one.code.value) for one in
            plan.steps[: data.draw(st.integers(0, len(plan.steps)))]}  # fmt: skip
    rest = plan.without(done)
    assert len(rest.steps) + len(done) == len(plan.steps)
    late = [one if one.card_here else member(one.person_id, age=one.age) for one in family]
    again = plan_run(late, reason=reason, rules=RULES).without(done)
    assert not done & {(one.person_id, one.code.value) for one in again.steps}


@given(family=families())
def test_a_child_is_spoken_for_by_an_adult_who_is_here(family):
    for one in family:
        agent = agent_of(one, family)
        if one.age >= AGENT_UNTIL_AGE:
            assert agent == ""
        elif agent is not None:
            (found,) = (other for other in family if other.person_id == agent)
            assert found.is_here and found.age >= 18
        else:
            assert not any(other.is_here and other.age >= 18 for other in family)


def test_all_that_is_wrong_with_a_family_is_said_at_once():
    wrong = [member(1, lines_used=5), member(2, has_card=False)]
    found = check_members(wrong, rules=RULES)
    assert [one.code for one in found] == ["RUN_LINES_UNKNOWN", "RUN_CARD_OF_NONE"]
    assert [one.code for one in check_members([], rules=RULES)] == ["RUN_NO_CARDS"]
