"""Staff, rights, second officers, command line and demo, on a real database."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from madoguchi.accounts import api, testing
from madoguchi.accounts.actions import approvals, command_line
from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.domain import ApprovalState, Effect, Role, Rule
from madoguchi.accounts.models import Approval, SecondOfficerRule, Staff, StaffRight
from madoguchi.accounts.queries.staff import find_detail
from madoguchi.accounts.testing import actor_for
from madoguchi.audit.api import EntryFilter, list_entries, verify_chain
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused

pytestmark = pytest.mark.django_db

MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.JAPAN)
TODAY = MONDAY.date()


@pytest.fixture(autouse=True)
def _monday():
    with clock.frozen(MONDAY):
        yield


def refused(action, /, **given) -> list[str]:
    with pytest.raises(Refused) as caught:
        unit.run(action, **given)
    return [problem.code for problem in caught.value.problems]


def recorded(action: str):
    return list_entries(wanted=EntryFilter(action=action)).entries


def ask(who, action="CORRECT_RECORD", ref="request-1"):
    return unit.run(
        api.request_approval, actor=actor_for(who), action=action, subject_ref=ref, reason="誤記"
    )


# -- second officers --------------------------------------------------------------------


def test_a_second_officer_approves_and_it_is_recorded():
    row = ask(testing.kai(), "LIFT_PROTECTION")
    assert not api.is_approved(action="LIFT_PROTECTION", subject_ref="request-1")
    done = unit.run(api.approve, actor=actor_for(testing.nagi()), approval_id=row.approval_id)
    assert (done.state, done.decided_by) == (ApprovalState.APPROVED, "nagi")
    assert api.is_approved(action="LIFT_PROTECTION", subject_ref="request-1")
    assert not api.is_approved(action="LIFT_PROTECTION", subject_ref="request-2")
    assert not api.is_approved(action="END_PROTECTION", subject_ref="request-1")
    assert recorded("APPROVAL_APPROVED")[0].note.detail["asked_by"] == "kai"


def test_nobody_approves_their_own_request():
    row = ask(testing.nagi(), "LIFT_PROTECTION")
    assert refused(api.approve, actor=actor_for(testing.nagi()), approval_id=row.approval_id) == [
        "APPROVAL_BY_SAME_PERSON"
    ]


def test_the_database_itself_refuses_one_person_as_two():
    """A3."""
    row = ask(testing.nagi())
    with pytest.raises(IntegrityError), transaction.atomic():
        Approval.objects.filter(id=row.approval_id).update(
            state="APPROVED", decided_by="nagi", decided_at=MONDAY
        )


def test_a_request_is_decided_once():
    row = ask(testing.kaede())
    unit.run(api.approve, actor=actor_for(testing.nagi()), approval_id=row.approval_id)
    assert refused(
        approvals.reject, actor=actor_for(testing.kai()), approval_id=row.approval_id, note="だめ"
    ) == ["APPROVAL_ALREADY_DECIDED"]


def test_a_no_needs_its_reason_and_leaves_the_action_unapproved():
    row = ask(testing.kaede())
    nagi = actor_for(testing.nagi())
    assert refused(approvals.reject, actor=nagi, approval_id=row.approval_id, note="  ") == [
        "REJECT_NEEDS_REASON"
    ]
    unit.run(approvals.reject, actor=nagi, approval_id=row.approval_id, note="書類が足りません")
    assert not api.is_approved(action="CORRECT_RECORD", subject_ref="request-1")


def test_asking_twice_is_one_request():
    assert ask(testing.kaede()).approval_id == ask(testing.kaede()).approval_id


def test_lifting_is_hidden_from_who_may_not_see_the_protected():
    ask(testing.kai(), "LIFT_PROTECTION")
    kaede = testing.kaede()
    give_approve(kaede)
    blind = actor_for(Staff.objects.get(pk=kaede.pk))
    assert blind.may(Right.APPROVE)
    assert not blind.may(Right.SEE_PROTECTED)
    assert api.pending_approvals(blind) == ()
    row = Approval.objects.get()
    assert refused(api.approve, actor=blind, approval_id=row.id) == refused(
        api.approve, actor=blind, approval_id="no-such-request"
    )


def give_approve(member, until=TODAY):
    unit.run(
        actions.give_right,
        actor=actor_for(testing.sango()),
        staff_id=member.staff_id,
        right=Right.APPROVE,
        effect=Effect.ADDED,
        valid_from=TODAY,
        valid_until=until,
        reason="代理",
    )


def test_what_is_looked_at_afterwards_is_due_and_not_in_the_way():
    ask(testing.kaede(), "CORRECT_RECORD")
    nagi, tsuru = actor_for(testing.nagi()), actor_for(testing.tsuru())
    (due,) = api.approvals_due_afterwards(nagi)
    assert (due.rule, due.due_on) == (Rule.AFTERWARDS, TODAY + timedelta(days=3))
    assert api.pending_approvals(nagi) == ()
    assert api.approvals_due_afterwards(tsuru) == ()
    assert api.approvals_due_afterwards(actor_for(testing.kaede())) == ()


def set_rule(action, rule, until=None):
    return {
        "actor": actor_for(testing.sango()),
        "action": action,
        "rule": rule,
        "valid_from": TODAY,
        "valid_until": until,
        "reason": "三人のうち一人が休み",
    }


def test_a_rule_counts_for_its_days_and_the_table_only_grows():
    unit.run(approvals.set_second_officer_rule, **set_rule("CORRECT_RECORD", Rule.OFF, until=TODAY))
    assert api.second_officer_rule("CORRECT_RECORD", TODAY) is Rule.OFF
    assert api.second_officer_rule("CORRECT_RECORD", TODAY + timedelta(days=1)) is Rule.AFTERWARDS
    with pytest.raises(Exception, match="append-only"), transaction.atomic():
        SecondOfficerRule.objects.all().delete()
    assert recorded("SECOND_OFFICER_RULE_SET")[0].note.detail["rule"] == "OFF"


@pytest.mark.parametrize("action", ["LIFT_PROTECTION", "UNLOCK_PROTECTED", "END_PROTECTION"])
@pytest.mark.parametrize("rule", [Rule.AFTERWARDS, Rule.OFF])
def test_lifting_a_protection_cannot_be_loosened(action, rule):
    """A2: action and constraint."""
    assert refused(approvals.set_second_officer_rule, **set_rule(action, rule)) == [
        "RULE_ALWAYS_BEFORE"
    ]
    with pytest.raises(IntegrityError), transaction.atomic():
        SecondOfficerRule.objects.create(
            action=action,
            rule=rule.value,
            valid_from=TODAY,
            valid_until=None,
            reason="",
            set_by="x",
            set_at=MONDAY,
        )
    assert api.second_officer_rule(action, TODAY) is Rule.BEFORE


def test_three_staff_and_one_ill_still_lift_a_protection():
    kaede, nagi, kai = testing.kaede(), testing.nagi(), testing.kai()
    for right in (Right.APPROVE, Right.SEE_PROTECTED):
        unit.run(
            actions.delegate,
            actor=actor_for(nagi),
            to="kaede",
            right=right,
            valid_from=TODAY,
            valid_until=TODAY + timedelta(days=4),
            reason="年次休暇",
        )
    row = ask(kai, "LIFT_PROTECTION")
    for_nagi = actor_for(Staff.objects.get(pk=kaede.pk))
    assert [one.approval_id for one in api.pending_approvals(for_nagi)] == [row.approval_id]
    unit.run(api.approve, actor=for_nagi, approval_id=row.approval_id)
    assert api.is_approved(action="LIFT_PROTECTION", subject_ref="request-1")
    with clock.frozen(MONDAY + timedelta(days=5)):
        assert Right.APPROVE not in Staff.objects.get(pk=kaede.pk).rights


# -- staff and rights --------------------------------------------------------------------


def test_a_new_account_opens_with_a_first_password_to_be_changed():
    password = unit.run(
        actions.add_staff,
        actor=actor_for(testing.sango()),
        staff_id="Ｈａｎａ",
        display_name="浜田 はな",
        role=Role.CLERK,
    )
    made = Staff.objects.get(staff_id="hana")
    assert made.check_password(password)
    assert made.password_is_initial
    assert password not in str([entry.note.detail for entry in recorded("STAFF_ADDED")])


def test_an_id_is_used_once():
    testing.kaede()
    assert refused(
        actions.add_staff,
        actor=actor_for(testing.sango()),
        staff_id="kaede",
        display_name="別人",
        role=Role.CLERK,
    ) == ["STAFF_ID_TAKEN"]


def test_changing_a_role_changes_rights_and_ends_sessions():
    kaede = testing.kaede()
    before = kaede.get_session_auth_hash()
    unit.run(
        actions.change_role,
        actor=actor_for(testing.sango()),
        staff_id="kaede",
        role=Role.SENIOR,
    )
    after = Staff.objects.get(pk=kaede.pk)
    assert Right.APPROVE in after.rights
    assert after.get_session_auth_hash() != before
    assert recorded("ROLE_CHANGED")[0].note.detail == {
        "staff_id": "kaede",
        "before": "CLERK",
        "after": "SENIOR",
    }


def test_nobody_changes_their_own_role_or_rights():
    sango = actor_for(testing.sango())
    own = {"actor": sango, "staff_id": "sango"}
    assert refused(actions.change_role, role=Role.CHIEF, **own) == ["RIGHTS_OF_ONESELF"]
    assert refused(actions.suspend, **own) == ["RIGHTS_OF_ONESELF"]
    assert refused(actions.reset_sign_in, **own) == ["RIGHTS_OF_ONESELF"]
    assert "RIGHTS_OF_ONESELF" in refused(
        actions.give_right,
        right=Right.SEE_AUDIT,
        effect=Effect.ADDED,
        valid_from=TODAY,
        valid_until=None,
        reason="x",
        **own,
    )


def test_the_last_officer_stays():
    sango = testing.sango()
    other = testing.staff("umi", "うみ", Role.OFFICER)
    unit.run(actions.suspend, actor=actor_for(sango), staff_id="umi")
    unit.run(actions.resume, actor=actor_for(sango), staff_id="umi")
    unit.run(actions.suspend, actor=actor_for(other), staff_id="sango")
    late = actor_for(sango)
    assert refused(actions.change_role, actor=late, staff_id="umi", role=Role.CLERK) == [
        "LAST_OFFICER"
    ]
    assert refused(actions.suspend, actor=late, staff_id="umi") == ["LAST_OFFICER"]


def test_a_reset_takes_password_and_second_factor_away():
    kaede = testing.with_second_factor(testing.kaede())
    password = unit.run(actions.reset_sign_in, actor=actor_for(testing.sango()), staff_id="kaede")
    after = find_detail("kaede")
    assert not after.has_second_factor
    assert after.password_is_initial
    assert Staff.objects.get(pk=kaede.pk).check_password(password)
    assert not Authenticator.objects.filter(user_id=kaede.pk).exists()


def test_a_scheduled_right_begins_later_and_can_be_ended():
    give = {
        "actor": actor_for(testing.sango()),
        "staff_id": "kaede",
        "right": Right.SEE_AUDIT,
        "effect": Effect.ADDED,
        "valid_from": TODAY + timedelta(days=1),
        "valid_until": None,
        "reason": "点検の当番",
    }
    kaede = testing.kaede()
    unit.run(actions.give_right, **give)
    assert Right.SEE_AUDIT not in Staff.objects.get(pk=kaede.pk).rights
    with clock.frozen(MONDAY + timedelta(days=2)):
        assert Right.SEE_AUDIT in Staff.objects.get(pk=kaede.pk).rights
        line = StaffRight.objects.get()
        unit.run(actions.end_right, actor=actor_for(testing.sango()), line_id=line.id)
        assert Right.SEE_AUDIT not in Staff.objects.get(pk=kaede.pk).rights
        assert StaffRight.objects.get().valid_until == TODAY + timedelta(days=1)
    assert len(recorded("RIGHT_SET")) == len(recorded("RIGHT_ENDED")) == 1


def test_only_the_giver_or_who_manages_staff_ends_a_right():
    kaede = testing.kaede()
    give_approve(kaede)
    line = StaffRight.objects.get()
    for who in (kaede, testing.tsuru(), testing.kai()):
        assert refused(actions.end_right, actor=actor_for(who), line_id=line.id) == [
            "RIGHT_LINE_UNKNOWN"
        ]


def test_a_job_acts_with_the_rights_held_today_and_with_none_after_leaving():
    testing.kaede()
    given = {"staff_id": "kaede", "purpose": "交付", "place": "本庁", "terminal": "01"}
    assert Right.ISSUE_CERTIFICATE in api.actor_of(**given).rights
    unit.run(actions.suspend, actor=actor_for(testing.sango()), staff_id="kaede")
    assert api.actor_of(**given).rights == frozenset()
    assert api.actor_of(**(given | {"staff_id": "nobody"})).rights == frozenset()


def test_lists_take_two_queries_however_many_staff(django_assert_num_queries):
    from madoguchi.accounts.queries.staff import list_details

    for number in range(12):
        give_approve(testing.staff(f"s{number}", f"職員{number}", Role.CLERK))
    with django_assert_num_queries(2):
        assert len(list_details()) == 13
    with django_assert_num_queries(2):
        assert len(api.list_staff()) == 13


# -- command line ------------------------------------------------------------------------


def test_the_command_line_is_a_named_account_and_every_use_is_recorded(settings):
    settings.MADOGUCHI_DEMO = True
    first = api.cli_actor("register search")
    second = api.cli_actor("audit verify")
    assert first.staff_id == second.staff_id
    assert first.staff_id.startswith("cli.")
    assert not first.rights & {Right.SEE_PROTECTED, Right.LIFT_PROTECTION}
    assert [entry.note.detail["verb"] for entry in recorded("CLI_USED")] == [
        "audit verify",
        "register search",
    ]
    assert len(recorded("CLI_BOUND")) == 1


def test_outside_the_demo_somebody_must_bind_the_command_line_first(settings):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(Refused, match="CLI_NOT_BOUND"):
        api.cli_actor()
    import os
    import pwd

    name = pwd.getpwuid(os.getuid()).pw_name
    unit.run(command_line.bind_command_line, os_user=name, by="sango")
    assert api.cli_actor().may(Right.SEARCH)


def test_a_closed_command_line_account_stays_closed_even_in_the_demo(settings):
    settings.MADOGUCHI_DEMO = True
    actor = api.cli_actor()
    unit.run(actions.suspend, actor=actor_for(testing.sango()), staff_id=actor.staff_id)
    with pytest.raises(Refused, match="CLI_CLOSED"):
        api.cli_actor()


# -- demo --------------------------------------------------------------------------------


def test_demo_staff_are_made_once_and_their_sign_ins_stay_the_same(settings, tmp_path):
    settings.MADOGUCHI_DEMO = True
    first = api.create_demo_staff()
    assert api.create_demo_staff() == first
    assert [one.staff_id for one in first] == ["kaede", "nagi", "kai", "sango", "tsuru"]
    assert Staff.objects.get(staff_id="kaede").check_password(first[0].password)
    assert find_detail("kaede").has_second_factor
    path = tmp_path / "accounts" / "demo-sign-ins.json"
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(recorded("DEMO_STAFF_MADE")) == 1


def test_a_lost_database_gets_the_same_demo_sign_ins_back(settings):
    settings.MADOGUCHI_DEMO = True
    first = api.create_demo_staff()
    Authenticator.objects.all().delete()
    Staff.objects.all().delete()
    assert api.create_demo_staff() == first
    assert Staff.objects.get(staff_id="kai").check_password(first[2].password)


def test_outside_the_demo_there_are_no_demo_staff(settings):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(AssertionError):
        api.create_demo_staff()
    assert not Staff.objects.exists()


def test_all_of_this_left_the_chain_intact():
    test_three_staff_and_one_ill_still_lift_a_protection()
    found = verify_chain()
    assert found.intact
    assert found.rows == 4
