"""D9: an address handed in: which letters take one, how long it lies here, the gate all the same."""

import pytest
from django.db import IntegrityError, transaction

from madoguchi.dispatch import testing as t
from madoguchi.dispatch.actions.posting import hand_in_slip, undo_slip
from madoguchi.dispatch.actions.queueing import cancel
from madoguchi.dispatch.domain.handed import (
    WANTED,
    Handed,
    HandedReason,
    check_handed,
    pack_handed,
    read_handed,
)
from madoguchi.dispatch.domain.letters import LetterKind
from madoguchi.dispatch.models import Letter
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect

LEFT = Handed(
    reason=HandedReason.ADDRESS_LEFT, postcode="810-0001", address="福岡県みどり市緑町5番6号"
)
HALL = Handed(reason=HandedReason.OFFICE, postcode="810-8620", address="福岡県みどり市緑町1番1号",
              name="みどり市役所　住民担当")  # fmt: skip
CONTENT = {"filing": "転入届", "on": "2026-11-27", "others": 0, "phone": "0997-00-0000"}


def queue(handed=LEFT, kind="MOVE_RECEIPT", **given):
    values = {"content": CONTENT, "about_no": "PVQ6SQ7VSE-1", "sort_key": ""} | given
    return t.queue(1, kind=kind, handed=handed, **values)


@pytest.mark.parametrize("kind", LetterKind)
@pytest.mark.parametrize("handed", [None, LEFT, HALL])
def test_d9_each_kind_takes_the_address_it_goes_to_and_no_other(kind, handed):
    fits = WANTED.get(kind) == (handed.reason if handed else None)
    assert (check_handed(kind, handed) == ()) == fits
    assert read_handed(pack_handed(handed)) == handed


@pytest.mark.parametrize(
    ("wrong", "codes"),
    [
        ({"postcode": "8100001"}, ["LETTER_HANDED_POSTCODE"]),
        ({"address": " ", "postcode": ""}, ["LETTER_HANDED_POSTCODE", "LETTER_HANDED_MISSING"]),
        ({"name": "港　渚"}, ["LETTER_HANDED_MISSING"]),  # a name is the register's
        ({"building": "番号 123456789018"}, ["TEXT_HAS_INDIVIDUAL_NUMBER"]),
    ],
)
def test_what_cannot_be_an_address_is_told_at_once(wrong, codes):
    given = {"postcode": LEFT.postcode, "address": LEFT.address} | wrong
    handed = Handed(reason=HandedReason.ADDRESS_LEFT, **given)
    assert [one.code for one in check_handed(LetterKind.MOVE_RECEIPT, handed)] == codes


@pytest.fixture
def somebody(db):
    t.settle(1)
    return t.person_no(1)


def kept():
    return Letter.objects.get().handed


def test_d9_it_lies_here_until_the_post_office_has_the_letter(somebody):
    queue()
    batch = t.batched()
    assert t.printed(batch).letters == 1
    posted = t.posted(batch)
    assert kept()["address"] == LEFT.address
    # Taken back into the house it is printed again, to the same place.
    unit.run(undo_slip, slip_id=posted.slip_id, actor=t.KAEDE, now=clock.now())
    assert t.printed(batch).letters == 1
    posted = t.posted(batch)
    unit.run(hand_in_slip, slip_id=posted.slip_id, actor=t.KAEDE, now=clock.now())
    assert kept() == {}


def test_d9_a_letter_given_up_keeps_no_address(somebody):
    letter_id = queue()
    unit.run(cancel, letter_id=letter_id, actor=t.KAEDE, now=clock.now())
    assert kept() == {}


def test_d9_the_table_takes_no_other_address(somebody):
    queue()
    for values in ({"handed": {}}, {"kind": "RENOTICE"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Letter.objects.update(**values)


def test_a_held_person_gets_no_letter_at_any_address(somebody):
    queue(handed=HALL, kind="MOVE_INQUIRY")
    protect(somebody)
    assert t.batched() == ""
    assert Letter.objects.get().why == "LETTER_NOT_AVAILABLE"


@pytest.mark.parametrize(("status", "goes"), [("MOVED_OUT", True), ("DEAD", False)])
def test_who_has_left_the_town_is_who_it_is_about(db, status, goes):
    status = type(t.make_version(t.person_no(1)).status)(status)
    t.settle(1, status=status, removal_reason="x")
    queue(handed=HALL, kind="MOVE_INQUIRY")
    assert bool(t.batched()) == goes


def test_wrong_content_and_no_address_are_refused_together(somebody):
    with pytest.raises(Refused) as refusal:
        queue(handed=None, content={"filing": "", "on": "x", "others": -1, "dog": 1})
    codes = {one.code for one in refusal.value.problems}
    assert codes >= {"LETTER_HANDED_WRONG", "LETTER_CONTENT_MISSING", "LETTER_CONTENT_UNKNOWN"}


@pytest.mark.parametrize("when", ["queued", "batched", "printed"])
def test_d11_a_letter_stands_or_falls_with_whom_it_speaks_of(db, when):
    """Whoever of them becomes held stops it, though it goes to another; the rest goes on."""
    first, second, third = t.settle(3)
    asks = {"on": "2026-12-14", "others": 1, "phone": "0997-00-0000"}
    t.queue(1, kind="RESIDENCE_INQUIRY", content=asks, also_ids=[second])
    t.queue(3, kind="RESIDENCE_INQUIRY", content={**asks, "others": 0})
    if when == "queued":
        protect(second)
    batch = t.batched()
    if when == "batched":
        protect(second)
    t.printed(batch)
    if when == "printed":
        protect(second)
    t.posted(batch)
    states = {one.person_id: one.state for one in t.kept()}
    assert states == {first: "HELD", third: "POSTED"}
