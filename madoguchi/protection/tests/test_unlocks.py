"""Unlocks on a real database: bound to one request, form, use, minutes, and two officers."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from madoguchi.infra import clock, unit
from madoguchi.kernel.ids import new_id
from madoguchi.kernel.outcome import Refused
from madoguchi.protection import models
from madoguchi.protection.actions.endings import grant_end, propose_end
from madoguchi.protection.actions.unlocks import decline_unlock, grant_unlock
from madoguchi.protection.api import (
    Use,
    gate,
    list_waiting,
    propose_unlock,
    use_unlock,
)
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.queries import gate as gate_module
from madoguchi.protection.queries.unlocks import count_waiting, find_unlock
from madoguchi.protection.testing import (
    CHIEF,
    CLERK,
    OTHER,
    SENIOR,
    end,
    protect,
    unlock,
    version_of,
)

NOON = datetime(2026, 11, 23, 12, tzinfo=clock.JAPAN)
PAPER = {"request_id": "r-1", "kind": "JUMINHYO", "use": Use.PRINT}


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def used(**other: object) -> str:
    given = {"actor": SENIOR, "person_ids": ["rin"], **PAPER, **other}
    return unit.run(use_unlock, **given)


def printable(pass_id: str, **other: object) -> bool:
    given = {"actor": SENIOR, **PAPER, **other}
    return "rin" in gate(["rin"], pass_id=pass_id, **given).open


@pytest.fixture
def rin(db):
    with clock.frozen(NOON):
        protect("rin", state=MeasureState.FULL)
        yield "rin"


@pytest.mark.parametrize("use", [Use.PRINT, Use.EXPORT, Use.MAIL])
def test_p5_even_the_chief_alone_lets_nothing_leave(rin, use):
    for actor in (SENIOR, CHIEF):
        assert gate([rin], actor=actor, use=use).blocked == {rin}
        assert gate([rin], actor=actor, use=Use.VIEW).open == {rin}


def test_an_unlock_opens_exactly_its_paper_and_only_once(rin):
    unlock("r-1", person_ids=[rin])
    assert not printable("")
    pass_id = used()
    assert printable(pass_id)
    assert printable(pass_id)  # the same paper asks again at its release
    with pytest.raises(Refused) as refused:
        used()
    assert codes(refused) == ["UNLOCK_USED"]


@pytest.mark.parametrize(
    "other",
    [
        {"request_id": "r-2"},
        {"kind": "JOHYO"},
        {"use": Use.MAIL},
        {"use": Use.EXPORT},
        {"actor": CHIEF},
        {"actor": CLERK},
        {"actor": replace(CLERK, staff_id=SENIOR.staff_id)},
    ],
)
def test_p6_a_pass_fits_nothing_else(rin, other):
    unlock("r-1", person_ids=[rin])
    pass_id = used()
    assert not printable(pass_id, **other)
    assert printable(pass_id)


@pytest.mark.parametrize(
    ("other", "code"),
    [
        ({"request_id": "r-2"}, "UNLOCK_NONE"),
        ({"kind": "JOHYO"}, "UNLOCK_NONE"),
        ({"use": Use.MAIL}, "UNLOCK_NONE"),
        ({"person_ids": ["rin", "haru"]}, "UNLOCK_OTHER_PERSONS"),
        ({"person_ids": []}, "UNLOCK_WITHOUT_REQUEST"),
        ({"actor": CHIEF}, "UNLOCK_OF_ANOTHER"),
        ({"actor": CLERK}, "NOT_AVAILABLE_HERE"),
    ],
)
def test_p6_nothing_else_uses_it_up(rin, other, code):
    unlock("r-1", person_ids=[rin])
    with pytest.raises(Refused) as refused:
        used(**other)
    assert codes(refused) == [code]
    assert used()


def test_p6_it_closes_by_itself_after_its_minutes(rin):
    unlock_id = unlock("r-1", person_ids=[rin])
    expires_at = find_unlock(unlock_id, actor=SENIOR).expires_at
    assert expires_at == NOON + timedelta(minutes=15)
    with clock.frozen(expires_at), pytest.raises(Refused) as refused:
        used()
    assert codes(refused) == ["UNLOCK_EXPIRED"]
    with clock.frozen(expires_at - timedelta(microseconds=1)):
        pass_id = used()
        assert printable(pass_id)
    with clock.frozen(expires_at):
        assert not printable(pass_id)


def test_the_minutes_are_the_towns_from_the_day_they_count(rin):
    models.Setting.objects.create(name="UNLOCK_MINUTES", valid_from=date(2026, 11, 23), value=5)
    models.Setting.objects.create(name="UNLOCK_MINUTES", valid_from=date(2026, 11, 24), value=60)
    unlock_id = unlock("r-1", person_ids=[rin])
    assert find_unlock(unlock_id, actor=SENIOR).expires_at == NOON + timedelta(minutes=5)


def test_a_second_paper_wants_a_second_unlock(rin):
    unlock("r-1", person_ids=[rin])
    first = used()
    unlock("r-1", person_ids=[rin])
    second = used()
    assert first != second


def propose(**other: object) -> str:
    given = {
        "actor": SENIOR, "person_ids": ["rin"], "requester": "SELF",
        "reason": "本人を対面で確認した", **PAPER, **other,
    }  # fmt: skip
    return unit.run(propose_unlock, **given)


def test_proposing_opens_nothing_and_the_proposer_cannot_grant(rin):
    unlock_id = propose()
    with pytest.raises(Refused) as refused:
        used()
    assert codes(refused) == ["UNLOCK_NOT_GRANTED"]
    with pytest.raises(Refused) as refused:
        unit.run(grant_unlock, actor=SENIOR, unlock_id=unlock_id)
    assert codes(refused) == ["SECOND_OFFICER_IS_FIRST"]
    for nobody in (CLERK, OTHER):
        with pytest.raises(Refused) as refused:
            unit.run(grant_unlock, actor=nobody, unlock_id=unlock_id)
        assert codes(refused) == ["NOT_AVAILABLE_HERE"]
    (waiting,) = list_waiting(actor=CHIEF).unlocks
    assert waiting.mine_to_decide
    (waiting,) = list_waiting(actor=SENIOR).unlocks
    assert not waiting.mine_to_decide
    assert list_waiting(actor=CLERK).unlocks == ()


def test_what_waits_is_counted_as_it_is_listed(rin):
    """The list's page counts without reading; a count must not tell more than the list."""
    assert count_waiting(actor=CHIEF) == 0
    unlock_id = propose()
    (measure,) = models.Measure.objects.all()
    unit.run(
        propose_end,
        [(measure.measure_id, measure.version)],
        actor=SENIOR,
        reason="REQUEST",
        words="申出者の求め",
    )
    for officer in (SENIOR, CHIEF):
        listed = list_waiting(actor=officer)
        assert (len(listed.unlocks), len(listed.endings)) == (1, 1)
        assert count_waiting(actor=officer) == 2
    (ending,) = list_waiting(actor=CHIEF).endings
    assert (ending.case_no, ending.live_version) == (measure.case_no, version_of(measure.pk))
    for nobody in (CLERK, OTHER):
        assert count_waiting(actor=nobody) == 0
    unit.run(decline_unlock, actor=CHIEF, unlock_id=unlock_id)
    assert count_waiting(actor=CHIEF) == 1


def test_p5_the_table_itself_refuses_one_officer_twice(rin):
    unlock_id = propose()
    with pytest.raises(IntegrityError), transaction.atomic():
        models.Unlock.objects.filter(unlock_id=unlock_id).update(
            state="GRANTED", granted_by=SENIOR.staff_id, expires_at=NOON
        )


def test_one_open_unlock_a_paper_and_an_old_one_makes_room(rin):
    propose()
    with pytest.raises(Refused) as refused:
        propose()
    assert codes(refused) == ["UNLOCK_ALREADY_PROPOSED"]
    with clock.frozen(NOON + timedelta(hours=2)):
        assert list_waiting(actor=CHIEF).unlocks == ()
        later = propose()
        unit.run(grant_unlock, actor=CHIEF, unlock_id=later)


def test_a_proposal_grows_old_and_a_declined_one_is_over(rin):
    old = propose()
    with clock.frozen(NOON + timedelta(hours=2)), pytest.raises(Refused) as refused:
        unit.run(grant_unlock, actor=CHIEF, unlock_id=old)
    assert codes(refused) == ["UNLOCK_NOT_WAITING"]
    unit.run(decline_unlock, actor=CHIEF, unlock_id=old)
    with pytest.raises(Refused) as refused:
        unit.run(grant_unlock, actor=CHIEF, unlock_id=old)
    assert codes(refused) == ["UNLOCK_NOT_WAITING"]
    with pytest.raises(Refused) as refused:
        used()
    assert codes(refused) == ["UNLOCK_NONE"]


def test_a_granted_unlock_can_be_taken_back(rin):
    unlock_id = unlock("r-1", person_ids=[rin])
    unit.run(decline_unlock, actor=CHIEF, unlock_id=unlock_id)
    with pytest.raises(Refused):
        used()


def test_p7_what_the_second_officer_saw_must_still_be_so(rin):
    waiting = propose(request_id="r-9")
    unlock("r-1", person_ids=[rin])
    protect(rin)  # a new application arrives in between
    with pytest.raises(Refused) as refused:
        unit.run(grant_unlock, actor=CHIEF, unlock_id=waiting)
    assert codes(refused) == ["STALE_STATE"]
    with pytest.raises(Refused) as refused:
        used()
    assert codes(refused) == ["STALE_STATE"]


def test_p7_a_pass_is_worth_nothing_when_the_state_changes_before_the_release(rin):
    unlock("r-1", person_ids=[rin])
    pass_id = used()
    assert printable(pass_id)
    protect(rin)
    assert not printable(pass_id)


def test_an_unlock_leaves_the_stop_lists_of_other_systems_alone(rin):
    before = set(models.Held.objects.values_list("person_id", flat=True))
    errands = models.Errand.objects.count()
    unlock("r-1", person_ids=[rin])
    used()
    assert set(models.Held.objects.values_list("person_id", flat=True)) == before == {rin}
    assert models.Errand.objects.count() == errands
    for use in Use:
        assert gate([rin], actor=CLERK, use=use).blocked == {rin}


def test_perpetrators_and_proxies_are_refused_from_the_start(rin):
    for requester in ("PERPETRATOR", "PROXY"):
        with pytest.raises(Refused) as refused:
            propose(requester=requester)
        assert codes(refused) == ["UNLOCK_REQUESTER_REFUSED"]
    assert list_waiting(actor=CHIEF).unlocks == ()


# -- the gate itself ----------------------------------------------------------------------


def test_p1_the_gate_is_one_query_for_any_number(rin, django_assert_num_queries):
    for number in (1, 3000):
        ids = [rin, *(f"p{n}" for n in range(number))]
        for actor in (CLERK, SENIOR):
            with django_assert_num_queries(1):
                answer = gate(
                    ids, actor=actor, use=Use.PRINT, pass_id="x", request_id="r", kind="k"
                )
            assert answer.blocked == {rin} and len(answer.open) == number


def test_p1_a_gate_that_cannot_look_blocks_everybody(rin, monkeypatch, caplog):
    def broken(*_args: object, **_given: object) -> None:
        raise DatabaseError("rin must not reach the log")

    monkeypatch.setattr(gate_module, "_look", broken)
    answer = gate(["aoi", "rin"], actor=CHIEF, use=Use.VIEW)
    assert answer.failed and not answer.open and answer.blocked == {"aoi", "rin"}
    assert "DatabaseError" in caplog.text and "rin" not in caplog.text


def test_p1_a_use_the_gate_does_not_know_blocks_everybody(rin):
    answer = gate(["aoi"], actor=CHIEF, use="SHOUT")
    assert answer.failed and answer.blocked == {"aoi"}


def test_p1_a_measure_that_cannot_be_read_holds(rin):
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE protection_measure DROP CONSTRAINT protection_measure_state_known"
        )
        cursor.execute("UPDATE protection_measure SET state = 'MYSTERY'")
    models.Held.objects.all().delete()
    for use in Use:
        assert gate([rin], actor=CLERK, use=use).blocked == {rin}
    assert gate([rin], actor=SENIOR, use=Use.PRINT).blocked == {rin}


def test_an_ended_measure_opens_again(rin):
    (measure,) = models.Measure.objects.all()
    end(measure.measure_id)
    for use in Use:
        assert gate([rin], actor=CLERK, use=use).open == {rin}


def test_the_published_view_names_the_held_and_nobody_else(rin):
    protect("haru", together=["haru-child"], state=MeasureState.PROVISIONAL)
    protect("ume")
    ended = protect("sora", state=MeasureState.FULL)
    end(ended)
    with connection.cursor() as cursor:
        cursor.execute("SELECT person_id FROM protection_out_held")
        assert {row[0] for row in cursor.fetchall()} == {"rin", "haru", "haru-child", "ume"}


# -- two at once --------------------------------------------------------------------------


def in_threads(*work) -> list[object]:
    """Do these at the same moment on connections of their own; return what each gave."""
    together = threading.Barrier(len(work))
    results: list[object] = [None] * len(work)

    def one(number: int) -> None:
        try:
            connection.ensure_connection()
            together.wait(timeout=10)
            results[number] = work[number]()
        except Exception as error:  # noqa: BLE001
            results[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=[number]) for number in range(len(work))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return results


@pytest.mark.races
@pytest.mark.parametrize("_again", range(3))
def test_p6_of_two_who_use_an_unlock_at_once_exactly_one_wins(transactional_db, _again):
    protect("rin", state=MeasureState.FULL)
    unlock("r-1", person_ids=["rin"])
    results = in_threads(used, used, used)
    won = [one for one in results if isinstance(one, str)]
    lost = [one for one in results if isinstance(one, Refused)]
    assert len(won) == 1 and len(lost) == 2, results
    assert {one.problems[0].code for one in lost} == {"UNLOCK_USED"}
    assert models.Unlock.objects.get().pass_id == won[0]


@pytest.mark.races
@pytest.mark.parametrize("_again", range(3))
def test_p7_ending_and_applying_anew_at_once_never_leaves_a_person_open(transactional_db, _again):
    """Whichever comes first, the new application holds."""
    measure_id = protect("rin", state=MeasureState.FULL)
    results = in_threads(lambda: end(measure_id), lambda: protect("rin"))
    assert isinstance(results[1], str), results
    assert results[0] is None or isinstance(results[0], Refused), results
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}
    assert models.Held.objects.filter(person_id="rin").exists()


@pytest.mark.races
def test_p7_an_application_waits_for_who_is_ending_the_older_measure(transactional_db):
    """It is never refused because somebody else was faster: nobody may stay open by that."""
    measure_id = protect("rin", state=MeasureState.FULL)
    pair = [(measure_id, version_of(measure_id))]
    unit.run(propose_end, pair, actor=SENIOR, reason="REQUEST", words="本人の求め")
    ended = threading.Event()

    def end_slowly():
        grant_end(pair, actor=CHIEF)
        ended.set()
        time.sleep(0.5)  # not committed yet

    def apply_anew():
        assert ended.wait(timeout=5)
        return protect("rin")

    results = in_threads(lambda: unit.run(end_slowly), apply_anew)
    assert results[0] is None and isinstance(results[1], str), results
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}


def test_ids_of_passes_are_long_and_random(rin):
    unlock("r-1", person_ids=[rin])
    assert len(used()) == len(new_id()) == 26
