"""The export: as it came in, without the held, on record (書出し)."""

import csv
import io
import stat

import pytest
from django.db import connection

from madoguchi.infra import progress, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.register.actions import exporting
from madoguchi.register.actions.exporting import export_csv
from madoguchi.register.actions.importing import ImportFiles, import_csv
from madoguchi.register.testing import clerk
from madoguchi.register.tests.csv_town import as_bytes, as_file, family, person_no, row
from madoguchi.web.messages import render_all

pytestmark = pytest.mark.django_db

CHIEF = clerk(Right.IMPORT_EXPORT, Right.SEARCH, Right.SEE_PROTECTED, staff_id="KAI")
PLAIN = clerk(Right.IMPORT_EXPORT, Right.SEARCH, staff_id="CLI")


def load(rows):
    unit.run_long(
        import_csv,
        ImportFiles(register=as_file(rows)),
        actor=CHIEF,
        progress=progress.quiet("test"),
    )


def written(path, encoding="utf-8"):
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode(encoding), newline="")))


def test_what_went_in_comes_out_letter_by_letter(tmp_path):
    rows = [
        *family(),
        row(6, 氏名="葛󠄀城　か゚", 世帯主氏名="葛󠄀城　か゚", 方書='=1+1, "二"', 性別="", 備考="三　区"),
        row(7, 世帯主氏名="べつの　ひと", 生年月日="S63.2.29", 住所を定めた年月日="昭和10年春"),
    ]
    rows = [{"備考": ""} | one for one in rows]
    load(rows)
    path = tmp_path / "register.csv"
    assert export_csv(path, actor=CHIEF) == 7
    wanted = sorted(rows, key=lambda one: one["宛名番号"])
    # A head's name that was not the head's was a warning; the head's own name stands.
    wanted[-1] = wanted[-1] | {"世帯主氏名": "浜　葵"}
    assert written(path) == [{name: one[name] for name in written(path)[0]} for one in wanted]


def test_an_exported_file_loads_as_unchanged(tmp_path):
    load(family())
    path = tmp_path / "register.csv"
    export_csv(path, actor=CHIEF)
    with path.open("rb") as file:
        report = unit.run_long(
            import_csv,
            ImportFiles(register=file),
            actor=CHIEF,
            progress=progress.quiet("test"),
        )
    assert (report.changed, report.unchanged) == (0, 5)


def test_two_exports_are_the_same_bytes(tmp_path):
    load(family())
    for name in ("a", "b"):
        export_csv(tmp_path / name, actor=CHIEF)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_held_people_are_left_out_for_whom_they_do_not_exist(tmp_path):
    load([row(1), row(2, 支援措置="支援措置", 連絡先="あり")])
    assert export_csv(tmp_path / "plain", actor=PLAIN) == 1
    assert [one["宛名番号"] for one in written(tmp_path / "plain")] == [person_no(1)]
    assert "連絡先" not in written(tmp_path / "plain")[0]
    assert export_csv(tmp_path / "all", actor=CHIEF) == 2
    assert [one["支援措置"] for one in written(tmp_path / "all")] == ["", "支援措置"]


def test_a_file_without_the_held_row_is_the_same(tmp_path):
    """What a clerk without the right gets tells nothing of a held member of a household."""
    home = {"世帯番号": row(1)["世帯番号"], "世帯主氏名": "湊　凛"}
    head = row(1, 氏名="湊　凛", 支援措置="支援措置", **home)
    child = row(2, 氏名="湊　空", 続柄="子", **home)
    gone = row(3, 氏名="湊　海", 続柄="子", 住民状態="転出", **home)
    load([head, child, gone])
    export_csv(tmp_path / "held", actor=PLAIN)
    assert "湊　凛" not in (tmp_path / "held").read_text()


def test_cp932_refuses_what_it_does_not_know_and_leaves_no_file(tmp_path):
    load(family())
    with pytest.raises(Refused) as refused:
        export_csv(tmp_path / "x.csv", actor=CHIEF, encoding="cp932")
    (problem,) = refused.value.problems
    assert (problem.code, problem.facts["letter"]) == ("CSV_LETTER_NOT_IN_ENCODING", "𠮷")
    render_all(refused.value.problems)
    assert list(tmp_path.iterdir()) == []
    load([row(3, 氏名="湊　吉乃", 続柄="世帯主")])
    export_csv(tmp_path / "x.csv", actor=CHIEF, encoding="cp932")
    assert written(tmp_path / "x.csv", "cp932")


def test_the_file_is_private_and_on_record(tmp_path):
    load(family())
    path = tmp_path / "register.csv"
    export_csv(path, actor=PLAIN)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM audit_entry WHERE action = 'REGISTER_EXPORTED'")
        assert cursor.fetchone() == (1,)


def test_no_log_no_file(tmp_path, monkeypatch):
    load(family())

    def broken(**_given):
        raise ConnectionError

    monkeypatch.setattr(exporting.audit, "look", broken)
    with pytest.raises(ConnectionError):
        export_csv(tmp_path / "register.csv", actor=PLAIN)
    assert list(tmp_path.iterdir()) == []


def test_without_the_right_nothing_is_written(tmp_path):
    with pytest.raises(Refused):
        export_csv(tmp_path / "register.csv", actor=clerk())
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_the_shape_is_written_even_for_an_empty_town(tmp_path):
    assert export_csv(tmp_path / "register.csv", actor=CHIEF) == 0
    assert (tmp_path / "register.csv").read_bytes() == as_bytes([])
