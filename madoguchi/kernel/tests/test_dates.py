from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel import dates, wareki
from madoguchi.kernel.dates import DateField, DateForm, RegisterDate
from madoguchi.kernel.outcome import Problem

# As written, its form, and the day it sorts by.
READ = [
    ("昭和10年5月3日", "EXACT", "1935-05-03"),
    ("S10.5.3", "EXACT", "1935-05-03"),
    ("2026-11-23", "EXACT", "2026-11-23"),
    ("2026/11/23", "EXACT", "2026-11-23"),
    ("２０２６－１１－２３", "EXACT", "2026-11-23"),
    ("2026年11月23日", "EXACT", "2026-11-23"),
    ("20261123", "EXACT", "2026-11-23"),
    ("　令和8年　11月23日", "EXACT", "2026-11-23"),
    ("平成13年2月29日", "IMPOSSIBLE", "2001-02-28"),
    ("2001-02-29", "IMPOSSIBLE", "2001-02-28"),
    ("昭和20年4月31日", "IMPOSSIBLE", "1945-04-30"),
    ("昭和10年頃", "ABOUT_YEAR", "1935-01-01"),
    ("1935年頃", "ABOUT_YEAR", "1935-01-01"),
    ("昭和元年頃", "ABOUT_YEAR", "1926-12-25"),
    ("明治3年頃", "ABOUT_YEAR", "1870-01-01"),
    ("昭和10年5月頃", "ABOUT_MONTH", "1935-05-01"),
    ("昭和10年5月ころ", "ABOUT_MONTH", "1935-05-01"),
    ("昭和10年5月3日頃", "ABOUT_DAY", "1935-05-03"),
    ("推定昭和10年5月3日", "PRESUMED_DAY", "1935-05-03"),
    ("推定昭和10年5月", "PRESUMED_MONTH", "1935-05-01"),
    ("昭和10年春", "SEASON", "1935-03-01"),
    ("昭和10年の夏", "SEASON", "1935-06-01"),
    ("昭和10年秋頃", "SEASON", "1935-09-01"),
    ("昭和10年冬", "SEASON", "1935-12-01"),
    ("昭和10年5月上旬", "THIRD_OF_MONTH", "1935-05-01"),
    ("昭和10年5月中旬", "THIRD_OF_MONTH", "1935-05-11"),
    ("昭和10年5月下旬", "THIRD_OF_MONTH", "1935-05-21"),
    ("昭和10年5月中旬頃", "ABOUT_THIRD_OF_MONTH", "1935-05-11"),
    ("年月日不詳", "UNKNOWN", "0001-01-01"),
    ("生年月日不詳", "UNKNOWN", "0001-01-01"),
    ("昭和10年月日不詳", "YEAR_ONLY", "1935-01-01"),
    ("1960-00-00", "YEAR_ONLY", "1960-01-01"),
    ("1960年00月00日", "YEAR_ONLY", "1960-01-01"),
    ("昭和10年5月日不詳", "MONTH_ONLY", "1935-05-01"),
    ("1960-05-00", "MONTH_ONLY", "1960-05-01"),
    ("昭和10年5月3日から5日頃までの間", "RANGE_TO_ABOUT", "1935-05-03"),
    ("昭和10年5月3日から昭和10年6月1日頃", "RANGE_TO_ABOUT", "1935-05-03"),
    ("昭和10年5月3日～5日ごろ", "RANGE_TO_ABOUT", "1935-05-03"),
    ("昭和63年12月から昭和64年1月頃まで", "RANGE_TO_ABOUT", "1988-12-01"),
    ("推定昭和10年5月3日から5日までの間", "PRESUMED_RANGE", "1935-05-03"),
    ("推定令和5年1月1日頃から10日頃までの間", "PRESUMED_RANGE", "2023-01-01"),
    ("昭和10年5月3日頃から5日頃までの間", "ABOUT_RANGE", "1935-05-03"),
    ("昭和10年5月頃から6月頃まで", "ABOUT_RANGE", "1935-05-01"),
    ("昭和10年5月上旬頃から中旬頃まで", "ABOUT_RANGE", "1935-05-01"),
]

REFUSED = [
    ("", "DATE_MISSING"),
    ("　 ", "DATE_MISSING"),
    ("あした", "DATE_UNREADABLE"),
    ("昭和10年", "DATE_UNREADABLE"),
    ("昭和10年5月", "DATE_UNREADABLE"),
    ("昭和10年5月3日から5日まで", "DATE_UNREADABLE"),
    ("昭和10年5月3日から頃", "DATE_UNREADABLE"),
    ("昭和10年5月3日\n", "DATE_UNREADABLE"),
    ("昭和10年5月3日" + "頃" * 60, "DATE_UNREADABLE"),
    ("昭和10年5月3日から2日頃まで", "DATE_RANGE_BACKWARDS"),
    ("昭和10年5月から4月頃まで", "DATE_RANGE_BACKWARDS"),
    ("昭和10年13月頃", "DATE_NOT_IN_CALENDAR"),
    ("平成13年2月32日", "DATE_NOT_IN_CALENDAR"),
    ("平成13年13月1日", "DATE_NOT_IN_CALENDAR"),
    ("推定平成13年2月29日", "DATE_NOT_IN_CALENDAR"),
    ("昭和65年頃", "DATE_OUTSIDE_ERA"),
    ("昭和64年2月頃", "DATE_OUTSIDE_ERA"),
    ("昭和64年2月31日", "DATE_OUTSIDE_ERA"),
    ("昭和64年1月8日", "DATE_OUTSIDE_ERA"),
    ("明治5年5月5日", "DATE_BEFORE_GREGORIAN"),
    ("0026-11-23", "DATE_OUT_OF_RANGE"),
    ("9999-12-31", "DATE_OUT_OF_RANGE"),
]


@pytest.mark.parametrize(("text", "form", "sort_on"), READ)
def test_it_reads_and_keeps_the_words(text, form, sort_on):
    found = dates.parse_register_date(text)
    assert found == RegisterDate(
        as_written=text, sort_on=date.fromisoformat(sort_on), form=DateForm(form)
    )


def test_every_form_is_read_somewhere_above():
    assert Counter(form for _, form, _ in READ).keys() == {form.value for form in DateForm}
    assert len(dates.UNCLEAR_FORMS) == 14


@pytest.mark.parametrize(("text", "code"), REFUSED)
def test_it_refuses(text, code):
    found = dates.parse_register_date(text, where="born_on")
    assert isinstance(found, Problem)
    assert (found.code, found.where) == (code, "born_on")


def test_a_date_outside_its_era_is_told_no_finer_than_it_was_written():
    meant = {
        text: dates.parse_register_date(text).facts["meant"]
        for text in ("昭和65年頃", "昭和64年2月頃", "昭和64年2月1日")
    }
    assert list(meant.values()) == ["平成2年", "平成元年2月", "平成元年2月1日"]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("昭和10年5月頃", "DATE_NOT_EXACT"),
        ("年月日不詳", "DATE_NOT_EXACT"),
        ("平成13年2月29日", "DATE_NOT_IN_CALENDAR"),
        ("きのう", "DATE_UNREADABLE"),
    ],
)
def test_a_day_must_be_exact(text, code):
    found = dates.parse_day(text)
    assert isinstance(found, Problem)
    assert found.code == code


@given(st.dates(min_value=wareki.GREGORIAN_SINCE, max_value=date(2117, 12, 31)))
def test_every_way_to_write_a_day_gives_that_day(day):
    ways = [
        day.isoformat(),
        f"{day:%Y/%m/%d}",
        f"{day:%Y%m%d}",
        f"{day.year}年{day.month}月{day.day}日",
        wareki.format_long(day),
        wareki.format_short(day),
        wareki.format_short(day).lower(),
    ]
    assert {dates.parse_day(way) for way in ways} == {day}
    assert dates.parse_register_date(dates.from_day(day).as_written) == dates.from_day(day)


years = st.integers(2, 63).map(lambda year: f"昭和{year}年")
months = st.tuples(years, st.integers(1, 12)).map(lambda parts: f"{parts[0]}{parts[1]}月")
days = st.tuples(months, st.integers(1, 28)).map(lambda parts: f"{parts[0]}{parts[1]}日")
unclear = st.one_of(
    years.map("{}頃".format),
    months.map("{}頃".format),
    days.map("{}頃".format),
    days.map("推定{}".format),
    months.map("推定{}".format),
    st.tuples(years, st.sampled_from("春夏秋冬")).map("".join),
    st.tuples(months, st.sampled_from("上中下"), st.sampled_from(["旬", "旬頃"])).map("".join),
    years.map("{}月日不詳".format),
    months.map("{}日不詳".format),
    months.map("{0}5日から7日頃までの間".format),
    months.map("推定{0}5日から7日までの間".format),
    months.map("{0}5日頃から7日頃までの間".format),
)


@given(unclear)
def test_an_unclear_date_survives_being_read_again(text):
    found = dates.parse_register_date(text)
    assert isinstance(found, RegisterDate)
    assert found.form in dates.UNCLEAR_FORMS
    assert found.as_written == text
    assert found.exact_on is None
    assert dates.show_in_eras(found) == dates.show_western(found) == text
    assert dates.parse_register_date(found.as_written) == found


@given(st.text(max_size=80))
def test_any_text_is_either_kept_or_refused(text):
    found = dates.parse_register_date(text)
    assert isinstance(found, Problem) or found.as_written == text


def test_impossible_dates_stand_only_where_the_standard_lets_them():
    impossible = dates.parse_register_date("平成13年2月29日")
    allowed = {
        field for field in DateField if not dates.check_register_date(impossible, field=field)
    }
    assert allowed == set(DateField) - {DateField.EFFECTIVE_OTHER, DateField.OTHER}


@pytest.mark.parametrize("text", ["平成13年2月28日", "平成13年2月頃"])
def test_other_dates_may_stand_anywhere(text):
    value = dates.parse_register_date(text)
    assert not [f for f in DateField if dates.check_register_date(value, field=f)]


@pytest.mark.parametrize(
    ("text", "in_eras", "western"),
    [
        ("明治45.7.30", "明治45年7月30日", "1912年7月30日"),
        ("大正1.7.30", "大正元年7月30日", "1912年7月30日"),
        ("大正15.12.25", "大正15年12月25日", "1926年12月25日"),
        ("昭和1.12.25", "昭和元年12月25日", "1926年12月25日"),
        ("1926-12-25", "昭和元年12月25日", "1926年12月25日"),
        ("20261123", "令和8年11月23日", "2026年11月23日"),
        ("平成13年2月29日", "平成13年2月29日", "平成13年2月29日"),
        ("昭和10年春", "昭和10年春", "昭和10年春"),
    ],
)
def test_it_is_shown_in_either_calendar(text, in_eras, western):
    value = dates.parse_register_date(text)
    assert dates.show_in_eras(value) == in_eras
    assert dates.show_western(value) == western
