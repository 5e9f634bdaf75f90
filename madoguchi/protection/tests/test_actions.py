"""Measures through their actions on a real database: accept, confirm, extend, carry over, end."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from madoguchi.infra import clock, facts, unit
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Refused
from madoguchi.protection import models
from madoguchi.protection.actions import blocks
from madoguchi.protection.actions.endings import decline_end, grant_end, propose_end
from madoguchi.protection.actions.errands import receive_town_request
from madoguchi.protection.actions.evening import check_evening
from madoguchi.protection.actions.measures import (
    confirm_system,
    extend_measure,
    forward_measure,
    set_measure,
)
from madoguchi.protection.api import (
    Use,
    carry_over,
    gate,
    list_accepted_not_effective,
    list_expiring,
    list_waiting,
)
from madoguchi.protection.domain.measures import MeasureState
from madoguchi.protection.queries.errands import list_errands_of, list_open_errands
from madoguchi.protection.queries.measures import (
    count_held_wrongly,
    find_measure,
    find_reference,
    list_forwardings,
    list_measures,
    list_steps,
    measures_by_id,
)
from madoguchi.protection.testing import (
    CHIEF,
    CLERK,
    OTHER,
    SENIOR,
    confirm_everywhere,
    end,
    protect,
    version_of,
)

pytestmark = pytest.mark.django_db


def at(year: int, month: int, day: int, hour: int = 10) -> datetime:
    return datetime(year, month, day, hour, tzinfo=clock.JAPAN)


def codes(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return [problem.code for problem in refused.value.problems]


def the(measure_id: str):
    (measure,) = measures_by_id([measure_id])
    return measure


def held() -> set[str]:
    assert count_held_wrongly() == 0
    return set(models.Held.objects.values_list("person_id", flat=True))


def test_an_accepted_measure_holds_at_once_with_everybody_protected_along():
    measure_id = protect("rin", together=["rin-child"])
    assert the(measure_id).state is MeasureState.ACCEPTED
    assert held() == {"rin", "rin-child"}
    for use in Use:
        assert gate(["rin", "rin-child", "aoi"], actor=CLERK, use=use).open == {"aoi"}


def test_the_last_confirmation_brings_it_in_effect_and_not_one_earlier():
    measure_id = protect("rin")
    (errand,) = list_errands_of(measure_id, actor=SENIOR)
    assert {"REGISTER", "CERTIFICATES", "KIOSK"}.isdisjoint(errand.waiting)
    for channel in errand.waiting:
        assert the(measure_id).state is MeasureState.ACCEPTED
        assert [one.measure_id for one in list_accepted_not_effective(actor=SENIOR)] == [measure_id]
        unit.run(confirm_system, actor=SENIOR, errand_id=errand.errand_id, channel=channel)
    assert the(measure_id).state is MeasureState.PROVISIONAL
    assert list_accepted_not_effective(actor=SENIOR) == ()
    assert list_open_errands(actor=SENIOR) == ()


def test_the_same_channel_is_not_confirmed_twice():
    measure_id = protect("rin")
    (errand,) = list_errands_of(measure_id, actor=SENIOR)
    unit.run(confirm_system, actor=SENIOR, errand_id=errand.errand_id, channel="CS")
    with pytest.raises(Refused) as refused:
        unit.run(confirm_system, actor=CHIEF, errand_id=errand.errand_id, channel="CS")
    assert codes(refused) == ["ERRAND_STEP_NOT_WAITING"]


def test_p2_a_full_measure_has_its_year_and_holds_long_after_it():
    with clock.frozen(at(2020, 4, 1)):
        measure_id = protect("rin", state=MeasureState.FULL)
    assert the(measure_id).period.ends_on == date(2021, 3, 31)
    with clock.frozen(at(2031, 1, 1)):
        assert gate(["rin"], actor=CLERK, use=Use.PRINT).blocked == {"rin"}
        told = gate(["rin"], actor=SENIOR, use=Use.VIEW).alerts["rin"]
        assert [one.code for one in told] == ["PROTECTION_FULL", "PROTECTION_OVER"]
        assert held() == {"rin"}


def test_extension_opens_a_month_before_and_counts_from_the_day_after():
    with clock.frozen(at(2020, 4, 1)):
        measure_id = protect("rin", state=MeasureState.FULL)
    version = version_of(measure_id)
    with clock.frozen(at(2021, 2, 27)), pytest.raises(Refused) as refused:
        unit.run(extend_measure, actor=SENIOR, measure_id=measure_id, version=version)
    assert codes(refused) == ["PROTECTION_TOO_EARLY"]
    with clock.frozen(at(2021, 2, 28)):
        assert [row.measure.measure_id for row in list_expiring(actor=SENIOR)] == [measure_id]
        ends_on = unit.run(extend_measure, actor=SENIOR, measure_id=measure_id, version=version)
        assert ends_on == date(2022, 3, 31)
        assert the(measure_id).period.begins_on == date(2021, 4, 1)
        assert list_expiring(actor=SENIOR) == ()
    errands = list_errands_of(measure_id, actor=SENIOR)
    assert [errand.kind.value for errand in errands] == ["SET", "EXTEND"]


def test_a_stale_version_extends_nothing():
    with clock.frozen(at(2020, 4, 1)):
        measure_id = protect("rin", state=MeasureState.FULL)
    with clock.frozen(at(2021, 3, 1)), pytest.raises(Refused) as refused:
        unit.run(
            extend_measure, actor=SENIOR, measure_id=measure_id, version=version_of(measure_id) - 1
        )
    assert codes(refused) == ["STALE_STATE"]
    assert the(measure_id).period.ends_on == date(2021, 3, 31)


@pytest.mark.parametrize("actor", [CLERK, OTHER])
def test_without_the_right_nothing_can_be_set_and_nothing_is_seen(actor: Actor):
    with pytest.raises(Refused) as refused:
        unit.run(set_measure, actor=actor, applicant_id="rin", accepted_on=clock.today())
    assert set(codes(refused)) == {"PROTECTION_RIGHT_MISSING"}
    measure_id = protect("rin", state=MeasureState.FULL)
    assert list_measures(actor=actor) == ()
    assert list_expiring(actor=actor) == ()
    assert list_accepted_not_effective(actor=actor) == ()
    assert list_open_errands(actor=actor) == ()
    assert find_measure(measure_id, actor=actor) is None
    assert find_reference(measure_id, actor=actor) is None
    assert list_steps(measure_id, actor=actor) == ()
    assert list_waiting(actor=actor).endings == ()


def test_the_words_about_the_perpetrator_stay_apart_and_take_no_individual_number():
    measure_id = unit.run(
        set_measure,
        actor=SENIOR,
        applicant_id="rin",
        accepted_on=clock.today(),
        reference="元配偶者。車は白い軽。",
    )
    assert find_reference(measure_id, actor=SENIOR) == "元配偶者。車は白い軽。"
    assert find_reference(measure_id, actor=CLERK) is None
    with pytest.raises(Refused) as refused:
        unit.run(
            set_measure,
            actor=SENIOR,
            applicant_id="aoi",
            accepted_on=clock.today(),
            reference="番号 1234 5678 9018",
        )
    assert codes(refused) == ["TEXT_HAS_INDIVIDUAL_NUMBER"]
    assert held() == {"rin"}


def test_an_end_takes_two_officers_and_leaves_the_others_held():
    both = protect("rin", together=["rin-child"], state=MeasureState.FULL)
    own = protect("rin-child")
    pair = [(both, version_of(both))]
    unit.run(propose_end, pair, actor=CHIEF, reason="MAYOR", words="転居し危険がなくなった")
    assert held() == {"rin", "rin-child"}
    with pytest.raises(Refused) as refused:
        unit.run(grant_end, pair, actor=CHIEF)
    assert codes(refused) == ["SECOND_OFFICER_IS_FIRST"]
    with pytest.raises(Refused) as refused:
        unit.run(grant_end, pair, actor=SENIOR)
    assert "PROTECTION_RIGHT_MISSING" in codes(refused)
    assert held() == {"rin", "rin-child"}
    (waiting,) = list_waiting(actor=SENIOR).endings
    unit.run(decline_end, actor=SENIOR, ending_id=waiting.ending_id)
    end(both)
    assert held() == {"rin-child"}
    assert the(both).ended_on == clock.today()
    assert the(own).state is MeasureState.ACCEPTED
    clearing = list_errands_of(both, actor=SENIOR)[-1]
    assert clearing.kind.value == "CLEAR" and "CONVENIENCE_STORE" in clearing.waiting


def test_an_end_without_a_proposal_is_refused():
    measure_id = protect("rin", state=MeasureState.FULL)
    with pytest.raises(Refused) as refused:
        unit.run(grant_end, [(measure_id, version_of(measure_id))], actor=CHIEF)
    assert codes(refused) == ["END_NOT_PROPOSED"]
    assert held() == {"rin"}


def test_p8_moving_out_carries_the_hold_over_without_a_gap():
    measure_id = protect("rin", together=["rin-child"], state=MeasureState.FULL)
    touched = unit.run(
        carry_over, ["rin", "rin-child"], actor=CLERK, moved_on=clock.today(), to_town="462012"
    )
    assert touched == (measure_id,)
    assert the(measure_id).state is MeasureState.PROVISIONAL
    assert the(measure_id).carried_to == "462012"
    assert held() == {"rin", "rin-child"}
    errand = list_errands_of(measure_id, actor=SENIOR)[-1]
    assert errand.kind.value == "CARRY_OVER" and "NEW_TOWN" in errand.waiting
    confirm_everywhere(measure_id)
    assert list_open_errands(actor=SENIOR) == ()
    # Told of everywhere and over its year, it still holds until two officers end it.
    assert held() == {"rin", "rin-child"}


def test_a_co_protected_person_who_moves_out_leaves_the_measure_full():
    measure_id = protect("rin", together=["rin-child"], state=MeasureState.FULL)
    before = version_of(measure_id)
    unit.run(carry_over, ["rin-child"], actor=CLERK, moved_on=clock.today(), to_town="462012")
    assert the(measure_id).state is MeasureState.FULL
    assert version_of(measure_id) == before + 1
    assert held() == {"rin", "rin-child"}


def test_every_step_is_kept_and_can_never_be_changed():
    measure_id = protect("rin", state=MeasureState.FULL)
    unit.run(
        forward_measure,
        actor=SENIOR,
        measure_id=measure_id,
        version=version_of(measure_id),
        town_code="462012",
        sent_on=clock.today(),
    )
    assert list_forwardings(measure_id, actor=SENIOR) == (("462012", clock.today()),)
    end(measure_id)
    steps = list_steps(measure_id, actor=SENIOR)
    assert [step.name for step in steps] == [
        "ACCEPTED", "IN_EFFECT", "CONFIRMED", "FORWARDED", "ENDED",
    ]  # fmt: skip
    assert [step.version for step in steps] == [1, 2, 3, 4, 5]
    assert steps[-1].staff_name == CHIEF.name and steps[-1].second_name == SENIOR.name
    with pytest.raises(Exception, match="append-only"):
        models.Step.objects.filter(measure_id=measure_id).update(name="ACCEPTED")


def test_the_list_puts_what_is_not_in_effect_first_then_over_then_ending():
    with clock.frozen(at(2025, 1, 10)):
        over = protect("a", state=MeasureState.FULL)
    with clock.frozen(at(2025, 12, 10)):
        soon = protect("b", state=MeasureState.FULL)
    with clock.frozen(at(2026, 11, 20)):
        calm = protect("c", state=MeasureState.FULL)
        new = protect("d")
        listed = [row.measure.measure_id for row in list_measures(actor=SENIOR)]
        assert listed == [new, over, soon, calm]


def test_lists_cost_the_same_number_of_queries_however_long(django_assert_num_queries):
    for number in range(3):
        protect(f"p{number}", together=[f"q{number}"])
    with django_assert_num_queries(1):
        assert len(list_measures(actor=SENIOR)) == 3
    with django_assert_num_queries(2):
        assert len(list_open_errands(actor=SENIOR)) == 3
    with django_assert_num_queries(1):
        assert len(list_accepted_not_effective(actor=SENIOR)) == 3


# -- other holds ------------------------------------------------------------------------


def a_block(**given: object) -> str:
    wanted = {
        "actor": SENIOR,
        "subject_kind": "PERSON",
        "subject_id": "aoi",
        "process": "ISSUE",
        "level": "ERROR",
        "reason": "記録の修正中",
        "starts_on": clock.today(),
        **given,
    }
    return unit.run(blocks.set_block, **wanted)


def test_a_block_stops_its_process_alone_and_for_everybody():
    a_block()
    for actor in (CLERK, SENIOR, CHIEF):
        assert gate(["aoi"], actor=actor, use=Use.PRINT).blocked == {"aoi"}
        assert gate(["aoi"], actor=actor, use=Use.VIEW).open == {"aoi"}
        assert gate(["aoi"], actor=actor, use=Use.CHANGE).open == {"aoi"}


def test_a_block_of_level_alert_tells_and_lets_pass():
    a_block(level="ALERT", process="INQUIRY")
    answer = gate(["aoi"], actor=CLERK, use=Use.VIEW)
    assert answer.open == {"aoi"}
    assert [one.code for one in answer.alerts["aoi"]] == ["BLOCK_ALERT"]


def test_a_blocked_person_is_still_found_and_the_block_is_seen_in_the_results():
    a_block(process="INQUIRY")
    found = gate(["aoi"], actor=CLERK, use=Use.SEARCH)
    assert found.open == {"aoi"}
    assert [one.code for one in found.alerts["aoi"]] == ["BLOCK_ERROR"]
    assert gate(["aoi"], actor=CLERK, use=Use.VIEW).blocked == {"aoi"}


def test_a_block_on_a_household_stops_its_members_and_nobody_else():
    a_block(subject_kind="HOUSEHOLD", subject_id="h1")
    homes = {"aoi": "h1", "sora": "h2"}
    answer = gate(["aoi", "sora"], actor=CLERK, use=Use.PRINT, households=homes)
    assert answer.blocked == {"aoi"} and answer.open == {"sora"}


def test_a_block_does_not_lapse_with_its_last_day():
    with clock.frozen(at(2026, 4, 1)):
        a_block(ends_on=date(2026, 4, 2))
    with clock.frozen(at(2027, 4, 1)):
        assert gate(["aoi"], actor=CLERK, use=Use.PRINT).blocked == {"aoi"}


def test_an_opened_block_closes_again_by_its_timer():
    with clock.frozen(at(2026, 4, 1, 10)):
        block_id = a_block()
        until = unit.run(blocks.open_block, actor=SENIOR, block_id=block_id)
        assert gate(["aoi"], actor=CLERK, use=Use.PRINT).open == {"aoi"}
    with clock.frozen(until):
        assert gate(["aoi"], actor=CLERK, use=Use.PRINT).blocked == {"aoi"}


def test_setting_opening_and_clearing_are_three_rights():
    block_id = a_block()
    for action in (blocks.clear_block, blocks.open_block):
        with pytest.raises(Refused):
            unit.run(action, actor=CLERK, block_id=block_id)
    with pytest.raises(Refused):
        unit.run(blocks.clear_block, actor=SENIOR, block_id=block_id)
    unit.run(blocks.clear_block, actor=CHIEF, block_id=block_id)
    assert gate(["aoi"], actor=CLERK, use=Use.PRINT).open == {"aoi"}


def test_a_block_on_a_held_person_tells_nothing_to_those_who_may_not_know():
    a_block(subject_id="rin", level="ALERT")
    protect("rin")
    answer = gate(["rin"], actor=CLERK, use=Use.PRINT)
    assert answer.blocked == {"rin"} and not answer.alerts


# -- the evening -------------------------------------------------------------------------


def test_the_evening_check_raises_what_is_left():
    started = clock.now()
    protect("rin")
    unit.run(receive_town_request, actor=SENIOR, kind="SET", from_town="462012")
    found = unit.run(check_evening, actor=CHIEF)
    assert (found.not_effective, found.held_wrongly) == (2, 0)
    (raised,) = facts.list_facts(name="protection_alert_raised", since=started)
    assert raised.values == {"not_effective": 2, "held_wrongly": 0}


def test_the_evening_check_is_quiet_when_all_is_done():
    started = clock.now()
    measure_id = protect("rin")
    confirm_everywhere(measure_id)
    found = unit.run(check_evening, actor=CHIEF)
    assert (found.not_effective, found.held_wrongly) == (0, 0)
    assert facts.list_facts(name="protection_alert_raised", since=started) == ()


def test_p11_the_evening_check_sees_a_row_that_fell_out_of_the_held_table():
    protect("rin")
    models.Held.objects.all().delete()
    # The gate still holds: the measure alone is enough.
    assert gate(["rin"], actor=CLERK, use=Use.VIEW).blocked == {"rin"}
    assert unit.run(check_evening, actor=CHIEF).held_wrongly == 1
