"""Family runs on real tables: any order, another day, nothing twice, one terminal for all."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from madoguchi.accounts import testing as staff
from madoguchi.appointments import testing as a
from madoguchi.csops.testing import held
from madoguchi.infra import unit
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import protect
from madoguchi.visits.actions import running
from madoguchi.visits.domain.runs import Later, Pin, Reason
from madoguchi.visits.models import Run, RunStep
from madoguchi.visits.queries.runs import find_run, open_runs, reserved_minutes
from madoguchi.visits.testing import HOUSEHOLD, family

pytestmark = pytest.mark.django_db
NOW = a.NOW


def codes(refusal):
    return [one.code for one in refusal.value.problems]


def begin(reason=Reason.MOVE_IN, at=NOW, actor=None, **given):
    return unit.run(running.open_run, household_no=HOUSEHOLD, reason=reason, now=at,
                    filed_on=given.pop("filed_on", at.date()), actor=actor or a.clerk(), **given)  # fmt: skip


def row_of(run_id, at=NOW, actor=None):
    return find_run(run_id, actor=actor or a.clerk(), today=at.date())


def tell(run_id, at=NOW, **told):
    """Say of everybody that they are here with card and PIN, but for what is told by position."""
    members = [
        replace(one, **({"is_here": True, "card_here": True} | told.get(f"no{no}", {})))
        for no, one in enumerate(row_of(run_id).members)
    ]
    unit.run(running.tell_members, run_id=run_id, members=members, actor=a.clerk(), now=at)


def do(run_id, step, at=NOW):
    unit.run(running.do_step, run_id=run_id, person_id=step.person_id, code=step.code.value,
             actor=a.clerk(), now=at)  # fmt: skip


def test_a_family_of_four_from_the_first_press_to_the_last():
    family()
    run_id = begin()
    assert row_of(run_id).plan.steps == (), "nothing is planned before somebody looked"
    tell(run_id, no1={"pin": Pin.LOCKED}, no2={"lines_used": 4})
    row = row_of(run_id)
    assert [(one.code, one.on.isoformat()) for one in row.dues][-1] == (
        "CONTINUED_USE_ENDS", "2027-04-18",
    )  # fmt: skip
    steps = list(row.plan.steps)
    for step in steps:
        assert row_of(run_id).next == step
        do(run_id, step)
    assert row_of(run_id).plan.steps == () and row_of(run_id).plan.left == ()
    unit.run(running.close_run, run_id=run_id, actor=a.clerk(), now=NOW)
    assert row_of(run_id).is_closed and open_runs(actor=a.clerk(), today=NOW.date()) == ()


def test_f4_interrupted_and_continued_another_day_nothing_is_done_twice():
    people = family()
    run_id = begin()
    tell(run_id, no3={"card_here": False})
    for step in row_of(run_id).plan.steps[:5]:
        do(run_id, step)
    assert [(one.person_id, one.why) for one in row_of(run_id).plan.left] == [
        (people[3], Later.NO_CARD_HERE)
    ]
    later = NOW + timedelta(days=8)
    tell(run_id, at=later)
    rest = row_of(run_id, at=later).plan
    done = set(RunStep.objects.values_list("person_id", "code"))
    assert len(done) == 5 and rest.left == ()
    assert not done & {(one.person_id, one.code.value) for one in rest.steps}
    assert {one.person_id for one in rest.steps} >= {people[3]}
    first = next(iter(done))
    with pytest.raises(Refused) as refusal:
        unit.run(running.do_step, run_id=run_id, person_id=first[0], code=first[1],
                 actor=a.clerk(), now=later)  # fmt: skip
    assert codes(refusal) == ["RUN_STEP_NOT_LEFT"]
    with pytest.raises(IntegrityError), transaction.atomic():
        RunStep.objects.create(run_id=run_id, person_id=first[0], code=first[1], done_at=later,
                               done_by="kaede")  # fmt: skip


def test_past_the_ninety_days_the_card_has_lapsed():
    family()
    run_id = begin(filed_on=NOW.date() - timedelta(days=91))
    tell(run_id)
    row = row_of(run_id)
    assert row.plan.steps == () and {one.why for one in row.plan.left} == {Later.TOO_LATE}
    assert {one.code for one in row.dues} == {"CONTINUED_USE_ENDS"}


def test_a_step_out_of_its_turn_and_a_step_of_yesterday():
    family()
    run_id = begin(reason=Reason.MOVE_WITHIN)
    tell(run_id)
    last = row_of(run_id).plan.steps[-1]
    with pytest.raises(Refused) as refusal:
        do(run_id, last)
    assert codes(refusal) == ["RUN_STEP_TOO_EARLY"]
    first = row_of(run_id).next
    do(run_id, first)
    for actor, at in ((staff.actor_for(staff.nagi()), NOW), (a.clerk(), NOW + timedelta(days=1))):
        with pytest.raises(Refused) as refusal:
            unit.run(running.undo_step, run_id=run_id, actor=actor, now=at)
        assert codes(refusal) == ["RUN_STEP_NOT_YOURS"]
    unit.run(running.undo_step, run_id=run_id, actor=a.clerk(), now=NOW)
    assert row_of(run_id).next == first and RunStep.objects.count() == 1


def test_f5_one_terminal_is_kept_once_for_the_whole_family():
    family()
    run_id = begin()
    with pytest.raises(Refused) as refusal:
        unit.run(running.keep_terminal, run_id=run_id, on=NOW.date(), begins=600,
                 actor=a.clerk(), now=NOW)  # fmt: skip
    assert codes(refusal) == ["RUN_NEEDS_NO_TERMINAL"]
    tell(run_id)
    minutes = reserved_minutes(row_of(run_id).plan)
    assert minutes >= row_of(run_id).plan.terminal_minutes and minutes % 5 == 0
    for begins in (600, 780):
        unit.run(running.keep_terminal, run_id=run_id, on=NOW.date(), begins=begins,
                 actor=a.clerk(), now=NOW)  # fmt: skip
    assert len(held()) == 1, "the earlier minutes went back"
    assert row_of(run_id).reserved.begins == 780 and row_of(run_id).reserved.minutes == minutes
    with pytest.raises(Refused) as refusal:
        unit.run(running.keep_terminal, run_id=run_id, on=NOW.date(), begins=1200,
                 actor=a.clerk(), now=NOW)  # fmt: skip
    assert "TERMINAL_CLOSED" in codes(refusal)
    assert len(held()) == 1 and row_of(run_id).reserved.begins == 780, "nothing half done"
    unit.run(running.close_run, run_id=run_id, actor=a.clerk(), now=NOW)
    assert held() == []


def test_a_household_has_one_open_run_and_all_that_is_wrong_is_said():
    family()
    begin()
    with pytest.raises(Refused) as refusal:
        begin(reason=Reason.RENAME, filed_on=NOW.date() + timedelta(days=1),
              planned_out_on=NOW.date())  # fmt: skip
    assert codes(refusal) == ["RUN_FILED_LATER", "RUN_NO_MOVE_OUT", "RUN_OPEN_ALREADY"]


def test_f6_a_run_with_somebody_held_is_not_there():
    people = family()
    run_id = begin()
    tell(run_id)
    protect(people[1])
    assert row_of(run_id) is None and open_runs(actor=a.clerk(), today=NOW.date()) == ()
    for action, more in (
        (running.undo_step, {}), (running.close_run, {}),
        (running.do_step, {"person_id": people[0], "code": "CONTINUE"}),
        (running.keep_terminal, {"on": NOW.date(), "begins": 600}),
        (running.tell_members, {"members": ()}),
    ):  # fmt: skip
        with pytest.raises(Refused) as refusal:
            unit.run(action, run_id=run_id, actor=a.clerk(), now=NOW, **more)
        assert codes(refusal) == ["RUN_UNKNOWN"]
    sees = staff.actor_for(staff.kai())
    assert row_of(run_id, actor=sees) is not None


class Running(RuleBasedStateMachine):
    """A run pressed in any order over several days, against a set of what was done."""

    def __init__(self):
        super().__init__()
        RunStep.objects.all().delete()
        for one in Run.objects.all():
            one.members.all().delete()
            one.delete()
        self.at, self.done = NOW, []
        self.run_id = begin()
        tell(self.run_id)

    @rule(no=st.integers(0, 3), card=st.booleans(), here=st.booleans(), pin=st.sampled_from(list(Pin)),
          lines=st.integers(0, 4))  # fmt: skip
    def told_anew(self, no, card, here, pin, lines):
        tell(self.run_id, at=self.at, **{f"no{no}": {
            "card_here": card, "is_here": here, "pin": pin, "lines_used": lines,
        }})  # fmt: skip

    @rule(days=st.integers(1, 3))
    def another_day(self, days):
        self.at += timedelta(days=days)

    @rule(at=st.integers(0, 20))
    def step(self, at):
        steps = row_of(self.run_id, at=self.at).plan.steps
        if at < len(steps):
            step = steps[at]
            first = next(one for one in steps if one.person_id == step.person_id)
            try:
                do(self.run_id, step, at=self.at)
            except Refused:
                assert step != first
            else:
                assert step == first
                self.done.append((step.person_id, step.code.value))

    @rule()
    def undo(self):
        try:
            unit.run(running.undo_step, run_id=self.run_id, actor=a.clerk(), now=self.at)
        except Refused:
            return
        self.done.pop()

    @invariant()
    def what_was_done_stays_done_once(self):
        row = row_of(self.run_id, at=self.at)
        assert [(one.person_id, one.code) for one in row.done] == self.done
        assert len(set(self.done)) == len(self.done)
        left = {(one.person_id, one.code.value) for one in row.plan.steps}
        assert not left & set(self.done)


def test_any_order_over_days_loses_nothing():
    family()
    run_state_machine_as_test(
        Running,
        settings=settings(max_examples=10, stateful_step_count=15, deadline=None,
                          suppress_health_check=list(HealthCheck)),
    )  # fmt: skip
