"""``madoguchi register``: the contract other programs rely on (コマンドの契約)."""

import json

import pytest

from madoguchi.entry.cli import verbs
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.protection.testing import protect
from madoguchi.register.tests.csv_town import as_bytes, family, person_no, row

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def ask(capsys, monkeypatch):
    """Call a verb with --json; give back its exit status and the one object it printed."""
    # The suite has connected and migrated its own database already.
    from madoguchi.entry import bootstrap

    monkeypatch.setattr(bootstrap, "set_up", lambda: None)

    def call(*words):
        status = run_verb([*map(str, words), "--json"])
        out = capsys.readouterr().out
        assert out.endswith("\n") and out.count("\n") == 1
        return status, json.loads(out)

    return call


@pytest.fixture
def file(tmp_path):
    def write(rows, name="register.csv", **how):
        path = tmp_path / name
        path.write_bytes(as_bytes(rows, **how))
        return path

    return write


def test_import_then_search_then_export(ask, file, tmp_path):
    status, said = ask("register", "import", file(family()))
    assert (status, said["schema"], said["rows"], said["loaded"]) == (0, "madoguchi.import/1", 5, 5)
    assert said["problems"] == []
    status, said = ask("register", "search", "みなと　さくら")
    assert (status, said["schema"]) == (0, "madoguchi.search/1")
    (hit,) = said["hits"]
    assert {key: hit[key] for key in ("person_id", "name", "kana", "birth_date", "area")} == {
        "person_id": person_no(2), "name": "湊　さくら", "kana": "ミナト　サクラ",
        "birth_date": "1990-05-03", "area": "本島",
    }  # fmt: skip
    assert hit["matched_by"] == "KANA"
    assert isinstance(said["ms"], float)
    status, said = ask("register", "export", tmp_path / "out.csv")
    assert (status, said["rows"]) == (0, 5)
    assert (tmp_path / "out.csv").read_bytes() == as_bytes(family())


def test_a_dry_run_loads_nothing(ask, file):
    status, said = ask("register", "import", file(family()), "--dry-run")
    assert (status, said["rows"], said["loaded"], said["new"]) == (0, 5, 0, 5)
    assert ask("register", "search", "湊")[1]["hits"] == []


def test_wrong_rows_end_with_one_and_say_line_column_cause_and_remedy(ask, file):
    status, said = ask("register", "import", file([*family(), row(1), row(8, 性別="?")]))
    assert (status, said["rows"], said["loaded"], said["problem_count"]) == (1, 7, 0, 2)
    wanted = {"code", "cause", "remedy", "where"}
    assert all(set(one) == wanted and one["cause"] and one["remedy"] for one in said["problems"])
    assert {one["where"] for one in said["problems"]} == {"line 7, 宛名番号", "line 8, 性別"}
    assert ask("register", "search", "湊")[1]["hits"] == []


def test_warnings_do_not_refuse(ask, file):
    rows = family()
    rows[1]["世帯主氏名"] = "べつの　ひと"
    status, said = ask("register", "import", file(rows))
    assert (status, said["loaded"], said["problems"]) == (0, 5, [])
    assert [one["code"] for one in said["warnings"]] == ["CSV_HEAD_NAME_DIFFERS"]


def test_limit_and_truncated(ask, file):
    ask("register", "import", file([row(n) for n in range(1, 9)]))
    _, said = ask("register", "search", "浜", "--limit", 3)
    assert (len(said["hits"]), said["truncated"]) == (3, True)


def test_protected_people_are_not_there_for_the_command_line(ask, file, tmp_path):
    ask("register", "import", file([row(1, 支援措置="仮支援措置"), row(2)]))
    _, said = ask("register", "search", "浜")
    assert [hit["person_id"] for hit in said["hits"]] == [person_no(2)]
    assert ask("register", "search", person_no(1))[1]["hits"] == []
    protect(person_no(2))
    assert ask("register", "export", tmp_path / "out.csv")[1]["rows"] == 0


def test_a_file_that_is_not_there_is_refused_in_words(ask, tmp_path):
    status, said = ask("register", "import", tmp_path / "nothing.csv")
    assert (status, said["problems"][0]["code"]) == (1, "FILE_UNREADABLE")
    assert "（見つかりません）" in said["problems"][0]["cause"]
    assert (said["rows"], said["loaded"]) == (0, 0)


@pytest.mark.parametrize(
    "words",
    [("register",), ("register", "burn"), ("nothing",), (), ("register", "search"),
     ("register", "search", "x", "--limit", "many")],
)  # fmt: skip
def test_a_wrong_call_ends_with_two(ask, words):
    status, said = ask(*words)
    assert status == 2
    assert said["problems"][0]["code"] == "WRONG_CALL"


def test_without_json_a_person_can_read_it(capsys, file, monkeypatch):
    from madoguchi.entry import bootstrap

    monkeypatch.setattr(bootstrap, "set_up", lambda: None)
    assert run_verb(["register", "import", str(file(family()))]) == 0
    assert run_verb(["register", "search", "湊"]) == 0
    said = capsys.readouterr().out
    assert "5 件: 新規 5" in said and "湊　航平" in said
    assert run_verb(["register", "import", str(file([row(1, 性別="?")]))]) == 1
    said = capsys.readouterr()
    assert "line 2, 性別: 「性別」に「?」は使えません。" in said.err


def test_help_lists_the_verbs(capsys):
    assert run_verb(["register", "--help"]) == 0
    assert {"import", "search", "export"} <= set(capsys.readouterr().out.split())


def test_every_noun_has_verbs_with_a_schema():
    for noun in verbs.list_nouns():
        for verb in verbs.verbs_of(noun):
            assert verb.schema.startswith("madoguchi."), (noun, verb.name)
            assert verb.help
