"""``madoguchi journeys map``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest

from madoguchi.entry.cli.verbs import run_verb

HEAD = "case_id,activity,at,lane,area\n"


def log_text(count=12, area="本島", day=1):
    return HEAD + "".join(
        f"{n},受付,2026-04-{day:02}T09:{n:02}:00,front,{area}\n"
        f"{n},交付,2026-04-{day:02}T09:{n + 10:02}:00,front,{area}\n"
        for n in range(count)
    )


@pytest.fixture
def ask(capsys, tmp_path):
    def call(text, *words):
        log, out = tmp_path / "log.csv", tmp_path / "map.svg"
        log.write_text(text, encoding="utf-8")
        out.unlink(missing_ok=True)
        status = run_verb(["journeys", "map", str(log), "--out", str(out), "--json", *words])
        said = json.loads(capsys.readouterr().out)
        return status, said, out.read_text(encoding="utf-8") if out.exists() else None

    return call


def test_it_answers_as_the_contract_says(ask):
    status, said, drawing = ask(log_text())
    assert (status, said["schema"], said["problems"]) == (0, "madoguchi.journey/1", [])
    assert (said["cases"], said["variants"], said["suppressed_cells"]) == (12, 1, 0)
    assert said["edges"] == [
        {"from": "受付", "to": "交付", "count": 12, "median_min": 10.0, "p90_min": 10.0}
    ]
    assert drawing.startswith("<?xml") and "受付" in drawing


def test_what_is_refused_draws_nothing(ask):
    status, said, drawing = ask(HEAD + ",受付,きのう,front,本島\n")
    assert (status, drawing) == (1, None)
    assert [one["code"] for one in said["problems"]] == [
        "JOURNEY_CELL_EMPTY", "JOURNEY_MOMENT_UNREADABLE",
    ]  # fmt: skip
    assert said["edges"] == [] and all(one["remedy"] for one in said["problems"])


def test_few_are_not_shown_and_that_is_said(ask):
    status, said, drawing = ask(log_text(4))
    assert (status, said["cases"], said["edges"]) == (0, 4, [])
    assert said["suppressed_cells"] == 2  # the pair and the way
    assert said["warnings"][0]["code"] == "JOURNEY_CASES_FEW"
    assert "受付" not in drawing
    assert ask(log_text(4), "--k", "3")[1]["edges"][0]["count"] == 4


def test_a_second_report_of_the_same_days_is_refused(ask, tmp_path):
    kept = ["--released", str(tmp_path / "out.json")]
    assert ask(log_text(12), *kept)[0] == 0
    before = (tmp_path / "out.json").read_text(encoding="utf-8")
    assert ask(log_text(12), *kept)[0] == 0  # the very same may be drawn again
    status, said, drawing = ask(log_text(11), *kept)
    assert (status, drawing) == (1, None)
    assert said["problems"][0]["code"] == "JOURNEY_RELEASED_ALREADY"
    assert (tmp_path / "out.json").read_text(encoding="utf-8") == before
    assert ask(log_text(12, day=2), *kept)[0] == 0
    (tmp_path / "out.json").write_text("{", encoding="utf-8")
    assert (
        ask(log_text(12, day=3), *kept)[1]["problems"][0]["code"] == "JOURNEY_RELEASES_UNREADABLE"
    )


def test_a_k_that_protects_nobody_is_a_wrong_call(ask):
    assert ask(log_text(), "--k", "2")[0] == 2


def test_a_log_goes_out_as_xes_and_comes_in_again_the_same(ask, tmp_path, capsys):
    _, plain, _ = ask(log_text(7, area="加計呂麻島"))
    out = tmp_path / "log.xes"
    assert (
        run_verb(["journeys", "xes", str(tmp_path / "log.csv"), "--out", str(out), "--json"]) == 0
    )
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["cases"], said["events"]) == ("madoguchi.xes/1", 7, 14)
    text = out.read_text(encoding="utf-8")
    assert text.count("<trace>") == 7 and 'value="KAKEROMA"' in text
    _, again, _ = ask(text)
    assert again == plain


@pytest.mark.parametrize(
    "text", ["<x/>", "<log", '<!DOCTYPE log [<!ENTITY a "b">]><log>&a;</log>', "<log/>"]
)
def test_what_is_no_xes_is_refused(ask, text):
    status, said, drawing = ask(text)
    assert (status, drawing) == (1, None)
    assert said["problems"][0]["code"] in {"JOURNEY_XES_UNREADABLE", "JOURNEY_NO_ROWS"}
