"""``madoguchi town generate``: one JSON object, exit status, progress on a terminal only."""

import json

import pytest

from madoguchi.entry.cli import main


def run(capsys, *words):
    status = main(["town", "generate", *words])
    told = capsys.readouterr()
    return status, told.out, told.err


def test_it_answers_with_one_object(capsys, tmp_path):
    out = tmp_path / "town"
    status, told, aside = run(
        capsys, "--residents", "200", "--seed", "3", "--out", str(out), "--json"
    )
    answer = json.loads(told)
    assert status == 0
    assert aside == ""
    assert answer["schema"] == "madoguchi.town/1"
    assert answer["residents"] == sum(answer["areas"].values()) == 200
    assert 0 < answer["households"] < 200
    assert set(answer["areas"]) == {"本島", "加計呂麻島", "請島", "与路島"}
    assert {path.name for path in out.iterdir()} == set(answer["files"])


def test_it_takes_the_day_in_either_calendar(capsys, tmp_path):
    for folder, day in (("a", "2027-03-31"), ("b", "令和9年3月31日")):
        words = ("--residents", "12", "--out", str(tmp_path / folder), "--as-of", day, "--json")
        status, told, _ = run(capsys, *words)
        assert (status, json.loads(told)["as_of"]) == (0, "2027-03-31")
    first, second = ((tmp_path / one / "register.csv").read_bytes() for one in "ab")
    assert first == second


def test_a_refusal_has_cause_and_remedy(capsys, tmp_path):
    status, told, _ = run(capsys, "--residents", "3", "--out", str(tmp_path / "x"), "--json")
    answer = json.loads(told)
    assert status == 1
    assert answer["problems"][0]["code"] == "TOWN_TOO_SMALL"
    assert answer["problems"][0]["cause"] and answer["problems"][0]["remedy"]
    assert not (tmp_path / "x").exists()


@pytest.mark.parametrize("words", [[], ["--out", "x", "--as-of", "2026-02-30"]])
def test_a_wrong_call_is_2(capsys, words):
    assert run(capsys, *words)[0] == 2


def test_a_terminal_sees_how_far_it_is(capsys, monkeypatch, tmp_path):
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    _, _, aside = run(capsys, "--residents", "12", "--out", str(tmp_path), "--json")
    assert "100 %" in aside
