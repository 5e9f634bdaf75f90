"""A log from a file: all bad rows at once, with line, cause and remedy (記録の読取り)."""

import io

import pytest

from madoguchi.journeys.documents.files import open_log, rules_of
from madoguchi.journeys.domain.log import JAPAN
from madoguchi.kernel.intake import FileRefused

HEAD = "case_id,activity,at,lane,area\n"


def read(text, code="utf-8"):
    return open_log(io.BytesIO(text.encode(code)), rules=rules_of())


def refused(text):
    with pytest.raises(FileRefused) as caught:
        read(text)
    return [(one.code, one.where) for one in caught.value.report.problems]


def test_names_of_lanes_and_areas_are_read_in_either_language():
    log, warnings = read(
        HEAD + "1,受付,2026-04-01T09:00,front,与路島\n2,受付,2026-04-01T09:00,窓口,YORO\n"
    )
    assert log.lanes == ("FRONT",) and log.areas == ("YORO",) and warnings == ()


@pytest.mark.parametrize(
    "written",
    ["2026-04-01T09:05", "2026-04-01 09:05:00", "2026-04-01T00:05:00Z", "2026-04-01T09:05+09:00",
     "2026/4/1 9:05", "２０２６-04-01T09:05"],
)  # fmt: skip
def test_a_moment_without_a_zone_is_japans(written):
    log, _ = read(HEAD + f"1,受付,{written},front,本島\n")
    first, _last = log.began
    assert (first.isoformat(), first.tzinfo) == ("2026-04-01T09:05:00+09:00", JAPAN)


def test_every_bad_row_is_told_at_once():
    text = HEAD + (
        ",受付,2026-04-01T09:00,front,本島\n"
        "1,,きのう,front,本島\n"
        "1,受付,2026-04-01,front,本島\n"
        "1,受付,2026-02-30T09:00,front,本島\n"
        f"1,{'あ' * 61},1890-01-01T09:00,front,本島\n"
        "1,受付,2026-04-01T09:00,front\n"
    )
    assert refused(text) == [
        ("JOURNEY_CELL_EMPTY", "line 2, case_id"),
        ("JOURNEY_CELL_EMPTY", "line 3, activity"),
        ("JOURNEY_MOMENT_UNREADABLE", "line 3, at"),
        ("JOURNEY_MOMENT_UNREADABLE", "line 4, at"),
        ("JOURNEY_MOMENT_UNREADABLE", "line 5, at"),
        ("JOURNEY_ACTIVITY_LONG", "line 6, activity"),
        ("JOURNEY_MOMENT_UNREADABLE", "line 6, at"),
        ("CSV_RAGGED", "line 7"),
    ]


def test_an_empty_file_and_wrong_headings_are_told():
    assert refused("") == [("CSV_EMPTY", None)]
    assert refused(HEAD) == [("JOURNEY_NO_ROWS", None)]
    assert refused("case_id,activity,at,at\n1,a,b,c\n") == [
        ("CSV_COLUMN_TWICE", "line 1, at"), ("CSV_COLUMN_MISSING", "line 1, lane"),
        ("CSV_COLUMN_MISSING", "line 1, area"),
    ]  # fmt: skip


def test_a_column_taken_for_another_is_told():
    rows = "".join(f"1,{n},2026-04-01T09:00,front,本島\n" for n in range(501))
    assert refused(HEAD + rows) == [("JOURNEY_ACTIVITIES_MANY", None)]


def test_a_strange_lane_or_area_is_a_warning_and_told_once():
    row = "{},受付,2026-04-01T09:00,廊下,隣町\n"
    log, warnings = read(HEAD + row.format(1) + row.format(2))
    assert [(one.code, one.where) for one in warnings] == [
        ("JOURNEY_LANE_UNKNOWN", "line 2, lane"), ("JOURNEY_AREA_UNKNOWN", "line 2, area"),
    ]  # fmt: skip
    assert log.lanes == ("",) and log.areas == ("",)


def test_shift_jis_is_read_too():
    log, _ = read(HEAD + "1,受付,2026-04-01T09:00,窓口,本島\n", "cp932")
    assert log.activities == ("受付",)


def test_a_case_lies_where_its_first_row_says():
    log, _ = read(HEAD + "1,b,2026-04-01T10:00,front,与路島\n1,a,2026-04-01T09:00,front,本島\n")
    assert [log.areas[code] for code in log.area] == ["YORO"]
