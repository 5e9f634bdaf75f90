"""Rows of several sources become years, and no paper is counted twice (年度の組立て)."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.insights.documents.tables import read_file
from madoguchi.insights.domain.counting import Channel, Tally, cross
from madoguchi.insights.domain.years import (
    cells_of,
    find_clashes,
    label_of,
    not_counted_yet,
    years_of,
)

YEARS = '年度,稼働月数,交付全体,交付実績,月平均\n令和4年度,2,948,57,28.50\n令和5年度,12,"4,992",453,37.75\nR6,12,3983,463,38.50\n'
MONTHS = "年度,月,種類,方法,件数\nR7,4,住民票の写し,コンビニ,31\nR7,4月,住民票の写し,窓口,210\nR7,5,,コンビニ,0\n"

tallies = st.builds(
    Tally,
    fiscal_year=st.sampled_from([2023, 2024]),
    month=st.none() | st.integers(1, 3),
    kind=st.none() | st.sampled_from(["a", "b"]),
    channel=st.sampled_from(Channel),
    issues=st.integers(0, 9),
    source=st.just("x"),
    months=st.just(12),
)


def read(text):
    return read_file(io.BytesIO(text.encode()), source="表")


def test_a_table_of_years_is_read_by_the_towns_own_headings():
    taken = read(YEARS)
    assert taken.problems == ()
    assert {n: str(m) for n, m in taken.means.items()} == {
        2022: "28.50",
        2023: "37.75",
        2024: "38.50",
    }
    r4, r5, r6 = years_of(taken.rows, Channel.STORE)
    assert [one.label for one in (r4, r5, r6)] == ["令和4年度", "令和5年度", "令和6年度"]
    assert (r4.months, r4.all_issues.issues, r4.channel_issues.issues) == (2, 948, 57)
    assert (r6.all_issues.issues, r6.channel_issues.issues) == (3_983, 463)


def test_months_in_service_are_the_months_with_a_row_even_one_of_nothing():
    taken = read(MONTHS)
    assert taken.problems == ()
    (r7,) = years_of(taken.rows, Channel.STORE)
    assert (r7.months, r7.channel_issues.issues, r7.all_issues.issues) == (2, 31, 241)
    # No row of a kiosk: no year of it, rather than a year of nothing.
    assert years_of(taken.rows, Channel.KIOSK) == ()


def test_everything_wrong_with_a_table_of_months_is_told_at_once():
    taken = read("年度,月,種類,方法,件数\n昔,13,,すきま,-1\nR7,4,a,窓口,1\nR7,4,a,窓口,2\n")
    codes = [one.code for one in taken.problems]
    assert codes == ["EFFECT_YEAR_UNREADABLE", "EFFECT_NOT_A_COUNT", "EFFECT_NOT_A_COUNT",
                     "EFFECT_CHANNEL_UNKNOWN", "EFFECT_COUNT_TWICE"]  # fmt: skip
    assert [one.code for one in read("だれ,なに\nx,y\n").problems] == ["EFFECT_SHAPE_UNKNOWN"]
    assert [one.code for one in read("").problems] == ["CSV_EMPTY"]
    assert [one.code for one in read("年度,月,種類,方法,件数\n").problems] == ["EFFECT_NO_ROWS"]


def row(month=None, kind=None, channel=Channel.STORE, year=2024):
    return Tally(fiscal_year=year, month=month, kind=kind, channel=channel, issues=1, source="x")


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        (row(), row(), True),
        (row(), row(month=4), True),
        (row(month=4), row(month=5), False),
        (row(month=4, kind="a"), row(month=4, kind="b"), False),
        (row(month=4, kind="a"), row(month=4), True),
        (row(channel=Channel.DESK_OR_MAIL), row(month=4, channel=Channel.MAIL), True),
        (row(channel=Channel.DESK), row(channel=Channel.MAIL), False),
        (row(year=2023), row(), False),
    ],
)
def test_what_would_count_a_paper_twice(one, other, clash):
    assert bool(find_clashes([one], [other])) is clash
    assert bool(find_clashes([other], [one])) is clash
    assert bool(find_clashes([], [one, other])) is clash


@given(st.lists(tallies, max_size=6), st.lists(tallies, max_size=6))
def test_an_own_row_counts_only_where_no_imported_row_speaks(imported, own):
    """Invariant E5."""
    kept = not_counted_yet(imported, own)
    for tally in own:
        spoken = any(
            year == other_year and channel == other_channel and month in (None, other_month)
            for year, month, _, channel in (cell for one in imported for cell in cells_of(one))
            for other_year, other_month, _, other_channel in cells_of(tally)
        )
        assert (tally in kept) is not spoken


@given(st.lists(tallies, max_size=12), st.sampled_from([Channel.STORE, Channel.KIOSK]))
def test_years_keep_every_row_of_theirs(rows, channel):
    years = years_of(rows, channel)
    assert [one.number for one in years] == sorted(
        {r.fiscal_year for r in rows if r.channel is channel}
    )
    for one in years:
        assert sorted(map(repr, one.rows)) == sorted(
            repr(r) for r in rows if r.fiscal_year == one.number
        )
        assert 1 <= one.months <= 12


def test_a_fiscal_year_is_called_as_offices_call_it():
    assert [label_of(y) for y in (2018, 2019, 2024)] == ["平成30年度", "令和元年度", "令和6年度"]


@given(st.lists(tallies, max_size=12))
def test_a_table_crossed_by_month_and_channel_loses_no_row_that_tells_a_month(rows):
    found = cross(rows)
    assert sum(whole for _, _, whole in found.lines) == sum(r.issues for r in rows if r.month)
    assert len(found.months) == len({r.month for r in rows if r.month})
