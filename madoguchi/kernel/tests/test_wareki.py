from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel import wareki
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import Wareki

FICTIONAL = wareki.eras_from_rows(
    [
        {"name": "令和", "letter": "R", "starts_on": "2019-05-01"},
        {"name": "架空", "letter": "K", "starts_on": "2040-04-01", "shares_first_day": "yes"},
    ]
)

READ = [
    ("令和8年11月23日", "2026-11-23"),
    ("令和 8年 11月 23日", "2026-11-23"),
    ("令和８年１１月２３日", "2026-11-23"),
    ("R8.11.23", "2026-11-23"),
    ("r8.11.23", "2026-11-23"),
    ("Ｒ８．１１．２３", "2026-11-23"),
    ("R8/11/23", "2026-11-23"),
    ("R08-11-23", "2026-11-23"),
    ("令8.11.23", "2026-11-23"),
    ("㋿8年11月23日", "2026-11-23"),
    ("令和元年5月1日", "2019-05-01"),
    ("令和1年5月1日", "2019-05-01"),
    ("R元.5.1", "2019-05-01"),
    ("平成31年4月30日", "2019-04-30"),
    ("H1.1.8", "1989-01-08"),
    ("S64.1.7", "1989-01-07"),
    ("昭64.1.7", "1989-01-07"),
    ("㍼64年1月7日", "1989-01-07"),
    ("昭和1年12月25日", "1926-12-25"),
    ("大正15年12月25日", "1926-12-25"),
    ("大正1年7月30日", "1912-07-30"),
    ("明治45年7月30日", "1912-07-30"),
    ("明治6年1月1日", "1873-01-01"),
    ("平成12年2月29日", "2000-02-29"),
]

REFUSED = [
    ("", "DATE_UNREADABLE"),
    ("8年11月23日", "DATE_UNREADABLE"),
    ("永禄8年5月19日", "DATE_UNREADABLE"),
    ("令和8年", "DATE_UNREADABLE"),
    ("令和8年11月23日頃", "DATE_UNREADABLE"),
    ("令和8年2月30日", "DATE_NOT_IN_CALENDAR"),
    ("令和8年13月1日", "DATE_NOT_IN_CALENDAR"),
    ("平成13年2月29日", "DATE_NOT_IN_CALENDAR"),
    ("平成31年5月1日", "DATE_OUTSIDE_ERA"),
    ("令和元年4月30日", "DATE_OUTSIDE_ERA"),
    ("令和0年5月1日", "DATE_OUTSIDE_ERA"),
    ("昭和64年1月8日", "DATE_OUTSIDE_ERA"),
    ("昭和元年12月24日", "DATE_OUTSIDE_ERA"),
    ("明治45年7月31日", "DATE_OUTSIDE_ERA"),
    ("明治5年12月31日", "DATE_BEFORE_GREGORIAN"),
]


@pytest.mark.parametrize(("text", "day"), READ)
def test_it_reads(text, day):
    found = wareki.parse(text)
    assert isinstance(found, Wareki)
    assert found.on == date.fromisoformat(day)


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_it_refuses(text, code):
    found = wareki.parse(text, where="born_on")
    assert isinstance(found, Problem)
    assert (found.code, found.where) == (code, "born_on")


def test_a_day_outside_its_era_is_told_in_the_right_one():
    found = wareki.parse("平成31年5月1日")
    assert isinstance(found, Problem)
    assert found.facts["meant"] == "令和元年5月1日"


@pytest.mark.parametrize(
    "texts",
    [("明治45年7月30日", "大正元年7月30日"), ("大正15年12月25日", "昭和元年12月25日")],
)
def test_a_day_of_two_eras_keeps_the_one_it_was_entered_in(texts):
    found = [wareki.parse(text) for text in texts]
    assert found[0].on == found[1].on
    assert [one.long for one in found] == list(texts)
    assert wareki.format_long(found[0].on) == texts[1], "unless told, the later era"


@given(st.dates(min_value=wareki.GREGORIAN_SINCE, max_value=date(2099, 12, 31)))
def test_every_day_comes_back_from_both_its_forms(day):
    for text in (wareki.format_long(day), wareki.format_short(day)):
        found = wareki.parse(text)
        assert isinstance(found, Wareki)
        assert found.on == day
        assert text in (found.long, found.short)


@given(st.dates(max_value=wareki.GREGORIAN_SINCE - timedelta(days=1), min_value=date(1600, 1, 1)))
def test_a_day_counted_by_the_moon_is_shown_in_the_western_calendar(day):
    assert wareki.of(day) is None
    assert wareki.format_long(day).startswith(f"{day.year}年")


@pytest.mark.parametrize(
    ("text", "year"),
    [("昭64", 1989), ("S64年", 1989), ("令和元年", 2019), ("１９８９年", 1989), ("t15", 1926)],
)
def test_it_reads_a_year_alone(text, year):
    assert wareki.parse_year(text) == year


@pytest.mark.parametrize("text", ["昭65", "令和", "平成0年", "64"])
def test_it_refuses_a_year_alone(text):
    assert isinstance(wareki.parse_year(text), Problem)


def test_a_new_era_is_one_more_row():
    assert wareki.format_long(date(2040, 4, 1), eras=FICTIONAL) == "架空元年4月1日"
    assert wareki.parse("K2.1.1", eras=FICTIONAL).on == date(2041, 1, 1)
    assert wareki.parse("令和22年4月1日", eras=FICTIONAL).on == date(2040, 4, 1)
    refused = wareki.parse("令和22年4月2日", eras=FICTIONAL)
    assert isinstance(refused, Problem)
    assert isinstance(wareki.parse("K2.1.1"), Problem), "the table in use knows nothing of it"


def test_an_adopted_era_is_used_everywhere():
    before = wareki.adopted_eras()
    try:
        wareki.adopt((*before, FICTIONAL[-1]))
        assert wareki.format_short(date(2041, 1, 1)) == "K2.1.1"
    finally:
        wareki.adopt(before)
    assert wareki.format_short(date(2041, 1, 1)) == "R23.1.1"
