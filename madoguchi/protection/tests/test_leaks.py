"""The leaks on record, as far as this floor can stop them.

Inuyama (whole household printed) and Hirakata (a certificate system without the flag) are
leaks of issuing: their tests stand with the certificates.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from madoguchi.infra import clock, facts, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.actions.endings import grant_end, propose_end
from madoguchi.protection.actions.errands import attach_errand, receive_town_request
from madoguchi.protection.actions.measures import confirm_system, set_measure
from madoguchi.protection.actions.unlocks import grant_unlock
from madoguchi.protection.api import (
    Use,
    gate,
    list_accepted_not_effective,
    use_unlock,
)
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.jobs import EVENING, evening
from madoguchi.protection.queries.errands import count_open_errands, find_errand, list_open_errands
from madoguchi.protection.queries.measures import list_measures
from madoguchi.protection.testing import (
    CHIEF,
    CLERK,
    SENIOR,
    confirm_everywhere,
    protect,
    unlock,
    version_of,
)

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def test_mitaka_2020_a_warning_cannot_be_clicked_away_by_one_person():
    """Warning at search and at print, both clicked away by the same clerk."""
    protect("rin", state=MeasureState.FULL)
    # Nobody, alone, gets a paper: not the clerk, not the senior, not the chief.
    for actor in (CLERK, SENIOR, CHIEF):
        assert gate(["rin"], actor=actor, use=Use.PRINT).blocked == {"rin"}
        with pytest.raises(Refused):
            unit.run(
                use_unlock, actor=actor, request_id="r", kind="JUMINHYO", use=Use.PRINT,
                person_ids=["rin"],
            )  # fmt: skip
    # And one who proposes cannot also be the one who grants.
    with pytest.raises(Refused) as refused:
        unlock("r", person_ids=["rin"], by=CHIEF, second=CHIEF)
    assert codes(refused) == ["SECOND_OFFICER_IS_FIRST"]


def test_okayama_2024_an_unlock_for_a_never_prints_b():
    """Unlock asked for one request, another was printed under it."""
    protect("rin", state=MeasureState.FULL)
    protect("haru", state=MeasureState.FULL)
    unlock("request-a", person_ids=["rin"])
    for wrong in (
        {"request_id": "request-b", "kind": "JUMINHYO", "person_ids": ["rin"]},
        {"request_id": "request-a", "kind": "JOHYO", "person_ids": ["rin"]},
        {"request_id": "request-a", "kind": "JUMINHYO", "person_ids": ["haru"]},
        {"request_id": "request-a", "kind": "JUMINHYO", "person_ids": ["rin", "haru"]},
    ):
        with pytest.raises(Refused):
            unit.run(use_unlock, actor=SENIOR, use=Use.PRINT, **wrong)
    pass_id = unit.run(
        use_unlock, actor=SENIOR, request_id="request-a", kind="JUMINHYO", use=Use.PRINT,
        person_ids=["rin"],
    )  # fmt: skip
    answer = gate(
        ["rin", "haru"], actor=SENIOR, use=Use.PRINT,
        request_id="request-a", kind="JUMINHYO", pass_id=pass_id,
    )  # fmt: skip
    assert answer.open == {"rin"} and answer.blocked == {"haru"}


def test_meguro_2025_a_stale_list_releases_nobody():
    """A list for bulk release was exported; one person applied anew before it was used."""
    with clock.frozen(datetime(2024, 5, 1, 9, tzinfo=clock.JAPAN)):
        persons = ["rin", "haru", "sora"]
        measures = {p: protect(p, state=MeasureState.FULL) for p in persons}
    with clock.frozen(datetime(2025, 5, 7, 9, tzinfo=clock.JAPAN)):
        exported = [(m, version_of(m)) for m in measures.values()]
        unit.run(propose_end, exported, actor=SENIOR, reason="MAYOR", words="期間経過の整理")
    with clock.frozen(datetime(2025, 5, 8, 9, tzinfo=clock.JAPAN)):
        protect("rin")  # applies anew
    with clock.frozen(datetime(2025, 5, 16, 9, tzinfo=clock.JAPAN)):
        with pytest.raises(Refused) as refused:
            unit.run(grant_end, exported, actor=CHIEF)
        assert set(codes(refused)) == {"STALE_STATE"}
        # Nothing of the batch was done: nobody is released by half a list.
        assert gate(persons, actor=CLERK, use=Use.VIEW).blocked == set(persons)
        # A list of live versions does not help: the proposal was made on the old one.
        live = [(m, version_of(m)) for m in measures.values()]
        with pytest.raises(Refused):
            unit.run(grant_end, live, actor=CHIEF)
        # Without the person who applied anew it goes through, and only for the others.
        fresh = [pair for pair in exported if pair[0] != measures["rin"]]
        unit.run(grant_end, fresh, actor=CHIEF)
        assert gate(persons, actor=CLERK, use=Use.VIEW).blocked == {"rin"}


def test_meguro_2025_ending_the_old_measure_leaves_the_new_application_in_force():
    old = protect("rin", state=MeasureState.FULL)
    protect("rin")
    pair = [(old, version_of(old))]
    unit.run(propose_end, pair, actor=SENIOR, reason="REQUEST", words="新しい申出に切りかえる")
    unit.run(grant_end, pair, actor=CHIEF)
    assert gate(["rin"], actor=CLERK, use=Use.PRINT).blocked == {"rin"}


def test_p10_oamishirasato_2023_what_was_accepted_is_held_and_listed_until_in_effect():
    """An application was accepted and never set in the system."""
    started = clock.now()
    measure_id = protect("rin")
    # It holds here from the moment of acceptance …
    assert gate(["rin"], actor=CLERK, use=Use.PRINT).blocked == {"rin"}
    # … and stays on top of the list until every other system has it.
    assert [one.measure_id for one in list_accepted_not_effective(actor=SENIOR)] == [measure_id]
    assert list_measures(actor=SENIOR)[0].alerts[0].code == "PROTECTION_NOT_EFFECTIVE"
    evening()
    (raised,) = facts.list_facts(name="protection_alert_raised", since=started)
    assert raised.values["not_effective"] == 1
    confirm_everywhere(measure_id)
    assert list_accepted_not_effective(actor=SENIOR) == ()
    evening(timestamp=0)
    assert len(facts.list_facts(name="protection_alert_raised", since=started)) == 1


def test_izumo_2021_a_request_from_another_town_is_done_with_the_last_system():
    """Two clerks, no hand-over: each thought the other had set it."""
    errand_id = unit.run(
        receive_town_request, actor=SENIOR, kind="SET", from_town="322032", reference_no="市第123号"
    )
    # Before anybody did anything it is in the one queue, for every officer, with its town.
    for officer in (SENIOR, CHIEF):
        (waiting,) = list_open_errands(actor=officer)
        assert (waiting.errand_id, waiting.from_town) == (errand_id, "322032")
        assert count_open_errands(actor=officer) == 1
    assert count_open_errands(actor=CLERK) == 0
    assert [one.errand_id for one in list_accepted_not_effective(actor=CHIEF)] == [errand_id]
    # No system can be ticked off while nobody is protected by it.
    with pytest.raises(Refused) as refused:
        unit.run(confirm_system, actor=CHIEF, errand_id=errand_id, channel="CS")
    assert codes(refused) == ["ERRAND_WITHOUT_MEASURE"]
    measure_id = unit.run(
        set_measure, actor=CHIEF, applicant_id="rin", accepted_on=clock.today(),
        from_town="322032", errand_id=errand_id,
    )  # fmt: skip
    waiting = find_errand(errand_id).waiting
    assert waiting == ("CONVENIENCE_STORE", "CS", "FUHYO", "TAX", "WELFARE")
    for number, channel in enumerate(waiting):
        assert not find_errand(errand_id).done
        officer = (SENIOR, CHIEF)[number % 2]
        unit.run(confirm_system, actor=officer, errand_id=errand_id, channel=channel)
    assert find_errand(errand_id).done
    assert {step.confirmed_by for step in find_errand(errand_id).steps} == {
        "GATE", SENIOR.name, CHIEF.name,
    }  # fmt: skip
    assert list_open_errands(actor=SENIOR) == ()
    assert count_open_errands(actor=SENIOR) == 0
    assert measure_id


def test_izumo_2021_a_request_to_clear_is_not_done_while_the_measure_holds():
    measure_id = protect("rin", state=MeasureState.FULL)
    errand_id = unit.run(
        receive_town_request, actor=SENIOR, kind="CLEAR", from_town="322032", measure_id=measure_id
    )
    confirm_everywhere_by_hand(errand_id)
    assert not find_errand(errand_id).done
    assert find_errand(errand_id).waiting == ("REGISTER", "CERTIFICATES", "KIOSK")
    pair = [(measure_id, version_of(measure_id))]
    unit.run(propose_end, pair, actor=SENIOR, reason="REQUEST", words="転送元からの連絡")
    unit.run(grant_end, pair, actor=CHIEF)
    assert find_errand(errand_id).done


def test_a_request_is_tied_to_one_measure_once():
    measure_id = protect("rin")
    errand_id = unit.run(receive_town_request, actor=SENIOR, kind="SET", from_town="322032")
    unit.run(attach_errand, actor=SENIOR, errand_id=errand_id, measure_id=measure_id)
    with pytest.raises(Refused) as refused:
        unit.run(attach_errand, actor=CHIEF, errand_id=errand_id, measure_id=measure_id)
    assert codes(refused) == ["ERRAND_TAKEN"]


def test_an_unlock_granted_late_still_has_only_its_minutes():
    protect("rin", state=MeasureState.FULL)
    unlock("r", person_ids=["rin"])
    with clock.frozen(clock.now() + timedelta(minutes=16)), pytest.raises(Refused) as refused:
        unit.run(
            use_unlock, actor=SENIOR, request_id="r", kind="JUMINHYO", use=Use.PRINT,
            person_ids=["rin"],
        )  # fmt: skip
    assert codes(refused) == ["UNLOCK_EXPIRED"]
    with pytest.raises(Refused):
        unit.run(grant_unlock, actor=CHIEF, unlock_id="no-such")


def confirm_everywhere_by_hand(errand_id: str) -> None:
    """Tick off only what an officer can know of, as the page lets them."""
    for step in find_errand(errand_id).steps:
        if not step.asks_gate:
            unit.run(confirm_system, actor=SENIOR, errand_id=errand_id, channel=step.channel)


def test_p10_the_evening_check_is_on_the_clock_of_the_queue():
    from procrastinate.contrib.django import app

    found = [
        (task.task.name, task.cron)
        for task in app.periodic_registry.periodic_tasks.values()
        if task.task.queue == "protection"
    ]
    assert found == [(EVENING, "30 8 * * *")]  # UTC: half past five in Japan
