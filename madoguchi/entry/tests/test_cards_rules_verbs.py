"""``madoguchi cards checklist | deadlines``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest

from madoguchi.entry.cli.verbs import run_verb


@pytest.fixture
def ask(capsys, tmp_path):
    def call(verb, case, *words):
        path = tmp_path / "case.json"
        path.write_text(case if isinstance(case, str) else json.dumps(case), encoding="utf-8")
        status = run_verb(["cards", verb, str(path), "--json", *words])
        return status, json.loads(capsys.readouterr().out)

    return call


def test_a_good_case_is_accepted_and_says_what_is_needed(ask):
    case = {"visit_kind": "new", "visitor": "self", "age": 30, "documents": ["passport"]}
    status, said = ask("checklist", case)
    assert (status, said["schema"], said["accepted"]) == (0, "madoguchi.checklist/1", True)
    assert (said["problems"], said["warnings"]) == ([], [])
    assert [one["code"] for one in said["required"]] == ["identity", "issue_notice"]
    assert said["undecided"] == ["papers"]


def test_a_bad_case_ends_with_one_and_every_reason(ask):
    case = {
        "card_kind": "my_number", "visit_kind": "renewal", "visitor": "proxy", "age": 40,
        "reason": "busy_at_work", "documents": ["bankbook"], "annotation_lines_used": 4,
        "has_licence_function": True, "channel": "counter",
    }  # fmt: skip
    status, said = ask("checklist", case)
    assert (status, said["accepted"]) == (1, False)
    assert {one["code"] for one in said["problems"]} == {
        "PROXY_REASON_NOT_ACCEPTED", "IDENTITY_AA_AB_BBBP",
    }  # fmt: skip
    assert {one["code"] for one in said["warnings"]} == {"LICENCE_LOST", "ANNOTATION_FULL"}
    assert all(one["cause"] and one["remedy"] for one in said["problems"] + said["warnings"])


@pytest.mark.parametrize(("verb", "empty"), [("checklist", "required"), ("deadlines", "deadlines")])
@pytest.mark.parametrize("text", ["", "{", "nul", "[1]", '{"visit_kind": "tea"}', "[" * 5000])
def test_a_file_that_is_no_case_is_refused_in_words(ask, verb, empty, text):
    status, said = ask(verb, text)
    assert (status, said[empty]) == (1, [])
    assert said["problems"][0]["cause"]


@pytest.mark.parametrize("verb", ["checklist", "deadlines"])
def test_the_schema_holds_an_example_that_runs(ask, capsys, verb):
    assert run_verb(["cards", verb, "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema["type"] == "object"
    for example in schema["examples"]:
        status, said = ask(verb, example)
        assert (status, said["problems"]) == (0, [])


def test_without_a_file_it_says_so(capsys):
    assert run_verb(["cards", "checklist", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "CASE_FILE_MISSING"


def test_deadlines_come_with_date_and_source(ask):
    status, said = ask("deadlines", {"moved_in_on": "2026-11-13", "filed_on": "2026-11-13"})
    assert (status, said["schema"]) == (0, "madoguchi.deadlines/1")
    found = {one["code"]: one["date"] for one in said["deadlines"]}
    assert found == {"MOVE_IN_FILING_DUE": "2026-11-27", "CONTINUED_USE_ENDS": "2027-02-11"}
    assert all(one["source"] and one["words"] for one in said["deadlines"])


def test_a_person_can_read_both(capsys, tmp_path):
    path = tmp_path / "case.json"
    path.write_text(json.dumps({"visit_kind": "new", "visitor": "self", "age": 30}))
    assert run_verb(["cards", "checklist", str(path)]) == 0
    assert "Aを1点、またはBを2点" in capsys.readouterr().out
    path.write_text(json.dumps({"departs_on": "2026-11-24"}))
    assert run_verb(["cards", "deadlines", str(path)]) == 0
    assert "2026-11-20" in capsys.readouterr().out
