"""The town's own figures to the printed digit, and what must hold of any (効果の計算)."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.insights.domain.counting import Channel, Tally, to_digits, total_of
from madoguchi.insights.domain.effect import (
    Effect,
    Inputs,
    Year,
    break_even,
    changes_of,
    split_change,
)
from madoguchi.insights.domain.findings import find_all
from madoguchi.insights.domain.showing import printed_change, printed_effect

MANY = st.integers(min_value=0, max_value=200_000)
MONEY = st.integers(min_value=0, max_value=6_000_000).map(lambda half: Fraction(half, 2))


def year(label, number, months, issued, of_channel):
    rows = (
        Tally(fiscal_year=number, channel=Channel.STORE, issues=of_channel, source="a"),
        Tally(
            fiscal_year=number, channel=Channel.DESK_OR_MAIL, issues=issued - of_channel, source="a"
        ),
    )
    return Year(label=label, number=number, months=months, rows=rows)


R4 = year("令和4年度", 2022, 2, 948, 57)
R5 = year("令和5年度", 2023, 12, 4_992, 453)
R6 = year("令和6年度", 2024, 12, 3_983, 463)
TOWN = (R4, R5, R6)


@st.composite
def years(draw):
    """Any year that may be: the channel is a part of the whole."""
    issued = draw(MANY)
    of_channel = draw(st.integers(min_value=0, max_value=issued))
    return year("x", 2000, draw(st.integers(min_value=1, max_value=12)), issued, of_channel)


@st.composite
def inputs(draw):
    names = ("seconds", "yen_per_hour", "fixed_yen", "yen_per_issue", "resident_minutes",
             "resident_yen_per_hour", "ferry_yen")  # fmt: skip
    percents = {
        name: Fraction(draw(st.integers(0, 100))) for name in ("cashable_percent", "ferry_percent")
    }
    return Inputs(**{name: draw(MONEY) for name in names}, **percents)


def test_the_towns_table_to_the_printed_digit():
    assert [str(to_digits(one.share, 2)) for one in TOWN] == ["6.01", "9.07", "11.62"]
    assert [str(to_digits(one.mean, 2)) for one in TOWN] == ["28.50", "37.75", "38.58"]
    effect = Effect(year=R6, inputs=Inputs())
    assert (to_digits(effect.hours_saved, 0), to_digits(effect.hours_saved, 2)) == (
        45,
        Decimal("45.14"),
    )
    assert to_digits(effect.yen_saved / 1000, 0) == 120


def test_what_the_town_does_not_print():
    effect = Effect(year=R6, inputs=Inputs())
    assert printed_effect(effect) == {
        "yen_saved": 120_169, "cashable_yen": 0, "not_cashable_yen": 120_169,
        "fixed_yen": 1_482_000, "fees_yen": 54_171, "net_yen": -1_416_002,
        "cash_net_yen": -1_536_171, "resident_yen": 0, "society_net_yen": -1_416_002,
    }  # fmt: skip
    assert to_digits(effect.yen_per_issue, 0) == 3_318
    assert break_even(Inputs()) == 10_397
    assert break_even(Inputs(yen_per_issue=Fraction(0))) == 5_710


@pytest.mark.parametrize(("spared", "needed"), [(1_000, 1_298), (1_500, 903), (2_000, 692)])
def test_time_of_residents_is_an_input_and_moves_the_break_even(spared, needed):
    one = Inputs(resident_minutes=Fraction(60), resident_yen_per_hour=Fraction(spared))
    assert break_even(one, with_residents=True) == needed
    assert break_even(one) == 10_397


def test_a_fare_is_spared_only_where_nobody_crossed():
    none = Inputs(ferry_yen=Fraction(700))
    half = Inputs(ferry_yen=Fraction(700), ferry_percent=Fraction(50))
    assert (none.resident_yen, half.resident_yen) == (0, 350)


def test_the_share_grew_because_everything_else_shrank():
    change = split_change(R5, R6)
    assert {name: str(value) for name, value in printed_change(change).items()} == {
        "points": "2.55", "use": "0.20", "volume": "2.35",
    }  # fmt: skip
    assert change.from_use == Fraction(1000, 4992)


def test_two_months_are_held_against_twelve_by_the_month():
    change = split_change(R4, R5)
    assert change.months_differ
    assert change.from_use == Fraction(100) * (Fraction(453, 12) - Fraction(57, 2)) / 474
    assert not split_change(R5, R6).months_differ


def test_findings_say_what_the_table_hides():
    said = find_all(
        TOWN, Effect(year=R6, inputs=Inputs()),
        printed={2022: Decimal("28.50"), 2023: Decimal("37.8"), 2024: Decimal("38.50")},
    )  # fmt: skip
    assert [one.code for one in said] == [
        "EFFECT_MEAN_DIFFERS", "EFFECT_MONTHS_DIFFER", "EFFECT_SHARE_BY_VOLUME",
        "EFFECT_COSTS_MORE", "EFFECT_BREAK_EVEN_OUT_OF_REACH",
    ]  # fmt: skip
    assert said[0].facts == {
        "fiscal_year": "令和6年度", "printed": "38.50", "readded": "38.58", "issues": "463",
        "months": "12", "printed_issues": "462",
    }  # fmt: skip


def test_nothing_is_found_where_nothing_is_wrong():
    grown = year("令和7年度", 2025, 12, 4_000, 3_000)
    cheap = Inputs(fixed_yen=Fraction(1_000))
    before = year("令和6年度", 2024, 12, 4_000, 2_000)
    means = {2025: Decimal("250.00")}
    assert find_all((before, grown), Effect(year=grown, inputs=cheap), printed=means) == ()


def codes_of(*board):
    return {
        one.code for one in find_all(board, Effect(year=board[-1], inputs=Inputs()), printed={})
    }


def test_a_break_even_of_a_year_is_held_against_a_whole_year():
    # Needed: 10,397 a year. 1,733 in two months are 10,398; 1,732 are 10,392.
    enough, short = year("a", 2022, 2, 1_733, 57), year("a", 2022, 2, 1_732, 57)
    assert "EFFECT_BREAK_EVEN_OUT_OF_REACH" not in codes_of(enough)
    told = find_all((short,), Effect(year=short, inputs=Inputs()), printed={})[-1]
    assert (told.code, told.facts["issued"]) == ("EFFECT_BREAK_EVEN_OUT_OF_REACH", "10,392")
    # 4,332 in five months are 10,396.8 in twelve: not shown as the 10,397 that is needed.
    nearly = year("a", 2022, 5, 4_332, 57)
    told = find_all((nearly,), Effect(year=nearly, inputs=Inputs()), printed={})[-1]
    assert (told.code, told.facts["issued"]) == ("EFFECT_BREAK_EVEN_OUT_OF_REACH", "10,396")


@given(years(), inputs())
def test_what_is_out_of_reach_is_shown_as_less_than_what_is_needed(one, given_inputs):
    for told in find_all((one,), Effect(year=one, inputs=given_inputs), printed={}):
        if told.code == "EFFECT_BREAK_EVEN_OUT_OF_REACH":
            issued, needed = (
                int(told.facts[name].replace(",", "")) for name in ("issued", "needed")
            )
            assert issued < needed == break_even(given_inputs)


def test_a_share_against_its_use_is_told_as_such():
    before = year("a", 2023, 12, 1_000, 100)
    risen_with_less_use = year("b", 2024, 12, 500, 90)
    fallen_with_more_use = year("b", 2024, 12, 2_000, 110)
    for after in (risen_with_less_use, fallen_with_more_use):
        said = codes_of(before, after)
        assert "EFFECT_SHARE_AGAINST_USE" in said
        assert "EFFECT_SHARE_BY_VOLUME" not in said


def test_years_left_out_are_told():
    assert "EFFECT_YEARS_MISSING" in codes_of(R4, R6)
    assert "EFFECT_YEARS_MISSING" not in codes_of(*TOWN)
    assert "EFFECT_NO_SHARE" in codes_of(year("a", 2023, 12, 0, 0), R6)
    assert "EFFECT_NO_SHARE" not in codes_of(*TOWN)


def test_a_fee_above_the_clerks_time_never_pays():
    dear = Inputs(yen_per_issue=Fraction(300))
    assert break_even(dear) is None
    assert "EFFECT_NEVER_PAYS" in {
        one.code for one in find_all((R6,), Effect(year=R6, inputs=dear), printed={})
    }


def test_nothing_issued_has_no_share_and_no_price():
    empty = year("令和3年度", 2021, 12, 0, 0)
    assert empty.share is None
    assert Effect(year=empty, inputs=Inputs()).yen_per_issue is None
    assert changes_of((empty, R6)) == ()


@given(years())
def test_e1_a_total_is_its_rows(one):
    parts = [total_of(one.rows, channel) for channel in Channel]
    assert sum(part.issues for part in parts) == one.all_issues.issues
    assert {row for part in parts for row in part.rows} == set(one.all_issues.rows)
    assert one.all_issues.issues == sum(row.issues for row in one.all_issues.rows)


@given(years(), years())
def test_e2_a_split_sums_to_the_whole_exactly_and_as_printed(before, after):
    change = split_change(before, after)
    if change is None:
        assert not (before.all_issues.issues and after.all_issues.issues)
        return
    assert change.from_use + change.from_volume == change.points == after.share - before.share
    shown = printed_change(change)
    assert shown["use"] + shown["volume"] == shown["points"]
    assert abs(shown["volume"] - to_digits(change.from_volume, 2)) <= Decimal("0.01")


@given(years(), st.integers(min_value=1, max_value=12))
def test_more_use_alone_is_no_volume(one, months):
    doubled = year("y", 2001, one.months, one.all_issues.issues, one.all_issues.issues)
    change = split_change(one, doubled)
    assert change is None or change.from_volume == 0


@given(inputs(), st.booleans())
def test_e3_break_even_is_the_first_count_whose_net_is_not_below_zero(given_inputs, residents):
    def net(issues):
        made = Effect(year=year("x", 2000, 12, issues, issues), inputs=given_inputs)
        return made.society_net_yen if residents else made.net_yen

    needed = break_even(given_inputs, with_residents=residents)
    if needed is None:
        assert net(10**9) < 0
    else:
        assert net(needed) >= 0
        assert needed == 0 or net(needed - 1) < 0


@given(years(), inputs())
def test_e4_printed_yen_add_up_and_lie_near_the_exact(one, given_inputs):
    effect = Effect(year=one, inputs=given_inputs)
    yen = printed_effect(effect)
    assert yen["cashable_yen"] + yen["not_cashable_yen"] == yen["yen_saved"]
    assert yen["yen_saved"] - yen["fixed_yen"] - yen["fees_yen"] == yen["net_yen"]
    assert yen["net_yen"] + yen["resident_yen"] == yen["society_net_yen"]
    assert abs(yen["net_yen"] - effect.net_yen) <= Fraction(3, 2)


@given(st.fractions(max_denominator=10_000), st.integers(0, 4))
def test_rounding_goes_to_the_nearest_and_halves_away_from_zero(value, places):
    shown = Fraction(to_digits(value, places))
    assert abs(shown - value) * 2 * 10**places <= 1
    assert Fraction(to_digits(-value, places)) == -shown
    assert to_digits(Fraction(57, 200), 2) == Decimal("0.29")
