"""``madoguchi addressees reconcile``: the contract other programs rely on (コマンドの契約)."""

import csv
import json
import os
import stat
import subprocess
import sys

import pytest
from openpyxl import Workbook

from madoguchi.entry.cli.verbs import run_verb

REGISTER = """id,name,kana,birth_date,address,status,protected
1,海野　葵,ウンノ　アオイ,1990-04-12,鹿児島県大島郡瀬戸内町古仁屋字高丘４５番地６,現住,
2,湊　航平,ミナト　コウヘイ,1988-07-20,鹿児島県大島郡瀬戸内町阿木名６７８番地,,no
3,湊　奈緒,ミナト　ナオ,1989-02-03,鹿児島県大島郡瀬戸内町阿木名６７８番地,現住,支援措置
4,髙﨑　実,タカサキ　ミノル,1951-03-02,鹿児島県大島郡瀬戸内町諸鈍１６３１番地,死亡,
"""
BATCH = """id,name,kana,birth_date,address
a,海野葵,ｳﾝﾉ ｱｵｲ,H2.4.12,古仁屋高丘45-6
b,湊 航平,,S63/07/21,阿木名678
c,湊 奈緒,ミナトナオ,平成元年2月3日,阿木名678番地
d,高崎 実,,昭和26年3月2日,加計呂麻島諸鈍1631
e,遠井 某,,昭和1年12月31日,東京都千代田区三番町6
"""


@pytest.fixture
def ask(capsys, tmp_path):
    def call(register=REGISTER, batch=BATCH, *words, code="utf-8"):
        paths = []
        for name, content in (("r", register), ("b", batch)):
            path = tmp_path / name
            path.write_bytes(content if isinstance(content, bytes) else content.encode(code))
            paths.append(str(path))
        out = tmp_path / "out.csv"
        status = run_verb(["addressees", "reconcile", "--register", paths[0], "--batch", paths[1],
                           "--out", str(out), "--json", *words])  # fmt: skip
        said = json.loads(capsys.readouterr().out)
        rows = []
        if out.exists():
            with out.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
            out.unlink()
        return status, said, rows

    return call


def test_a_list_is_decided_row_by_row(ask):
    status, said, rows = ask()
    assert (status, said["schema"]) == (0, "madoguchi.reconcile/1")
    assert (said["rows"], said["auto"], said["review"], said["none"]) == (5, 1, 3, 1)
    assert said["seconds"] > 0 and said["peak_mb"] > 0 and said["rules_version"]
    assert list(rows[0]) == ["batch_id", "decision", "register_id", "bits", "margin", "reasons"]
    assert [(row["batch_id"], row["decision"], row["register_id"]) for row in rows] == [
        ("a", "auto", "1"), ("b", "review", "2"), ("c", "review", "3"), ("d", "review", "4"),
        ("e", "none", ""),
    ]  # fmt: skip
    assert float(rows[0]["bits"]) > 8 and float(rows[0]["margin"]) > 6


def test_reasons_are_words_and_bits(ask):
    _, _, rows = ask()
    assert rows[0]["reasons"].startswith("氏が同じ +")
    assert "生年月日が1か所ちがう" in rows[1]["reasons"]
    assert rows[1]["reasons"].endswith("| 生年月日が同じと言えない")
    assert rows[2]["reasons"].endswith("| 人が確かめる人")
    assert rows[3]["reasons"].endswith("| 亡くなっている")


def test_shift_jis_says_the_same(ask):
    # 﨑 and 髙 are in Windows' Shift_JIS.
    utf_8, cp932 = ask(), ask(code="cp932")
    assert utf_8[2] == cp932[2]


def test_excel_says_the_same(ask, tmp_path):
    def book(text):
        made = Workbook()
        for row in csv.reader(text.splitlines()):
            made.active.append(row)
        made.save(tmp_path / "book.xlsx")
        return (tmp_path / "book.xlsx").read_bytes()

    assert ask(register=book(REGISTER), batch=book(BATCH))[2] == ask()[2]


def test_headings_may_be_a_towns_own(ask):
    register = REGISTER.replace(
        "id,name,kana,birth_date,address,status,protected",
        "宛名番号,氏名,氏名_フリガナ,生年月日,住所,住民状態,支援措置",
    )
    batch = BATCH.replace(
        "id,name,kana,birth_date,address", "申請書ID,氏名,フリガナ,生年月日,送付先住所"
    )
    assert ask(register, batch)[2] == ask()[2]


def test_every_bad_row_is_told_and_nothing_is_written(ask):
    batch = BATCH + "a,湊 奈緒,,H1.2.3,\n,湊 奈緒,,H1.2.3,\nf,湊 奈緒\n"
    register = REGISTER + "1,湊 奈緒,,1989-02-03,,,\n"
    status, said, rows = ask(register, batch)
    assert (status, rows) == (1, [])
    assert [(one["code"], one["where"]) for one in said["problems"]] == [
        ("ADDRESSEES_ID_TWICE", "register line 6"), ("ADDRESSEES_ID_TWICE", "batch line 7"),
        ("ADDRESSEES_ID_MISSING", "batch line 8"), ("ADDRESSEES_ROW_RAGGED", "batch line 9"),
    ]  # fmt: skip


def test_what_is_missing_in_both_files_is_told_at_once(ask):
    status, said, _ = ask("id,kana\n1,ア\n", "id,name\n1,湊\n")
    assert status == 1
    assert [(one["code"], one["where"]) for one in said["problems"]] == [
        ("ADDRESSEES_COLUMN_MISSING", "register"), ("ADDRESSEES_COLUMN_MISSING", "register"),
        ("ADDRESSEES_COLUMN_MISSING", "batch"),
    ]  # fmt: skip


def test_what_cannot_be_read_is_warned_of_and_asked_about(ask):
    status, said, rows = ask(
        batch="id,name,kana,birth_date,address\na,海野 葵,,平成2年春,\nb,,,,\n"
    )
    assert status == 0
    assert [row["decision"] for row in rows] == ["review", "review"]
    assert {one["code"] for one in said["warnings"]} == {
        "ADDRESSEES_BIRTH_UNREAD", "ADDRESSEES_NAME_MISSING",
    }  # fmt: skip


def test_a_dry_run_counts_and_writes_nothing(ask):
    _, said, rows = ask(REGISTER, BATCH, "--dry-run")
    assert (said["auto"], rows) == (1, [])


def test_the_same_number_is_no_evidence_unless_it_is_the_persons(ask):
    swapped = BATCH.replace("\na,", "\n2,").replace("\nb,", "\n1,")
    assert ask(batch=swapped)[2][0]["register_id"] == "1"
    moved = (
        "id,person_id,name,kana,birth_date,address\na,1,海野 葵,,H2.4.12,東京都千代田区三番町6\n"
    )
    assert ask(batch=moved)[2][0]["decision"] == "auto"
    assert ask(batch=moved.replace("a,1,", "a,2,"))[2][0]["decision"] == "review"


def test_keys_are_kept_for_their_owner_and_only_for_this_file(ask, tmp_path):
    folder = tmp_path / "keys"
    words = ("--keys", str(folder))
    first = ask(REGISTER, BATCH, *words)
    again = ask(REGISTER, BATCH, *words)
    assert (first[1]["keys_reused"], again[1]["keys_reused"]) == (False, True)
    assert first[2] == again[2]
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    other = ask(REGISTER.replace("1990-04-12", "1990-04-13"), BATCH, *words)
    assert (other[1]["keys_reused"], other[2][0]["decision"]) == (False, "review")


def test_it_needs_neither_tables_nor_settings(tmp_path):
    """A process of its own, as anybody starts it: here Django is set up, there it is not."""
    for name, content in (("r", REGISTER), ("b", BATCH)):
        (tmp_path / name).write_text(content, encoding="utf-8")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("DJANGO_", "MADOGUCHI_"))}
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", "addressees", "reconcile", "--register", "r",
         "--batch", "b", "--out", "o", "--keys", "keys", "--json"],
        cwd=tmp_path, env=kept, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["rows"] == 5


def test_a_wrong_call_is_no_refusal(capsys):
    assert run_verb(["addressees", "reconcile", "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["problems"][0]["code"] == "WRONG_CALL"
