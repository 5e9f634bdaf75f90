"""A whole 転入届 in one transaction, all or nothing, every problem at once (転入届の登録)."""

from dataclasses import replace
from datetime import date

import pytest
from django.db import Error, connection, transaction

from madoguchi.audit.api import EntryFilter, list_entries
from madoguchi.kernel.actor import Right
from madoguchi.moves.actions import filing
from madoguchi.moves.domain.case import Card
from madoguchi.moves.domain.filing import Arrival, Evidence, Kind, Notifier, Said, Shelter
from madoguchi.moves.models import FieldSource, Filing, Task
from madoguchi.moves.testing import arriving, told
from madoguchi.protection.testing import SENIOR
from madoguchi.register.api import filing as register
from madoguchi.register.api import household_snapshot, live_history_of, persons_of, seen
from madoguchi.register.testing import clerk
from madoguchi.visits.testing import run_ids


def rows():
    """Count everything a filing could leave behind."""
    counts = {}
    with connection.cursor() as cursor:
        for table in ("register_version", "register_person", "moves_filing", "moves_filing_person",
                      "moves_field_source", "moves_task", "visits_run", "protection_measure"):  # fmt: skip
            cursor.execute(f"SELECT count(*) FROM {table}")
            counts[table] = cursor.fetchone()[0]
    counts["audit"] = len(list_entries(wanted=EntryFilter()).entries)
    return counts


def test_a_family_of_five_is_filed_once_and_everything_follows(counter):
    found = counter.move_in()
    household = household_snapshot(found.household_no)
    assert [one.name for one in household.members] == [
        "港　渚",
        "港　波",
        "港　岬",
        "港　汀",
        "港　磯",
    ]
    assert household.householder.person_id == found.person_ids["1"]
    assert {one.address for one in household.members} == {
        "鹿児島県大島郡瀬戸内町大字古仁屋船津23番地"
    }
    assert run_ids() == [found.run_id]
    codes = set(Task.objects.values_list("code", flat=True))
    assert {
        "WATER_START",
        "SCHOOL_TRANSFER",
        "CHILD_ALLOWANCE",
        "ELECTION_ROLL",
        "CARD_CONTINUED",
    } <= codes
    assert "SINGLE_PARENT_ALLOWANCE" not in codes
    school = Task.objects.get(code="SCHOOL_TRANSFER")
    assert school.person_id == found.person_ids["3"]
    (filed,) = Filing.objects.all()
    assert (filed.kind, filed.filed_on) == ("MOVE_IN", date(2026, 11, 27))
    told_of = [
        one
        for one in list_entries(wanted=EntryFilter()).entries
        if one.note.action == "MOVE_IN_FILED"
    ]
    assert len(told_of) == 1


def test_m6_every_field_says_who_said_it_and_on_what(counter):
    wife = arriving(1)
    items = dict(wife.items) | {
        "name_kana": Said(value="ミナト　ナミ", evidence=Evidence.SAID, differs=True)
    }
    found = counter.move_in(people=(arriving(0), replace(wife, items=items)))
    of_wife = FieldSource.objects.filter(person_id=found.person_ids["2"])
    assert of_wife.count() == len(items)
    kana = of_wife.get(item="name_kana")
    assert (kana.evidence, kana.told_by, kana.differs) == ("SAID", "SELF", True)
    assert not of_wife.get(item="name").differs
    for wish in ("UPDATE moves_field_source SET differs = false", "DELETE FROM moves_field_source"):
        with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(wish)


def test_m7_all_problems_of_both_sides_at_once_and_nothing_stays(counter, refused):
    before = rows()
    codes = refused(
        counter.move_in,
        people=(arriving(0, values={"honseki": "", "birth": "平成2年13月3日"}),),
        told=told(identity_seen=False, signed=False, notifier=Notifier.AGENT),
        moved_on="令和8年11月28日", previous_address="", card_and_pin_shown=False,
    )  # fmt: skip
    assert {"MOVE_IDENTITY_NOT_SEEN", "MOVE_NOT_SIGNED", "MOVE_PROXY_LETTER_MISSING",
            "MOVE_CARD_NOT_SHOWN", "MOVE_PREVIOUS_ADDRESS_MISSING", "EFFECTIVE_AHEAD",
            "BLANK_FORBIDDEN", "DATE_NOT_IN_CALENDAR"} <= set(codes)  # fmt: skip
    assert rows() == before


@pytest.mark.parametrize(
    "breaks", ["_keep_tasks", "_keep_sources", "_open_run", "_shelter", "_tell"]
)
def test_m7_whatever_breaks_on_the_way_leaves_nothing(counter, monkeypatch, breaks):
    """M7: each step after the register's is made to fail in turn."""
    before = rows()

    def fail(*_args, **_given):
        raise RuntimeError(breaks)

    monkeypatch.setattr(filing, breaks, fail)
    with pytest.raises(RuntimeError, match=breaks):
        counter.move_in(actor=OFFICER, shelter=Shelter(category="STALKING"))
    assert rows() == before


#: Somebody who may both file and protect.
OFFICER = replace(clerk(), staff_id="nagi", rights=SENIOR.rights | clerk().rights)


def test_a_household_is_joined_and_a_run_is_not_opened_twice(counter):
    first = counter.move_in(0)
    joined = counter.move_in(
        household_no=first.household_no,
        people=(arriving(1, values={"relationship": "妻"}),),
    )  # fmt: skip
    assert joined.household_no == first.household_no
    assert len(household_snapshot(first.household_no).members) == 2
    assert (joined.run_id, len(run_ids())) == ("", 1)
    assert not Task.objects.filter(filing=joined.filing_id, code="WATER_START").exists()


def test_a_card_that_is_not_here_opens_no_run(counter):
    found = counter.move_in(people=(arriving(0, card=Card.LOST),), arrival=Arrival.PAPER,
                            certificate_seen=True)  # fmt: skip
    assert found.run_id == ""


@pytest.mark.parametrize(
    ("given", "code"),
    [({"arrival": Arrival.PAPER}, "MOVE_CERTIFICATE_NOT_SEEN"),
     ({"arrival": Arrival.ABROAD}, "MOVE_PASSPORT_NOT_SEEN"),
     ({"arrival": Arrival.UNREGISTERED}, "MOVE_LAST_TOWN_MISSING"),
     ({"moved_on": "令和8年11月10日"}, "MOVE_SPECIAL_TOO_LATE"),
     ({"planned_out_on": date(2026, 10, 1)}, "MOVE_SPECIAL_TOO_LATE"),
     ({"arrival": Arrival.PAPER, "certificate_seen": True, "moved_on": "令和8年11月10日"},
      "MOVE_DELAY_REASON_MISSING"),
     ({"told": told(delay_reason="番号は 123456789018")}, "TEXT_HAS_INDIVIDUAL_NUMBER"),
     ({"people": ()}, "NOBODY_CHOSEN")],
)  # fmt: skip
def test_what_stands_against_a_filing(counter, refused, given, code):
    assert code in refused(counter.move_in, 0, **given)


def test_the_fourteenth_day_still_counts_and_a_reason_opens_the_rest(counter, refused):
    assert counter.move_in(0, moved_on="令和8年11月13日")
    late = {"arrival": Arrival.PAPER, "certificate_seen": True, "moved_on": "令和8年11月9日",
            "people": (arriving(1, values={"relationship": "世帯主"}),)}  # fmt: skip
    assert refused(counter.move_in, **late) == ["MOVE_DELAY_REASON_MISSING"]
    assert counter.move_in(**late, told=told(delay_reason="入院していたため"))


# -- abroad, unregistered, foreign, coming back, protected ----------------------------------------


def test_who_never_notified_the_last_address_carries_the_mark(counter):
    found = counter.move_in(0, arrival=Arrival.UNREGISTERED, last_registered="福岡県みどり市緑町5番6号",
                            previous_address="長崎県あお市浜1番地")  # fmt: skip
    (person,) = persons_of(found.person_ids.values()).values()
    assert person.previous_address == "長崎県あお市浜1番地（未届）"
    assert person.remarks_b == "最終登録住所地 福岡県みどり市緑町5番6号"


def test_from_abroad_is_another_reason_and_opens_no_run(counter):
    found = counter.move_in(0, arrival=Arrival.ABROAD, passports_seen=True, previous_address="大韓民国",
                            planned_out_on=None)  # fmt: skip
    (version,) = live_history_of(found.person_ids["1"])
    assert version.reason is register.Reason.MOVE_IN_ABROAD
    assert found.run_id == ""


def test_a_foreign_resident_shows_the_residence_card(counter, refused):
    foreign = arriving(0, values={
        "nationality_group": "FOREIGN", "nationality": "大韓民国", "honseki": "", "hittosha": "",
        "stay_class": "MID_TO_LONG_TERM", "residence_status": "技術・人文知識・国際業務",
        "stay_until": "2028-03-31", "residence_card_no": "AB12345678CD",
    })  # fmt: skip
    assert refused(counter.move_in, people=(foreign,)) == ["MOVE_RESIDENCE_CARD_NOT_SEEN"]
    found = counter.move_in(people=(foreign,), residence_cards_seen=True)
    codes = set(Task.objects.values_list("code", flat=True))
    assert "RESIDENCE_CARD" in codes and "ELECTION_ROLL" not in codes
    (person,) = persons_of(found.person_ids.values()).values()
    assert person.residence_card_no == "AB12345678CD"


def test_who_comes_back_keeps_their_number(counter, refused):
    first = counter.move_in(0)
    person_id = first.person_ids["1"]
    leave = register.PlanMoveOut(
        filing=register.Filing(effective="2026-11-27", filed_on=date(2026, 11, 27)),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(person_id,), to="福岡県みどり市",
    )  # fmt: skip
    counter.do(filing.file_other, kind=Kind.MOVE_OUT, command=leave, told=told())
    day = date(2026, 12, 10)
    back = {"moved_on": "令和8年12月9日", "planned_out_on": date(2026, 12, 8), "day": day}
    assert "RECORD_EXISTS_REMOVED" in refused(counter.move_in, 0, **back)
    again = counter.move_in(people=(arriving(0, person_id=person_id),), **back)
    assert again.person_ids == {"1": person_id}
    assert len(live_history_of(person_id)) == 3


def test_a_protected_mother_is_never_on_the_register_unprotected(counter, refused):
    shelter = Shelter(category="PARTNER_VIOLENCE")
    assert refused(counter.move_in, shelter=shelter) == ["MOVE_PROTECTION_RIGHT_MISSING"]
    found = counter.move_in(actor=OFFICER, shelter=shelter)
    for person_id in found.person_ids.values():
        assert seen.find_person(person_id, actor=counter.actor) is None
        assert seen.find_person(person_id, actor=OFFICER) is not None


def test_nobody_without_the_right_files(counter, refused):
    assert "NOT_ALLOWED" in refused(counter.move_in, actor=clerk(Right.SEARCH))
