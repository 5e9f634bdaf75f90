"""What went wrong is counted with its minutes, and a change is told only beyond chance (まちがい)."""

from datetime import timedelta
from fractions import Fraction
from math import comb

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock, facts
from madoguchi.insights.domain.errors import Mistakes, Sort, trend_of, two_sided, years_of_mistakes
from madoguchi.register.testing import at as moment

NOW = moment("2026-11-28T10:00")
ONE = Sort(code="PAPER_FAILED", minutes=Fraction(15), source="x")


def years(*counted):
    """Each year with its mistakes and papers."""
    found = [
        Mistakes(sort=ONE, fiscal_year=2023 + n, times=times)
        for n, (times, _) in enumerate(counted)
    ]
    papers = {2023 + n: handed for n, (_, handed) in enumerate(counted)}
    return years_of_mistakes(found, papers=papers, months={}, sorts=(ONE,))


@pytest.mark.parametrize(
    ("before", "after", "code"),
    [
        ((20, 1000), (2, 1000), "FEWER"),
        ((2, 1000), (20, 1000), "MORE"),
        ((3, 1000), (1, 1000), "NOT_TOLD"),
        # Half the mistakes of half the papers is no change at all.
        ((20, 1000), (10, 500), "NOT_TOLD"),
        ((0, 1000), (0, 1000), "NOT_TOLD"),
    ],
)
def test_a_change_is_one_only_beyond_chance(before, after, code):
    assert trend_of(years(before, after)).code == code


def test_nothing_is_told_without_a_year_to_hold_it_against():
    assert trend_of(years((3, 100))) is None
    assert trend_of(years((3, 0), (1, 100))) is None
    with_a_gap = years_of_mistakes([], papers={2022: 5, 2024: 5}, months={}, sorts=(ONE,))
    assert trend_of(with_a_gap) is None


@given(st.integers(0, 30), st.integers(0, 30), st.fractions(0, 1, max_denominator=9))
def test_the_odds_are_those_of_every_count_no_likelier(hits, more, part):
    tries = hits + more
    odds = [comb(tries, k) * part**k * (1 - part) ** (tries - k) for k in range(tries + 1)]
    assert two_sided(hits, tries, part) == sum(one for one in odds if one <= odds[hits])


def test_every_sort_has_a_row_and_minutes_add_up():
    (only,) = years((7, 2_000))
    assert (only.times, only.minutes, only.per_thousand) == (7, 105, Fraction(7, 2))


@pytest.mark.django_db
def test_the_page_counts_what_was_found_and_nothing_else(client):
    def note(name, when="2026-10-05T10:00", **values):
        facts.note(name, at=moment(when), **values)

    note("certificate_handed_over", copies=500, sample=False)
    note("certificate_failed", sample=False)
    note("certificate_failed", sample=True)  # practice
    note("certificate_void", sample=False, disposal="NEVER_PRINTED")  # never was a paper
    note("certificate_void", sample=False, disposal="SHREDDED")
    note("register_changed", verb="CORRECT_ERROR")
    note("register_changed", verb="CHANGE_ADDRESS")
    note("card_hand_over_undone", when="2026-11-05T10:00")  # this month is not over
    with clock.frozen(NOW):
        page = staff.signed_in(client, staff.nagi()).get(reverse("insights:errors")).text
        assert "<b>3</b>" in page and "55分" in page and "6.00" in page
        assert "続いた2つの年度" in page
        kaede = staff.signed_in(client, staff.kaede()).get(reverse("insights:errors")).text
        assert "<b>3</b>" not in kaede and "支援措置の人を見られる職員だけ" in kaede
        assert (
            staff.signed_in(client, staff.tsuru()).get(reverse("insights:errors")).status_code
            == 403
        )
    with clock.frozen(NOW + timedelta(days=200)):
        nagi = staff.signed_in(client, staff.nagi())
        note("certificate_handed_over", when="2027-04-02T10:00", copies=500, sample=False)
        assert "偶然の範囲" in nagi.get(reverse("insights:errors")).text
