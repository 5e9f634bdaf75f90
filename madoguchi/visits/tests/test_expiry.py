"""The expiry board: counts are the lists, whoever has nothing to renew is not in it, nor the held."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.cards.api import count_running_out, list_running_out
from madoguchi.cards.testing import certify, hand_to
from madoguchi.infra.clock import frozen
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import Status, keep, make_version, resident_code
from madoguchi.visits.domain.expiry import CARD, CERTIFICATE, forecast, months_ahead
from madoguchi.visits.testing import family

URL = "/visits/expiry/"
FIRST, UNTIL = date(2027, 1, 1), date(2029, 1, 1)


def text(answer):
    return answer.content.decode()


@pytest.fixture
def people(db):
    """Card and certificate, card alone, a certificate that ends with its card, a certificate."""
    one, two, three, four = family()
    hand_to(one, expires_on=date(2028, 5, 3))
    certify(one, serial="1", valid_until=date(2027, 5, 3))
    hand_to(two, expires_on=date(2022, 8, 9))
    hand_to(two, expires_on=date(2027, 8, 9))
    hand_to(three, expires_on=date(2027, 2, 1))
    certify(three, serial="2", valid_until=date(2027, 2, 1))
    certify(four, serial="3", valid_until=date(2027, 2, 24))
    return [one, two, three, four]


def ask(actor=None):
    return count_running_out(FIRST, UNTIL, actor=actor or a.clerk())


def test_n6_each_renewal_is_counted_once_in_its_month(people):
    assert ask() == {
        (date(2028, 5, 1), CARD): 1, (date(2027, 5, 1), CERTIFICATE): 1,
        (date(2027, 8, 1), CARD): 1, (date(2027, 2, 1), CARD): 1, (date(2027, 2, 1), CERTIFICATE): 1,
    }  # fmt: skip
    rows = list_running_out(FIRST, UNTIL, actor=a.clerk())
    assert len(rows) == sum(ask().values())
    assert [one.on for one in rows] == sorted(one.on for one in rows)


def test_whoever_is_dead_or_gone_has_nothing_to_renew(db):
    for at, status in enumerate((Status.DEAD, Status.MOVED_OUT, Status.REMOVED, Status.RESIDENT)):
        number = make_addressee_no(900 + at)
        keep(make_version(number, status=status, resident_code=resident_code(90_000 + at)))
        hand_to(number, expires_on=date(2027, 3, 3))
    assert ask() == {(date(2027, 3, 1), CARD): 1}


def test_a_protected_person_is_in_no_count_and_no_list(people, client):
    protect(people[1])
    assert (date(2027, 8, 1), CARD) not in ask()
    assert (date(2027, 8, 1), CARD) in ask(staff.actor_for(staff.kai()))
    with frozen(a.NOW):
        staff.signed_in(client, staff.kaede())
        shown = text(client.get(URL, {"month": "2027-08"}))
    assert "この月に切れるカードと電子証明書はありません" in shown and "ひと二" not in shown


def test_the_board_shows_months_minutes_and_the_people_of_one(people, client):
    with frozen(a.NOW):
        staff.signed_in(client, staff.kaede())
        shown = text(client.get(URL))
        assert "令和10年12月" in shown and "ひと三" not in shown
        shown = text(client.get(URL, {"month": "2027-02"}))
    assert "ひと三" in shown and "ひと四" in shown and "45分" in shown
    assert list_entries(wanted=EntryFilter(person_id=people[2], action="EXPIRY_LIST")).entries


@pytest.mark.parametrize("month", ["", "x", "2020-01", "2027-13"])
def test_a_month_that_is_not_shown_lists_nobody(people, client, month):
    with frozen(a.NOW):
        staff.signed_in(client, staff.kaede())
        assert "に切れる人" not in text(client.get(URL, {"month": month}))


def test_the_wrong_role_is_refused(client, db):
    staff.signed_in(client, staff.tsuru())
    assert client.get(reverse("visits:expiry")).status_code == 403


@given(st.dates(date(2020, 1, 1), date(2060, 12, 31)))
def test_the_months_follow_each_other_without_a_gap(today):
    months = months_ahead(today)
    assert len(set(months)) == 24 and months[0] == today.replace(day=1)
    whole = [one.year * 12 + one.month for one in months]
    assert whole == list(range(whole[0], whole[0] + 24)) and {one.day for one in months} == {1}


@given(st.dictionaries(st.tuples(st.sampled_from(months_ahead(FIRST)),
                                 st.sampled_from([CARD, CERTIFICATE])), st.integers(0, 900)))  # fmt: skip
def test_the_forecast_is_counts_times_minutes(counts):
    found = forecast(months_ahead(FIRST), counts, card_minutes=35, certificate_minutes=10)
    cards = sum(n for (_, what), n in counts.items() if what == CARD)
    certificates = sum(n for (_, what), n in counts.items() if what == CERTIFICATE)
    assert sum(one.minutes for one in found) == 35 * cards + 10 * certificates
