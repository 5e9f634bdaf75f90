"""A kiosk terminal's account, and the clerk's code typed there."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from unittest import mock

import pyotp
import pytest
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.accounts import api, testing
from madoguchi.accounts.actions import codes
from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.actions.staff import add_staff, change_role, reset_sign_in
from madoguchi.accounts.domain import (
    DatedRight,
    Effect,
    Role,
    check_delegation,
    fold_staff_id,
    machine_id,
    rights_on,
)
from madoguchi.accounts.models import Staff, WrongCode
from madoguchi.accounts.testing import PASSWORD, TOTP_SECRET, actor_for
from madoguchi.audit.api import EntryFilter, list_entries, record
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused

#: A busy machine is no finding.
_BUSY = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
MONDAY = datetime(2026, 11, 23, 9, tzinfo=clock.JAPAN)
K1 = {"terminal": "K1", "place": "本庁", "purpose": "キオスクでの交付"}


def recorded(action):
    return [entry.note for entry in list_entries(wanted=EntryFilter(action=action)).entries]


def codes_of(refused):
    return [problem.code for problem in refused.value.problems]


# -- the machine's account ---------------------------------------------------------------


@_BUSY
@given(
    st.lists(
        st.builds(
            DatedRight,
            right=st.sampled_from(Right),
            effect=st.sampled_from(Effect),
            valid_from=st.just(MONDAY.date()),
            valid_until=st.none(),
        ),
        max_size=20,
    )
)
def test_a13_whatever_is_added_a_machine_issues_and_nothing_else(lines):
    assert rights_on(Role.MACHINE, lines, day=MONDAY.date()) <= {Right.ISSUE_CERTIFICATE}


def test_nothing_is_handed_on_to_a_machine():
    line = DatedRight(
        right=Right.SEE_PROTECTED,
        effect=Effect.DELEGATED,
        valid_from=MONDAY.date(),
        valid_until=MONDAY.date(),
    )
    found = check_delegation(
        line,
        giver_rights=frozenset(Right),
        to_role=Role.MACHINE,
        to_self=False,
        today=MONDAY.date(),
    )
    assert [one.code for one in found] == ["DELEGATION_TO_OUTSIDE"]


@pytest.mark.django_db
def test_a_machine_is_made_on_first_use_and_once():
    first = api.machine_actor(**K1)
    again = api.machine_actor(**K1 | {"terminal": "ｋ１"})
    assert (first.staff_id, first.rights) == ("kiosk-k1", {Right.ISSUE_CERTIFICATE})
    assert again.staff_id == "kiosk-k1"
    assert Staff.objects.filter(role=Role.MACHINE.value).count() == 1
    (note,) = recorded("MACHINE_ADDED")
    assert (note.staff_id, note.terminal) == ("kiosk-k1", "K1")
    assert api.actor_of(staff_id="kiosk-k1", purpose="作成", place="本庁", terminal="K1") == (
        first.for_purpose("作成")
    )


@pytest.mark.django_db
def test_two_at_once_make_one_account_and_one_entry():
    """Between the look and the insert another process makes it: its entry is the only one."""
    api.machine_actor(**K1)
    for act in (api.machine_actor, partial(unit.run, within_a_unit)):
        with mock.patch.object(Staff.objects, "filter", return_value=Staff.objects.none()):
            assert act(**K1).rights == {Right.ISSUE_CERTIFICATE}
    assert len(recorded("MACHINE_ADDED")) == 1


def within_a_unit(**given):
    actor = api.machine_actor(**given)
    record(actor=actor, action="KIOSK_STEP", subjects=())
    return actor


@pytest.mark.django_db
def test_within_a_unit_it_stands_or_falls_with_the_unit():
    def draw_and_fail():
        assert api.machine_actor(**K1).may(Right.ISSUE_CERTIFICATE)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        unit.run(draw_and_fail)
    assert not Staff.objects.exists()
    assert unit.run(api.machine_actor, **K1).staff_id == "kiosk-k1"


@pytest.mark.django_db
def test_a_machine_an_officer_closed_holds_no_right_until_it_is_opened_again():
    api.machine_actor(**K1)
    officer = actor_for(testing.sango())
    unit.run(actions.suspend, actor=officer, staff_id="kiosk-k1")
    assert api.machine_actor(**K1).rights == frozenset()
    unit.run(actions.resume, actor=officer, staff_id="kiosk-k1")
    assert api.machine_actor(**K1).rights == {Right.ISSUE_CERTIFICATE}


@pytest.mark.django_db
def test_a_machine_never_acts_in_a_persons_name():
    testing.staff("kiosk-k1", "平 うみ", Role.CHIEF)
    with pytest.raises(Refused) as refused:
        api.machine_actor(**K1)
    assert codes_of(refused) == ["MACHINE_ID_TAKEN"]


@pytest.mark.parametrize("terminal", ["", " ", "K 1", "き1", "../k1", "k" * 31, "-k", "k1\n2"])
def test_a_terminal_is_never_bent_to_fit(terminal):
    with pytest.raises(Refused) as refused:
        machine_id(terminal)
    assert codes_of(refused) == ["MACHINE_TERMINAL_FORM"]


@_BUSY
@given(st.text(max_size=12), st.text(max_size=12))
def test_two_terminals_share_an_account_only_if_they_are_written_alike(one, other):
    try:
        ids = machine_id(one), machine_id(other)
    except Refused:
        return
    assert (ids[0] == ids[1]) == (fold_staff_id(one) == fold_staff_id(other))


# -- it cannot sign in by any path -------------------------------------------------------


@pytest.mark.django_db
def test_a13_a_machine_has_no_password_and_the_table_refuses_one():
    api.machine_actor(**K1)
    member = Staff.objects.get(staff_id="kiosk-k1")
    member.set_password(PASSWORD)
    with pytest.raises(IntegrityError), transaction.atomic():
        member.save()


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["", PASSWORD, "!"])
def test_a13_no_password_opens_a_machine(client, typed):
    api.machine_actor(**K1)
    client.post("/sign-in/", {"login": "kiosk-k1", "password": typed})
    assert "_auth_user_id" not in client.session


@pytest.mark.django_db
def test_a13_no_session_password_or_passkey_of_a_machine_opens_a_page(client, monkeypatch):
    """Even where a password could be right and a session already stands."""
    api.machine_actor(**K1)
    member = Staff.objects.get(staff_id="kiosk-k1")
    monkeypatch.setattr(Staff, "check_password", lambda *_: True)
    answer = client.post("/sign-in/", {"login": "kiosk-k1", "password": PASSWORD})
    assert answer.status_code != 302
    assert "_auth_user_id" not in client.session
    testing.with_second_factor(member)
    client.force_login(member, backend=testing.BACKEND)
    assert client.get("/me/").headers["Location"].startswith("/sign-in/")


@pytest.mark.django_db
def test_a13_one_press_of_the_demo_is_not_for_machines(client):
    api.machine_actor(**K1)
    assert client.post("/demo/sign-in/kiosk-k1/").status_code == 404


@pytest.mark.django_db
def test_a13_no_page_makes_a_machine_a_person_or_a_person_a_machine(client):
    api.machine_actor(**K1)
    officer = actor_for(testing.sango())
    testing.kaede()
    for action, given_ in (
        (change_role, {"staff_id": "kiosk-k1", "role": Role.CHIEF}),
        (change_role, {"staff_id": "kaede", "role": Role.MACHINE}),
        (reset_sign_in, {"staff_id": "kiosk-k1"}),
    ):
        with pytest.raises(Refused) as refused:
            unit.run(action, actor=officer, **given_)
        assert codes_of(refused) == ["ROLE_ONLY_BY_SYSTEM"]
    with pytest.raises(Refused) as refused:
        unit.run(
            add_staff, actor=officer, staff_id="Kiosk-K9", display_name="だれか", role=Role.MACHINE
        )
    assert codes_of(refused) == ["ROLE_ONLY_BY_SYSTEM"]
    with pytest.raises(Refused) as refused:
        unit.run(
            add_staff, actor=officer, staff_id="Kiosk-K9", display_name="だれか", role=Role.CHIEF
        )
    assert codes_of(refused) == ["STAFF_ID_OF_MACHINE"]
    testing.signed_in(client, testing.sango())
    asked = client.post("/staff/", {"staff_id": "k9", "display_name": "だれか", "role": "MACHINE"})
    assert asked.status_code == 422


@pytest.mark.django_db
def test_the_officer_sees_a_machine_as_one_and_may_only_close_it(client):
    api.machine_actor(**K1)
    testing.signed_in(client, testing.sango())
    listed = client.get("/staff/").content.decode()
    assert "キオスク K1" in listed
    assert "機械" in listed
    assert "サインインしません" in listed
    page = client.get("/staff/kiosk-k1/").content.decode()
    assert "利用を停止する" in page
    assert "再発行する" not in page
    assert "役割を変える" not in page
    assert "この設定を加える" not in page


# -- the clerk's code at a machine -------------------------------------------------------


def code(at=MONDAY, steps=0):
    return pyotp.TOTP(TOTP_SECRET).at(at.timestamp() + 30 * steps)


def check(typed, *, staff_id="kaede", terminal="K1", at=MONDAY):
    found = api.check_code(staff_id=staff_id, code=typed, terminal=terminal, place="本庁", now=at)
    return found if isinstance(found, str) else [one.code for one in found]


@pytest.fixture
def kaede(db):
    return testing.with_second_factor(testing.kaede())


def test_a14_the_right_code_shows_that_a_clerk_stands_here(kaede):
    assert check(code()) == "kaede"
    (note,) = recorded("STAFF_CODE_RIGHT")
    assert (note.staff_id, note.terminal) == ("kaede", "K1")
    assert code() not in str(list_entries().entries)


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_code_may_be_typed_wide_and_one_step_early_or_late(kaede, steps):
    wide = code(steps=steps).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert check(f"{wide[:3]} {wide[3:]}", staff_id="ＫＡＥＤＥ ") == "kaede"


@pytest.mark.parametrize("steps", [-9, -2, 2, 9])
def test_a_code_of_another_time_is_wrong(kaede, steps):
    assert check(code(steps=steps)) == ["STAFF_CODE_WRONG"]


def test_a14_a_code_works_once_at_the_machine_and_not_at_the_desk_after_it(kaede):
    used = code()
    assert check(used) == "kaede"
    assert check(used) == ["STAFF_CODE_WRONG"]
    assert check(code(steps=-1)) == ["STAFF_CODE_WRONG"]
    factor = Authenticator.objects.get(user_id=kaede.pk)
    step = codes.step_of(TOTP_SECRET, used, at=MONDAY.timestamp())
    assert not codes.spend_code(authenticator_id=factor.pk, step=step)


@pytest.mark.django_db
def test_one_answer_for_whoever_it_is_not():
    """Unknown, without the desk's right, closed, without an app, a machine: the same words."""
    testing.with_second_factor(testing.tsuru())
    testing.with_second_factor(testing.sango())
    testing.nagi()
    api.machine_actor(**K1)
    closed = testing.with_second_factor(testing.kai())
    Staff.objects.filter(pk=closed.pk).update(is_active=False)
    for staff_id in ("nobody", "tsuru", "sango", "nagi", "kai", "kiosk-k1", "", "x" * 500, "\x00"):
        assert check(code(), staff_id=staff_id, terminal="K7") == ["STAFF_CODE_WRONG"], staff_id


def test_a14_five_wrong_codes_lock_this_account_at_every_machine_and_nobody_else(kaede):
    testing.with_second_factor(testing.nagi())
    wrong = "000000" if code() != "000000" else "111111"
    for terminal in ("K1", "K2", "K1", "K2", "K1"):
        assert check(wrong, terminal=terminal) == ["STAFF_CODE_WRONG"]
    assert check(code(), terminal="K3") == ["STAFF_CODE_LOCKED"]
    assert check(code(), staff_id="nagi") == "nagi"
    later = MONDAY + timedelta(minutes=15, seconds=1)
    assert check(code(at=later), at=later) == "kaede"
    assert not WrongCode.objects.filter(staff_id="kaede").exists()


@pytest.mark.django_db
def test_a14_going_through_the_staff_locks_the_machine():
    testing.with_second_factor(testing.kaede())
    for number in range(15):
        assert check("123", staff_id=f"guess{number}") == ["STAFF_CODE_WRONG"]
    assert check(code()) == ["STAFF_CODE_LOCKED"]
    assert check(code(), terminal="K2") == "kaede"
    assert len(recorded("STAFF_CODE_WRONG")) == 15
    assert "guess" not in str(recorded("STAFF_CODE_WRONG"))


def test_a14_a_try_is_not_given_back_by_what_follows_it(kaede):
    """It is a unit of its own: a caller's rollback must not undo the count."""
    with pytest.raises(AssertionError, match="before the action"):
        unit.run(
            api.check_code, staff_id="kaede", code="1", terminal="K1", place="本庁", now=MONDAY
        )


def test_what_was_typed_is_kept_nowhere(kaede):
    check("987654", staff_id="kaede")
    check("987655", staff_id="hunter2")
    kept = str(list(WrongCode.objects.values())) + str(list_entries().entries)
    assert "98765" not in kept
    assert "hunter2" not in kept
