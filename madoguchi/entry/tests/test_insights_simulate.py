"""``madoguchi insights simulate``: the contract other programs rely on (コマンドの契約)."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from madoguchi.appointments.testing import NOW, PLACE, called, tickets
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.infra import clock
from madoguchi.insights.tests.desk_log import write_log

SCENARIO = {
    "days": 20, "open_minutes": 480, "clerks": 2, "cs_terminals": 2, "replications": 5, "seed": 1,
    "services": [
        {"name": "certificate", "per_day": 16.4, "seconds": 351, "needs": ["clerk"]},
        {"name": "hand_over", "per_day": 8, "seconds": 600, "needs": ["clerk", "cs"]},
        {"name": "setup", "per_day": 8, "seconds": 1200, "needs": ["clerk", "cs"],
         "priority": "background"},
    ],
    "weekday_weight": [1.35, 0.77, 0.77, 0.77, 1.35],
}  # fmt: skip


@pytest.fixture
def ask(capsys, tmp_path):
    def call(scenario, *words, other=None):
        paths = []
        for name, one in (("scenario.json", scenario), ("other.json", other)):
            if one is not None:
                (tmp_path / name).write_text(json.dumps(one), encoding="utf-8")
                paths.append(str(tmp_path / name))
        more = ["--compare", paths[1]] if other is not None else []
        status = run_verb(["insights", "simulate", *paths[:1], *more, *words])
        return status, capsys.readouterr()

    return call


def test_it_answers_as_promised(ask):
    status, out = ask(SCENARIO, "--json")
    said = json.loads(out.out)
    assert (status, said["schema"], said["problems"]) == (0, "madoguchi.simulate/1", [])
    assert set(said["waits"]) == {"certificate", "hand_over", "setup"}
    assert said["background"] == ["setup"]  # its wait is how long it lies before it is begun
    assert said["waits"]["setup"]["mean_min"] > 10 * said["waits"]["certificate"]["mean_min"]
    for name, one in said["waits"].items():
        low, high = said["interval"]["waits"][name]["mean_min"]
        assert low < one["mean_min"] < high and one["mean_min"] < one["p90_min"]
    assert 0.3 < said["utilisation"]["clerk"] < 0.4 and 0.2 < said["utilisation"]["cs"] < 0.3
    low, high = said["interval"]["overtime_hours_per_year"]
    assert low <= said["overtime_hours_per_year"] <= high
    assert said["binding_resource"] == "clerk"
    assert said["one_more_spares_minutes_per_year"]["cs"]["clear"] is False


def test_the_same_seed_says_the_same_and_another_something_else(ask):
    def waits(seed):
        return json.loads(ask(SCENARIO | {"seed": seed}, "--json")[1].out)["waits"]

    assert waits(1) == waits(1)
    assert waits(1) != waits(2)


def test_two_scenarios_are_told_apart_with_an_interval(ask):
    status, out = ask(SCENARIO, "--json", other=SCENARIO | {"clerks": 3})
    found = json.loads(out.out)["compare"]["difference"]
    assert status == 0
    waited = found["waiting_hours_per_year"]
    assert waited["clear"] and waited["interval"][1] < 0
    assert found["clerk_minutes_per_year"]["value"] == 0


def test_people_read_a_table_in_japanese(ask):
    status, out = ask(SCENARIO, other=SCENARIO | {"clerks": 3})
    assert status == 0
    for words in ("証明書", "カードの交付", "効いている資源: 職員", "差（比べた条件－もとの条件"):
        assert words in out.out


def test_a_name_of_ones_own_stays_as_it_is(ask):
    own = json.loads(json.dumps(SCENARIO))
    own["services"][0]["name"] = "パスポート"
    assert "パスポート" in ask(own)[1].out


def test_all_that_is_wrong_is_told_and_nothing_is_reckoned(ask):
    status, out = ask(SCENARIO | {"clerks": 0, "days": "many"}, "--json")
    said = json.loads(out.out)
    assert (status, said["waits"], said["binding_resource"]) == (1, {}, None)
    assert [one["where"] for one in said["problems"]] == ["days"]
    status, out = ask(SCENARIO | {"clerks": 0}, "--json")
    assert [one["code"] for one in json.loads(out.out)["problems"]] == ["TWIN_NOBODY_THERE"]


def test_too_much_work_is_a_warning_beside_the_figures(ask):
    busy = json.loads(json.dumps(SCENARIO)) | {"days": 3, "replications": 2}
    busy["services"][0]["per_day"] = 200
    said = json.loads(ask(busy, "--json")[1].out)
    assert [one["code"] for one in said["warnings"]] == ["TWIN_OVERLOADED"]
    assert said["overtime_hours_per_year"] > 0


def test_no_file_an_unknown_ready_scenario_and_the_schema(capsys):
    assert run_verb(["insights", "simulate", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "CASE_FILE_MISSING"
    assert run_verb(["insights", "simulate", "--ready", "magic", "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["code"] == "TWIN_READY_UNKNOWN" and "clerk_ill" in problem["remedy"]
    assert run_verb(["insights", "simulate", "--schema"]) == 0
    assert json.loads(capsys.readouterr().out)["examples"][0]["days"] == 243


def test_a_log_is_fitted_foretold_and_tried_out(capsys, tmp_path):
    log, out = tmp_path / "log.csv", tmp_path / "scenario.json"
    with log.open("w", encoding="utf-8", newline="") as file:
        write_log(file, weeks=10, seed=3)
    call = [
        "insights",
        "fit",
        str(log),
        "--terminals",
        "1",
        "--hold-out-weeks",
        "3",
        "--out",
        str(out),
    ]
    assert run_verb([*call, "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["schema"], said["days_fitted"], said["days_held_out"]) == (
        "madoguchi.fit/1",
        35,
        15,
    )
    assert len(said["prediction"]) == 3 * 4
    assert set(said["errors_percent"]) == {one["measure"] for one in said["prediction"]}
    # What is written is a scenario of the other verb's.
    written = json.loads(out.read_text("utf-8")) | {"replications": 2, "days": 10}
    out.write_text(json.dumps(written), "utf-8")
    assert run_verb(["insights", "simulate", str(out), "--json"]) == 0
    tried = json.loads(capsys.readouterr().out)
    assert set(tried["waits"]) >= {"certificate", "hand_over", "question"}
    assert run_verb(call) == 0
    assert "次の15日を予測した" in capsys.readouterr().out


def test_a_wrong_log_and_a_short_one_are_told(capsys, tmp_path):
    log = tmp_path / "log.csv"
    log.write_text("service,came_at,began_at,ended_at,terminal\na,b,c,d,0\n", "utf-8")
    assert run_verb(["insights", "fit", str(log), "--json"]) == 1
    said = json.loads(capsys.readouterr().out)
    assert {one["code"] for one in said["problems"]} == {"TWIN_LOG_MOMENT"} and said[
        "prediction"
    ] == []
    log.write_text("service,came_at,began_at,ended_at,terminal\n", "utf-8")
    assert run_verb(["insights", "fit", str(log), "--json"]) == 1
    (problem,) = json.loads(capsys.readouterr().out)["problems"]
    assert problem["code"] == "TWIN_LOG_SHORT"
    assert run_verb(["insights", "fit", str(log), "--clerks", "0", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "TWIN_NOBODY_THERE"


def done(came):
    """A number of the line, called and done with."""
    tickets(ticket_id=called(now=came)).update(
        stage="DONE", started_at=came + timedelta(minutes=4),
        ended_at=came + timedelta(minutes=12),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_week_that_is_not_over_is_not_foretold(capsys):
    for week in range(7):
        done(NOW + timedelta(weeks=week))
        if week < 6:
            done(NOW + timedelta(weeks=week, days=3))
    with clock.frozen(NOW + timedelta(weeks=6, days=1)):  # a Tuesday
        call = ["insights", "fit", "--place", PLACE, "--hold-out-weeks", "2", "--json"]
        assert run_verb(call) == 0
    said = json.loads(capsys.readouterr().out)
    assert (said["days_fitted"], said["prediction"][0]["seen"]) == (20, 0.4)


@pytest.mark.django_db
def test_a_log_is_the_towns_own_line(capsys):
    for week in range(6):
        for hours in (0, 2, 3):
            done(NOW + timedelta(weeks=week, hours=hours))
    with clock.frozen(NOW + timedelta(weeks=6)):
        call = ["insights", "fit", "--place", PLACE, "--hold-out-weeks", "2", "--json"]
        assert run_verb(call) == 0
    said = json.loads(capsys.readouterr().out)
    people = said["prediction"][0]
    assert (people["service"], people["measure"], people["seen"]) == (
        "QUESTION",
        "people_per_day",
        0.6,
    )
    assert said["days_fitted"] == 20
    assert run_verb(["insights", "fit", "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "TWIN_LOG_MISSING"


def test_other_days_are_no_comparison(ask):
    status, out = ask(
        SCENARIO, "--json", other=SCENARIO | {"days": 10, "seed": 2, "replications": 9}
    )
    said = json.loads(out.out)
    assert (status, said["waits"]) == (1, {})
    assert [(one["code"], one["where"]) for one in said["problems"]] == [
        ("TWIN_OTHER_DAYS", "days"), ("TWIN_OTHER_DAYS", "seed"),
    ]  # fmt: skip


def test_a_terminal_less_makes_those_wait_who_need_one(ask):
    def waits(**changed):
        return json.loads(ask(SCENARIO | changed, "--json")[1].out)["waits"]

    one, two = waits(cs_terminals=1), waits()
    assert one["hand_over"]["mean_min"] > two["hand_over"]["mean_min"] + 1
    assert one["hand_over"]["mean_min"] > one["certificate"]["mean_min"] + 1


def test_a_ready_wish_is_told_with_its_source_and_formula(capsys, monkeypatch):
    from madoguchi.insights.queries import desk

    ready = desk.ready_scenarios()
    short = replace(ready, base=replace(ready.base, replications=3))
    monkeypatch.setattr(desk, "ready_scenarios", lambda _="": short)

    def ask(code, *words):
        assert run_verb(["insights", "simulate", "--ready", code, *words]) == 0
        return capsys.readouterr().out

    wish = json.loads(ask("no_card_face", "--json"))
    assert wish["ready"]["formula_minutes_per_year"] == 243 * 12
    assert wish["ready"]["formula_yen_per_year"] == round(243 * 12 * 2662 / 60)
    assert "券面事項" in wish["ready"]["source"] and "12分" in wish["ready"]["assumed"]
    assert wish["compare"]["difference"]["clerk_minutes_per_year"]["value"] < 0
    shared = json.loads(ask("shared_cs", "--json"))
    assert shared["ready"]["outside_minutes_per_year"] == [840, 2640] and "compare" not in shared
    assert "窓口の外で減る手間" in ask("shared_cs") and "仮の値" in ask("no_card_face")
