"""Entries, moves and removals through the real door (転入・転居・転出・死亡)."""

from dataclasses import fields
from datetime import date

import pytest

from madoguchi.infra import clock
from madoguchi.kernel.outcome import AlertsUnanswered, Refused
from madoguchi.register.domain.commands import (
    COMMANDS,
    ChangeAddress,
    ConfirmMoveOut,
    Filing,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
    Standing,
)
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.queries.desk import list_households_without_head
from madoguchi.register.queries.persons import (
    history_of,
    household_snapshot,
    snapshot,
)
from madoguchi.register.testing import at, clerk, removed_records_of, resident_code

OTHER_HOME = "鹿児島県大島郡瀬戸内町大字諸鈍1番地"


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(at("2026-11-23T20:00")):
        yield


def codes(refusal):
    return [problem.code for problem in refusal.value.problems]


def refuse(desk, command, **given):
    with pytest.raises(Refused) as refusal:
        desk.file(command, **given)
    return codes(refusal)


def test_an_entry_fills_in_what_follows_from_it(desk):
    (aoi,) = desk.enter(desk.newcomer(), on="令和8年4月1日")
    row = snapshot(aoi)
    assert row.became_resident == row.address_since == "令和8年4月1日"
    assert row.became_resident_sort == date(2026, 4, 1)
    assert row.notified == "令和8年11月23日"
    (version,) = history_of(aoi)
    assert (version.history_no, version.filed_on) == (1, date(2026, 11, 23))
    assert version.recorded_at.date() == date(2026, 11, 23)


def test_a_family_stands_in_legal_order(desk):
    family = desk.family()
    household = household_snapshot(snapshot(family[0]).household_no)
    assert [one.person_id for one in household.members] == list(family)
    assert household.householder.person_id == family[0]


def test_all_problems_of_an_entry_are_told_at_once(desk):
    newcomer = desk.newcomer(
        birth="平成2年13月3日",
        honseki="",
        relationship="孫",
        is_householder=False,
        resident_code="00000000000",
        remarks_c="番号は 123456789018",
    )
    found = refuse(
        desk,
        RecordEntry(
            filing=Filing(effective="2026-11-24", filed_on=date(2026, 11, 25)),
            reason=Reason.DEATH,
            newcomers=(newcomer,),
        ),
    )
    assert set(found) == {
        "REASON_NOT_FOR_PROCEDURE",
        "EFFECTIVE_AHEAD",  # E1
        "FILED_AHEAD",  # E2
        "BLANK_FORBIDDEN",  # E3
        "DATE_NOT_IN_CALENDAR",
        "RELATIONSHIP_UNREADABLE",
        "TEXT_HAS_INDIVIDUAL_NUMBER",
    }


def test_the_day_starts_empty_and_must_be_given(desk):
    command = RecordEntry(
        filing=Filing(), reason=Reason.MOVE_IN_DOMESTIC, newcomers=(desk.newcomer(),)
    )
    assert refuse(desk, command) == ["BLANK_FORBIDDEN"]


def test_e4_an_impossible_day_stands_for_a_birth_only(desk):
    born = desk.newcomer(birth="平成13年2月29日")
    (person_id,) = desk.enter(born)
    assert snapshot(person_id).birth == "平成13年2月29日"
    command = RecordEntry(
        filing=Filing(effective="2025-02-29"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
    )
    assert refuse(desk, command) == ["DATE_IMPOSSIBLE_HERE"]


def test_an_unclear_day_stands_for_a_birth_and_not_for_a_move(desk):
    (person_id,) = desk.enter(desk.newcomer(birth="昭和10年月日不詳"))
    assert snapshot(person_id).birth == "昭和10年月日不詳"
    command = RecordEntry(
        filing=Filing(effective="令和8年5月頃"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
    )
    assert refuse(desk, command) == ["DATE_NOT_EXACT"]


def test_e12_a_code_belongs_to_one_person(desk):
    code = resident_code(7)
    desk.enter(desk.newcomer(resident_code=code))
    command = RecordEntry(
        filing=Filing(effective="2026-05-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(resident_code=code),),
    )
    assert refuse(desk, command) == ["NUMBER_DOUBLE"]
    twice = desk.newcomer(resident_code=resident_code(8))
    command = RecordEntry(
        filing=Filing(effective="2026-05-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(twice, twice),
    )
    assert "NUMBER_DOUBLE" in refuse(desk, command)


def leave(
    desk, *person_ids, on="2026-06-30", reason=Reason.MOVE_OUT_DOMESTIC, passed=(), filed=None
):
    filing = Filing(effective=on, filed_on=date.fromisoformat(filed or on))
    return desk.file(
        PlanMoveOut(filing=filing, reason=reason, person_ids=person_ids, to="鹿児島県鹿児島市"),
        passed=passed,
    )


def test_e5_and_a2_who_comes_back_keeps_the_number(desk):
    code = resident_code(7)
    (aoi,) = desk.enter(desk.newcomer(resident_code=code))
    leave(desk, aoi)
    back = RecordEntry(
        filing=Filing(effective="2026-09-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(resident_code=code),),
    )
    assert refuse(desk, back) == ["RECORD_EXISTS_REMOVED"]
    alike = RecordEntry(
        filing=Filing(effective="2026-09-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
    )
    with pytest.raises(AlertsUnanswered) as alert:
        desk.file(alike)
    assert codes(alert) == ["LOOKS_LIKE_REMOVED"]
    assert alert.value.problems[0].facts == {"person_id": aoi}
    returned = desk.enter(desk.newcomer(resident_code=code, person_id=aoi), on="2026-09-01")
    assert returned == (aoi,)
    assert [one.history_no for one in history_of(aoi)] == [1, 2, 3]
    assert snapshot(aoi).status is Status.RESIDENT
    assert snapshot(aoi, on=date(2026, 8, 1)).status is Status.MOVED_OUT
    assert len(removed_records_of(aoi)) == 1


def test_somebody_who_lives_here_cannot_come_back(desk):
    (aoi,) = desk.enter(desk.newcomer())
    command = RecordEntry(
        filing=Filing(effective="2026-09-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(person_id=aoi),),
    )
    assert "RESIDENT_ALREADY" in refuse(desk, command)


def test_who_joins_a_household_stands_at_its_end(desk):
    family = desk.family()
    home = snapshot(family[0]).household_no
    born = desk.newcomer(name="港　凪", birth="令和8年10月1日", relationship="子",
                         is_householder=False)  # fmt: skip
    (baby,) = desk.enter(born, household_no=home, on="2026-10-01")
    members = household_snapshot(home).members
    assert [one.person_id for one in members] == [*family, baby]


def test_who_joins_a_household_lives_where_it_lives(desk):
    family = desk.family()
    home = snapshot(family[0]).household_no
    stranger = desk.newcomer(address=OTHER_HOME, relationship="同居人", is_householder=False)
    command = RecordEntry(
        filing=Filing(effective="2026-10-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(stranger,),
        household_no=home,
    )
    assert refuse(desk, command) == ["HOUSEHOLD_ELSEWHERE"]


def test_r10_a_second_head_is_refused(desk):
    family = desk.family()
    command = RecordEntry(
        filing=Filing(effective="2026-10-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
        household_no=snapshot(family[0]).household_no,
    )
    assert refuse(desk, command) == ["HOUSEHOLD_TWO_HEADS"]


def test_a10_a_household_without_a_head_is_allowed_after_asking(desk):
    pair = [
        desk.newcomer(name=name, relationship="縁故者", is_householder=False)
        for name in ("浜　一", "浜　二")
    ]
    command = RecordEntry(
        filing=Filing(effective="2026-10-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=tuple(pair),
    )
    with pytest.raises(AlertsUnanswered) as alert:
        desk.file(command)
    assert codes(alert) == ["HOUSEHOLD_WITHOUT_HEAD"]
    filed = desk.file(command, passed=["HOUSEHOLD_WITHOUT_HEAD"])
    (home,) = filed.household_nos
    assert household_snapshot(home).householder is None
    assert list_households_without_head(actor=desk.actor) == (home,)


# -- 転居 ------------------------------------------------------------------------------


def move(*person_ids, **given):
    given = {"filing": Filing(effective="2026-10-05"), "postcode": "894-2231",
             "address": OTHER_HOME} | given  # fmt: skip
    return ChangeAddress(person_ids=person_ids, **given)


def test_a_whole_household_moves_and_keeps_its_number(desk):
    family = desk.family()
    home = snapshot(family[0]).household_no
    desk.file(move(*family))
    household = household_snapshot(home)
    assert {one.address for one in household.members} == {OTHER_HOME}
    row = snapshot(family[0])
    assert row.address_since == "2026-10-05"
    assert row.became_resident == "2026-04-01"
    assert row.previous_address == "東京都千代田区千代田1番1号"
    assert row.notified == "令和8年11月23日", "届出日 stays that of moving in"
    assert household_snapshot(home, on=date(2026, 10, 4)).members[0].address != OTHER_HOME


def test_part_of_a_household_needs_a_place_to_stand(desk):
    family = desk.family()
    assert refuse(desk, move(family[2])) == ["RELATIONSHIP_WANTED"]
    desk.file(
        move(family[2], standings={family[2]: Standing(relationship="世帯主", is_householder=True)})
    )
    moved = snapshot(family[2])
    assert moved.household_no != snapshot(family[0]).household_no
    assert household_snapshot(moved.household_no).members == (moved,)
    old = household_snapshot(snapshot(family[0]).household_no, on=date(2026, 10, 5))
    assert len(old.members) == 4


def test_a1_the_head_leaves_two_or_more(desk):
    family = desk.family()
    command = move(
        family[0], standings={family[0]: Standing(relationship="世帯主", is_householder=True)}
    )
    with pytest.raises(AlertsUnanswered) as alert:
        desk.file(command)
    assert codes(alert) == ["HEAD_LEAVES_TWO_OR_MORE"]
    desk.file(command, passed=["HEAD_LEAVES_TWO_OR_MORE"])
    assert household_snapshot(snapshot(family[1]).household_no).householder is None


def test_who_is_left_alone_becomes_the_head_by_authority(desk):
    husband, wife = desk.enter(
        desk.newcomer(name="港　渚"),
        desk.newcomer(name="港　波", relationship="妻", is_householder=False),
    )
    filed = desk.file(
        RemovePersons(
            filing=Filing(effective="2026-10-05"), reason=Reason.DEATH, person_ids=(husband,)
        )
    )
    assert set(filed.history_nos) == {husband, wife}
    left = snapshot(wife)
    assert (left.relationship, left.is_householder) == ("世帯主", True)
    assert history_of(wife)[-1].reason is Reason.CHANGE_HOUSEHOLDER
    assert snapshot(wife, on=date(2026, 10, 4)).relationship == "妻"


def test_moving_to_the_same_place_is_no_move_but_another_building_is(desk):
    (aoi,) = desk.enter(desk.newcomer())
    here = snapshot(aoi)
    same = move(aoi, postcode=here.postcode, address=here.address)
    assert refuse(desk, same) == ["ADDRESS_THE_SAME"]
    desk.file(move(aoi, postcode=here.postcode, address=here.address, building="浜荘2号"))
    assert snapshot(aoi).building == "浜荘2号"


# -- 転出 ------------------------------------------------------------------------------


def test_who_plans_to_leave_is_a_resident_until_the_day(desk):
    (aoi,) = desk.enter(desk.newcomer())
    leave(desk, aoi, on="2026-12-10", filed="2026-11-23")
    assert snapshot(aoi).status is Status.MOVE_OUT_PLANNED
    before = snapshot(aoi, on=date(2026, 12, 9))
    assert before.status is Status.RESIDENT
    assert before.move_out_to == "", "what the notification says is hidden before the day"
    after = snapshot(aoi, on=date(2026, 12, 10))
    assert (after.status, after.move_out_to) == (Status.MOVED_OUT, "鹿児島県鹿児島市")
    home = household_snapshot(before.household_no)
    assert [one.person_id for one in home.members] == [aoi]
    with clock.frozen(at("2026-12-10")):
        assert snapshot(aoi).status is Status.MOVED_OUT
        assert household_snapshot(before.household_no).members == ()


def test_the_earlier_of_the_planned_and_the_notified_day_counts(desk):
    (aoi,) = desk.enter(desk.newcomer())
    leave(desk, aoi, on="2026-11-20", filed="2026-11-10")
    desk.file(
        ConfirmMoveOut(
            filing=Filing(), person_ids=(aoi,), to="鹿児島県奄美市", moved_in_on=date(2026, 11, 15)
        )
    )
    row = snapshot(aoi)
    assert row.removed_sort == date(2026, 11, 15)
    assert (row.move_out_to, row.move_out_to_confirmed) == ("鹿児島県鹿児島市", "鹿児島県奄美市")
    assert row.move_out_planned_on == date(2026, 11, 20)
    assert snapshot(aoi, on=date(2026, 11, 14)).status is Status.RESIDENT
    assert snapshot(aoi, on=date(2026, 11, 15)).status is Status.MOVED_OUT
    known = history_of(aoi)[1].recorded_at
    assert snapshot(aoi, on=date(2026, 11, 15), known_at=known).status is Status.RESIDENT


def test_a_later_notice_does_not_move_the_day(desk):
    (aoi,) = desk.enter(desk.newcomer())
    leave(desk, aoi, on="2026-11-10", filed="2026-11-10")
    desk.file(
        ConfirmMoveOut(
            filing=Filing(), person_ids=(aoi,), to="鹿児島県奄美市", moved_in_on=date(2026, 11, 20)
        )
    )
    assert snapshot(aoi).removed_sort == date(2026, 11, 10)
    assert snapshot(aoi, on=date(2026, 11, 10)).status is Status.MOVED_OUT


def test_a_notice_without_a_notification_is_refused(desk):
    (aoi,) = desk.enter(desk.newcomer())
    command = ConfirmMoveOut(
        filing=Filing(), person_ids=(aoi,), to="鹿児島県奄美市", moved_in_on=date(2026, 11, 20)
    )
    assert refuse(desk, command) == ["NO_MOVE_OUT"]


def test_a_notification_after_14_days_is_no_notification(desk):
    (aoi,) = desk.enter(desk.newcomer())
    with pytest.raises(Refused) as refusal:
        leave(desk, aoi, on="2026-11-08", filed="2026-11-23")
    assert codes(refusal) == ["MOVE_OUT_FILED_LATE"]
    leave(desk, aoi, on="2026-11-09", filed="2026-11-23")


def test_nothing_but_a_revert_touches_who_plans_to_leave(desk):
    (aoi,) = desk.enter(desk.newcomer())
    leave(desk, aoi, on="2026-12-10", filed="2026-11-23")
    assert refuse(desk, move(aoi)) == ["MOVE_OUT_STANDS"]


def test_a_head_who_plans_to_leave_is_told_at_once(desk):
    family = desk.family()
    with pytest.raises(AlertsUnanswered) as alert:
        leave(desk, family[0], on="2026-12-10", filed="2026-11-23")
    assert codes(alert) == ["HEAD_LEAVES_TWO_OR_MORE"]
    leave(desk, family[0], on="2026-12-10", filed="2026-11-23", passed=["HEAD_LEAVES_TWO_OR_MORE"])
    assert list_households_without_head(actor=desk.actor) == ()
    with clock.frozen(at("2026-12-10")):
        home = snapshot(family[1]).household_no
        assert list_households_without_head(actor=desk.actor) == (home,)


def test_a_whole_family_leaves_without_an_alert(desk):
    family = desk.family()
    leave(desk, *family, on="2026-12-10", filed="2026-11-23")
    home = household_snapshot(snapshot(family[0]).household_no, on=date(2026, 12, 10))
    assert home.members == ()
    assert [one.person_id for one in home.left] == list(family)


def test_an_unclear_death_comes_after_what_happened_before(desk):
    (ume,) = desk.enter(desk.newcomer(birth="昭和10年5月頃"))
    desk.file(move(ume, filing=Filing(effective="2026-10-05")))
    desk.file(
        RemovePersons(
            filing=Filing(effective="令和8年10月頃"), reason=Reason.DEATH, person_ids=(ume,)
        )
    )
    row = snapshot(ume)
    assert (row.status, row.removed, row.address) == (Status.DEAD, "令和8年10月頃", OTHER_HOME)
    (record,) = removed_records_of(ume)
    assert record.effective_written == "令和8年10月頃"
    assert snapshot(ume, on=date(2026, 10, 5)).status is Status.DEAD


def test_nobody_dies_before_they_moved(desk):
    (ume,) = desk.enter(desk.newcomer())
    desk.file(move(ume, filing=Filing(effective="2026-10-05")))
    command = RemovePersons(
        filing=Filing(effective="2026-10-01"), reason=Reason.DEATH, person_ids=(ume,)
    )
    assert refuse(desk, command) == ["LATER_CHANGE_STANDS"]


def test_the_dead_are_changed_no_more(desk):
    (ume,) = desk.enter(desk.newcomer())
    dead = RemovePersons(
        filing=Filing(effective="2026-10-01"), reason=Reason.DEATH, person_ids=(ume,)
    )
    desk.file(dead)
    assert refuse(desk, dead) == ["NOT_RESIDENT"]
    assert refuse(desk, move(ume)) == ["NOT_RESIDENT"]


def test_unknown_people_and_households_are_told(desk):
    assert refuse(desk, move("999999999999999")) == ["PERSON_UNKNOWN"]
    assert refuse(desk, move()) == ["NOBODY_CHOSEN"]
    command = RecordEntry(
        filing=Filing(effective="2026-05-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(desk.newcomer(),),
        household_no="999999999999999",
    )
    assert refuse(desk, command) == ["HOUSEHOLD_UNKNOWN"]


def test_without_the_right_nothing_is_filed(desk):
    nobody = clerk(staff_id="TSURU")
    nobody = type(nobody)(
        **{f.name: getattr(nobody, f.name) for f in fields(nobody)} | {"rights": frozenset()}
    )
    assert refuse(desk, move("1"), actor=nobody) == ["NOT_ALLOWED"]


# -- what the standard forbids to have -------------------------------------------------


def test_r5_must_not_there_is_no_day_of_processing_to_choose():
    names = {one.name for kind in (*COMMANDS, Filing) for one in fields(kind)}
    assert not names & {"recorded_at", "processed_on", "recorded_on"}


def test_must_not_there_is_no_approver_in_the_register():
    from django.apps import apps

    columns = {
        field.column for model in apps.get_app_config("register").get_models()
        for field in model._meta.fields
    }  # fmt: skip
    assert not {name for name in columns if "approver" in name or "approved" in name}


def test_must_not_a_household_change_has_no_address_and_an_address_change_no_other_item():
    by_name = {kind.__name__: {one.name for one in fields(kind)} for kind in COMMANDS}
    assert not by_name["ChangeHousehold"] & {"address", "postcode", "building", "changes"}
    assert by_name["ChangeAddress"] - {"filing", "person_ids", "household_no", "standings"} == {
        "postcode",
        "address",
        "building",
    }


def test_must_not_there_is_no_reason_to_refuse_filings_on_request():
    assert not [one for one in Reason if "REFUS" in one or "BLOCK" in one]
