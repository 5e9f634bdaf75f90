"""Roles, rights and second officers: rules without a database."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts.domain import (
    ALWAYS_BEFORE,
    DEFAULT_RULES,
    NEVER_ON_COMMAND_LINE,
    PERSON_RIGHTS,
    ROLE_RIGHTS,
    ApprovalRow,
    ApprovalState,
    DatedRight,
    Effect,
    Guarded,
    Role,
    Rule,
    RuleLine,
    check_dated_right,
    check_decision,
    check_delegation,
    check_new_staff,
    fold_staff_id,
    rights_on,
    rule_on,
)
from madoguchi.kernel.actor import Right

TODAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)

days = st.dates(min_value=TODAY - timedelta(days=40), max_value=TODAY + timedelta(days=40))
lines = st.builds(
    DatedRight,
    right=st.sampled_from(Right),
    effect=st.sampled_from(Effect),
    valid_from=days,
    valid_until=st.none() | days,
)


def line(right, effect=Effect.ADDED, since=TODAY, until=TODAY):
    return DatedRight(right=right, effect=effect, valid_from=since, valid_until=until)


def test_every_role_has_its_rights():
    assert ROLE_RIGHTS.keys() == set(Role)
    assert Right.APPROVE not in ROLE_RIGHTS[Role.CLERK]
    assert ROLE_RIGHTS[Role.SENIOR] - ROLE_RIGHTS[Role.CLERK] == {
        Right.APPROVE,
        Right.SEE_PROTECTED,
        Right.SET_PROTECTION,
        Right.CHECK_RESIDENCE,
    }
    assert {
        Right.LIFT_PROTECTION,
        Right.STOP_SWITCH,
        Right.IMPORT_EXPORT,
        Right.SEE_AUDIT,
    } <= ROLE_RIGHTS[Role.CHIEF]
    assert ROLE_RIGHTS[Role.OFFICER] == {Right.MANAGE_STAFF, Right.SEE_AUDIT, Right.RUN_CS}
    assert ROLE_RIGHTS[Role.OTHER] == frozenset()


@given(st.lists(lines, max_size=8), days)
def test_the_command_line_never_sees_protected_persons_whatever_is_added(some, day):
    """A4."""
    assert not rights_on(Role.CLI, some, day=day) & NEVER_ON_COMMAND_LINE


@given(st.lists(lines, max_size=8), days)
def test_who_manages_staff_never_holds_rights_over_persons(some, day):
    """A5."""
    assert not rights_on(Role.OFFICER, some, day=day) & PERSON_RIGHTS


@given(st.sampled_from(Role), st.lists(lines, max_size=8), days)
def test_managing_staff_is_for_the_officer_alone(role, some, day):
    assert Right.MANAGE_STAFF not in rights_on(role, some, day=day) or role is Role.OFFICER


@given(st.sampled_from(Role), st.lists(lines, max_size=6), st.permutations(range(6)), days)
def test_the_order_of_lines_does_not_matter_and_a_removal_wins(role, some, order, day):
    turned = [some[i] for i in order if i < len(some)]
    held = rights_on(role, some, day=day)
    assert held == rights_on(role, turned, day=day)
    taken = {one.right for one in some if one.effect is Effect.REMOVED and one.holds_on(day)}
    assert not held & taken


@given(st.sampled_from(Role), lines, days)
def test_a_line_counts_on_its_days_and_on_no_other(role, one, day):
    inside = one.valid_from <= day and (one.valid_until is None or day <= one.valid_until)
    if not inside:
        assert rights_on(role, [one], day=day) == rights_on(role, [], day=day)


def test_a_delegated_right_begins_and_ends_by_itself():
    """A6."""
    given_ = line(
        Right.APPROVE, Effect.DELEGATED, TODAY + timedelta(days=1), TODAY + timedelta(days=3)
    )
    held = [
        Right.APPROVE in rights_on(Role.CLERK, [given_], day=TODAY + timedelta(days=n))
        for n in range(6)
    ]
    assert held == [False, True, True, True, False, False]


rule_lines = st.builds(
    RuleLine,
    action=st.sampled_from([*Guarded]),
    rule=st.sampled_from(Rule),
    valid_from=days,
    valid_until=st.none() | days,
    set_at=st.datetimes(
        min_value=datetime(2026, 1, 1),
        max_value=datetime(2026, 12, 31),
        timezones=st.just(UTC),
    ),
)


@given(st.sampled_from(sorted(ALWAYS_BEFORE)), st.lists(rule_lines, max_size=10), days)
def test_lifting_a_protection_is_always_looked_at_before(action, some, day):
    """A2: the rule."""
    assert rule_on(action, some, on=day) is Rule.BEFORE


@given(st.lists(rule_lines, max_size=10), days)
def test_an_action_nobody_placed_is_the_strictest(some, day):
    assert rule_on("SOMETHING_NEW", some, on=day) is Rule.BEFORE


def test_the_table_has_a_default_for_every_action_and_the_line_set_last_wins():
    assert DEFAULT_RULES.keys() == set(Guarded)
    action = Guarded.CORRECT_RECORD
    older = RuleLine(
        action=action, rule=Rule.BEFORE, valid_from=TODAY, valid_until=None, set_at=NOW
    )
    newer = RuleLine(
        action=action,
        rule=Rule.OFF,
        valid_from=TODAY,
        valid_until=TODAY,
        set_at=NOW + timedelta(hours=1),
    )
    assert rule_on(action, [newer, older], on=TODAY) is Rule.OFF
    assert rule_on(action, [newer, older], on=TODAY + timedelta(days=1)) is Rule.BEFORE
    assert rule_on(action, [newer, older], on=TODAY - timedelta(days=1)) is Rule.AFTERWARDS


def approval(**changed):
    return ApprovalRow(
        **{
            "approval_id": "a",
            "action": Guarded.CORRECT_RECORD.value,
            "subject_ref": "r1",
            "rule": Rule.BEFORE,
            "state": ApprovalState.PENDING,
            "reason": "",
            "detail": {},
            "asked_by": "kaede",
            "asked_at": NOW,
            "due_on": None,
            "decided_by": None,
            "decided_at": None,
            "note": "",
        }
        | changed
    )


@pytest.mark.parametrize(
    ("row", "who", "rights", "codes"),
    [
        (approval(), "nagi", {Right.APPROVE}, []),
        (approval(), "kaede", {Right.APPROVE}, ["APPROVAL_BY_SAME_PERSON"]),
        (approval(), "nagi", set(), ["APPROVAL_WITHOUT_RIGHT"]),
        (approval(), "kaede", set(), ["APPROVAL_BY_SAME_PERSON", "APPROVAL_WITHOUT_RIGHT"]),
        (
            approval(state=ApprovalState.APPROVED),
            "nagi",
            {Right.APPROVE},
            ["APPROVAL_ALREADY_DECIDED"],
        ),
        (approval(action="LIFT_PROTECTION"), "nagi", {Right.APPROVE}, ["APPROVAL_UNKNOWN"]),
        (approval(action="LIFT_PROTECTION"), "nagi", {Right.APPROVE, Right.SEE_PROTECTED}, []),
    ],
)
def test_who_may_decide(row, who, rights, codes):
    found = check_decision(row, staff_id=who, rights=frozenset(rights))
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("one", "role", "by_self", "codes"),
    [
        (line(Right.SEE_AUDIT), Role.CLERK, False, []),
        (line(Right.SEE_AUDIT), Role.CLERK, True, ["RIGHTS_OF_ONESELF"]),
        (line(Right.SEARCH), Role.OFFICER, False, ["RIGHT_NOT_FOR_ROLE"]),
        (line(Right.MANAGE_STAFF), Role.CLERK, False, ["RIGHT_NOT_FOR_ROLE"]),
        (line(Right.SEE_PROTECTED), Role.CLI, False, ["RIGHT_NOT_FOR_ROLE"]),
        (line(Right.SEARCH, Effect.REMOVED), Role.CLERK, False, []),
        (
            line(Right.SEARCH, until=TODAY - timedelta(days=1)),
            Role.OTHER,
            False,
            ["DAYS_REVERSED"],
        ),
        (line(Right.SEARCH, since=TODAY - timedelta(days=1)), Role.OTHER, False, ["DAY_PASSED"]),
    ],
)
def test_which_rights_may_be_set(one, role, by_self, codes):
    found = check_dated_right(one, role=role, by_self=by_self, today=TODAY)
    assert [problem.code for problem in found] == codes


NAGI = ROLE_RIGHTS[Role.SENIOR]


@pytest.mark.parametrize(
    ("one", "rights", "to", "to_self", "codes"),
    [
        (line(Right.APPROVE), NAGI, Role.CLERK, False, []),
        (line(Right.APPROVE), NAGI, Role.CLERK, True, ["DELEGATION_TO_ONESELF"]),
        (
            line(Right.APPROVE),
            ROLE_RIGHTS[Role.CLERK],
            Role.CLERK,
            False,
            ["DELEGATION_NOT_YOURS"],
        ),
        (
            line(Right.LIFT_PROTECTION),
            ROLE_RIGHTS[Role.CHIEF],
            Role.CLERK,
            False,
            ["DELEGATION_NOT_YOURS"],
        ),
        (line(Right.APPROVE), NAGI, Role.OTHER, False, ["DELEGATION_TO_OUTSIDE"]),
        (line(Right.APPROVE), NAGI, Role.OFFICER, False, ["DELEGATION_TO_OUTSIDE"]),
        (line(Right.APPROVE, until=None), NAGI, Role.CLERK, False, ["DELEGATION_WITHOUT_END"]),
        (
            line(Right.APPROVE, until=TODAY + timedelta(days=31)),
            NAGI,
            Role.CLERK,
            False,
            ["DELEGATION_TOO_LONG"],
        ),
        (line(Right.APPROVE, until=TODAY + timedelta(days=30)), NAGI, Role.CLERK, False, []),
    ],
)
def test_what_may_be_handed_on(one, rights, to, to_self, codes):
    found = check_delegation(
        one, giver_rights=frozenset(rights), to_role=to, to_self=to_self, today=TODAY
    )
    assert [problem.code for problem in found] == codes


@pytest.mark.parametrize(
    ("typed", "kept"), [("ＫＡＥＤＥ", "kaede"), (" Kaede ", "kaede"), ("kaede", "kaede")]
)
def test_one_id_however_it_is_typed(typed, kept):
    assert fold_staff_id(typed) == kept


@pytest.mark.parametrize("staff_id", ["", "a", "さくら", "a b", "-ab", "x" * 41, "a/b", "a\nb"])
def test_ids_that_cannot_be_used(staff_id):
    codes = [p.code for p in check_new_staff(staff_id=staff_id, taken=False, role=Role.CLERK)]
    assert codes == ["STAFF_ID_FORM"]
