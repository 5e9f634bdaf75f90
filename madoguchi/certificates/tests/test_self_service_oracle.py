"""What is offered is drawn, and what is not offered is refused: any household, any choice.

A ten-line model says who may have anything at all; the rest is the offer against the drawing,
for every kind, part, item and year there is.
"""

from contextlib import contextmanager
from datetime import date, timedelta
from itertools import product

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.drawing import Drawn
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.models import FeeRule, Stop
from madoguchi.certificates.queries.books import books_of
from madoguchi.infra import clock
from madoguchi.kernel.checkdigits import make_addressee_no, make_household_no
from madoguchi.protection.testing import protect
from madoguchi.register.testing import keep, make_version, resident_code

SEAL, TAX = Kind.SEAL_REGISTRATION, Kind.TAX
ITEMS = ((), ("HOUSEHOLDER", "DOMICILE"), ("NATIONALITY",), ("INDIVIDUAL_NUMBER",))
PARTS = ("SELF", "WHOLE", "SOME")
YEARS = ("", "2026", "2025")


@st.composite
def residents(draw):
    return {
        "born": draw(st.sampled_from([date(1950, 1, 1)] * 3 + [date(2020, 1, 1), None])),
        "status": draw(
            st.sampled_from(["RESIDENT"] * 5 + ["MOVE_OUT_PLANNED", "MOVED_OUT", "DEAD"])
        ),
        "came_today": draw(st.sampled_from([False] * 6 + [True])),
        "odd_name": draw(st.sampled_from([False] * 6 + [True])),
        "held": draw(st.sampled_from([False] * 6 + [True])),
        "draft": draw(st.sampled_from([False] * 8 + [True])),
    }


@st.composite
def towns(draw):
    return {
        "people": [draw(residents()) for _ in range(draw(st.integers(1, 3)))],
        "seal": draw(st.sampled_from(["none", "good", "struck", "bare"])),
        "years": draw(st.sets(st.sampled_from([2025, 2026]))),
        "stopped": draw(st.sets(st.sampled_from(list(Kind)), max_size=1)),
        "unpriced": draw(st.sets(st.sampled_from(list(Kind)), max_size=1)),
        "card_today": draw(st.sampled_from([False] * 6 + [True])),
    }


@contextmanager
def one_town():
    """Give each example a savepoint in which a unit counts as the outermost, and take it back."""
    block = transaction.atomic()
    block._from_testcase = True
    block.__enter__()
    try:
        yield
    finally:
        transaction.set_rollback(True)
        block.__exit__(None, None, None)


def settle(town):
    t.fees()
    ids = []
    today = clock.today()
    for serial, one in enumerate(town["people"], start=60):
        person_id = make_addressee_no(serial)
        came = today if one["came_today"] else date(2020, 4, 1)
        # U+2C029 is in no font here: a character that waits for its glyph.
        name = "見本　\U0002c029" if one["odd_name"] else f"見本　{'一二三'[serial - 60]}郎"
        left = {"MOVE_OUT_PLANNED": today + timedelta(days=30), "RESIDENT": None}
        keep(make_version(
            person_id, household_no=make_household_no(60), resident_code=resident_code(serial),
            name=name, birth="昭和25年1月1日", birth_sort=one["born"],
            status=t._Status(one["status"]), became_resident_sort=came, notified_sort=came,
            removed_sort=left.get(one["status"], date(2026, 4, 1)),
            removal_reason="DEATH" if one["status"] == "DEAD" else "",
            relationship="世帯主" if serial == 60 else "子", is_householder=serial == 60,
        ))  # fmt: skip
        if one["draft"]:
            t.wait_for_approval(person_id)
        ids.append(person_id)
    if town["seal"] != "none":
        given = {"struck": {"state": "STRUCK", "ended_on": today}, "bare": {"imprint": None}}
        t.register_seal(ids[0], **given.get(town["seal"], {}))
    for year in town["years"]:
        t.assess(ids[0], year=year)
    for kind in town["stopped"]:
        Stop.objects.create(
            kind=kind, channel="", reason="点検", stopped_by="x", stopped_at=clock.now()
        )
    FeeRule.objects.filter(kind__in=town["unpriced"]).delete()
    for person_id, one in zip(ids, town["people"], strict=True):
        if one["held"]:
            protect(person_id)
    return ids


def may_have_something(town):
    """Say of the first person what any rule book says, without looking at the code."""
    me, household = town["people"][0], town["people"]
    in_it = [one for one in household if one["status"] in ("RESIDENT", "MOVE_OUT_PLANNED")]
    return (
        me["born"] == date(1950, 1, 1)
        and me["status"] != "DEAD"
        and not me["came_today"]
        and not town["card_today"]
        and not any(one["held"] or one["draft"] for one in [me, *in_it])
    )


def accepts(offer, kind, part, items, year):
    found = next((one for one in offer.kinds if one.kind == kind), None)
    if found is None or part not in found.parts or not set(items) <= set(found.items):
        return False
    return year in found.years if found.years and year else not year


@pytest.mark.django_db
@pytest.mark.parametrize("channel", ["KIOSK", "WEB"])
@given(town=towns())
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_an_offer_keeps_its_word(channel, town):
    with one_town():
        me, *others = settle(town)
        card = clock.today() - timedelta(days=0 if town["card_today"] else 9)
        offer = t.offered(me, channel=channel, registered_on=card)
        assert offer.refused == (not offer.kinds)
        if not may_have_something(town):
            assert offer.refused
        if offer.refused:
            assert offer.reasons and not offer.members
        held = {one for one, who in zip([me, *others], town["people"], strict=True) if who["held"]}
        assert not held & {one.person_id for one in offer.members}
        asked = 0
        for kind, part, items, year in product(Kind, PARTS, ITEMS, YEARS):
            if (items and part == "SOME") or (year and kind is not TAX):
                continue
            chosen = others[:1] or [me]
            found = t.choose(me, kind=kind.value, part=part, items=items, year=year,
                             chosen_ids=chosen if part == "SOME" else (), channel=channel,
                             registered_on=card)  # fmt: skip
            choosable = part != "SOME" or set(chosen) <= {one.person_id for one in offer.members}
            wanted = choosable and accepts(offer, kind.value, part, items, year)
            assert isinstance(found, Drawn) == wanted, (kind, part, items, year, found)
            asked += bool(found.request_id)
        books = books_of(clock.today(), channel)
        assert all(one.balances for one in books)
        assert sum(one.asked for one in books) == asked


def test_every_machine_channel_is_in_the_oracle():
    from madoguchi.certificates.domain.kinds import MACHINES

    assert {Channel.KIOSK, Channel.WEB} == MACHINES
