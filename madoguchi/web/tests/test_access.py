"""Closed by default (W1)."""

import pytest
from django.test import RequestFactory

from madoguchi.kernel.actor import Right
from madoguchi.web import access, messages
from madoguchi.web.actor import actor_of
from madoguchi.web.tests import routes

ALL = " ".join(Right)


@pytest.mark.parametrize("headers", [{}, {"Test-Rights": ALL}])
def test_what_nobody_declared_is_refused_even_to_those_with_every_right(shell, headers):
    answer = shell.get("/nobody", headers=headers)
    assert answer.status_code == 403
    assert b"secret" not in answer.content
    assert b"NOT_DECLARED" in answer.content


def test_a_stranger_is_sent_to_sign_in_and_back(shell):
    answer = shell.get("/people?q=1")
    assert answer.status_code == 302
    assert answer.url == "/sign-in?next=%2Fpeople%3Fq%3D1"


def test_a_strangers_form_is_not_repeated_after_signing_in(shell):
    assert shell.post("/people").url == "/sign-in"


def test_a_session_that_ended_keeps_the_page_htmx_came_from(shell):
    answer = shell.post("/people", headers={"HX-Request": "true"})
    assert answer.status_code == 401
    assert answer["HX-Retarget"] == "#alert"
    assert "サインインが切れました" in answer.text


def test_one_right_of_two_is_not_enough_and_the_other_is_named(shell):
    answer = shell.get("/people", headers={"Test-Rights": "SEARCH"})
    assert answer.status_code == 403
    assert "住民の記録を見る" in answer.text
    assert "住民をさがす" not in answer.text
    assert "窓口係に頼んでください" in answer.text


def test_both_rights_open_the_door(shell):
    assert shell.get("/people", headers={"Test-Rights": "SEARCH VIEW_PERSON"}).text == "people"


def test_a_class_of_views_is_declared_like_a_function(shell):
    assert shell.get("/class").status_code == 302
    assert shell.get("/class", headers={"Test-Rights": "SEARCH"}).text == "class"


def test_an_open_door_needs_nobody(shell):
    assert shell.get("/doors").text == "doors"


def test_the_actor_carries_place_terminal_and_purpose(shell, settings):
    settings.MADOGUCHI_TERMINAL = "07"
    answer = shell.get("/home", headers={"Test-Rights": ""})
    assert answer.text == "kaede 加計呂麻 07 試験"


def test_nobody_acts_without_a_purpose():
    request = RequestFactory().get("/")
    request.user = routes.Kaede(frozenset())
    with pytest.raises(AssertionError, match="purpose"):
        actor_of(request, " ")


def test_a_view_is_declared_once():
    with pytest.raises(AssertionError, match="twice"):
        access.open_to_all(reason="again")(routes.people)


def test_needing_nothing_must_be_said_in_words():
    with pytest.raises(AssertionError):
        access.needs()


def test_sign_up_of_the_library_stays_closed():
    from allauth.account import views

    assert access.access_of(views.signup) is None
    assert access.access_of(views.login) is not None


def test_every_library_view_in_the_table_exists():
    from django.utils.module_loading import import_string

    for name, entry in access.THIRD_PARTY.items():
        assert import_string(name)
        assert entry.reason


@pytest.mark.parametrize("right", list(Right))
def test_every_right_has_its_words_and_its_holder(right):
    assert messages.label(kind="right", code=right)
    assert messages.label(kind="right_holder", code=right)
