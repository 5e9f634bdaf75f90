"""``madoguchi moves …``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest

from madoguchi.entry.cli.verbs import run_verb


@pytest.fixture
def ask(tmp_path, capsys):
    def call(verb, case, *more):
        path = tmp_path / "case.json"
        path.write_text(json.dumps(case), encoding="utf-8")
        status = run_verb(["moves", verb, str(path), "--json", *more])
        return status, json.loads(capsys.readouterr().out)

    return call


READY = {
    "move_out_notice_found": True, "card": "present", "pin": "known", "today": "2026-11-27",
    "planned_move_out_on": "2026-11-10", "moved_in_on": "2026-11-13",
}  # fmt: skip


def test_a_triage_says_case_reason_steps_day_and_source(ask):
    status, said = ask("triage", READY)
    assert (status, said["schema"], said["case"]) == (0, "madoguchi.triage/1", "A")
    assert said["deadline"] == "2026-11-27"
    assert said["reason"] and said["source"] and said["next_steps"] and not said["problems"]


def test_a_lost_card_tells_the_wish_that_is_off(ask):
    _, said = ask("triage", READY | {"card": "lost"})
    assert (said["case"], said["wish"]["on"]) == ("C", False)
    assert said["wish"]["office_minutes_saved"] > 0


def test_what_is_wrong_is_told_at_once_and_refused(ask):
    status, said = ask("triage", {"card": "dog", "moved_in_on": "soon"})
    assert (status, said["case"]) == (1, None)
    assert {one["where"] for one in said["problems"]} == {"card", "moved_in_on"}
    assert all(one["cause"] and one["remedy"] for one in said["problems"])


def test_the_schema_has_an_example_that_runs(ask, capsys):
    assert run_verb(["moves", "triage", "--schema", "--json"]) == 0
    schema = json.loads(capsys.readouterr().out)
    status, said = ask("triage", schema["examples"][0])
    assert (status, len(said["case"])) == (0, 1)


def test_a_person_reads_it_in_words(tmp_path, capsys):
    path = tmp_path / "case.json"
    path.write_text(json.dumps(READY | {"card": "lost"}))
    assert run_verb(["moves", "triage", str(path)]) == 0
    shown = capsys.readouterr().out
    assert "カードが手元にありません" in shown and "町の要望（切）" in shown


def test_a_plan_says_steps_minutes_and_follow_ups(ask, capsys):
    assert run_verb(["moves", "plan", "--schema", "--json"]) == 0
    schema = json.loads(capsys.readouterr().out)
    status, said = ask("plan", schema["examples"][0])
    assert (status, said["schema"]) == (0, "madoguchi.plan/1")
    assert said["minutes_total"] == sum(one["minutes"] for one in said["steps"]) > 0
    assert {"person", "code", "desk", "minutes"} <= said["steps"][0].keys()
    allowance = next(one for one in said["follow_ups"] if one["code"] == "CHILD_ALLOWANCE")
    assert allowance["face_to_face"] and allowance["due"] and allowance["papers"]


def test_a_plan_of_one_triage_case_is_that_of_one_person(ask):
    status, said = ask("plan", READY)
    assert (status, said["steps"][0]["code"]) == (0, "FILE_MOVE_IN")


def test_a_plan_that_cannot_be_read_is_refused(ask):
    status, said = ask("plan", READY | {"persons": [{"age": -1}]})
    assert (status, said["steps"]) == (1, [])
    assert said["problems"][0]["where"] == "persons[1].age"
