"""Households, corrections, amendments, reverts, drafts, numbers, notes (世帯・修正・取消し)."""

from dataclasses import replace
from datetime import date

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection

from madoguchi.accounts.api import approvals_due_afterwards
from madoguchi.audit.api import list_entries
from madoguchi.infra import clock, facts, locks, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.checkdigits import make_individual_number
from madoguchi.kernel.outcome import Refused
from madoguchi.register.actions.drafts import approve_draft, draft_change, strike_draft
from madoguchi.register.actions.memos import write_memo
from madoguchi.register.actions.numbers import numbers_for_paper, set_number, whose_number
from madoguchi.register.domain.commands import (
    Amend,
    ChangeAddress,
    ChangeHousehold,
    CorrectError,
    Filing,
    OrderHousehold,
    RecordEntry,
    RemovePersons,
    RenewRecord,
    RevertChange,
    Standing,
)
from madoguchi.register.domain.items import Sex, Status, StayClass
from madoguchi.register.domain.reasons import NationalityGroup, Reason
from madoguchi.register.models import Draft, Number
from madoguchi.register.queries import loading
from madoguchi.register.queries.desk import list_drafts, list_memos
from madoguchi.register.queries.persons import (
    history_of,
    household_snapshot,
    provisional_of,
    snapshot,
)
from madoguchi.register.queries.search import search
from madoguchi.register.testing import at, clerk, removed_records_of

NIGHT = at("2026-11-23T20:00")
HEAD = Standing(relationship="世帯主", is_householder=True)


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(NIGHT):
        yield


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


def refuse(desk, command, **given):
    with pytest.raises(Refused) as refusal:
        desk.file(command, **given)
    return codes(refusal)


def amend(person_id, *, reason=Reason.AMEND_EX_OFFICIO, on="2026-10-01", **changes):
    return Amend(filing=Filing(effective=on), reason=reason, person_id=person_id, changes=changes)


# -- households ------------------------------------------------------------------------


def change(reason, *person_ids, household_no=None, standings=None, on="2026-10-01"):
    return ChangeHousehold(
        filing=Filing(effective=on),
        reason=reason,
        person_ids=person_ids,
        household_no=household_no,
        standings=standings or {},
    )


def test_a_household_is_split_and_merged_again(desk):
    family = desk.family()
    home = snapshot(family[0]).household_no
    desk.file(change(Reason.SPLIT_HOUSEHOLD, family[4], standings={family[4]: HEAD}))
    apart = snapshot(family[4]).household_no
    assert apart != home
    assert len(household_snapshot(home).members) == 4
    back = {family[4]: Standing(relationship="母")}
    desk.file(
        change(
            Reason.MERGE_HOUSEHOLDS, family[4], household_no=home, standings=back, on="2026-11-01"
        )
    )
    assert [one.person_id for one in household_snapshot(home).members] == list(family)
    assert household_snapshot(apart) is None
    assert len(household_snapshot(home, on=date(2026, 10, 15)).members) == 4


def test_the_head_changes_and_every_relationship_with_it(desk):
    family = desk.family()
    standings = {
        family[0]: Standing(relationship="夫"),
        family[1]: HEAD,
        family[4]: Standing(relationship="夫の母"),
    }
    desk.file(change(Reason.CHANGE_HOUSEHOLDER, standings=standings))
    home = household_snapshot(snapshot(family[0]).household_no)
    assert home.householder.person_id == family[1]
    assert [one.person_id for one in home.members] == [family[1], family[0], *family[2:]]
    assert set(history_of(family[1])[-1].changed) == {"relationship", "is_householder"}


def test_two_heads_and_wrong_words_are_refused_together(desk):
    family = desk.family()
    standings = {family[1]: HEAD, family[2]: Standing(relationship="長男")}
    found = refuse(desk, change(Reason.CHANGE_HOUSEHOLDER, standings=standings))
    assert set(found) == {"HOUSEHOLD_TWO_HEADS", "RELATIONSHIP_UNREADABLE"}


def test_a_household_is_put_in_order_by_hand_and_by_rule(desk):
    family = desk.family()
    home = snapshot(family[0]).household_no

    def order(*person_ids):
        command = OrderHousehold(
            filing=Filing(effective="2026-10-01"), household_no=home, person_ids=person_ids
        )
        return desk.file(command)

    by_hand = (family[0], family[4], *family[1:4])
    order(*by_hand)
    assert tuple(one.person_id for one in household_snapshot(home).members) == by_hand
    order()
    assert tuple(one.person_id for one in household_snapshot(home).members) == family
    with pytest.raises(Refused) as refusal:
        order(family[0])
    assert codes(refusal) == ["ORDER_NAMES_OTHERS"]


# -- amendments ------------------------------------------------------------------------


def test_an_amendment_counts_from_its_day(desk):
    (aoi,) = desk.enter(desk.newcomer(name="浜　葵"))
    desk.file(amend(aoi, name="海　葵", hittosha="海　葵"))
    assert snapshot(aoi).name == "海　葵"
    assert snapshot(aoi, on=date(2026, 9, 30)).name == "浜　葵"
    assert set(history_of(aoi)[-1].changed) == {"name", "hittosha"}


@pytest.mark.parametrize(
    ("reason", "changes", "expected"),
    [
        (Reason.AMEND_MINOR, {"birth": "平成2年5月4日"}, "ITEM_NOT_CHANGEABLE_HERE"),
        (Reason.AMEND_EX_OFFICIO, {"household_no": "1"}, "ITEM_NOT_CHANGEABLE_HERE"),
        (Reason.AMEND_EX_OFFICIO, {"status": "DEAD"}, "ITEM_NOT_CHANGEABLE_HERE"),
        (Reason.AMEND_EX_OFFICIO, {"relationship": "子"}, "ITEM_NOT_CHANGEABLE_HERE"),
        (Reason.AMEND_EX_OFFICIO, {"birth_sort": "1990-05-04"}, "ITEM_NOT_CHANGEABLE_HERE"),
        (Reason.AMEND_EX_OFFICIO, {"sex": "男"}, "ITEM_VALUE_WRONG"),
        (Reason.AMEND_EX_OFFICIO, {"name": True}, "ITEM_VALUE_WRONG"),
        (Reason.AMEND_EX_OFFICIO, {"name": ""}, "BLANK_FORBIDDEN"),
        (Reason.AMEND_EX_OFFICIO, {"honseki": ""}, "BLANK_FORBIDDEN"),
        (Reason.AMEND_EX_OFFICIO, {"name": "浜　葵"}, "NOTHING_CHANGES"),
        (Reason.AMEND_EX_OFFICIO, {"remarks_c": "123456789018"}, "TEXT_HAS_INDIVIDUAL_NUMBER"),
        (Reason.CHANGE_FORMER_SURNAME, {"former_surname": "森"}, "REASON_NOT_FOR_THIS_CHANGE"),
        (Reason.STRIKE_FORMER_SURNAME, {"former_surname": "森"}, "REASON_NOT_FOR_THIS_CHANGE"),
        (Reason.ENTER_ALIAS, {"alias": "森　ソラ"}, "REASON_NOT_FOR_GROUP"),
        (Reason.CODE_CHANGE_REQUESTED, {"resident_code": "1"}, "RESIDENT_CODE_WRONG"),
        (Reason.CHANGE_ADDRESS, {"address": "どこか"}, "REASON_NOT_FOR_PROCEDURE"),
    ],
)
def test_what_an_amendment_may_not_do(desk, reason, changes, expected):
    (aoi,) = desk.enter(desk.newcomer(name="浜　葵"))
    assert expected in refuse(desk, amend(aoi, reason=reason, **changes))
    assert len(history_of(aoi)) == 1


def test_a_former_surname_is_entered_changed_and_struck(desk):
    (aoi,) = desk.enter(desk.newcomer())
    kana = "former_surname_kana"
    desk.file(amend(aoi, reason=Reason.ENTER_FORMER_SURNAME, former_surname="森", **{kana: "モリ"}))
    desk.file(
        amend(aoi, reason=Reason.CHANGE_FORMER_SURNAME, former_surname="泉", **{kana: "イズミ"})
    )
    assert snapshot(aoi).former_surname == "泉"
    desk.file(amend(aoi, reason=Reason.STRIKE_FORMER_SURNAME, former_surname="", **{kana: ""}))
    assert snapshot(aoi).former_surname == ""


def sora(desk, **given):
    items = {
        "nationality_group": NationalityGroup.FOREIGN,
        "name": "SORA　EXAMPLE",
        "name_alphabet": "SORA EXAMPLE",
        "nationality": "ブラジル",
        "honseki": "",
        "hittosha": "",
        "stay_class": StayClass.MID_TO_LONG_TERM,
        "residence_status": "永住者",
        "stay_until": "2028-04-01",
        "residence_card_no": "AB12345678CD",
    }
    return desk.newcomer(**(items | given))


def test_e3_what_a_foreign_resident_may_not_lack(desk):
    blank = {"nationality": "", "residence_status": "", "stay_until": "", "residence_card_no": ""}
    with pytest.raises(Refused) as refusal:
        desk.enter(sora(desk, **blank))
    assert {one.where for one in refusal.value.problems} == set(blank)
    (person_id,) = desk.enter(sora(desk))
    assert snapshot(person_id).stay_until_sort == date(2028, 4, 1)


def test_an_alias_belongs_to_foreign_residents(desk):
    (person_id,) = desk.enter(sora(desk))
    desk.file(amend(person_id, reason=Reason.ENTER_ALIAS, alias="森　空"))
    assert snapshot(person_id).alias == "森　空"
    entered = amend(person_id, reason=Reason.ENTER_FORMER_SURNAME, former_surname="森")
    assert refuse(desk, entered) == ["REASON_NOT_FOR_GROUP"]


def test_e12_a_card_number_belongs_to_one_person(desk):
    desk.enter(sora(desk))
    with pytest.raises(Refused) as refusal:
        desk.enter(sora(desk, birth="平成3年1月1日"))
    assert codes(refusal) == ["NUMBER_DOUBLE"]


def test_naturalised_the_foreign_record_closes_and_a_japanese_one_opens(desk):
    (person_id,) = desk.enter(sora(desk))
    blank = ("nationality", "residence_status", "stay_until", "residence_card_no", "stay_class",
             "name_alphabet")  # fmt: skip
    changes = dict.fromkeys(blank, "") | {
        "name": "森　空",
        "honseki": "1番地",
        "hittosha": "森　空",
    }
    renew = RenewRecord(
        filing=Filing(effective="2026-10-01"),
        reason=Reason.ENTER_NATURALISED,
        person_id=person_id,
        changes=changes,
    )
    desk.file(renew)
    row = snapshot(person_id)
    assert (row.nationality_group, row.status) == (NationalityGroup.JAPANESE, Status.RESIDENT)
    (record,) = removed_records_of(person_id)
    assert record.reason is Reason.REMOVE_NATURALISED
    assert record.nationality_group is NationalityGroup.FOREIGN
    assert "REASON_NOT_FOR_GROUP" in refuse(desk, renew)


def test_a_remade_record_leaves_a_removed_one_behind(desk):
    (aoi,) = desk.enter(desk.newcomer(remarks_a="昔のこと"))
    desk.file(
        RenewRecord(
            filing=Filing(effective="2026-10-01"), reason=Reason.RECORD_REMADE, person_id=aoi
        )
    )
    assert [one.reason for one in history_of(aoi)[1:]] == [
        Reason.REMOVE_REMADE,
        Reason.RECORD_REMADE,
    ]
    assert snapshot(aoi).remarks_a == ""
    (record,) = removed_records_of(aoi)
    assert record.remarks_a == "昔のこと"


# -- corrections and reverts -----------------------------------------------------------


def correct(person_id, *, history_no=None, on="", **changes):
    return CorrectError(
        filing=Filing(effective=on), person_id=person_id, history_no=history_no, changes=changes
    )


def test_a_correction_counts_since_the_version_it_corrects(desk):
    (aoi,) = desk.enter(desk.newcomer(birth="平成2年5月3日"))
    desk.file(amend(aoi, name="海　葵"))
    before = history_of(aoi)[-1].recorded_at
    desk.file(correct(aoi, birth="平成2年5月8日", sex="MALE"))
    newest = history_of(aoi)[-1]
    assert (newest.corrects_no, newest.reason) == (1, Reason.CORRECT_ERROR)
    then = snapshot(aoi, on=date(2026, 5, 1))
    assert (then.birth_sort, then.sex, then.name) == (date(1990, 5, 8), Sex.MALE, "浜　葵")
    believed = snapshot(aoi, on=date(2026, 5, 1), known_at=before)
    assert (believed.birth_sort, believed.sex) == (date(1990, 5, 3), Sex.FEMALE)
    assert history_of(aoi)[0].birth == "平成2年5月3日", "history is never written over"


def test_items_set_by_different_versions_are_corrected_one_by_one(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵"))
    desk.file(correct(aoi, name="海　蒼", birth="平成2年5月8日"))
    assert [one.corrects_no for one in history_of(aoi)] == [None, None, 1, 2]
    assert snapshot(aoi, on=date(2026, 5, 1)).name == "浜　葵"
    assert snapshot(aoi, on=date(2026, 5, 1)).birth_sort == date(1990, 5, 8)
    assert snapshot(aoi).name == "海　蒼"


def test_the_day_of_a_change_is_corrected(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵", on="2026-10-01"))
    desk.file(correct(aoi, history_no=2, on="2026-09-01"))
    assert snapshot(aoi, on=date(2026, 9, 15)).name == "海　葵"
    assert refuse(desk, correct(aoi, history_no=9, on="2026-09-01")) == ["VERSION_UNKNOWN"]
    assert refuse(desk, correct(aoi, history_no=2, on="2026-09-01")) == ["NOTHING_CHANGES"]
    assert refuse(desk, correct(aoi, history_no=2, on="2026-01-01")) == ["BEFORE_ENTRY"]


def revert(*targets):
    return RevertChange(filing=Filing(), targets=dict(targets))


def test_a_revert_restores_the_former_state_and_keeps_both(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵"))
    believed_at = history_of(aoi)[-1].recorded_at
    desk.file(revert((aoi, 2)))
    assert [one.reason for one in history_of(aoi)] == [
        Reason.MOVE_IN_DOMESTIC,
        Reason.AMEND_EX_OFFICIO,
        Reason.REVERT_AMENDMENT,
    ]
    assert snapshot(aoi).name == "浜　葵"
    assert snapshot(aoi, on=date(2026, 10, 2)).name == "浜　葵"
    assert snapshot(aoi, on=date(2026, 10, 2), known_at=believed_at).name == "海　葵"


def test_a_reverted_death_lives_again(desk):
    (ume,) = desk.enter(desk.newcomer())
    dead = RemovePersons(
        filing=Filing(effective="2026-10-01"), reason=Reason.DEATH, person_ids=(ume,)
    )
    desk.file(dead)
    desk.file(revert((ume, 2)))
    assert history_of(ume)[-1].reason is Reason.REVERT_INCREASE
    assert snapshot(ume).status is Status.RESIDENT
    assert removed_records_of(ume) == ()
    desk.file(dead)
    assert len(removed_records_of(ume)) == 1


def test_a_reverted_first_entry_is_struck_and_kept(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(revert((aoi, 1)))
    row = snapshot(aoi)
    assert (row.status, row.removal_reason) == (Status.REMOVED, "REVERT_DECREASE")
    assert snapshot(aoi, on=date(2026, 5, 1)).status is Status.REMOVED
    (record,) = removed_records_of(aoi)
    assert record.reason is Reason.REVERT_DECREASE


def test_only_the_newest_change_is_taken_back(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵"))
    assert refuse(desk, revert((aoi, 1))) == ["REVERT_NOT_NEWEST"]
    desk.file(revert((aoi, 2)))
    assert refuse(desk, revert((aoi, 3))) == ["REVERT_NOT_NEWEST"]


def test_a_change_of_head_is_taken_back_for_both_or_not_at_all(desk):
    family = desk.family()
    standings = {family[0]: Standing(relationship="夫"), family[1]: HEAD}
    desk.file(change(Reason.CHANGE_HOUSEHOLDER, standings=standings))
    assert refuse(desk, revert((family[0], 2))) == ["HOUSEHOLD_TWO_HEADS"]
    desk.file(revert((family[0], 2), (family[1], 2)))
    assert snapshot(family[0]).is_householder


# -- drafts and second officers --------------------------------------------------------


@pytest.fixture
def corrections_wait(db):
    """The table wants a second officer before a record is corrected."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_second_officer_rule (action, rule, valid_from, reason, set_by,"
            " set_at) VALUES ('CORRECT_RECORD', 'BEFORE', '2026-01-01', '試験', 'sango', %s)",
            [NIGHT],
        )


def senior(staff_id="NAGI"):
    return clerk(
        Right.FILE_CHANGE, Right.APPROVE, Right.SEE_PROTECTED, Right.VIEW_PERSON, staff_id=staff_id
    )


def draft(desk, command, actor=None):
    return unit.run(draft_change, actor=actor or desk.actor, command=command)


def test_a_draft_reaches_nothing_until_it_is_approved(desk, corrections_wait):
    (aoi,) = desk.enter(desk.newcomer())
    command = correct(aoi, name="浜　蒼")
    assert refuse(desk, command) == ["SECOND_OFFICER_FIRST"]
    draft_id = draft(desk, command)
    assert len(history_of(aoi)) == 1
    assert snapshot(aoi).name == "浜　葵"
    assert provisional_of([aoi]) == {aoi}
    assert [one.draft_id for one in list_drafts(actor=desk.actor)] == [draft_id]
    # E7: nobody changes or drafts for this person meanwhile.
    assert refuse(desk, amend(aoi, building="浜荘")) == ["PERSON_PROVISIONAL"]
    with pytest.raises(Refused) as refusal:
        draft(desk, amend(aoi, building="浜荘"))
    assert codes(refusal) == ["PERSON_PROVISIONAL"]
    unit.run(approve_draft, actor=senior(), draft_id=draft_id)
    assert snapshot(aoi).name == "浜　蒼"
    assert provisional_of([aoi]) == frozenset()
    assert list_drafts(actor=desk.actor) == ()


def test_nobody_approves_their_own_draft(desk, corrections_wait):
    (aoi,) = desk.enter(desk.newcomer())
    draft_id = draft(desk, correct(aoi, name="浜　蒼"), actor=senior())
    with pytest.raises(Refused) as refusal:
        unit.run(approve_draft, actor=senior(), draft_id=draft_id)
    assert "APPROVAL_BY_SAME_PERSON" in codes(refusal)
    assert provisional_of([aoi]) == {aoi}
    assert len(history_of(aoi)) == 1


def test_a_struck_draft_was_never_seen(desk):
    (aoi,) = desk.enter(desk.newcomer())
    draft_id = draft(desk, amend(aoi, name="浜　蒼"))
    unit.run(strike_draft, actor=desk.actor, draft_id=draft_id)
    assert len(history_of(aoi)) == 1
    assert provisional_of([aoi]) == frozenset()
    with pytest.raises(Refused) as refusal:
        unit.run(approve_draft, actor=senior(), draft_id=draft_id)
    assert codes(refusal) == ["DRAFT_UNKNOWN"]
    assert Draft.objects.get().state == "STRUCK"


def test_a_draft_is_checked_again_when_it_is_approved(desk):
    husband, wife = desk.enter(
        desk.newcomer(name="港　渚"),
        desk.newcomer(name="港　波", relationship="妻", is_householder=False),
    )
    other = desk.enter(desk.newcomer(birth="昭和25年1月1日", name="泉　湧"))[0]
    home = snapshot(husband).household_no
    draft_id = draft(
        desk,
        change(
            Reason.CHANGE_HOUSEHOLD,
            other,
            household_no=home,
            standings={other: Standing(relationship="同居人")},
        ),
    )
    family_moves = ChangeAddress(
        filing=Filing(effective="2026-10-02"),
        person_ids=(husband, wife),
        postcode="894-2231",
        address="鹿児島県大島郡瀬戸内町大字諸鈍1番地",
    )
    desk.file(family_moves)
    with pytest.raises(Refused) as refusal:
        unit.run(approve_draft, actor=senior(), draft_id=draft_id)
    assert codes(refusal) == ["HOUSEHOLD_ELSEWHERE"]
    assert provisional_of([other]) == {other}, "the draft still waits"


def test_a_draft_of_an_entry_reserves_nobody(desk):
    command = RecordEntry(
        filing=Filing(effective="2026-05-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
    )
    draft_id = draft(desk, command)
    assert list_drafts(actor=desk.actor)[0].person_ids == ()
    filed = unit.run(approve_draft, actor=senior(), draft_id=draft_id)
    (person_id,) = filed.history_nos
    assert snapshot(person_id).name == "浜　葵"


def test_what_is_done_first_is_looked_at_afterwards(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(correct(aoi, name="浜　蒼"))
    (due,) = approvals_due_afterwards(senior())
    assert (due.action, due.detail) == ("CORRECT_RECORD", {"persons": "1"})
    assert aoi not in due.subject_ref


# -- who did it ------------------------------------------------------------------------


def test_every_change_is_in_the_audit_and_among_the_facts_without_personal_data(desk):
    (aoi,) = desk.enter(desk.newcomer())
    page = list_entries()
    entry = next(one for one in page.entries if one.note.action == "REGISTER_RECORD_ENTRY")
    assert entry.note.subjects == (aoi,)
    assert entry.note.staff_id == "KAEDE"
    (fact,) = facts.list_facts(name="register_changed", since=at("2026-11-23T01:00"))
    assert fact.values == {"verb": "RECORD_ENTRY", "persons": 1, "versions": 1}


# -- 個人番号 --------------------------------------------------------------------------

NUMBER = make_individual_number("99900000001")
OTHER_NUMBER = make_individual_number("99900000002")


def give(desk, person_id, number=NUMBER, reason=Reason.NUMBER_ENTER_EX_OFFICIO):
    return unit.run(set_number, actor=desk.actor, person_id=person_id, number=number, reason=reason)


def reader():
    return clerk(Right.SEE_NUMBERS, Right.VIEW_PERSON, staff_id="KAI")


def test_a_number_lies_sealed_in_one_table_only(desk):
    (aoi,) = desk.enter(desk.newcomer())
    give(desk, aoi)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
        )
        for (table,) in cursor.fetchall():
            cursor.execute(
                f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{NUMBER}%"]
            )
            assert cursor.fetchone() == (0,), table
    assert Number.objects.get().person_id == aoi
    assert numbers_for_paper([aoi], actor=reader()) == {aoi: NUMBER}
    assert history_of(aoi)[-1].reason is Reason.NUMBER_ENTER_EX_OFFICIO


def test_a_number_is_read_with_its_right_and_written_down(desk):
    (aoi,) = desk.enter(desk.newcomer())
    give(desk, aoi)
    with pytest.raises(Refused) as refusal:
        numbers_for_paper([aoi], actor=desk.actor)
    assert codes(refusal) == ["NUMBERS_NOT_ALLOWED"]
    numbers_for_paper([aoi], actor=reader())
    page = list_entries()
    entry = next(one for one in page.entries if one.note.action == "REGISTER_NUMBERS_READ")
    assert (entry.note.subjects, entry.note.staff_id) == ((aoi,), "KAI")


def test_a_sealed_number_copied_to_another_row_does_not_open(desk):
    aoi, other = (desk.enter(desk.newcomer(birth=f"平成{n}年1月1日"))[0] for n in (2, 3))
    give(desk, aoi)
    give(desk, other, OTHER_NUMBER)
    Number.objects.filter(person_id=other).update(sealed=Number.objects.get(person_id=aoi).sealed)
    with pytest.raises(InvalidTag):
        numbers_for_paper([other], actor=reader())


def test_e12_a_number_belongs_to_one_person_and_e5_tells_whose(desk):
    aoi, other = (desk.enter(desk.newcomer(birth=f"平成{n}年1月1日"))[0] for n in (2, 3))
    give(desk, aoi)
    with pytest.raises(Refused) as refusal:
        give(desk, other)
    assert codes(refusal) == ["NUMBER_DOUBLE"]
    assert whose_number(NUMBER, actor=desk.actor) == aoi
    assert whose_number(OTHER_NUMBER, actor=desk.actor) is None


def test_a_number_is_entered_once_and_changed_on_request(desk):
    (aoi,) = desk.enter(desk.newcomer())
    with pytest.raises(Refused) as refusal:
        give(desk, aoi, "123456789012", Reason.NUMBER_CHANGE_REQUESTED)
    assert set(codes(refusal)) == {"INDIVIDUAL_NUMBER_WRONG", "REASON_NOT_FOR_THIS_CHANGE"}
    give(desk, aoi)
    give(desk, aoi, OTHER_NUMBER, Reason.NUMBER_CHANGE_REQUESTED)
    assert numbers_for_paper([aoi], actor=reader()) == {aoi: OTHER_NUMBER}


def test_a_number_does_not_stand_in_the_way_of_a_revert(desk):
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵"))
    with clock.frozen(history_of(aoi)[-1].recorded_at):
        give(desk, aoi)
    desk.file(revert((aoi, 2)))
    assert snapshot(aoi).name == "浜　葵"


# -- notes -----------------------------------------------------------------------------


def test_notes_are_kept_when_they_are_written_over(desk):
    (aoi,) = desk.enter(desk.newcomer())

    def write(text, replaces=None):
        return unit.run(write_memo, actor=desk.actor, person_id=aoi, text=text, replaces=replaces)

    first = write("耳が遠い方")
    second = write("右の耳が遠い方", replaces=first)
    assert [one.text for one in list_memos(aoi, actor=desk.actor)] == ["右の耳が遠い方"]
    with pytest.raises(Refused) as refusal:
        write("左の耳が遠い方", replaces=first)
    assert codes(refusal) == ["MEMO_UNKNOWN"]
    with pytest.raises(Refused) as refusal:
        write(f"番号は {NUMBER}")
    assert codes(refusal) == ["TEXT_HAS_INDIVIDUAL_NUMBER"]
    write("", replaces=second)
    assert list_memos(aoi, actor=desk.actor) == ()


def test_purpose_of_the_actor_is_kept(desk):
    """R2. R6. R4."""
    actor = replace(desk.actor, purpose="職権修正")
    (aoi,) = desk.enter(desk.newcomer())
    desk.file(amend(aoi, name="海　葵"), actor=actor)
    page = list_entries()
    entry = next(one for one in page.entries if one.note.action == "REGISTER_AMEND")
    assert entry.note.purpose == "職権修正"


# -- several clerks --------------------------------------------------------------------


def test_a_record_another_clerk_is_editing_is_busy(desk, monkeypatch):
    """E8: who comes second waits, and hears Busy; nothing is half-done."""
    (aoi,) = desk.enter(desk.newcomer())
    params = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in ("dbname", "user", "password", "host", "port")
    }
    taken = []
    monkeypatch.setattr(unit, "LOCK_MS", 100)
    with psycopg.connect(**params) as other, monkeypatch.context() as patch:
        # The other clerk takes, on another connection, exactly the locks this change wants.
        patch.setattr(locks, "take", taken.extend)
        desk.file(amend(aoi, name="海　葵"))
        assert (locks.LockKind.PERSON, aoi) in taken
        for kind, key in taken:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [locks._number(kind, key)])
        patch.undo()
        patch.setattr(unit, "LOCK_MS", 100)
        with pytest.raises(unit.Busy):
            desk.file(amend(aoi, name="森　葵"))
    assert snapshot(aoi).name == "海　葵"


def test_a_household_that_changes_while_it_is_being_locked_is_busy(desk, monkeypatch):
    family = desk.family()
    answers = iter([{family[0]: "1"}, {family[0]: "1", family[1]: "1"}])
    monkeypatch.setattr(loading, "members_of", lambda _homes: next(answers))
    with pytest.raises(unit.Busy):
        desk.file(amend(family[0], name="海　渚"))
    assert len(history_of(family[0])) == 1


def test_people_are_found_by_what_they_are_called_now_and_were_before(desk):
    (aoi,) = desk.enter(desk.newcomer(name="浜　葵"))
    desk.file(amend(aoi, name="森　葵"))
    for words in ("森　葵", "浜　葵"):
        assert [hit.person_id for hit in search(words, actor=desk.actor).hits] == [aoi]
