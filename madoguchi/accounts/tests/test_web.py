"""The pages of this room: works · wrong role · someone else's · bad input · protected."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from madoguchi.accounts import api, testing
from madoguchi.accounts.actions import approvals as approval_actions
from madoguchi.accounts.actions import staff as actions
from madoguchi.accounts.domain import Effect, Role, Rule
from madoguchi.accounts.models import Approval, Staff, StaffRight
from madoguchi.accounts.testing import actor_for, signed_in
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right

pytestmark = pytest.mark.django_db


def as_(member) -> Client:
    return signed_in(Client(), member)


def text(response) -> str:
    return response.content.decode()


def today():
    return clock.today().isoformat()


# -- doors -------------------------------------------------------------------------------


def test_the_first_page_of_the_demo_has_four_doors_and_one_press_each(client):
    page = text(client.get("/"))
    for words in ("職員の窓口", "キオスク", "住民のページ", "練習の町", "せとうち町"):
        assert words in page
    assert page.count("/demo/sign-in/") == 5
    # No door is shut any more: the kiosk, and the public page of the former town.
    assert "準備中" not in page
    assert 'href="/kiosk/"' in page
    assert 'href="/tax/"' in page


@pytest.mark.parametrize("staff_id", ["kaede", "nagi", "kai", "sango"])
def test_one_press_signs_in_and_is_recorded_as_demo(client, staff_id):
    from madoguchi.audit.api import EntryFilter, list_entries

    response = client.post(f"/demo/sign-in/{staff_id}/")
    assert response.status_code == 302
    assert client.get(response.headers["Location"]).status_code == 200
    assert client.session["demo_sign_in"] is True
    assert client.session["practice"] is False
    (entry,) = list_entries(wanted=EntryFilter(action="DEMO_SIGNED_IN")).entries
    assert entry.note.staff_id == staff_id


def test_practice_signs_the_clerk_in_and_says_so_in_the_session(client):
    client.post("/demo/sign-in/kaede/", {"practice": "1"})
    assert client.session["practice"] is True


def test_outside_the_demo_there_is_no_one_press_sign_in(client, settings):
    """A11."""
    api.create_demo_staff()
    settings.MADOGUCHI_DEMO = False
    assert client.post("/demo/sign-in/kaede/").status_code == 404
    assert "_auth_user_id" not in client.session
    assert client.get("/").headers["Location"] == "/sign-in/"


def test_a_demo_session_is_worth_nothing_outside_the_demo(client, settings):
    client.post("/demo/sign-in/kaede/")
    settings.MADOGUCHI_DEMO = False
    Authenticator.objects.all().delete()
    assert client.get("/me/").headers["Location"] == "/me/set-up/"


@pytest.mark.parametrize("staff_id", ["nobody", "tsuru2", "system"])
def test_one_press_is_for_the_demos_own_staff(client, staff_id):
    assert client.post(f"/demo/sign-in/{staff_id}/").status_code == 404


def test_one_press_needs_a_press(client):
    assert client.get("/demo/sign-in/kaede/").status_code == 405


def test_the_number_of_residents_comes_from_the_function_settings_name(client, settings):
    settings.MADOGUCHI_POPULATION_FROM = ""
    assert "人</b>" not in text(client.get("/"))
    settings.MADOGUCHI_POPULATION_FROM = f"{__name__}.population"
    assert "7,971人" in text(client.get("/"))


def population() -> int:
    return 7971


# -- my account --------------------------------------------------------------------------


def test_my_account_says_in_sentences_what_i_may_do():
    page = text(as_(testing.kaede()).get("/me/"))
    assert "住民をさがし、記録を見て" in page
    assert "証明書を交付することができます" in page
    assert "アクセス記録を見ることができます" not in page


def test_somebody_without_rights_still_has_an_account():
    page = text(as_(testing.tsuru()).get("/me/"))
    assert "権限はありません" in page


def delegation(**changed):
    return {
        "to": "kaede",
        "right": "APPROVE",
        "valid_from": today(),
        "valid_until": today(),
        "reason": "休み",
    } | changed


def test_a_right_is_handed_on_and_taken_back():
    testing.kaede()
    client = as_(testing.nagi())
    assert client.post("/me/", delegation()).status_code == 302
    assert Right.APPROVE in Staff.objects.get(staff_id="kaede").rights
    line = StaffRight.objects.get()
    assert client.post(f"/me/handed-on/{line.id}/end/").status_code == 302
    assert Right.APPROVE not in Staff.objects.get(staff_id="kaede").rights


def test_a_clerk_has_nothing_to_hand_on():
    client = as_(testing.kaede())
    testing.nagi()
    assert "代わりを頼む" not in text(client.get("/me/"))
    assert client.post("/me/", delegation(to="nagi")).status_code == 422
    assert not StaffRight.objects.exists()


def test_what_somebody_else_handed_on_is_not_mine_to_end():
    testing.kaede()
    as_(testing.nagi()).post("/me/", delegation())
    line = StaffRight.objects.get()
    response = as_(testing.kai()).post(f"/me/handed-on/{line.id}/end/")
    assert response.status_code == 422
    assert "RIGHT_LINE_UNKNOWN" in text(response)
    assert StaffRight.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "nobody"}, "FIELD_CHOICE"),
        ({"right": "MANAGE_STAFF"}, "FIELD_CHOICE"),
        ({"valid_until": "2020-01-01"}, "DAYS_REVERSED"),
        ({"valid_until": "9999-12-31"}, "DELEGATION_TOO_LONG"),
        ({"valid_from": "あした"}, "FIELD_INVALID"),
        ({"reason": ""}, "FIELD_REQUIRED"),
        ({"reason": "長" * 201}, "FIELD_TOO_LONG"),
    ],
)
def test_a_wrong_delegation_is_refused_in_words(wrong, code):
    testing.kaede()
    response = as_(testing.nagi()).post("/me/", delegation(**wrong))
    assert response.status_code == 422
    assert code in text(response)
    assert not StaffRight.objects.exists()


def test_the_last_second_factor_cannot_be_taken_away():
    """A1."""
    kaede = testing.with_password(testing.kaede())
    client = as_(kaede)
    client.post("/me/confirm/", {"password": testing.PASSWORD})
    page = client.get("/me/app/remove/")
    assert "LAST_SECOND_FACTOR" in text(page)
    assert client.post("/me/app/remove/").status_code == 200
    assert Authenticator.objects.filter(user_id=kaede.pk).exists()


def test_changing_second_factors_asks_who_one_is_once_more():
    client = as_(testing.with_password(testing.kaede()))
    for path in ("/me/app/remove/", "/me/passkeys/add/", "/me/recovery-codes/new/"):
        assert "/me/confirm/" in client.get(path).headers["Location"]
    wrong = client.post("/me/confirm/", {"password": "wrong"})
    assert "CURRENT_PASSWORD_WRONG" in text(wrong)


def test_somebody_elses_passkey_is_not_found():
    nagi = testing.nagi()
    theirs = Authenticator.objects.create(
        user=nagi, type=Authenticator.Type.WEBAUTHN, data={"name": "x"}
    )
    client = as_(testing.with_password(testing.kaede()))
    client.post("/me/confirm/", {"password": testing.PASSWORD})
    assert client.post(f"/me/passkeys/{theirs.pk}/remove/").status_code == 404
    assert Authenticator.objects.filter(pk=theirs.pk).exists()


# -- staff -------------------------------------------------------------------------------


def test_the_officer_sees_all_staff_with_their_roles_in_sentences():
    testing.kaede()
    page = text(as_(testing.sango()).get("/staff/"))
    assert "川畑 かえで" in page
    assert "証明書を交付することができます" in page


@pytest.mark.parametrize("who", [testing.kaede, testing.nagi, testing.kai, testing.tsuru])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/staff/"),
        ("post", "/staff/"),
        ("get", "/staff/nagi/"),
        ("post", "/staff/nagi/"),
        ("post", "/staff/nagi/role/"),
        ("post", "/staff/nagi/suspend/"),
        ("post", "/staff/nagi/resume/"),
        ("post", "/staff/nagi/reset/"),
        ("post", "/staff/nagi/rights/1/end/"),
        ("get", "/second-officer/"),
        ("post", "/second-officer/CORRECT_RECORD/"),
    ],
)
def test_managing_staff_is_for_the_officer(who, method, path):
    testing.nagi()
    response = getattr(as_(who()), method)(path)
    assert response.status_code == 403
    assert "FORBIDDEN" in text(response)


def test_nobody_reaches_staff_without_signing_in(client):
    assert client.get("/staff/").headers["Location"].startswith("/sign-in/")


def test_a_new_account_shows_its_first_password_once():
    client = as_(testing.sango())
    page = text(
        client.post("/staff/", {"staff_id": "hana", "display_name": "浜田 はな", "role": "CLERK"})
    )
    made = Staff.objects.get(staff_id="hana")
    password = page.split('<code class="once">')[1].split("</code>")[0]
    assert made.check_password(password)
    assert password not in text(client.get("/staff/"))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"staff_id": ""}, "FIELD_REQUIRED"),
        ({"staff_id": "あ"}, "STAFF_ID_FORM"),
        ({"staff_id": "kaede"}, "STAFF_ID_TAKEN"),
        ({"role": "CLI"}, "FIELD_CHOICE"),
        ({"role": "KING"}, "FIELD_CHOICE"),
        ({"display_name": "   "}, "FIELD_REQUIRED"),
        ({"display_name": "名" * 61}, "FIELD_TOO_LONG"),
    ],
)
def test_a_wrong_new_account_is_refused_in_words(wrong, code):
    testing.kaede()
    sent = {"staff_id": "hana", "display_name": "浜田 はな", "role": "CLERK"} | wrong
    response = as_(testing.sango()).post("/staff/", sent)
    assert response.status_code == 422
    assert code in text(response)
    assert Staff.objects.count() == 2


def right(**changed):
    return {
        "right": "SEE_AUDIT",
        "effect": "ADDED",
        "valid_from": today(),
        "valid_until": "",
        "reason": "点検の当番",
    } | changed


def test_a_right_is_added_shown_and_ended():
    testing.kaede()
    client = as_(testing.sango())
    assert client.post("/staff/kaede/", right()).status_code == 302
    page = text(client.get("/staff/kaede/"))
    assert "点検の当番" in page
    line = StaffRight.objects.get()
    client.post(f"/staff/kaede/rights/{line.id}/end/")
    assert Right.SEE_AUDIT not in Staff.objects.get(staff_id="kaede").rights


def test_role_suspension_and_reset_by_one_press_each():
    testing.kaede()
    client = as_(testing.sango())
    client.post("/staff/kaede/role/", {"role": "SENIOR"})
    client.post("/staff/kaede/suspend/")
    kaede = Staff.objects.get(staff_id="kaede")
    assert (kaede.role, kaede.is_active) == ("SENIOR", False)
    client.post("/staff/kaede/resume/")
    page = text(client.post("/staff/kaede/reset/"))
    password = page.split('<code class="once">')[1].split("</code>")[0]
    assert Staff.objects.get(staff_id="kaede").check_password(password)


def test_an_officer_cannot_change_themselves():
    client = as_(testing.sango())
    page = text(client.get("/staff/sango/"))
    assert "自分では変えられません" in page
    assert client.post("/staff/sango/role/", {"role": "CHIEF"}).status_code == 422
    assert client.post("/staff/sango/", right()).status_code == 422
    assert Staff.objects.get(staff_id="sango").role == "OFFICER"


@pytest.mark.parametrize("path", ["/staff/nobody/", "/staff/%00/", "/staff/あ/"])
def test_an_unknown_member_of_staff_is_not_found(path):
    response = as_(testing.sango()).get(path)
    assert response.status_code == 404


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"right": "FLY"}, "FIELD_CHOICE"),
        ({"effect": "DELEGATED"}, "FIELD_CHOICE"),
        ({"right": "MANAGE_STAFF"}, "RIGHT_NOT_FOR_ROLE"),
        ({"valid_until": "2020-01-01"}, "DAYS_REVERSED"),
        ({"valid_from": "2020-01-01"}, "DAY_PASSED"),
    ],
)
def test_a_wrong_right_is_refused_in_words(wrong, code):
    testing.kaede()
    response = as_(testing.sango()).post("/staff/kaede/", right(**wrong))
    assert response.status_code == 422
    assert code in text(response)


def test_the_staff_pages_take_as_many_queries_for_twelve_as_for_one(django_assert_max_num_queries):
    client = as_(testing.sango())
    client.get("/staff/")
    counts = []
    for _ in range(2):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as caught:
            client.get("/staff/")
        counts.append(len(caught))
        for number in range(12):
            testing.staff(f"s{number}", f"職員{number}", Role.CLERK)
    assert counts[0] == counts[1]


# -- second officer -----------------------------------------------------------------------


def ask(who, action="CORRECT_RECORD", ref="request-1"):
    return unit.run(
        api.request_approval, actor=actor_for(who), action=action, subject_ref=ref, reason="誤記"
    )


def test_what_waits_is_shown_and_approved_by_another():
    row = ask(testing.kai(), "LIFT_PROTECTION", "lifting-77")
    client = as_(testing.nagi())
    page = text(client.get("/approvals/"))
    assert "支援措置の解除" in page
    assert "lifting-77" in page
    assert client.post(f"/approvals/{row.approval_id}/approve/").status_code == 302
    assert api.is_approved(action="LIFT_PROTECTION", subject_ref="lifting-77")
    mine = text(as_(testing.kai()).get("/approvals/"))
    assert "承認" in mine
    assert "森 なぎ" in mine


@pytest.mark.parametrize("who", [testing.kaede, testing.tsuru, testing.sango])
def test_without_the_right_nothing_is_shown_and_nothing_decided(who):
    row = ask(testing.kai(), "LIFT_PROTECTION", "lifting-77")
    client = as_(who())
    assert "lifting-77" not in text(client.get("/approvals/"))
    assert client.post(f"/approvals/{row.approval_id}/approve/").status_code == 403
    assert Approval.objects.get().state == "PENDING"


def test_ones_own_request_is_not_ones_own_to_approve():
    row = ask(testing.nagi())
    client = as_(testing.nagi())
    response = client.post(f"/approvals/{row.approval_id}/approve/")
    assert response.status_code == 422
    assert "APPROVAL_BY_SAME_PERSON" in text(response)


def test_a_no_without_reason_and_an_unknown_request_are_refused_in_words():
    row = ask(testing.kaede())
    client = as_(testing.nagi())
    response = client.post(f"/approvals/{row.approval_id}/reject/", {"note": " "})
    assert "REJECT_NEEDS_REASON" in text(response)
    assert client.post("/approvals/unknown/approve/").status_code == 404
    assert (
        client.post(f"/approvals/{row.approval_id}/reject/", {"note": "書類なし"}).status_code
        == 302
    )


def test_a_delegate_who_may_not_see_the_protected_learns_nothing_of_them():
    """A9."""
    kaede = testing.kaede()
    unit.run(
        actions.give_right,
        actor=actor_for(testing.sango()),
        staff_id="kaede",
        right=Right.APPROVE,
        effect=Effect.ADDED,
        valid_from=clock.today(),
        valid_until=clock.today(),
        reason="代理",
    )
    client = as_(kaede)
    without = text(client.get("/approvals/"))
    row = ask(testing.kai(), "LIFT_PROTECTION", "lifting-77")
    assert strip(text(client.get("/approvals/"))) == strip(without)
    known = client.post(f"/approvals/{row.approval_id}/approve/")
    unknown = client.post(f"/approvals/{'a' * 26}/approve/")
    assert known.status_code == unknown.status_code == 404
    assert strip(text(known)) == strip(text(unknown))


def strip(page: str) -> str:
    """Leave out the form seals, which differ on every page."""
    import re

    return re.sub(r'(csrfmiddlewaretoken" value="|X-CSRFToken": ")[^"]*', "", page)


def rule(**changed):
    return {
        "rule": "OFF",
        "valid_from": today(),
        "valid_until": today(),
        "reason": "一人が休み",
    } | changed


def test_the_table_is_shown_and_one_action_set():
    client = as_(testing.sango())
    assert "支援措置の解除" in text(client.get("/second-officer/"))
    assert client.post("/second-officer/CORRECT_RECORD/", rule()).status_code == 302
    assert api.second_officer_rule("CORRECT_RECORD", clock.today()) is Rule.OFF
    tomorrow = clock.today() + timedelta(days=1)
    assert api.second_officer_rule("CORRECT_RECORD", tomorrow) is Rule.AFTERWARDS
    assert "一人が休み" in text(client.get("/second-officer/"))


def test_the_page_cannot_loosen_lifting_a_protection():
    response = as_(testing.sango()).post("/second-officer/LIFT_PROTECTION/", rule())
    assert response.status_code == 422
    assert "RULE_ALWAYS_BEFORE" in text(response)


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"rule": "MAYBE"}, "FIELD_CHOICE"),
        ({"valid_from": "2020-01-01", "valid_until": ""}, "DAY_PASSED"),
        ({"reason": ""}, "FIELD_REQUIRED"),
    ],
)
def test_a_wrong_setting_is_refused_in_words(wrong, code):
    response = as_(testing.sango()).post("/second-officer/CORRECT_RECORD/", rule(**wrong))
    assert response.status_code == 422
    assert code in text(response)


def test_an_action_outside_the_table_is_not_found():
    assert as_(testing.sango()).get("/second-officer/FLY/").status_code == 404


def test_every_label_of_this_room_has_its_words():
    from madoguchi.accounts import domain
    from madoguchi.web.messages import label

    for kind, codes in (
        ("role", domain.Role),
        ("role_sentence", domain.Role),
        ("rule", domain.Rule),
        ("rule_sentence", domain.Rule),
        ("guarded", domain.Guarded),
        ("effect", domain.Effect),
        ("effect_badge", domain.Effect),
        ("approval_state", domain.ApprovalState),
        ("right_sentence", Right),
    ):
        for code in codes:
            assert label(kind=kind, code=code.value)
    assert approval_actions.DUE_DAYS == 3, "the sentence for AFTERWARDS says three days"
