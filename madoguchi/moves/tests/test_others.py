"""転居, 転出, 世帯変更, 出生, 死亡, 職権, 取消し through the same door (ほかの届出)."""

from dataclasses import replace
from datetime import date

import pytest

from madoguchi.moves.actions import filing
from madoguchi.moves.actions.records import household_of_residents
from madoguchi.moves.domain.filing import Kind, Notifier
from madoguchi.moves.domain.household import MoveKind
from madoguchi.moves.models import Filing, Task
from madoguchi.moves.testing import FAMILY, TODAY, arriving, told
from madoguchi.register.api import filing as register
from madoguchi.register.api import household_snapshot, persons_of
from madoguchi.register.testing import make_items, resident_code

NEW_HOME = "鹿児島県大島郡瀬戸内町大字諸鈍1番地"


def days(on="2026-11-27"):
    return register.Filing(effective=on, filed_on=TODAY)


def other(counter, kind, command, **given):
    given.setdefault("told", told())
    return counter.do(filing.file_other, kind=kind, command=command, **given)


@pytest.fixture
def family(counter):
    return list(counter.move_in(moved_on="令和8年11月20日").person_ids.values())


def rows_of(*person_ids):
    return persons_of(person_ids).values()


def test_a_whole_household_moves_within_the_town(counter, family):
    household = household_of_residents(
        MoveKind.CHANGE_ADDRESS, rows_of(*family), moved_on=TODAY, today=TODAY
    )
    command = register.ChangeAddress(
        filing=days(), person_ids=tuple(family), postcode="894-2101", address=NEW_HOME
    )
    found = other(counter, Kind.CHANGE_ADDRESS, command, household=household)
    assert {one.address for one in rows_of(*family)} == {NEW_HOME}
    codes = set(Task.objects.filter(filing=found.filing_id).values_list("code", flat=True))
    assert {"WATER_START", "WATER_STOP", "SCHOOL_TRANSFER", "CHILD_ALLOWANCE_ADDRESS"} <= codes


def test_part_of_a_household_leaves_and_the_head_stays(counter, family):
    command = register.ChangeAddress(
        filing=days(), person_ids=(family[4],), postcode="894-2101", address=NEW_HOME,
        standings={family[4]: register.Standing(relationship="世帯主", is_householder=True)},
    )  # fmt: skip
    found = other(counter, Kind.CHANGE_ADDRESS, command)
    assert [one.person_id for one in household_snapshot(found.household_no).members] == [family[4]]


def test_a_family_moves_out_and_the_new_town_confirms(counter, family):
    household = household_of_residents(
        MoveKind.MOVE_OUT, rows_of(*family), moved_on=date(2026, 12, 10), today=TODAY
    )
    command = register.PlanMoveOut(
        filing=days("2026-12-10"), reason=register.Reason.MOVE_OUT_DOMESTIC,
        person_ids=tuple(family), to="福岡県みどり市緑町5番6号",
    )  # fmt: skip
    found = other(counter, Kind.MOVE_OUT, command, household=household)
    tasks = Task.objects.filter(filing=found.filing_id)
    assert {"WATER_STOP", "TAX_AGENT"} <= set(tasks.values_list("code", flat=True))
    assert tasks.get(code="WATER_STOP").due_on == date(2026, 12, 10)
    notice = register.ConfirmMoveOut(
        filing=register.Filing(notified_by_office_on=date(2026, 12, 12)), person_ids=tuple(family),
        to="福岡県みどり市緑町5番7号", moved_in_on=date(2026, 12, 9),
    )  # fmt: skip
    other(counter, Kind.CONFIRM_MOVE_OUT, notice, day=date(2026, 12, 12))
    for one in rows_of(*family):
        assert one.move_out_to_confirmed == "福岡県みどり市緑町5番7号"
        assert one.removed_sort == date(2026, 12, 9)


def test_e9_a_move_out_more_than_fourteen_days_late_is_none(counter, family, refused):
    """E9: it is done by authority, and no 転出証明書 comes of it."""

    day = date(2026, 12, 6)
    late = register.PlanMoveOut(
        filing=register.Filing(effective="2026-11-21", filed_on=day),
        reason=register.Reason.MOVE_OUT_DOMESTIC, person_ids=(family[4],), to="福岡県みどり市",
    )  # fmt: skip
    assert refused(other, counter, Kind.MOVE_OUT, late, day=day) == ["MOVE_OUT_FILED_LATE"]
    in_time = replace(late, filing=replace(late.filing, filed_on=date(2026, 12, 5)))
    assert other(counter, Kind.MOVE_OUT, in_time, day=date(2026, 12, 5))


def test_a_household_is_split_and_merged_again(counter, family):
    split = register.ChangeHousehold(
        filing=days(), reason=register.Reason.SPLIT_HOUSEHOLD, person_ids=(family[4],),
        standings={family[4]: register.Standing(relationship="世帯主", is_householder=True)},
    )  # fmt: skip
    other(counter, Kind.HOUSEHOLD, split)
    (mother,) = rows_of(family[4])
    (father,) = rows_of(family[0])
    assert mother.household_no != father.household_no
    merge = register.ChangeHousehold(
        filing=days(), reason=register.Reason.MERGE_HOUSEHOLDS, person_ids=(family[4],),
        household_no=father.household_no,
        standings={family[4]: register.Standing(relationship="母")},
    )  # fmt: skip
    other(counter, Kind.HOUSEHOLD, merge)
    (mother,) = rows_of(family[4])
    assert mother.household_no == father.household_no


def test_a_child_is_born_into_the_household(counter, family):
    (father,) = rows_of(family[0])
    child = make_items(
        name="港　渦", name_kana="ミナト　ウズ", birth="令和8年11月25日", relationship="子",
        is_householder=False, resident_code=resident_code(900), became_resident="", address_since="",
        notified="", previous_address="",
    )  # fmt: skip
    command = register.RecordEntry(
        filing=register.Filing(effective="2026-11-25", notified_by_office_on=TODAY),
        reason=register.Reason.BIRTH, newcomers=(register.Newcomer(items=child),),
        household_no=father.household_no,
    )  # fmt: skip
    found = other(counter, Kind.BIRTH, command)
    assert len(household_snapshot(found.household_no).members) == len(FAMILY) + 1


def test_a_head_dies_and_the_alert_is_answered(counter, family, refused):
    """A1: whose household keeps two or more is asked first."""
    command = register.RemovePersons(
        filing=register.Filing(effective="2026-11-26", notified_by_office_on=TODAY),
        reason=register.Reason.DEATH, person_ids=(family[0],),
    )  # fmt: skip
    alerts = refused(other, counter, Kind.DEATH, command)
    assert alerts
    assert other(counter, Kind.DEATH, command, passed=alerts)
    (dead,) = rows_of(family[0])
    assert dead.status.value == "DEAD"


def test_by_authority_a_ground_stands_on_record(counter, family, refused):
    command = register.RemovePersons(
        filing=days(), reason=register.Reason.REMOVE_EX_OFFICIO, person_ids=(family[4],)
    )
    assert refused(other, counter, Kind.EX_OFFICIO, command) == ["MOVE_GROUND_MISSING"]
    assert other(counter, Kind.EX_OFFICIO, command, told=told(ground="職権記録書 令和8年第3号"))
    assert Filing.objects.get(kind="EX_OFFICIO").ground


@pytest.mark.parametrize(
    ("given", "code"),
    [({"signed": False}, "MOVE_NOT_SIGNED"), ({"identity_seen": False}, "MOVE_IDENTITY_NOT_SEEN"),
     ({"notifier": Notifier.AGENT}, "MOVE_PROXY_LETTER_MISSING")],
)  # fmt: skip
def test_what_a_resident_files_is_seen_and_signed(counter, family, refused, given, code):
    command = register.ChangeAddress(
        filing=days(), person_ids=tuple(family), postcode="894-2101", address=NEW_HOME
    )
    assert refused(other, counter, Kind.CHANGE_ADDRESS, command, told=told(**given)) == [code]
    assert not Filing.objects.filter(kind="CHANGE_ADDRESS").exists()


# -- taking back -----------------------------------------------------------------------------------


def test_a_filing_is_taken_back_and_its_open_tasks_fall_away(counter, family):
    (move,) = Filing.objects.all()
    done = Task.objects.filter(code="WATER_START")
    done.update(state="DONE", done_at=move.filed_at, done_by="tsuru")
    counter.do(filing.take_back, filing_id=move.filing_id, ground="届出人の申出による")
    assert {one.status.value for one in rows_of(*family)} == {"REMOVED"}
    assert set(Task.objects.values_list("state", flat=True)) == {"DONE", "NOT_NEEDED"}
    assert Filing.objects.get(filing_id=move.filing_id).reverted_at


def test_a_taking_back_wants_a_ground_a_filing_and_happens_once(counter, family, refused):
    (move,) = Filing.objects.all()
    back = {"filing_id": move.filing_id, "ground": "誤りのため"}
    assert refused(counter.do, filing.take_back, filing_id="x", ground="y") == [
        "MOVE_FILING_UNKNOWN"
    ]
    assert "MOVE_GROUND_MISSING" in refused(counter.do, filing.take_back, **back | {"ground": " "})
    counter.do(filing.take_back, **back)
    assert "MOVE_TAKEN_BACK_ALREADY" in refused(counter.do, filing.take_back, **back)


def test_only_the_newest_is_taken_back(counter, family, refused):
    (move,) = Filing.objects.all()
    command = register.ChangeAddress(
        filing=days(), person_ids=tuple(family), postcode="894-2101", address=NEW_HOME
    )
    other(counter, Kind.CHANGE_ADDRESS, command)
    codes = refused(counter.do, filing.take_back, filing_id=move.filing_id, ground="誤りのため")
    assert codes and not Filing.objects.get(filing_id=move.filing_id).reverted_at


def test_nobody_is_filed_twice_in_one_form(counter, refused):
    twice = (arriving(0), replace(arriving(0), no="2"))
    assert refused(counter.move_in, people=twice)
