"""One record at a time (住民票ごとの異動履歴): who comes back has a record of their own."""

import itertools
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from madoguchi.register.domain.commands import (
    CorrectError,
    Filing,
    PlanMoveOut,
    RecordEntry,
    RenewRecord,
    RevertChange,
)
from madoguchi.register.domain.reasons import Reason, ReasonKind, kind_of
from madoguchi.register.domain.timeline import live_versions, records_of
from madoguchi.register.queries import seen
from madoguchi.register.queries.persons import history_of, live_history_of
from madoguchi.register.testing import at, make_stays, make_version, resident_code

PERSON = "000000000000019"


def numbers(versions):
    return [[one.history_no for one in record] for record in records_of(versions)]


def leave(desk, person_id, on="2026-06-30"):
    filing = Filing(effective=on, filed_on=date.fromisoformat(on))
    desk.file(PlanMoveOut(filing=filing, reason=Reason.MOVE_OUT_DOMESTIC, person_ids=(person_id,),
                          to="鹿児島県鹿児島市"))  # fmt: skip


def come_back(desk, person_id, code):
    newcomer = desk.newcomer(person_id=person_id, resident_code=code)
    desk.file(RecordEntry(filing=Filing(effective="2026-09-01"), newcomers=(newcomer,),
                          reason=Reason.MOVE_IN_DOMESTIC))  # fmt: skip


def test_who_comes_back_has_two_records(desk):
    code = resident_code(7)
    (aoi,) = desk.enter(desk.newcomer(resident_code=code))
    leave(desk, aoi)
    assert numbers(history_of(aoi)) == [[1, 2]]
    come_back(desk, aoi, code)
    assert numbers(history_of(aoi)) == [[1, 2], [3]]
    assert [one.history_no for one in live_history_of(aoi, newest_record=True)] == [3]
    found = seen.find_records(aoi, actor=desk.actor)
    assert [[one.history_no for one in record] for record in found] == [[1, 2], [3]]


def test_a_removal_taken_back_parts_nothing(desk):
    (aoi,) = desk.enter(desk.newcomer(resident_code=resident_code(7)))
    leave(desk, aoi)
    desk.file(RevertChange(filing=Filing(), targets={aoi: 2}))
    assert numbers(history_of(aoi)) == [[1, 2, 3]]


def test_a_return_taken_back_leaves_the_removed_record_open_for_another(desk):
    code = resident_code(7)
    (aoi,) = desk.enter(desk.newcomer(resident_code=code))
    leave(desk, aoi)
    come_back(desk, aoi, code)
    desk.file(RevertChange(filing=Filing(), targets={aoi: 3}))
    taken_back = numbers(history_of(aoi))
    assert taken_back == [[1, 2, 3, 4]]
    come_back(desk, aoi, code)
    assert numbers(history_of(aoi)) == [*taken_back, [5]]


def test_a_record_made_anew_is_another_record(desk):
    (aoi,) = desk.enter(desk.newcomer(resident_code=resident_code(7)))
    desk.file(RenewRecord(filing=Filing(effective="2026-08-01"), reason=Reason.RECORD_REMADE,
                          person_id=aoi))  # fmt: skip
    assert numbers(history_of(aoi)) == [[1, 2], [3]]


def test_a_correction_stands_with_what_it_corrects(desk):
    (aoi,) = desk.enter(desk.newcomer(resident_code=resident_code(7)))
    desk.file(RenewRecord(filing=Filing(effective="2026-08-01"), reason=Reason.RECORD_REMADE,
                          person_id=aoi))  # fmt: skip
    desk.file(CorrectError(filing=Filing(effective="2026-04-02"), person_id=aoi, history_no=1))
    assert numbers(history_of(aoi)) == [[1, 2, 4], [3]]


def test_nobody_has_no_record():
    assert records_of(()) == ()


@st.composite
def histories(draw):
    """Any order of entries, changes, removals, corrections and undoings, sensible or not."""
    versions = []
    for number in range(1, draw(st.integers(1, 12)) + 1):
        about = draw(st.none() | st.integers(1, max(1, number - 1))) if number > 1 else None
        undoes = about is not None and draw(st.booleans())
        reason = Reason.MOVE_IN_DOMESTIC if number == 1 else draw(st.sampled_from(Reason))
        versions.append(make_version(
            PERSON, number, reason=reason, recorded_at=at("2026-04-01"),
            corrects_no=None if undoes else about, reverts_no=about if undoes else None,
            **({"changed": ()} if undoes else {}),
        ))  # fmt: skip
    return draw(st.permutations(versions))


@given(histories())
def test_every_version_is_in_one_record_and_each_record_begins_with_an_entry(versions):
    records = records_of(versions)
    kept = sorted(one.history_no for record in records for one in record)
    assert kept == sorted(one.history_no for one in versions)
    live = {one.history_no for one in live_versions(versions)}
    home = {one.history_no: place for place, record in enumerate(records) for one in record}
    for one in versions:
        about = one.corrects_no or one.reverts_no
        assert about is None or home[one.history_no] == home[about]
    for before, after in itertools.pairwise(records):
        assert kind_of(after[0].reason) is ReasonKind.RECORD and after[0].history_no in live
        assert any(kind_of(v.reason) is ReasonKind.REMOVE for v in before if v.history_no in live)


def test_the_stays_of_the_other_tests_are_two():
    assert numbers(make_stays(PERSON)) == [[1, 2, 3], [4]]
