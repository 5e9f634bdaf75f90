"""The interface of other systems: scopes, held people, refusals in words, and the contract it keeps."""

from __future__ import annotations

import json
import warnings
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, settings

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.entry.openapi import doors
from madoguchi.entry.openapi.calls import api
from madoguchi.entry.wsgi import application
from madoguchi.infra import clock, unit
from madoguchi.moves.models import Task
from madoguchi.moves.tests.conftest import counter  # noqa: F401  the desk of the moves
from madoguchi.protection.testing import protect
from madoguchi.tokens.api import Scope, make_token, revoke_token

pytestmark = pytest.mark.django_db
CONTRACT = Path(__file__).resolve().parents[1] / "docs" / "openapi.json"
CALLS = {
    "tasks:read": "/api/v1/tasks", "bookings:read": "/api/v1/bookings?first=2026-11-27",
    "figures:read": "/api/v1/figures", "addressees:read": "/api/v1/addressees",
}  # fmt: skip


def key(*scopes, section="", days=30, now=None):
    officer = staff.actor_for(staff.sango())
    return unit.run(
        make_token, name="子育て支援課", scopes=scopes or list(Scope), section=section, days=days,
        actor=officer, now=now or clock.now(),
    )  # fmt: skip


def caller(*scopes, **given):
    _, secret = key(*scopes, **given)
    return Client(headers={"authorization": f"Bearer {secret}"}, raise_request_exception=False)


def codes(answer):
    problems = answer.json()["problems"]
    assert all(one["cause"] and one["remedy"] for one in problems)
    return [one["code"] for one in problems]


@pytest.mark.parametrize("scope", CALLS)
def test_a_key_opens_what_its_scope_says_and_nothing_else(scope):
    client = caller(scope)
    for other, address in CALLS.items():
        answer = client.get(address)
        assert answer.status_code == (200 if other == scope else 403), address
        if other != scope:
            assert codes(answer) == ["TOKEN_SCOPE"]


@pytest.mark.parametrize("address", CALLS.values())
def test_without_a_good_key_nothing_is_said(address):
    old = caller(now=clock.now() - timedelta(days=31))
    token_id, secret = key()
    unit.run(revoke_token, token_id=token_id, actor=staff.actor_for(staff.sango()), now=clock.now())
    back = Client(headers={"authorization": f"Bearer {secret}"})
    session = staff.signed_in(Client(), staff.kai())
    answers = [one.get(address) for one in (Client(), old, back, session)]
    assert {one.status_code for one in answers} == {401}
    assert len({one.content for one in answers}) == 1


def test_a_section_sees_and_answers_its_own_tasks(counter):  # noqa: F811
    counter.move_in()
    water, schools = caller(section="WATER"), caller(section="SCHOOLS")
    found = schools.get("/api/v1/tasks").json()["tasks"]
    assert {one["section"] for one in found} == {"SCHOOLS"}
    task_id = found[0]["task_id"]
    assert schools.get(f"/api/v1/tasks/{task_id}").json() == found[0]
    unknown = water.get("/api/v1/tasks/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    assert unknown.status_code == 404
    assert water.get(f"/api/v1/tasks/{task_id}").content == unknown.content
    body = {"state": "DONE", "answer": "すんだ", "seen_face_to_face": True}
    address = f"/api/v1/tasks/{task_id}/answer"
    refused = water.post(address, body, content_type="application/json")
    assert refused.status_code == 404 and refused.content == unknown.content
    assert schools.post(address, body, content_type="application/json").json()["state"] == "DONE"
    assert Task.objects.get(task_id=task_id).done_by.startswith("api-")
    again = schools.post(address, body, content_type="application/json")
    assert again.status_code == 422 and codes(again) == ["MOVE_TASK_OVER"]


def test_t3_a_held_person_is_an_unknown_id(counter):  # noqa: F811
    family = counter.move_in()
    client = caller()
    task_id = client.get("/api/v1/tasks").json()["tasks"][0]["task_id"]
    protect(family.person_ids["3"])
    assert client.get("/api/v1/tasks").json() == {"tasks": []}
    unknown = client.get("/api/v1/tasks/aaaaaaaaaaaaaaaaaaaaaaaaaa")
    held = client.get(f"/api/v1/tasks/{task_id}")
    assert (held.status_code, held.content) == (404, unknown.content)
    body = {"state": "NOT_NEEDED", "answer": "不要"}
    pressed = [
        client.post(f"/api/v1/tasks/{one}/answer", body, content_type="application/json")
        for one in (task_id, "a" * 26)
    ]
    assert pressed[0].content == pressed[1].content == unknown.content
    assert Task.objects.get(task_id=task_id).state == "OPEN"


def test_t4_every_call_is_on_record_with_the_key_and_whom_it_saw(counter):  # noqa: F811
    family = counter.move_in()
    token_id, secret = key()
    client = Client(headers={"authorization": f"Bearer {secret}"})
    for address in CALLS.values():
        assert client.get(address).status_code == 200
    days = EntryFilter(since=clock.today() - timedelta(days=1), until=clock.today())
    kept = {
        one.note.action: one.note
        for one in list_entries(wanted=days).entries
        if one.note.staff_id == f"api-{token_id}"
    }
    assert kept.keys() == {"API_TASKS", "API_BOOKINGS", "API_FIGURES", "API_ADDRESSEES"}
    assert set(kept["API_TASKS"].subjects) == set(family.person_ids.values())


def test_what_is_wrong_is_said_all_at_once_and_never_repeated():
    client = caller()
    answer = client.post(
        "/api/v1/tasks/" + "a" * 26 + "/answer",
        {"state": "潮　凛", "answer": "あ" * 201, "seen_face_to_face": "潮　凛"},
        content_type="application/json",
    )
    assert answer.status_code == 422 and codes(answer) == ["API_FIELD_WRONG"] * 3
    assert "凛" not in answer.content.decode()
    assert client.get("/api/v1/bookings?first=9999-12-31&days=31").status_code == 422
    assert client.get("/api/v1/tasks/../../etc").status_code == 404
    broken = client.post(
        "/api/v1/tasks/" + "a" * 26 + "/answer", "{", content_type="application/json"
    )
    assert broken.status_code == 400 and codes(broken) == ["BAD_INPUT"]


def test_too_many_calls_of_one_key_wait_and_so_do_wrong_keys(monkeypatch):
    monkeypatch.setattr(doors, "CALLS_MAX", 3)
    monkeypatch.setattr(doors, "WRONG_MAX", 2)
    client, other = caller("figures:read"), caller("figures:read")
    seen = [client.get(CALLS["figures:read"]).status_code for _ in range(4)]
    assert seen == [200, 200, 200, 429]
    assert other.get(CALLS["figures:read"]).status_code == 200
    wrong = Client(headers={"authorization": "Bearer mdg1_x"})
    assert [wrong.get(CALLS["figures:read"]).status_code for _ in range(3)] == [401, 401, 429]


def test_the_contract_is_the_one_that_was_given_out():
    """After a change that is meant, what /api/v1/openapi.json answers is written there."""
    now = json.loads(json.dumps(api.get_openapi_schema()))
    assert json.loads(CONTRACT.read_text("utf-8")) == now
    assert Client().get("/api/v1/openapi.json").json() == now


@pytest.fixture
def one_line():
    """Keep the test's own line to the database: the server lets go of one after each answer."""
    signals = (request_started, request_finished)
    for one in signals:
        one.disconnect(close_old_connections)
    yield
    for one in signals:
        one.connect(close_old_connections)


def _shaken(examples):
    """Let schemathesis call everything the contract names, and hold the answers to it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import schemathesis

        _, secret = key()
        schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)
        for found in schema.get_all_operations():
            operation = found.ok()

            @settings(max_examples=examples, deadline=None, database=None,
                      suppress_health_check=list(HealthCheck))  # fmt: skip
            @schema_given(operation)
            def asked(case):
                doors_open()
                answer = case.call(
                    headers={
                        "Authorization": f"Bearer {secret}",
                        "Host": "localhost",
                        "Accept-Encoding": "identity",
                    }
                )
                case.validate_response(answer, checks=_checks())

            asked()


def schema_given(operation):
    from hypothesis import given

    return given(case=operation.as_strategy())


def doors_open():
    from madoguchi.web.testing import forget_tries

    forget_tries()


def _checks():
    from schemathesis.checks import not_a_server_error
    from schemathesis.specs.openapi import checks

    return [
        not_a_server_error,
        checks.status_code_conformance,
        checks.content_type_conformance,
        checks.response_schema_conformance,
    ]


def test_whatever_the_contract_allows_is_answered(one_line):
    _shaken(8)


@pytest.mark.full
def test_whatever_the_contract_allows_is_answered_for_long(one_line):
    _shaken(100)
