"""R3: any order of filings, corrections and reverts reads the same as a plain retelling."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import hypothesis.strategies as st
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.kernel.dates import from_day
from madoguchi.register.domain.commands import (
    Amend,
    ChangeAddress,
    CorrectError,
    Filing,
    Newcomer,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
    RevertChange,
)
from madoguchi.register.domain.items import Status, items_of
from madoguchi.register.domain.planning import plan_change
from madoguchi.register.domain.reasons import Reason, ReasonKind, kind_of
from madoguchi.register.domain.timeline import items_after, newest_live, state_on
from madoguchi.register.testing import at, make_items, make_situation

DAY0 = date(2026, 1, 1)
TODAY = date(2026, 6, 1)
PERSON = "000000000000019"
TRACKED = ("name", "honseki", "address", "address_since", "status")

days = st.integers(0, 12).map(lambda n: DAY0 + timedelta(days=n))
words = st.sampled_from(["甲", "乙", "丙", "丁", "戊"])


# -- the oracle: what a careful clerk would answer from a paper diary ------------------


@dataclass
class Act:
    """One line of the diary."""

    no: int
    known_at: object
    day: date | None = None
    says: dict = field(default_factory=dict)
    corrects: int | None = None
    undoes: int | None = None


def retell(acts, *, on, known_at):
    """Return the tracked items as they were ``on``, from the lines written by ``known_at``."""
    told = [act for act in acts if act.known_at <= known_at]
    undone = {act.undoes for act in told}
    pages = {}
    for act in told:
        if act.undoes is not None or act.no in undone:
            continue
        if act.corrects is None:
            pages[act.no] = (act.day, act.no, dict(act.says))
        else:
            day, no, says = pages[act.corrects]
            pages[act.corrects] = (act.day or day, no, says | act.says)
    state = {}
    for day, _, says in sorted(pages.values(), key=lambda page: page[:2]):
        if day <= on:
            state |= says
    if state.get("status") is Status.MOVE_OUT_PLANNED and state["gone_on"] <= on:
        state["status"] = Status.MOVED_OUT
    return {name: state[name] for name in TRACKED} if state else None


# -- the machine -----------------------------------------------------------------------


class Ledger(RuleBasedStateMachine):
    """One person's record, driven through the same planner as the desk."""

    def __init__(self):
        super().__init__()
        self.history = ()
        self.acts = []
        self.hour = 0

    def plan(self, command):
        self.hour += 1
        now = at("2026-06-01T01:00") + timedelta(minutes=self.hour)
        histories = [self.history] if self.history else []
        situation = make_situation(
            *histories, today=TODAY.isoformat(), now=now, new_person_ids=(PERSON,)
        )
        return plan_change(command, situation)

    def take(self, plan):
        """Keep the versions of a plan that was not refused; tell whether it was not."""
        if plan.problems:
            return False
        assert len(plan.versions) == 1
        self.history += plan.versions
        return True

    def write(self, **given):
        newest = self.history[-1]
        self.acts.append(Act(no=newest.history_no, known_at=newest.recorded_at, **given))

    def file(self, command, day, **says):
        if self.take(self.plan(command)):
            self.write(day=day, says=says)

    def entry(self, day, *, back):
        items = make_items(became_resident=from_day(day).as_written, address_since="")
        command = RecordEntry(
            filing=Filing(effective=day.isoformat()),
            reason=Reason.MOVE_IN_DOMESTIC,
            newcomers=(Newcomer(items=items, person_id=PERSON if back else None),),
        )
        self.file(
            command,
            day,
            name=items.name,
            honseki=items.honseki,
            address=items.address,
            address_since=from_day(day).as_written,
            status=Status.RESIDENT,
        )

    @initialize(day=days)
    def enter(self, day):
        self.entry(day, back=False)
        assert self.history

    @rule(day=days)
    def come_back(self, day):
        self.entry(day, back=True)

    @rule(day=days, name=words)
    def rename(self, day, name):
        command = Amend(
            filing=Filing(effective=day.isoformat()),
            reason=Reason.AMEND_EX_OFFICIO,
            person_id=PERSON,
            changes={"name": name},
        )
        self.file(command, day, name=name)

    @rule(day=days, name=words, honseki=words)
    def marry(self, day, name, honseki):
        command = Amend(
            filing=Filing(effective=day.isoformat()),
            reason=Reason.AMEND_EX_OFFICIO,
            person_id=PERSON,
            changes={"name": name, "honseki": honseki},
        )
        before = self.history[-1]
        says = {"name": name, "honseki": honseki}
        self.file(
            command, day, **{key: one for key, one in says.items() if getattr(before, key) != one}
        )

    @rule(day=days, address=words)
    def move(self, day, address):
        command = ChangeAddress(
            filing=Filing(effective=day.isoformat()),
            person_ids=(PERSON,),
            postcode="894-1508",
            address=address,
        )
        said = day.isoformat()
        says = {"address": address}
        if self.history[-1].address_since != said:
            says["address_since"] = said
        self.file(command, day, **says)

    @rule(day=days)
    def die(self, day):
        command = RemovePersons(
            filing=Filing(effective=day.isoformat()), reason=Reason.DEATH, person_ids=(PERSON,)
        )
        self.file(command, day, status=Status.DEAD)

    @rule(ahead=st.integers(-10, 20))
    def plan_to_leave(self, ahead):
        day = TODAY + timedelta(days=ahead)
        command = PlanMoveOut(
            filing=Filing(effective=day.isoformat()),
            reason=Reason.MOVE_OUT_DOMESTIC,
            person_ids=(PERSON,),
            to="鹿児島県鹿児島市",
        )
        self.file(command, day, status=Status.MOVE_OUT_PLANNED, gone_on=day)

    @rule(item=st.sampled_from(["name", "honseki", "address"]), value=words)
    def correct(self, item, value):
        plan = self.plan(CorrectError(filing=Filing(), person_id=PERSON, changes={item: value}))
        if self.take(plan):
            self.write(corrects=self.history[-1].corrects_no, says={item: value})

    @rule(day=days, back=st.integers(0, 5))
    def correct_day(self, day, back):
        no = self.history[max(0, len(self.history) - 1 - back)].history_no
        command = CorrectError(
            filing=Filing(effective=day.isoformat()), person_id=PERSON, history_no=no
        )
        if self.take(self.plan(command)):
            self.write(corrects=no, day=day)

    @rule()
    def take_back(self):
        newest = newest_live(self.history)
        command = RevertChange(filing=Filing(), targets={PERSON: newest.history_no})
        if not self.take(self.plan(command)):
            return
        if self.history[-1].changed:  # no state before it: the record is struck from that day
            self.write(day=newest.effective_on, says={"status": Status.REMOVED})
        else:
            self.write(undoes=newest.history_no)

    @invariant()
    def numbers_have_no_gap(self):
        assert [one.history_no for one in self.history] == list(range(1, len(self.history) + 1))

    @invariant()
    def the_newest_version_is_the_current_state(self):
        if self.history:
            assert items_after(self.history) == items_of(self.history[-1])

    @invariant()
    def a_reversal_is_of_its_kind(self):
        for one in self.history:
            if one.reverts_no is not None:
                undone = kind_of(self.history[one.reverts_no - 1].reason)
                expected = {
                    ReasonKind.RECORD: Reason.REVERT_DECREASE,
                    ReasonKind.REMOVE: Reason.REVERT_INCREASE,
                    ReasonKind.AMEND: Reason.REVERT_AMENDMENT,
                }
                assert one.reason is expected[undone]

    def teardown(self):
        moments = [act.known_at for act in self.acts]
        ons = [DAY0 + timedelta(days=n) for n in range(-1, 14)]
        ons += [TODAY + timedelta(days=n) for n in (-10, -1, 0, 1, 20)]
        for known_at in moments:
            for on in ons:
                row = state_on(self.history, on=on, known_at=known_at)
                seen = row and {name: getattr(row, name) for name in TRACKED}
                assert seen == retell(self.acts, on=on, known_at=known_at), (on, known_at)


TestLedger = Ledger.TestCase
TestLedger.settings = settings(max_examples=60, stateful_step_count=14, deadline=None)


def test_the_machine_gets_somewhere():
    """The planner must not refuse everything, or the machine proves nothing."""
    machine = Ledger()
    machine.enter(DAY0)
    machine.move(DAY0 + timedelta(days=9), "乙")
    machine.rename(DAY0 + timedelta(days=4), "丙")
    machine.correct("address", "丁")
    machine.take_back()
    machine.plan_to_leave(5)
    assert len(machine.history) == len(machine.acts) == 6
    assert state_on(machine.history, on=DAY0 + timedelta(days=5)).name == "丙"
    assert state_on(machine.history, on=DAY0 + timedelta(days=5)).address != "乙"
    assert state_on(machine.history, on=TODAY).status is Status.RESIDENT
    assert state_on(machine.history, on=TODAY + timedelta(days=5)).status is Status.MOVED_OUT
    machine.teardown()


def test_a_backdated_change_of_what_changed_later_is_refused():
    machine = Ledger()
    machine.enter(DAY0)
    machine.rename(DAY0 + timedelta(days=9), "乙")
    plan = machine.plan(
        Amend(
            filing=Filing(effective=(DAY0 + timedelta(days=4)).isoformat()),
            reason=Reason.AMEND_EX_OFFICIO,
            person_id=PERSON,
            changes={"name": "丙"},
        )
    )
    assert [one.code for one in plan.problems] == ["LATER_CHANGE_STANDS"]
