"""The fee table: one fee a day, nothing changed backwards, every change on record."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.certificates import testing as t
from madoguchi.certificates.domain.fees import FeeRow, check_end, day_before, plan_fee
from madoguchi.certificates.domain.kinds import Channel, Fee, Kind, fee_on
from madoguchi.certificates.models import FeeRule
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem

TODAY = date(2026, 11, 27)
KIND, CHANNEL = Kind.TAX, Channel.DESK
days = st.integers(-400, 400).map(lambda step: TODAY + timedelta(days=step))


def fee(yen, first, last=None):
    return Fee(kind=KIND, channel=CHANNEL, yen=yen, valid_from=first, valid_until=last)


@given(st.lists(st.tuples(st.integers(-10, 20_000), days, st.one_of(st.none(), days)), max_size=12))
@settings(max_examples=200, deadline=None)
def test_whatever_is_entered_no_day_has_two_fees_and_no_past_day_changes(presses):
    """Any presses in any order: a model of one yen a day, and the table beside it."""
    table = {0: fee(300, date(2020, 4, 1))}
    past = [TODAY - timedelta(days=step) for step in (1, 50, 399)]
    before = [fee_on(table.values(), kind=KIND, channel=CHANNEL, on=day) for day in past]
    for number, (yen, first, last) in enumerate(presses, start=1):
        rows = [FeeRow(fee_id=key, fee=one) for key, one in table.items()]
        if yen >= 0:
            plan = plan_fee(fee(yen, first), table=rows, today=TODAY)
            if not plan.problems:
                if plan.ends is not None:
                    old = plan.ends.fee
                    table[plan.ends.fee_id] = fee(old.yen, old.valid_from, day_before(first))
                table[number] = fee(yen, first)
                found = fee_on(table.values(), kind=KIND, channel=CHANNEL, on=first)
                assert found == yen <= 10_000
        newest = max(table)
        row = table[newest]
        if last is not None and not check_end(row, last_day=last, today=TODAY):
            table[newest] = fee(row.yen, row.valid_from, last)
        for step in range(0, 401, 7):
            on = TODAY + timedelta(days=step)
            found = fee_on(table.values(), kind=KIND, channel=CHANNEL, on=on)
            assert not (isinstance(found, Problem) and found.code == "FEE_AMBIGUOUS"), on
    after = [fee_on(table.values(), kind=KIND, channel=CHANNEL, on=day) for day in past]
    assert after == before


@pytest.fixture
def chief(client, people):
    return staff.signed_in(client, staff.kai())


def posted(**given):
    tomorrow = (clock.today() + timedelta(days=1)).isoformat()
    return {"kind": "tax", "channel": "WEB", "yen": "250", "valid_from": tomorrow} | given


def post(client, **given):
    return client.post(reverse("certificates:fees"), posted(**given))


def test_a_new_fee_holds_from_its_day_and_is_on_record(chief, people):
    t.assess(people.aoi)
    assert post(chief, valid_from=clock.today().isoformat()).status_code == 302
    (kind,) = t.offered(people.aoi, channel="WEB").kinds
    assert kind.fee_yen == 250
    old, new = FeeRule.objects.filter(kind="tax", channel="WEB").order_by("valid_from")
    assert old.valid_until == day_before(new.valid_from)
    (entry,) = list_entries(wanted=EntryFilter(action="FEE_ADDED")).entries
    assert entry.note.detail["before_yen"] == 200
    assert "250円" in chief.get(reverse("certificates:fees")).content.decode()


def test_a_fee_that_ends_leaves_the_kind_without_one(chief, people):
    t.assess(people.aoi)
    page = chief.get(reverse("certificates:fees")).content.decode()
    row = FeeRule.objects.get(kind="tax", channel="WEB")
    assert f"/fees/{row.id}/end/" in page
    url = reverse("certificates:end_fee", args=[row.id])
    assert chief.post(url, {"last_day": "R1.5.1"}).status_code == 422
    assert chief.post(url, {"last_day": "いつか"}).status_code == 422
    assert chief.post(url, {"last_day": clock.today().isoformat()}).status_code == 302
    assert not t.offered(people.aoi, channel="WEB").refused
    tomorrow = clock.now() + timedelta(days=1)
    with clock.frozen(tomorrow):
        assert "FEE_NOT_SET" in t.offered(people.aoi, channel="WEB").reasons
    assert (
        chief.post(
            reverse("certificates:end_fee", args=[987_654]), {"last_day": "R9.1.1"}
        ).status_code
        == 422
    )


@pytest.mark.parametrize(
    "wrong",
    [{"yen": "-1"}, {"yen": "10001"}, {"yen": ""}, {"valid_from": "R1.5.1"}, {"valid_from": "x"},
     {"kind": "x"}, {"channel": "x"}],
)  # fmt: skip
def test_what_cannot_be_a_fee_is_told_and_nothing_changes(chief, wrong):
    before = FeeRule.objects.count()
    assert post(chief, **wrong).status_code == 422
    assert FeeRule.objects.count() == before


def test_two_rows_for_one_day_are_refused(chief):
    assert post(chief).status_code == 302
    answer = post(chief)
    assert answer.status_code == 422
    assert "重なります" in answer.content.decode()


def test_a_rule_of_the_town_is_switched_and_holds_at_once(chief, people):
    t.assess(people.aoi, unpaid=True)
    url = reverse("certificates:rule", args=["REFUSE_IF_UNPAID"])
    assert chief.post(url, {"stands": "1"}).status_code == 302
    assert "TAX_UNPAID" in t.offered(people.aoi, channel="WEB").reasons
    assert chief.post(url, {"stands": "0"}).status_code == 302
    assert not t.offered(people.aoi, channel="WEB").refused
    assert chief.post(reverse("certificates:rule", args=["X"]), {"stands": "1"}).status_code == 422
    assert len(list_entries(wanted=EntryFilter(action="TOWN_RULE_CHANGED")).entries) == 2


def test_the_number_rule_opens_nothing_without_the_right(chief, people):
    """A kiosk's account cannot see a number, whatever the town's rule says."""
    chief.post(reverse("certificates:rule", args=["NUMBERS_AT_MACHINES"]), {"stands": "1"})
    for kind in t.offered(people.aoi).kinds:
        assert "INDIVIDUAL_NUMBER" not in kind.items


def test_the_table_is_the_chiefs(client, people):
    staff.signed_in(client, staff.kaede())
    assert client.get(reverse("certificates:fees")).status_code == 403
    assert post(client).status_code == 403
    row = FeeRule.objects.first()
    assert (
        client.post(
            reverse("certificates:end_fee", args=[row.id]), {"last_day": "R9.1.1"}
        ).status_code
        == 403
    )
    url = reverse("certificates:rule", args=["REFUSE_IF_UNPAID"])
    assert client.post(url, {"stands": "1"}).status_code == 403


def test_the_table_names_no_resident(chief, people):
    assert not re.search(
        "海野|潮|湊", chief.get(reverse("certificates:fees")).content.decode().split("<main")[1]
    )


def test_a_reason_is_told_once_where_there_is_no_fee_either(people):
    t.wait_for_approval(people.aoi)
    FeeRule.objects.filter(channel="DESK").delete()
    codes = [one.code for one in t.ask(people.aoi).problems]
    assert {"CHANGE_WAITS_FOR_APPROVAL", "FEE_NOT_SET"} <= set(codes)
    assert len(codes) == len(set(codes))
