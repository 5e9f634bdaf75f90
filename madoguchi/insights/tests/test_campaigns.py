"""A class from its first day to who came back: works, wrong role, unknown, bad input, small numbers."""

from datetime import date
from fractions import Fraction

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.accounts import testing as staff
from madoguchi.infra import clock
from madoguchi.insights.domain.campaigns import Campaign, CampaignKind, Counted, beside
from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.models import CampaignCount, CampaignRow
from madoguchi.register.testing import at as moment

NOW = moment("2026-11-28T10:00")
CLASS = {"name": "優しいスマホ教室", "kind": "CLASS", "begins_on": "2026-06-10",
         "ends_on": "R8.7.2", "cost_yen": ""}  # fmt: skip


def at(name, *args):
    return reverse(f"insights:{name}", args=args)


def campaign(*counts, cost=10_000):
    return Campaign(name="x", kind=CampaignKind.CLASS, begins_on=date(2026, 6, 10),
                    ends_on=date(2026, 7, 2), cost_yen=cost, counts=counts)  # fmt: skip


def month(year, number, issues, channel=Channel.STORE):
    return Tally(fiscal_year=year, month=number, channel=channel, issues=issues, source="x")


def test_unknown_is_never_nothing():
    nobody_counted = campaign()
    assert (nobody_counted.came, nobody_counted.back, nobody_counted.yen_per_convert) == (None,) * 3
    assert campaign((Counted.BACK_KIOSK, 0)).back == 0
    assert campaign((Counted.BACK_KIOSK, 20), cost=None).yen_per_convert is None


def test_so_few_that_everybody_knows_them_are_not_told():
    few = campaign((Counted.BACK_KIOSK, 2), (Counted.BACK_STORE, 2))
    assert few.is_small and few.yen_per_convert is None
    enough = campaign((Counted.BACK_KIOSK, 2), (Counted.BACK_STORE, 3))
    assert not enough.is_small and enough.yen_per_convert == Fraction(2_000)


def test_the_months_of_the_campaign_are_neither_before_nor_after():
    rows = [month(2025, 3, 1), *(month(2026, n, 10 ** (n - 4)) for n in range(4, 11))]
    assert beside(campaign(), rows, Channel.STORE).before == 1 + 1 + 10
    assert beside(campaign(), rows, Channel.STORE).after == 10**4 + 10**5 + 10**6
    assert beside(campaign(), rows[1:], Channel.STORE).before is None  # March is not known
    assert beside(campaign(), rows, Channel.KIOSK).after is None


@given(st.lists(st.tuples(st.sampled_from(Counted), st.integers(0, 9)), max_size=8))
def test_whoever_came_back_is_of_kiosk_or_store(counts):
    one = campaign(*counts)
    back = [n for what, n in counts if what in (Counted.BACK_KIOSK, Counted.BACK_STORE)]
    assert one.back == (sum(back) if back else None)


@pytest.fixture
def kaede(client, db):
    with clock.frozen(NOW):
        yield staff.signed_in(client, staff.kaede())


def kept(client):
    assert client.post(at("new_campaign"), CLASS).status_code == 302
    return CampaignRow.objects.get().campaign_id


def test_a_class_is_kept_counted_and_paid(kaede):
    which = kept(kaede)
    for what, on, number in (("CAME", "2026-06-10", 18), ("BACK_KIOSK", "2026-08-01", 4),
                             ("BACK_STORE", "2026-08-01", 4)):  # fmt: skip
        given = {"what": what, "on": on, "number": number}
        assert kaede.post(at("count", which), given).status_code == 302
    assert "まだ聞いていない" in kaede.get(at("campaign", which)).text
    assert kaede.post(at("cost", which), {"cost_yen": "90000"}).status_code == 302
    page = kaede.get(at("campaign", which)).text
    assert "18人（1人あたり 5,000円）" in page and "8人（1人あたり 11,250円）" in page
    wrong = CampaignCount.objects.get(what="BACK_STORE")
    assert kaede.post(at("undo_campaign", which), {"count": wrong.count_id}).status_code == 302
    assert "5人未満" in kaede.get(at("campaign", which)).text
    assert "5人未満" in kaede.get(at("campaigns")).text
    twice = kaede.post(at("undo_campaign", which), {"count": wrong.count_id})
    assert twice.status_code == 422 and "CAMPAIGN_COUNT_UNKNOWN" in twice.text
    assert kaede.post(at("undo_campaign", which)).status_code == 302
    assert "優しい" not in kaede.get(at("campaigns")).text
    assert kaede.get(at("campaign", which)).status_code == 404


def test_everything_wrong_is_told_and_nothing_kept(kaede):
    refused = kaede.post(
        at("new_campaign"), CLASS | {"name": "", "kind": "PARTY", "cost_yen": "-1"}
    )
    assert refused.status_code == 422 and refused.text.count('class="wrong"') == 3
    assert "CAMPAIGN_DAYS_REVERSED" in kaede.post(at("new_campaign"), CLASS | {"ends_on": "2026-06-09"}).text  # fmt: skip
    numbered = kaede.post(at("new_campaign"), CLASS | {"name": "教室 123456789018"})
    assert numbered.status_code == 422 and "TEXT_HAS_INDIVIDUAL_NUMBER" in numbered.text
    assert not CampaignRow.objects.exists()
    which = kept(kaede)
    for wrong, code in (
        ({"what": "CAME", "on": "2026-06-09", "number": "3"}, "CAMPAIGN_COUNT_DAY"),
        ({"what": "CAME", "on": "2026-07-03", "number": "3"}, "CAMPAIGN_CAME_AFTER"),
        ({"what": "BACK_KIOSK", "on": "2026-11-29", "number": "3"}, "CAMPAIGN_COUNT_DAY"),
        ({"what": "CAME", "on": "2026-06-10", "number": "9999999"}, "CAMPAIGN_COUNT"),
    ):  # fmt: skip
        answer = kaede.post(at("count", which), wrong)
        assert answer.status_code == 422 and code in answer.text
    assert kaede.post(at("undo_campaign", which), {"count": "x"}).status_code == 422
    assert kaede.post(at("cost", which), {"cost_yen": ""}).status_code == 422
    assert not CampaignCount.objects.exists()


def test_a_form_without_any_field_is_told_as_any_other(kaede):
    answer = kaede.post(at("new_campaign"))
    assert answer.status_code == 422 and "FIELD_REQUIRED" in answer.text


def test_an_unknown_one_and_a_wrong_role(kaede, client):
    for name in ("count", "cost", "undo_campaign"):
        assert kaede.post(at(name, "nothing"), {"what": "CAME", "on": "2026-06-10", "number": "1",
                                                "cost_yen": "1"}).status_code == 404  # fmt: skip
    which = kept(kaede)
    tsuru = staff.signed_in(client, staff.tsuru())
    for name in ("campaigns", "new_campaign"):
        assert tsuru.get(at(name)).status_code == 403
    assert tsuru.get(at("campaign", which)).status_code == 403
    for name in ("count", "cost", "undo_campaign"):
        assert tsuru.post(at(name, which)).status_code == 403


def test_the_list_asks_two_questions_whatever_its_length(kaede):
    kept(kaede)
    with CaptureQueriesContext(connection) as one:
        kaede.get(at("campaigns"))
    for number in range(4):
        kaede.post(at("new_campaign"), CLASS | {"name": f"教室{number}"})
    with CaptureQueriesContext(connection) as five:
        kaede.get(at("campaigns"))
    assert len(five) == len(one)
