"""``madoguchi cards``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest
from openpyxl import load_workbook

from madoguchi.cards.testing import as_bytes, enter, row
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.kernel.checkdigits import make_addressee_no

pytestmark = pytest.mark.django_db(transaction=True)
AOI, RIN = make_addressee_no(1), make_addressee_no(2)


@pytest.fixture
def ask(capsys, monkeypatch):
    from madoguchi.entry import bootstrap

    monkeypatch.setattr(bootstrap, "set_up", lambda: None)

    def call(*words):
        status = run_verb([*map(str, words), "--json"])
        return status, json.loads(capsys.readouterr().out)

    return call


@pytest.fixture
def file(tmp_path):
    enter(AOI, RIN)

    def write(*rows):
        path = tmp_path / "card_certificates.csv"
        path.write_bytes(as_bytes(rows))
        return path

    return write


def test_dry_run_then_import_then_the_same_again(ask, file):
    path = file(row(AOI, "11"), row(RIN, "21"))
    status, said = ask("cards", "import", path, "--dry-run")
    assert (status, said["schema"], said["rows"], said["loaded"], said["new"]) == (
        0, "madoguchi.import/1", 2, 0, 2,
    )  # fmt: skip
    status, said = ask("cards", "import", path)
    assert (status, said["loaded"], said["new"], said["problems"]) == (0, 2, 2, [])
    status, said = ask("cards", "import", path)
    assert (status, said["loaded"], said["unchanged"]) == (0, 0, 2)


def test_a_wrong_file_ends_with_one_and_says_line_column_cause_and_remedy(ask, file):
    status, said = ask("cards", "import", file(row(AOI, "11"), row(RIN, "11")))
    assert (status, said["rows"], said["loaded"], said["problem_count"]) == (1, 2, 0, 1)
    (problem,) = said["problems"]
    assert problem["where"] == "line 3, シリアル番号"
    assert problem["cause"] and problem["remedy"]


def test_a_file_that_is_not_there_is_refused_in_words(ask, tmp_path):
    status, said = ask("cards", "import", tmp_path / "nothing.csv")
    assert (status, said["problems"][0]["code"], said["rows"]) == (1, "FILE_UNREADABLE", 0)


def test_without_json_a_person_can_read_it(capsys, file, monkeypatch):
    from madoguchi.entry import bootstrap

    monkeypatch.setattr(bootstrap, "set_up", lambda: None)
    assert run_verb(["cards", "import", str(file(row(AOI, "11")))]) == 0
    assert "新規 1" in capsys.readouterr().out
    assert run_verb(["cards", "import", str(file(row(AOI, "11"), row(AOI, "12")))]) == 1
    assert "何も登録していません" in capsys.readouterr().out


# -- the ledger --------------------------------------------------------------------------------


@pytest.fixture
def ledger(tmp_path):
    from madoguchi.cards.tests.test_ledger import book_of, live, row_of
    from madoguchi.register.testing import keep

    keep(live(0), live(1))
    path = tmp_path / "ledger.xlsx"
    path.write_bytes(book_of(row_of(0), row_of(1, 町のメモ="=1+1")).getvalue())
    return path


def test_the_ledger_goes_in_and_comes_out_as_a_file_nobody_else_reads(ask, ledger, tmp_path):
    status, said = ask("cards", "ledger", "--import", ledger)
    assert (status, said["problems"][0]["code"]) == (1, "CARD_COLUMN_UNCONFIRMED")
    words = ("cards", "ledger", "--import", ledger, "--column", "お名前=氏名")
    status, said = ask(*words, "--dry-run")
    assert (status, said["schema"], said["new"], said["loaded"]) == (0, "madoguchi.ledger/1", 2, 0)
    assert ask(*words)[1]["loaded"] == 2
    out = tmp_path / "out.xlsx"
    status, said = ask("cards", "ledger", "--export", out)
    assert (status, said["rows"], said["withheld"], said["file"]) == (0, 2, 0, str(out))
    assert out.stat().st_mode & 0o077 == 0
    sheet = load_workbook(out).active
    assert sheet["H3"].value == "=1+1" and sheet["H3"].data_type == "s"
    status, said = ask("cards", "ledger", "--export", tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


def test_a_column_said_wrong_is_refused_in_words(ask, ledger):
    status, said = ask("cards", "ledger", "--import", ledger, "--column", "お名前=なにか")
    assert (status, said["problems"][0]["code"]) == (1, "CARD_COLUMN_SAID_WRONG")
    assert ask("cards", "ledger")[0] == 2
