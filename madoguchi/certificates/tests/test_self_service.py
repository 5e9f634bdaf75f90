"""What machines give: the offer keeps its word, and refuses without a word."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.certificates import testing as t
from madoguchi.certificates.actions import self_service
from madoguchi.certificates.actions.drawing import Drawn, NotDrawn
from madoguchi.certificates.actions.stops import stop_kind
from madoguchi.certificates.domain.issue import State
from madoguchi.certificates.domain.kinds import Channel, Kind
from madoguchi.certificates.domain.self_service import is_old_enough
from madoguchi.certificates.queries.requests import find_request
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_addressee_no
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CHIEF, protect

RECORD = "resident_record_household"
STOPPER = t.with_rights(CHIEF, Right.STOP_SWITCH)


def kinds(offer):
    return {one.kind for one in offer.kinds}


def test_somebody_alone_is_asked_no_question_about_the_household(people):
    found = t.offered(people.aoi)
    assert not found.refused
    assert {one.parts for one in found.kinds if one.kind == RECORD} == {("SELF",)}
    assert found.members == ()
    assert {one.fee_yen for one in found.kinds} == {200}


def test_a_family_may_choose_who_stands_on_the_paper(people):
    found = t.offered(people.mother)
    record = next(one for one in found.kinds if one.kind == RECORD)
    assert record.parts == ("SELF", "WHOLE", "SOME")
    assert [one.person_id for one in found.members] == [
        people.father, people.mother, people.eldest, people.middle, people.baby,
    ]  # fmt: skip
    assert "INDIVIDUAL_NUMBER" not in record.items
    assert {"HOUSEHOLDER", "DOMICILE", "RESIDENT_CODE"} <= set(record.items)
    assert "NATIONALITY" not in record.items


def test_a_foreign_resident_is_asked_for_the_foreign_items(people):
    found = t.offered(people.sora)
    assert {"NATIONALITY", "ALIAS"} <= set(found.kinds[0].items)


@pytest.mark.parametrize(
    ("born", "old"),
    [
        (date(2011, 11, 27), True),  # fifteen today
        (date(2011, 11, 28), True),  # the year is full at the end of today
        (date(2011, 11, 29), False),
        (None, False),
    ],
)
def test_fifteen_is_counted_as_the_law_counts(born, old):
    assert is_old_enough(born, on=date(2026, 11, 27)) is old


def test_a_child_is_refused(people):
    found = t.offered(people.eldest)
    assert found.refused
    assert "TOO_YOUNG_FOR_MACHINE" in found.reasons
    assert isinstance(t.choose(people.eldest), NotDrawn)


def test_the_dead_get_nothing(people):
    assert t.offered(people.ume).refused


def test_a_card_registered_today_works_from_tomorrow(people):
    today = clock.today()
    found = t.offered(people.aoi, registered_on=today)
    assert found.refused and "CARD_TOO_NEW" in found.reasons
    assert not t.offered(people.aoi, registered_on=today - timedelta(days=1)).refused
    found = t.choose(people.aoi, registered_on=today)
    assert isinstance(found, NotDrawn)
    assert find_request(found.request_id).state is State.REFUSED


def test_a_waiting_change_refuses_the_whole_household(people):
    t.wait_for_approval(people.baby)
    found = t.offered(people.mother)
    assert found.refused and "CHANGE_WAITS_FOR_APPROVAL" in found.reasons


def test_the_stop_switch_takes_a_kind_out_of_the_offer(people):
    unit.run(stop_kind, kind=Kind.RECORD_ITEMS, channel=Channel.KIOSK, reason="点検",
             actor=STOPPER, now=clock.now())  # fmt: skip
    assert kinds(t.offered(people.aoi)) == kinds(t.offered(people.aoi)) - {"record_items"}
    assert RECORD in kinds(t.offered(people.aoi))


def test_a_protected_person_is_an_unknown_number(people):
    protect(people.rin)
    held, unknown = t.offered(people.rin), t.offered(make_addressee_no(99_999))
    assert held == unknown
    assert held.refused and held.members == ()

    def asked(person_id):
        with CaptureQueriesContext(connection) as seen:
            t.offered(person_id)
        found = [one["sql"] for one in seen.captured_queries]
        return [one[:60] for one in found if "SAVEPOINT" not in one]

    assert asked(people.rin) == asked(make_addressee_no(99_998))
    for person_id in (people.rin, make_addressee_no(99_999)):
        found = t.choose(person_id)
        assert isinstance(found, NotDrawn)
        assert (found.request_id, [one.code for one in found.problems]) == ("", ["UNKNOWN_PERSON"])


def test_nobody_of_a_household_learns_that_somebody_of_it_is_held(people):
    protect(people.baby)
    found = t.offered(people.mother)
    assert found.refused
    assert found.members == () and found.kinds == ()
    assert found.reasons == ("NOT_AVAILABLE_HERE",)
    refused = t.choose(people.mother, part="WHOLE")
    assert [one.code for one in refused.problems] == ["NOT_AVAILABLE_HERE"]


def test_a_refusal_names_nobody_in_the_record(people):
    protect(people.rin)
    t.offered(people.rin)
    t.offered(people.eldest)
    entries = list_entries(wanted=EntryFilter(action="CERTIFICATE_NOT_OFFERED")).entries
    assert len(entries) == 2
    assert {one.note.subjects for one in entries} == {()}


def test_a_machine_goes_from_choice_to_hand_over(people):
    drawn = t.choose(people.mother, part="SOME", chosen_ids=[people.mother, people.baby],
                     items=["HOUSEHOLDER"], copies=2)  # fmt: skip
    assert isinstance(drawn, Drawn)
    assert self_service.progress_of(drawn.request_id).state == "DRAWN"
    t.make(drawn.request_id, actor=t.MACHINE)
    progress = self_service.progress_of(drawn.request_id)
    assert (progress.state, progress.copies, progress.fee_yen) == ("RELEASED", 2, 400)
    for copy_no in (1, 2):
        data = unit.run(self_service.check_out, request_id=drawn.request_id, copy_no=copy_no,
                        actor=t.MACHINE, now=clock.now(), paid_yen=400)  # fmt: skip
        assert data.startswith(b"%PDF")
    state = unit.run(self_service.hand_over, request_id=drawn.request_id, actor=t.MACHINE,
                     now=clock.now(), paid_yen=400)  # fmt: skip
    assert state == "HANDED_OVER"
    (books,) = self_service.books_of(clock.today(), "KIOSK")
    assert books.balances
    assert (books.asked, books.handed_over, books.copies, books.pages, books.yen) == (
        1,
        1,
        2,
        2,
        400,
    )
    assert (books.copies_printed, books.pages_printed) == (2, 2)


def spoil(request_id, disposal="NEVER_PRINTED"):
    return unit.run(self_service.spoil, request_id=request_id, disposal=disposal,
                    actor=t.MACHINE, now=clock.now(), note="やめる")  # fmt: skip


def test_whoever_walks_away_leaves_the_books_balanced(people):
    while_made = t.choose(people.aoi)
    assert spoil(while_made.request_id) == "VOID"
    assert spoil(while_made.request_id) == "VOID"  # the sweep comes again
    # The worker that was still at it makes nothing of it.
    assert t.make(while_made.request_id, actor=t.MACHINE) is State.VOID
    jammed = t.choose(people.aoi)
    t.make(jammed.request_id, actor=t.MACHINE)
    unit.run(self_service.check_out, request_id=jammed.request_id, copy_no=1,
             actor=t.MACHINE, now=clock.now(), paid_yen=200)  # fmt: skip
    with pytest.raises(Refused):
        spoil(jammed.request_id)  # it was printed, so where is the paper?
    assert spoil(jammed.request_id, "RECOVERED") == "VOID"
    t.choose(people.eldest)
    (books,) = self_service.books_of(clock.today(), "KIOSK")
    assert books.balances
    assert (books.void_never_printed, books.void_printed, books.refused) == (1, 1, 1)
    assert (books.copies_printed, books.copies, books.yen) == (1, 0, 0)


def test_what_is_no_choice_of_a_machine_is_refused_without_a_request(people):
    for wrong in ({"kind": "removed_record"}, {"kind": "x"}, {"part": "ALL"}, {"items": ["X"]},
                  {"part": "SOME"}, {"channel": "DESK"}, {"channel": "X"}):  # fmt: skip
        assert t.choose(people.aoi, **wrong).request_id == ""
    for wrong in ({"items": ["INDIVIDUAL_NUMBER"]}, {"part": "SOME", "chosen_ids": [people.aoi]},
                  {"year": "2026"}):  # fmt: skip
        found = t.choose(people.mother, **wrong)
        assert (found.request_id, found.state) == ("", State.REFUSED)
        assert [one.code for one in found.problems] == ["NOT_AT_MACHINES"]


def test_an_account_without_the_right_is_told_so(people):
    nobody = replace(t.MACHINE, rights=frozenset())
    with pytest.raises(Refused):
        unit.run(self_service.offer, actor=nobody, person_id=people.aoi, channel="KIOSK",
                 today=clock.today())  # fmt: skip
