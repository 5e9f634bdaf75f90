"""``madoguchi staff``: one JSON object, exit status, and words for a person."""

import json

import pytest

from madoguchi.accounts.testing import sango
from madoguchi.entry.cli import main

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _first_start(tmp_path, settings, monkeypatch):
    settings.MADOGUCHI_HOME = tmp_path
    settings.MADOGUCHI_DEMO = False
    # The database of the tests is up already.
    monkeypatch.setattr("madoguchi.entry.bootstrap.set_up", lambda: None)


ADD = ("add", "--staff-id", "umi", "--name", "平 うみ", "--role", "OFFICER")


def run(capsys, *words):
    status = main(["staff", *words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def test_the_first_officer_gets_a_password(capsys):
    status, answer = run(capsys, *ADD)
    assert status == 0
    assert answer["schema"] == "madoguchi.staff/1"
    assert (answer["staff_id"], answer["name"], answer["role"]) == ("umi", "平 うみ", "OFFICER")
    assert len(answer["initial_password"]) == 19
    assert answer["problems"] == []
    (listed,) = run(capsys, "list")[1]["staff"]
    assert listed == {
        "staff_id": "umi", "name": "平 うみ", "role": "OFFICER", "is_active": True, "os_user": None,
        "password_is_initial": True, "has_second_factor": False,
    }  # fmt: skip


def test_a_person_reads_what_happens_next(capsys):
    assert main(["staff", *ADD]) == 0
    told = capsys.readouterr().out
    assert "管理者" in told
    assert "2つ目の確認" in told
    assert main(["staff", "list"]) == 0
    assert "初期パスワードのまま" in capsys.readouterr().out


def test_a_refusal_has_cause_and_remedy_and_no_password(capsys):
    sango()
    status, answer = run(capsys, *ADD)
    assert status == 1
    assert "initial_password" not in answer
    (problem,) = answer["problems"]
    assert problem["code"] == "STAFF_BY_OFFICER"
    assert problem["cause"] and problem["remedy"]


def test_binding_a_user_the_server_knows(capsys):
    status, answer = run(capsys, "bind", "--os-user", "nobody")
    assert (status, answer["os_user"], answer["staff_id"]) == (0, "nobody", "cli.nobody")
    status, answer = run(capsys, "bind", "--os-user", "no-such-user-here")
    assert (status, answer["problems"][0]["code"]) == (1, "OS_USER_UNKNOWN")


@pytest.mark.parametrize("role", ["CLI", "BOSS", ""])
def test_a_role_that_is_none_is_a_wrong_call(capsys, role):
    assert run(capsys, *ADD[:-1], role)[0] == 2
