"""Held people do not exist for those without the right (支援措置), here as in the search."""

from datetime import date

import pytest
from django.db import connection

from madoguchi.infra import clock
from madoguchi.kernel import areas
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.api import Use, gate
from madoguchi.protection.testing import protect
from madoguchi.register.domain.commands import (
    Amend,
    Filing,
    Newcomer,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
    RevertChange,
)
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.queries import seen
from madoguchi.register.queries.desk import list_households_without_head, list_memos
from madoguchi.register.queries.persons import history_of, household_snapshot, snapshot
from madoguchi.register.testing import at, clerk, make_items, resident_code

UNKNOWN = "999999999999999"


@pytest.fixture(autouse=True)
def today():
    with clock.frozen(at("2026-11-23T20:00")):
        yield


@pytest.fixture
def rin(desk):
    """Rin, protected, shares a household with Haru, who is not."""
    haru, rin = desk.enter(
        desk.newcomer(name="春　一", resident_code=resident_code(900)),
        desk.newcomer(name="凛　二", relationship="縁故者", is_householder=False,
                      resident_code=resident_code(901)),
    )  # fmt: skip
    protect(rin)
    return haru, rin


def senior():
    return clerk(Right.FILE_CHANGE, Right.VIEW_PERSON, Right.SEE_PROTECTED, staff_id="NAGI")


def test_by_number_the_answer_is_that_of_an_unknown_number(desk, rin):
    _, held = rin
    actor = desk.actor
    for person_id in (held, UNKNOWN):
        assert seen.find_person(person_id, actor=actor) is None
        assert seen.find_person(person_id, actor=actor, on=clock.today()) is None
        assert seen.find_history(person_id, actor=actor) == ()
        assert seen.find_closed_record(person_id, number=0, actor=actor) is None
        assert seen.find_names([person_id], actor=actor) == {}
        assert list_memos(person_id, actor=actor) == ()
    assert seen.find_person(held, actor=senior()).name == "凛　二"
    assert len(seen.find_history(held, actor=senior())) == 1


def test_a_household_is_told_without_them(desk, rin):
    haru, _ = rin
    home = snapshot(haru).household_no
    assert [one.person_id for one in seen.find_household(home, actor=desk.actor).members] == [haru]
    assert len(seen.find_household(home, actor=senior()).members) == 2


def test_a_household_of_held_people_only_is_no_household(desk):
    (rin,) = desk.enter(desk.newcomer())
    home = snapshot(rin).household_no
    protect(rin)
    assert seen.find_household(home, actor=desk.actor) is None
    assert seen.find_household(UNKNOWN, actor=desk.actor) is None


def same_refusal(desk, make):
    """File for a held number and for an unknown one; return both refusals."""
    refusals = []
    for command in make:
        with pytest.raises(Refused) as refusal:
            desk.file(command)
        refusals.append([(one.code, one.where) for one in refusal.value.problems])
    return refusals


def test_a_change_of_them_is_refused_like_one_of_an_unknown_number(desk, rin):
    _, held = rin
    commands = [
        [
            Amend(
                filing=Filing(effective="2026-10-01"),
                reason=Reason.AMEND_EX_OFFICIO,
                person_id=person_id,
                changes={"name": "別"},
            )
            for person_id in (held, UNKNOWN)
        ],
        [
            RemovePersons(
                filing=Filing(effective="2026-10-01"), reason=Reason.DEATH, person_ids=(person_id,)
            )
            for person_id in (held, UNKNOWN)
        ],
        [RevertChange(filing=Filing(), targets={person_id: 1}) for person_id in (held, UNKNOWN)],
    ]
    for pair in commands:
        with_held, with_unknown = same_refusal(desk, pair)
        assert with_held == with_unknown
    assert len(history_of(held)) == 1
    desk.file(commands[0][0], actor=senior())
    assert snapshot(held).name == "別"


def entry(desk, *, code, household_no=None, **items):
    newcomer = Newcomer(items=make_items(resident_code=code, **items))
    return RecordEntry(
        filing=Filing(effective="2026-10-01"),
        reason=Reason.MOVE_IN_DOMESTIC,
        newcomers=(newcomer,),
        household_no=household_no,
    )


def test_joining_a_household_of_held_people_is_joining_an_unknown_one(desk):
    (rin,) = desk.enter(desk.newcomer())
    home = snapshot(rin).household_no
    protect(rin)
    pair = [
        entry(desk, code=resident_code(950), household_no=number, relationship="同居人",
              is_householder=False)
        for number in (home, UNKNOWN)
    ]  # fmt: skip
    with_held, with_unknown = same_refusal(desk, pair)
    assert with_held == with_unknown


def test_a_number_of_theirs_is_refused_without_saying_whose(desk, rin):
    _, held = rin
    with pytest.raises(Refused) as refusal:
        desk.file(entry(desk, code=resident_code(901), name="別　人"))
    (problem,) = refusal.value.problems
    assert problem.code == "NOT_AVAILABLE_HERE"
    assert held not in str(problem.facts)


def test_no_alert_speaks_of_a_removed_record_of_theirs(desk):
    (rin,) = desk.enter(desk.newcomer())
    desk.file(
        RemovePersons(
            filing=Filing(effective="2026-10-01"),
            reason=Reason.REMOVE_EX_OFFICIO,
            person_ids=(rin,),
        )
    )
    protect(rin)
    desk.file(entry(desk, code=resident_code(950)))


def test_who_becomes_head_by_authority_is_not_named_to_this_clerk(desk, rin):
    haru, held = rin
    filed = desk.file(
        RemovePersons(
            filing=Filing(effective="2026-10-01"), reason=Reason.DEATH, person_ids=(haru,)
        )
    )
    assert filed.history_nos == {haru: 2}
    assert snapshot(held).is_householder
    assert household_snapshot(snapshot(held).household_no).householder.person_id == held


def test_households_without_a_head_are_told_as_if_held_people_were_not_there(desk):
    pair = [
        desk.newcomer(name=name, relationship="縁故者", is_householder=False)
        for name in ("浜　一", "浜　二")
    ]
    one, other = desk.enter(*pair, passed=["HOUSEHOLD_WITHOUT_HEAD"])
    home = snapshot(one).household_no
    assert list_households_without_head(actor=desk.actor) == (home,)
    protect(one)
    assert list_households_without_head(actor=desk.actor) == (home,)
    protect(other)
    assert list_households_without_head(actor=desk.actor) == ()
    assert list_households_without_head(actor=senior()) == (home,)
    family = desk.family()
    protect(family[0])  # the head: their page shows a household without one
    rest = snapshot(family[1]).household_no
    assert list_households_without_head(actor=desk.actor) == (rest,)
    assert list_households_without_head(actor=senior()) == (home,)


def leave(desk, person_id, **given):
    given = {"reason": Reason.MOVE_OUT_DOMESTIC, "to": "鹿児島県鹿児島市"} | given
    return desk.file(
        PlanMoveOut(filing=Filing(effective="2026-12-01"), person_ids=(person_id,), **given),
        actor=senior(),
    )


def test_a_hold_goes_along_when_they_move_out(desk, rin):
    _, held = rin
    leave(desk, held, to_town="462012")
    assert gate([held], actor=desk.actor, use=Use.VIEW).blocked == {held}
    with connection.cursor() as cursor:
        cursor.execute("SELECT carried_to, carried_over_on FROM protection_measure")
        assert cursor.fetchall() == [("462012", date(2026, 12, 1))]


def test_a_town_code_is_checked(desk, rin):
    with pytest.raises(Refused) as refusal:
        leave(desk, rin[1], to_town="462013")
    assert [one.code for one in refusal.value.problems] == ["TOWN_CODE_WRONG"]


# -- the published view ----------------------------------------------------------------


def names():
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM register_out_names")
        columns = [one.name for one in cursor.description]
        return columns, {row[0]: dict(zip(columns, row, strict=True)) for row in cursor.fetchall()}


def test_the_published_view_tells_names_and_no_address(desk, rin):
    haru, held = rin
    columns, rows = names()
    assert columns == [
        "person_id", "name", "kana", "birth_sort", "area", "status", "is_protected", "history_no",
    ]  # fmt: skip
    assert rows[held]["is_protected"]
    assert not rows[haru]["is_protected"]
    assert rows[haru]["status"] == "RESIDENT"


@pytest.mark.parametrize(
    "postcode", ["894-1508", "8941508", "894-2231", "894-2501", "894-2601", "890-8577", ""]
)
def test_the_published_view_knows_the_areas_of_the_kernel(desk, postcode):
    """R7."""
    (aoi,) = desk.enter(desk.newcomer(postcode=postcode))
    _, rows = names()
    assert rows[aoi]["area"] == areas.area_of(postcode, on=clock.today())
