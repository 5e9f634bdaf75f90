"""``madoguchi insights effect``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest

from madoguchi.entry.cli.verbs import run_verb

TABLE = """fiscal_year,months_in_service,all_issues,channel_issues
令和4年度,2,948,57
令和5年度,12,"4,992",453
令和6年度,12,3983,463
"""
MEANS = "fiscal_year,printed_mean\n令和4年度,28.50\n令和5年度,37.75\n令和6年度,38.50\n"


@pytest.fixture
def ask(capsys, tmp_path):
    def call(table=TABLE, *words, means=None, code="utf-8"):
        paths = []
        for name, content in (("table.csv", table), ("means.csv", means)):
            if content is not None:
                (tmp_path / name).write_bytes(content.encode(code))
                paths.append(str(tmp_path / name))
        more = ["--printed", paths[1]] if means is not None else []
        status = run_verb(["insights", "effect", "--input", paths[0], *more, "--json", *words])
        return status, json.loads(capsys.readouterr().out)

    return call


def places_of(said):
    return [(one["code"], one["where"]) for one in said["problems"]]


def test_the_towns_table_is_reproduced_and_its_slip_is_told(ask):
    status, said = ask(means=MEANS)
    assert (status, said["schema"], said["problems"]) == (0, "madoguchi.effect/1", [])
    assert [(one["fiscal_year"], one["mean_per_month"], one["share_percent"]) for one in said["years"]] == [
        ("令和4年度", 28.5, 6.01), ("令和5年度", 37.75, 9.07), ("令和6年度", 38.58, 11.62),
    ]  # fmt: skip
    latest = said["latest"]
    assert (latest["hours_saved"], latest["yen_saved"]) == (45.14, 120_169)
    assert (latest["net_yen"], latest["yen_per_issue"]) == (-1_416_002, 3_318)
    assert said["break_even_issues"] == 10_397
    assert said["change"][1] == {
        "from": "令和5年度", "to": "令和6年度", "share_points": 2.55, "from_use_points": 0.2,
        "from_volume_points": 2.35, "by_month": False,
    }  # fmt: skip
    slip = said["findings"][0]
    assert (slip["code"], slip["printed"], slip["readded"]) == (
        "EFFECT_MEAN_DIFFERS", "38.50", "38.58",
    )  # fmt: skip
    assert "38.58" in slip["cause"] and slip["remedy"].endswith("。")
    assert len([one for one in said["findings"] if one["code"] == "EFFECT_MEAN_DIFFERS"]) == 1


def test_every_sum_brings_its_rows(ask):
    _, said = ask()
    for year in said["years"]:
        assert sum(row["issues"] for row in year["rows"]) == year["all_issues"]
    assert said["years"][2]["rows"][0] == {
        "channel": "store", "issues": 463, "source": "table.csv 4行目",
    }  # fmt: skip


def test_shift_jis_and_any_order_of_columns_and_rows_say_the_same(ask):
    turned = "\n".join(
        ",".join((cells := line.replace('"4,992"', "4992").split(","))[1:] + cells[:1])
        for line in [TABLE.splitlines()[0], *reversed(TABLE.splitlines()[1:])]
    )
    _, plain = ask()
    _, other = ask(turned, code="cp932")
    assert other["latest"] == plain["latest"]
    assert other["change"] == plain["change"]


def test_inputs_are_the_callers(ask):
    _, said = ask(TABLE, "--seconds", "0", "--fixed-yen", "463", "--yen-per-issue", "1.5")
    assert said["latest"]["yen_per_issue"] == 3  # 2.5, and halves go up
    assert said["break_even_issues"] is None
    _, said = ask(TABLE, "--resident-minutes", "60", "--resident-yen-per-hour", "1000")
    assert said["break_even_issues_with_residents"] == 1_298
    assert said["latest"]["resident_yen"] == 463_000


def test_every_wrong_cell_of_both_files_is_told_at_once(ask):
    table = TABLE + "平成5年度,13,x,-1\n令和六年度,12,10,11\nR6,1,1,0\nR3,12\n"
    status, said = ask(table, means="fiscal_year,printed_mean\n2030,1\nR6,abc\n")
    assert (status, said["years"], said["latest"]) == (1, [], None)
    assert places_of(said) == [
        ("EFFECT_NOT_A_COUNT", "line 5, months_in_service"),
        ("EFFECT_NOT_A_COUNT", "line 5, all_issues"),
        ("EFFECT_NOT_A_COUNT", "line 5, channel_issues"),
        ("EFFECT_YEAR_UNREADABLE", "line 6, fiscal_year"),
        ("EFFECT_MORE_THAN_ALL", "line 6, channel_issues"),
        ("EFFECT_YEAR_TWICE", "line 7, fiscal_year"),
        ("CSV_RAGGED", "line 8"),
        ("EFFECT_YEAR_UNKNOWN", "printed line 2, fiscal_year"),
        ("EFFECT_NOT_A_NUMBER", "printed line 3, printed_mean"),
    ]
    assert all(
        one["cause"].endswith("。") and one["remedy"].endswith("。") for one in said["problems"]
    )


@pytest.mark.parametrize(
    ("table", "code"),
    [
        ("", "CSV_EMPTY"),
        ("fiscal_year,months_in_service,all_issues,channel_issues\n", "EFFECT_NO_ROWS"),
        ("fiscal_year,months_in_service,all_issues\nR6,12,1\n", "CSV_COLUMN_MISSING"),
        (TABLE.replace("months_in_service", "fiscal_year", 1), "CSV_COLUMN_TWICE"),
        (TABLE + '"R7,12,1,1', "CSV_QUOTES"),
    ],
)
def test_a_file_that_is_no_table_is_refused(ask, table, code):
    status, said = ask(table)
    assert status == 1
    assert code in {one["code"] for one in said["problems"]}


@pytest.mark.parametrize(
    "words",
    [("--seconds", "-1"), ("--seconds", "nan"), ("--ferry-percent", "101"), ("--fixed-yen", "1e6")],
)
def test_a_wrong_number_is_a_wrong_call(ask, words):
    status, said = ask(TABLE, *words)
    assert (status, said["problems"][0]["code"]) == (2, "WRONG_CALL")


def test_it_reads_to_a_person(capsys, tmp_path):
    (tmp_path / "t.csv").write_text(TABLE, encoding="utf-8")
    assert run_verb(["insights", "effect", "--input", str(tmp_path / "t.csv")]) == 0
    out = capsys.readouterr().out
    assert "損益分岐: 年 10,397 件" in out
    assert "（利用の分 +0.20・分母の分 +2.35）" in out
