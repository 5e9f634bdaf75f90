"""The import: all or nothing, the same file twice, histories, holds, numbers (取込み)."""

import io
from dataclasses import replace
from datetime import date

import pytest
from django.db import connection

from madoguchi.infra import clock, progress, unit
from madoguchi.infra.progress import Cancelled
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_individual_number
from madoguchi.kernel.outcome import Refused
from madoguchi.register.actions.importing import ImportFiles, ImportRefused, check_csv, import_csv
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.queries.persons import history_of, snapshot
from madoguchi.register.queries.search import search
from madoguchi.register.testing import at, clerk, removed_records_of
from madoguchi.register.tests.csv_town import (
    NAMES,
    as_file,
    family,
    household_no,
    person_no,
    row,
)
from madoguchi.web.messages import label, render_all

pytestmark = pytest.mark.django_db

CHIEF = clerk(Right.IMPORT_EXPORT, Right.SEARCH, staff_id="KAI")
VERSIONS = (*NAMES, "履歴番号", "異動事由", "異動年月日", "処理日時")
QUIET = progress.quiet("test")


def load(rows=None, *, actor=CHIEF, on="2026-11-23", how=import_csv, **files):
    """Import rows (or bytes) and give the report back, refused or not."""
    opened = ImportFiles(register=rows if isinstance(rows, io.BytesIO) else as_file(rows), **files)
    with clock.frozen(at(on)):
        try:
            if how is check_csv:
                report = check_csv(opened, actor=actor, progress=QUIET)
            else:
                report = unit.run_long(how, opened, actor=actor, progress=QUIET)
        except ImportRefused as refused:
            report = refused.report
            assert count("register_version") == 0 or report.problem_count
    render_all([*report.problems, *report.warnings])
    return report


def count(table):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


def problems_of(rows, **files):
    """Return (code, where) of a refused file, and see that nothing of it was kept."""
    before = count("register_version"), count("register_search"), count("audit_entry")
    report = load(rows, **files)
    assert (count("register_version"), count("register_search"), count("audit_entry")) == before
    assert report.loaded == 0
    return [(one.code, one.where) for one in report.problems]


def version(one, number, reason, day):
    return one | {
        "履歴番号": str(number), "異動事由": reason, "異動年月日": day,
        "処理日時": f"{day}T10:00:00+09:00",
    }  # fmt: skip


def latest(one, number, reason, day, to=""):
    return {
        "宛名番号": one["宛名番号"], "履歴番号": str(number), "異動事由": reason,
        "異動年月日": day, "処理日時": f"{day}T11:00:00+09:00", "転出先": to,
    }  # fmt: skip


def test_a_good_file_is_loaded_whole():
    report = load(family())
    assert (report.rows, report.new, report.changed, report.unchanged) == (5, 5, 0, 0)
    assert report.problems == report.warnings == ()
    hoa = snapshot(person_no(4))
    assert (hoa.name, hoa.alias, hoa.nationality) == ("NGUYEN THI HOA", "緒方　ホア", "ベトナム")
    assert (str(hoa.stay_class), str(hoa.nationality_group)) == ("MID_TO_LONG_TERM", "FOREIGN")
    ume = snapshot(person_no(5))
    assert (ume.status, ume.birth, ume.birth_sort) == (
        Status.DEAD,
        "昭和10年5月頃",
        date(1935, 5, 1),
    )
    assert [one.reason for one in removed_records_of(person_no(5))] == [Reason.DEATH]
    (first,) = history_of(person_no(1))
    assert (first.reason, first.effective_on) == (Reason.ENTER_EX_OFFICIO, date(2010, 4, 1))
    assert (first.staff_id, first.changed) == ("KAI", ("*",))


def test_whoever_was_loaded_is_found():
    load(family())
    for text in ("湊　航平", "さくら", "吉乃", "緒方", "nguyen", "S10", "古仁屋", person_no(5)):
        assert search(text, actor=CHIEF).hits, text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_every_encoding_brings_the_same_people(encoding):
    people = [one | {"氏名": "湊　髙子"} for one in family()[:2]]
    load(as_file(people, encoding=encoding))
    assert snapshot(person_no(1)).name == "湊　髙子"


def test_a_dry_run_says_the_same_and_keeps_nothing():
    report = load(family(), how=check_csv)
    assert (report.rows, report.new, report.problem_count) == (5, 5, 0)
    assert count("register_version") == 0
    wrong = [*family(), row(1)]
    dry = load(wrong, how=check_csv)
    real = load(wrong)
    assert [one.code for one in dry.problems] == [one.code for one in real.problems]
    assert dry.problem_count == real.problem_count == 1


def test_the_same_file_again_changes_nothing():
    load(family())
    before = count("register_version"), count("register_search")
    report = load(family())
    assert (report.new, report.changed, report.unchanged) == (0, 0, 5)
    assert (count("register_version"), count("register_search")) == before


def test_a_difference_becomes_a_version_of_amendment():
    load(family(), on="2026-11-01")
    moved = family()
    moved[1] |= {
        "住所": "鹿児島県大島郡瀬戸内町大字阿木名5番地",
        "住所を定めた年月日": "2026-11-20",
    }
    report = load(moved, on="2026-11-23")
    assert (report.new, report.changed, report.unchanged) == (0, 1, 4)
    first, second = history_of(person_no(2))
    assert second.reason is Reason.AMEND_EX_OFFICIO
    assert second.effective_on == date(2026, 11, 23)
    assert set(second.changed) == {"address", "address_since", "address_since_sort"}
    assert first.address.endswith("船津23番地")
    assert search("阿木名", actor=CHIEF).hits[0].matched_by == "ADDRESS"
    assert [hit.matched_by for hit in search("湊さくら 船津", actor=CHIEF).hits] == [
        "NAME+PAST_ADDRESS"
    ]


def test_a_death_in_the_next_file_makes_a_removed_record():
    load(family(), on="2026-11-01")
    died = family()
    died[0] |= {"住民状態": "死亡", "続柄": "世帯主"}
    load(died)
    assert [one.reason for one in removed_records_of(person_no(1))] == [Reason.DEATH]


def test_a_column_the_file_lacks_says_nothing():
    load([row(1, 方書="コーポ潮騒1号", 備考="前の値")])
    without = {key: value for key, value in row(1).items() if key != "方書"}
    report = load([without])
    assert (report.changed, report.unchanged) == (0, 1)
    assert snapshot(person_no(1)).building == "コーポ潮騒1号"


def test_further_columns_are_kept_and_compared():
    load([row(1, 行政区="三区")])
    assert snapshot(person_no(1)).extra == {"行政区": "三区"}
    assert load([row(1, 行政区="三区")]).unchanged == 1
    assert load([row(1, 行政区="四区")]).changed == 1


def test_every_wrong_row_is_told_and_nothing_is_loaded():
    rows = family()
    rows[0] |= {"生年月日": "平成2年13月1日"}
    rows[2] |= {"続柄": "まご", "住民状態": "?"}
    assert problems_of(rows) == [
        ("DATE_NOT_IN_CALENDAR", "line 2, 生年月日"),
        ("RELATIONSHIP_UNREADABLE", "line 4, 続柄"),
        ("CSV_WORD_UNKNOWN", "line 4, 住民状態"),
    ]


def test_one_bad_row_at_the_end_keeps_out_all_before_it():
    rows = [row(n) for n in range(1, 300)]
    rows[-1] |= {"性別": "?"}
    assert problems_of(rows) == [("CSV_WORD_UNKNOWN", "line 300, 性別")]


def test_a_doubled_number_is_found_with_both_lines():
    found = load([*family(), row(2)])
    (one,) = found.problems
    assert (one.code, one.where, one.facts["first"]) == (
        "CSV_PERSON_TWICE",
        "line 7, 宛名番号",
        "3",
    )


def test_a_doubled_number_is_found_even_if_that_row_is_wrong_too():
    codes = [code for code, _ in problems_of([row(1), row(1, 性別="?")])]
    assert sorted(codes) == ["CSV_PERSON_TWICE", "CSV_WORD_UNKNOWN"]


def test_a_resident_code_belongs_to_one_person():
    code = row(1)["住民票コード"]
    assert problems_of([row(1), row(2, 住民票コード=code)]) == [
        ("CSV_RESIDENT_CODE_TWICE", "line 3, 住民票コード")
    ]
    load([row(1)])
    assert problems_of([row(2, 住民票コード=code)]) == [
        ("CSV_RESIDENT_CODE_TAKEN", "line 2, 住民票コード")
    ]


def test_two_people_do_not_swap_their_codes_in_one_file():
    load([row(1), row(2)])
    one, two = row(1)["住民票コード"], row(2)["住民票コード"]
    assert problems_of([row(1, 住民票コード=two), row(2, 住民票コード=one)]) == [
        ("CSV_RESIDENT_CODE_TAKEN", "line 2, 住民票コード"),
        ("CSV_RESIDENT_CODE_TAKEN", "line 3, 住民票コード"),
    ]


def test_a_household_has_one_head():
    two = [row(1), row(2, 世帯番号=household_no(1))]
    assert problems_of(two) == [("CSV_TWO_HEADS", "line 3, 続柄")]
    load([row(1, 住民状態="死亡"), row(2, 世帯番号=household_no(1))])
    assert count("register_person") == 2


def test_a_different_head_name_is_a_warning():
    rows = family()
    rows[1] |= {"世帯主氏名": "浜　葵"}
    report = load(rows)
    assert report.loaded == 5
    assert [(one.code, one.where) for one in report.warnings] == [
        ("CSV_HEAD_NAME_DIFFERS", "line 3, 世帯主氏名")
    ]


def test_missing_columns_and_an_empty_file_are_named():
    assert ("CSV_COLUMN_MISSING", "line 1, 氏名") in problems_of(
        [{key: value for key, value in row(1).items() if key != "氏名"}]
    )
    assert problems_of(io.BytesIO(b"")) == [("CSV_EMPTY", None)]
    assert problems_of(io.BytesIO(b"\xff\xff")) == [("CSV_ENCODING", "line 1")]


def test_a_huge_cell_refuses_the_file():
    data = as_file(family()).getvalue() + b"x" * 3_000_000 + b"\r\n"
    assert problems_of(io.BytesIO(data))[-1] == ("CSV_CELL_TOO_LARGE", "line 7")


def test_ten_thousand_problems_are_counted_and_a_thousand_listed():
    rows = [row(n, 性別="?") for n in range(1, 1502)]
    report = load(rows)
    assert (report.problem_count, len(report.problems)) == (1501, 1000)


def test_histories_come_in_with_their_reasons_and_days():
    one = row(1)
    past = [
        version(one | {"氏名": "海　葵", "筆頭者": "海　葵", "世帯主氏名": "海　葵"}, 1, "国内転入",
                "2010-04-01"),
        version(one | {"住所": "鹿児島県大島郡瀬戸内町大字諸鈍1番地"}, 2, "職権修正", "2015-06-01"),
    ]  # fmt: skip
    report = load(
        [one],
        history=as_file(past, names=VERSIONS),
        latest=as_file([latest(one, 3, "転居", "2020-02-02")]),
    )
    assert (report.rows, report.new, report.versions) == (1, 1, 3)
    first, second, third = history_of(person_no(1))
    assert [first.reason, second.reason, third.reason] == [
        Reason.MOVE_IN_DOMESTIC,
        Reason.AMEND_EX_OFFICIO,
        Reason.CHANGE_ADDRESS,
    ]
    assert (third.effective_on, third.recorded_at) == (date(2020, 2, 2), at("2020-02-02T11:00"))
    assert set(second.changed) == {"name", "hittosha", "address"}
    assert third.changed == ("address",)
    assert snapshot(person_no(1), on=date(2012, 1, 1)).name == "海　葵"
    assert search("海", actor=CHIEF).hits[0].matched_by == "PAST_NAME"
    assert search("諸鈍", actor=CHIEF).hits[0].matched_by == "PAST_ADDRESS"


def test_a_planned_move_out_brings_its_day_and_place():
    one = row(1, 住民状態="転出予定")
    load([one], latest=as_file([latest(one, 1, "国内転出", "2026-12-24", "東京都千代田区")]))
    kept = snapshot(person_no(1))
    assert (kept.status, kept.removed_sort, kept.move_out_to) == (
        Status.MOVE_OUT_PLANNED,
        date(2026, 12, 24),
        "東京都千代田区",
    )
    assert kept.removal_reason == "MOVE_OUT_DOMESTIC"


def test_a_history_with_a_gap_or_without_its_person_is_refused():
    one, other = row(1), row(2)
    past = [version(one, 1, "国内転入", "2010-04-01"), version(one, 3, "転居", "2011-04-01")]
    assert problems_of([one], history=as_file(past, names=VERSIONS)) == [
        ("CSV_HISTORY_GAP", "events.csv line 3, 履歴番号")
    ]
    past = [version(other, 1, "国内転入", "2010-04-01")]
    assert problems_of([one], history=as_file(past, names=VERSIONS)) == [
        ("CSV_HISTORY_ORPHAN", "events.csv line 2, 宛名番号")
    ]
    assert problems_of([one], latest=as_file([latest(one, 2, "転居", "2020-01-01")])) == [
        ("CSV_HISTORY_GAP", "latest.csv line 2, 履歴番号")
    ]


def test_marked_people_are_held_from_the_same_commit_on():
    load([row(1, 支援措置="支援措置"), row(2, 支援措置="仮支援措置"), row(3)])
    assert count("protection_out_held") == 2
    assert {hit.person_id for hit in search("浜", actor=CHIEF).hits} == {person_no(3)}
    again = load([row(1), row(2, 支援措置="仮支援措置"), row(3)])
    assert (again.held, count("protection_out_held")) == (0, 2)


def test_members_of_one_household_are_one_case():
    rows = [one | {"支援措置": "支援措置"} for one in family()[:3]]
    assert load(rows).held == 3
    assert count("protection_measure") == 1


def test_numbers_come_by_their_own_file_only():
    numbers = [
        {"宛名番号": person_no(n), "個人番号": make_individual_number(f"{99900000000 + n}")}
        for n in (1, 2)
    ]
    assert load([row(1), row(2)], numbers=as_file(numbers)).numbers == 2
    assert load([row(1), row(2)], numbers=as_file(numbers)).numbers == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT sealed FROM register_number")
        assert all(numbers[0]["個人番号"].encode() not in bytes(s) for (s,) in cursor.fetchall())
    swapped = [numbers[0] | {"宛名番号": person_no(3)}]
    found = problems_of([row(3)], numbers=as_file(swapped))
    assert found == [("NUMBER_DOUBLE", "numbers.csv line 2")]
    wrong = [{"宛名番号": person_no(1), "個人番号": "123456789012"}]
    report = load([row(1)], numbers=as_file(wrong))
    assert [one.where for one in report.problems] == ["numbers.csv line 2, 個人番号"]
    assert "123456789012" not in repr(report)


def test_without_the_right_nothing_is_even_read():
    with pytest.raises(Refused) as refused:
        load([row(1)], actor=clerk())
    assert [one.code for one in refused.value.problems] == ["IMPORT_EXPORT_RIGHT_MISSING"]


def test_whoever_stops_it_keeps_nothing():
    class Stopped:
        def advance(self, count=1, *, step=None):
            assert label(kind="import_step", code=step)
            if step == "protection_holds":
                raise Cancelled("x")

    files = ImportFiles(register=as_file(family()))
    with pytest.raises(Cancelled):
        unit.run_long(import_csv, files, actor=CHIEF, progress=Stopped())
    assert count("register_version") == count("register_search") == 0


def test_new_numbers_begin_after_those_that_came_in():
    load(family())
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval('register_person_serial'), nextval('register_household_serial')"
        )
        person, household = cursor.fetchone()
    assert person > 900_005
    assert household > 800_005


def test_the_import_is_on_record_with_its_counts():
    load(family())
    with connection.cursor() as cursor:
        cursor.execute("SELECT action FROM audit_entry ORDER BY 1")
        assert "REGISTER_IMPORTED" in {action for (action,) in cursor.fetchall()}


def test_the_rights_lent_for_holds_do_not_stay():
    report = load([row(1, 支援措置="支援措置")], actor=replace(CHIEF))
    assert report.held == 1
    assert Right.SEE_PROTECTED not in CHIEF.rights
