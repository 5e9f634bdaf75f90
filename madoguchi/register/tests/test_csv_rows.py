"""Header and cells: every wrong one with its column, cause and remedy (行の検査)."""

import pytest

from madoguchi.register.domain.csv import check_header, check_row
from madoguchi.register.domain.csv.columns import COLUMNS, REASONS, VERSION_COLUMNS
from madoguchi.register.domain.csv.rows import Header, check_person
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.tests.csv_town import NAMES, family, row
from madoguchi.web.messages import render


def check(expected, warned=(), known=COLUMNS, **given):
    """Check one row against (code, column) pairs; every one must have its sentences."""
    cells = row(1, **given)
    header = check_header(tuple(cells), known=known)
    assert isinstance(header, Header), header
    read = check_row(header, line=7, cells=list(cells.values()))
    check_person(read)
    for problem in (*read.problems, *read.warnings):
        render(problem)
        assert problem.where.startswith("line 7")
    assert [(p.code, p.where.removeprefix("line 7, ")) for p in read.problems] == list(expected)
    assert [(p.code, p.where.removeprefix("line 7, ")) for p in read.warnings] == list(warned)
    return read


def test_a_good_row_has_no_problem():
    read = check([])
    assert read.values["is_householder"] is True
    assert str(read.values["birth_sort"]) == "1990-05-03"
    assert read.values["birth"] == "平成2年5月3日"


@pytest.mark.parametrize("one", family())
def test_every_kind_of_person_is_taken(one):
    header = check_header(tuple(one))
    read = check_row(header, line=2, cells=list(one.values()))
    check_person(read)
    assert read.problems == []


@pytest.mark.parametrize(
    "column",
    ["宛名番号", "世帯番号", "氏名", "生年月日", "住所", "住民となった年月日", "本籍", "筆頭者", "続柄",
     "住民状態", "住民票コード"],
)  # fmt: skip
def test_what_may_not_be_blank(column):
    check([("CSV_BLANK", column)], **{column: ""})


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("宛名番号", "000000000900012", "CSV_CHECK_DIGIT"),
        ("宛名番号", "９０００１９", "CSV_NUMBER_UNREADABLE"),
        ("宛名番号", "1E+14", "CSV_NUMBER_UNREADABLE"),
        ("宛名番号", "0000000009000191", "CSV_NUMBER_UNREADABLE"),
        ("世帯番号", "000000000800018", "CSV_CHECK_DIGIT"),
        ("氏名_フリガナ", "浜 アオイ", "CSV_NOT_KANA"),
        ("生年月日", "平成2年13月3日", "DATE_NOT_IN_CALENDAR"),
        ("生年月日", "いつか", "DATE_UNREADABLE"),
        ("生年月日", "昭和64年2月1日", "DATE_OUTSIDE_ERA"),
        ("届出年月日", "2021-02-29", "DATE_IMPOSSIBLE_HERE"),
        ("届出年月日", "令和3年春", "DATE_NOT_EXACT"),
        ("在留期間満了日", "令和9年頃", "DATE_NOT_EXACT"),
        ("性別", "おとこ", "CSV_WORD_UNKNOWN"),
        ("続柄", "いとこ", "RELATIONSHIP_UNREADABLE"),
        ("続柄", "子の子の子の子の子", "RELATIONSHIP_TOO_LONG"),
        ("郵便番号", "894ー1508", "CSV_POSTCODE"),
        ("住所", "瀬戸内町古仁屋", "CSV_ADDRESS_PREFECTURE"),
        ("住民票コード", "12345678901", "CSV_RESIDENT_CODE"),
        ("住民状態", "在住", "CSV_WORD_UNKNOWN"),
        ("支援措置", "あり", "CSV_WORD_UNKNOWN"),
        ("方書", "1234-5678-9018", "TEXT_HAS_INDIVIDUAL_NUMBER"),
        ("方書", "コーポ\x07", "TEXT_HAS_CONTROL_CHARACTER"),
        ("方書", "コーポ\n2号", "TEXT_HAS_CONTROL_CHARACTER"),
        ("転入前住所", "あ" * 1001, "TEXT_TOO_LONG"),
        ("備考", "１２３４５６７８９０１８", "TEXT_HAS_INDIVIDUAL_NUMBER"),
    ],
)
def test_each_wrong_cell_is_named(column, cell, code):
    check([(code, column)], **{column: cell})


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("生年月日", "平成13年2月29日"),
        ("生年月日", "昭和10年春"),
        ("生年月日", "年月日不詳"),
        ("住民となった年月日", "昭和10年5月上旬"),
        ("住所を定めた年月日", "昭和64年1月7日"),
        ("届出年月日", "R3.2.28"),
        ("続柄", "子の妻"),
        ("氏名", "葛󠄀城　𠮷野"),
        ("氏名_フリガナ", "ﾊﾏ ｱｵｲ"),
        ("方書", "=HYPERLINK(1)"),
        ("本籍", "不明"),
        ("備考", "そのまま残る"),
    ],
)
def test_what_the_standard_allows_is_kept_letter_by_letter(column, cell):
    read = check([], **{column: cell})
    kept = [*read.values.values(), *read.extra.values()]
    assert cell in kept


def test_all_problems_of_a_row_are_told_at_once():
    check(
        [
            ("CSV_CHECK_DIGIT", "宛名番号"),
            ("DATE_UNREADABLE", "生年月日"),
            ("CSV_WORD_UNKNOWN", "性別"),
            ("CSV_WORD_UNKNOWN", "支援措置"),
        ],
        宛名番号="000000000900012", 生年月日="?", 性別="?", 支援措置="?",
    )  # fmt: skip


def test_a_number_without_its_zeros_is_read_with_a_warning():
    read = check([], [("CSV_NUMBER_PADDED", "宛名番号")], 宛名番号=row(1)["宛名番号"].lstrip("0"))
    assert read.values["person_id"] == row(1)["宛名番号"]


def test_a_name_in_one_piece_is_a_warning_only():
    check([], [("CSV_NAME_WITHOUT_SPACE", "氏名")], 氏名="浜葵")


def test_foreign_residents_need_their_stay_and_no_family_register():
    given = {"国籍・地域": "ベトナム", "本籍": "", "筆頭者": "", "氏名": "NGUYEN"}
    check([("CSV_BLANK", "在留資格")], **given)
    check([], **given, 在留資格="技能実習")


def test_a_removed_person_needs_no_resident_code():
    check([], 住民票コード="", 住民状態="転出")


def test_a_short_and_a_long_row_are_named():
    header = check_header(NAMES)
    cells = list(row(1).values())
    for wrong in (cells[:-1], [*cells, "x"]):
        read = check_row(header, line=3, cells=wrong)
        assert read.problems[0].code == "CSV_RAGGED"
        assert read.problems[0].where == "line 3"


@pytest.mark.parametrize(
    ("names", "codes"),
    [
        (NAMES[1:], {"CSV_COLUMN_MISSING"}),
        (("氏名",), {"CSV_COLUMN_MISSING"}),
        ((*NAMES, "氏名"), {"CSV_COLUMN_TWICE"}),
        ((*NAMES, ""), {"CSV_COLUMN_NAMELESS"}),
        ((*NAMES, "個人番号"), {"CSV_INDIVIDUAL_NUMBER_COLUMN"}),
        ((*NAMES, *(f"x{n}" for n in range(200))), {"CSV_TOO_MANY_COLUMNS"}),
    ],
)
def test_a_wrong_header_is_told_whole(names, codes):
    found = check_header(names)
    assert {one.code for one in found} == codes
    for one in found:
        render(one)


def test_columns_come_in_any_order_and_either_width():
    turned = [name.replace("_", "＿") for name in reversed(NAMES)]
    header = check_header(["\ufeff" + turned[0], *turned[1:]])
    assert isinstance(header, Header)
    assert {one.name for one in header.columns} == set(NAMES)


def test_the_columns_are_those_of_the_contract():
    assert tuple(one.name for one in COLUMNS) == NAMES


def test_every_reason_of_the_closed_list_has_its_word():
    said = {reason for reasons in REASONS.values() for reason in reasons}
    assert said == set(Reason)


def test_versions_bring_their_reason_and_moment():
    read = check(
        [], known=(*COLUMNS, *VERSION_COLUMNS),
        履歴番号="2", 異動事由="職権記載（帰化等）", 異動年月日="2020-01-01",
        処理日時="2020-01-02T09:00:00+09:00",
    )  # fmt: skip
    assert read.values["reason"] == (Reason.ENTER_NATURALISED,)
    check(
        [
            ("CSV_HISTORY_NO", "履歴番号"),
            ("CSV_REASON_UNKNOWN", "異動事由"),
            ("DATE_UNREADABLE", "異動年月日"),
            ("CSV_MOMENT", "処理日時"),
        ],
        known=(*COLUMNS, *VERSION_COLUMNS),
        履歴番号="0", 異動事由="引越し", 異動年月日="?", 処理日時="?",
    )  # fmt: skip
