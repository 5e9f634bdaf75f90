"""What the keeper of the server may do before anybody can sign in, and no more."""

import os
import pwd

import pytest

from madoguchi.accounts import testing
from madoguchi.accounts.actions import command_line
from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.domain import Role, check_at_server, check_display_name, command_line_id
from madoguchi.accounts.models import Staff
from madoguchi.accounts.testing import actor_for
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.infra import unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused

pytestmark = pytest.mark.django_db
OS_USER = pwd.getpwuid(os.getuid()).pw_name


@pytest.fixture(autouse=True)
def _not_the_demo(settings):
    settings.MADOGUCHI_DEMO = False


def add(staff_id="umi", role="OFFICER", name="平 うみ"):
    actor = command_line.keeper_actor("staff add")
    return unit.run(
        command_line.add_at_server,
        actor=actor,
        staff_id=staff_id,
        display_name=name,
        role=role,
    )


def recorded(action):
    return [entry.note for entry in list_entries(wanted=EntryFilter(action=action)).entries]


def codes(refused):
    return [problem.code for problem in refused.value.problems]


def test_the_first_officer_comes_from_the_server_and_must_change_the_password():
    made = add(staff_id="ＵＭＩ")
    member = Staff.objects.get(staff_id="umi")
    assert (made.staff_id, made.role, member.role) == ("umi", "OFFICER", "OFFICER")
    assert member.check_password(made.password)
    assert member.password_is_initial
    (note,) = recorded("STAFF_ADDED")
    assert note.staff_id == command_line_id(OS_USER)
    assert made.password not in str(list_entries().entries)


@pytest.mark.parametrize("role", ["CLERK", "SENIOR", "CHIEF", "OTHER"])
def test_a12_only_an_officer_comes_first(role):
    with pytest.raises(Refused) as refused:
        add(role=role)
    assert codes(refused) == ["FIRST_IS_OFFICER"]
    assert not Staff.objects.exists()


@pytest.mark.parametrize("role", ["OFFICER", "CLERK"])
def test_a12_once_an_officer_is_in_the_pages_are_the_only_way(role):
    testing.sango()
    with pytest.raises(Refused) as refused:
        add(role=role)
    assert codes(refused) == ["STAFF_BY_OFFICER"]
    assert [note.detail["verb"] for note in recorded("CLI_USED")] == ["staff add"]


def test_a_first_password_that_was_lost_shuts_nobody_out():
    add(staff_id="umi")
    assert add(staff_id="nami").staff_id == "nami"
    Staff.objects.filter(staff_id="nami").update(password_is_initial=False)
    with pytest.raises(Refused, match="STAFF_BY_OFFICER"):
        add(staff_id="shima")


def test_a12_who_does_not_own_the_data_folder_is_refused_and_written_down(monkeypatch, settings):
    settings.MADOGUCHI_HOME.chmod(0o755)
    monkeypatch.setattr(os, "geteuid", lambda: settings.MADOGUCHI_HOME.stat().st_uid + 1)
    with pytest.raises(Refused) as refused:
        add()
    assert codes(refused) == ["CLI_NOT_KEEPER"]
    assert [note.detail["verb"] for note in recorded("CLI_USED")] == ["staff add"]
    assert not Staff.objects.exists()


def test_the_rule_names_every_reason_at_once():
    found = check_at_server(role=Role.CLERK, demo=False, by_keeper=False, officer_is_in=False)
    assert [problem.code for problem in found] == ["CLI_NOT_KEEPER", "FIRST_IS_OFFICER"]
    assert check_at_server(role=Role.CLERK, demo=True, by_keeper=False, officer_is_in=True) == ()


def test_in_the_demo_anybody_may_be_added(settings):
    settings.MADOGUCHI_DEMO = True
    testing.sango()
    assert add(staff_id="hana", role="CLERK").role == "CLERK"


@pytest.mark.parametrize("name", ["", "　 ", "名" * 61, "浜田\nはな"])
def test_a_name_is_one_line_of_sixty_letters(name):
    assert [one.code for one in check_display_name(name)] == ["STAFF_NAME_FORM"]
    with pytest.raises(Refused, match="STAFF_NAME_FORM"):
        add(name=name)


def bind(os_user):
    actor = command_line.keeper_actor("staff bind")
    return unit.run(command_line.bind_known_user, actor=actor, os_user=os_user)


def test_binding_lets_the_user_work_and_says_who_did_it():
    with pytest.raises(Refused, match="CLI_NOT_BOUND"):
        command_line.cli_actor("register search")
    member = bind(OS_USER)
    actor = command_line.cli_actor("register search")
    assert actor.staff_id == member.staff_id
    assert actor.may(Right.SEARCH)
    assert not actor.may(Right.MANAGE_STAFF)
    (note,) = recorded("CLI_BOUND")
    assert note.detail == {"os_user": OS_USER, "by": command_line_id(OS_USER), "new": True}


def test_a_user_this_server_does_not_know_is_not_bound():
    for name in ("nobody-of-that-name", "", "a\x00b"):
        with pytest.raises(Refused, match="OS_USER_UNKNOWN"):
            bind(name)
    assert not Staff.objects.exists()


def test_what_an_officer_closed_the_server_does_not_open_again():
    member = bind(OS_USER)
    unit.run(actions.suspend, actor=actor_for(testing.sango()), staff_id=member.staff_id)
    with pytest.raises(Refused, match="CLI_CLOSED"):
        bind(OS_USER)
    with pytest.raises(Refused, match="CLI_CLOSED"):
        command_line.cli_actor()


def test_an_account_has_an_id_that_fits_an_address(client):
    assert command_line_id("TOWN\\Kaede 1") == "cli.town-kaede-1"
    member = unit.run(command_line.bind_command_line, os_user="TOWN\\Kaede 1", by="test")
    testing.signed_in(client, testing.sango())
    assert client.get(f"/staff/{member.staff_id}/").status_code == 200
    with pytest.raises(Refused, match="STAFF_ID_TAKEN"):
        unit.run(command_line.bind_command_line, os_user="town\\kaede 1", by="test")
