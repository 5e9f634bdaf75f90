"""The emulated printer's inside: whatever happens in whatever order, paper is accounted for."""

from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.adapters.printer import machine as works
from madoguchi.adapters.printer.machine import Machine
from madoguchi.infra.clock import JAPAN
from madoguchi.kiosk.domain.devices import JobStage, PrinterTrouble

BEGIN = datetime(2026, 11, 24, 9, tzinfo=JAPAN)
OVER = (JobStage.DONE, JobStage.LOST)


class AnyOrder(RuleBasedStateMachine):
    """Jobs, hands and time in any order, against a model of counted sheets."""

    @initialize(paper=st.integers(0, 4), seconds=st.sampled_from([0.5, 2.0]))
    def begin(self, paper, seconds):
        self.now = BEGIN
        self.machine = Machine(at=BEGIN, paper=paper, sheet_seconds=seconds)
        self.loaded = paper
        self.spoiled = 0
        self.sent = {}
        self.ended = {}
        self.earlier = {}

    @rule(name=st.sampled_from("abcde"), sheets=st.integers(0, 3))
    def send(self, name, sheets):
        known = name in self.sent
        self.machine, reference = works.take(self.machine, name=name, sheets=sheets)
        if known:
            assert self.sent[name][0] == reference
        else:
            assert reference not in {one for one, _ in self.sent.values()}
            self.sent[name] = (reference, sheets)

    @rule(seconds=st.integers(0, 9))
    def wait(self, seconds):
        self.now += timedelta(seconds=seconds)
        before = self.machine
        self.machine = works.advance(before, self.now)
        drawn = before.paper - self.machine.paper
        came_out = sum(job.printed for job in self.machine.jobs) - sum(
            job.printed for job in before.jobs
        )
        self.spoiled += drawn - came_out
        assert drawn - came_out in (0, 1)
        if drawn != came_out:
            assert PrinterTrouble.PAPER_JAM in self.machine.troubles
        assert drawn <= seconds / before.sheet_seconds + 1
        if before.waits_for:
            assert drawn == 0

    @rule(trouble=st.sampled_from(sorted(set(PrinterTrouble) - {PrinterTrouble.PAPER_OUT})))
    def goes_wrong(self, trouble):
        self.machine = works.trouble(self.machine, trouble)
        assert trouble in self.machine.waits_for

    @rule(paper=st.integers(0, 3))
    def mended(self, paper):
        self.machine = works.mend(self.machine, paper=paper)
        self.loaded += paper

    @rule(sheets=st.integers(0, 2))
    def jam_planned(self, sheets):
        self.machine = Machine(
            **{
                name: getattr(self.machine, name)
                for name in Machine.__dataclass_fields__
                if name != "jam_in"
            },
            jam_in=sheets,
        )

    @rule(name=st.sampled_from("abcde"))
    def taken_back(self, name):
        if name in self.sent:
            self.machine = works.cancel(self.machine, self.sent[name][0])
            assert works.state_of(self.machine, self.sent[name][0]).stage in OVER

    @invariant()
    def every_sheet_is_accounted_for(self):
        came_out = sum(job.printed for job in self.machine.jobs)
        assert self.loaded == self.machine.paper + came_out + self.spoiled
        assert self.machine.paper >= 0

    @invariant()
    def no_job_goes_back_or_past_its_end(self):
        for reference, sheets in self.sent.values():
            told = works.state_of(self.machine, reference)
            before = self.earlier.get(reference)
            assert 0 <= told.sheets_done <= sheets
            assert (told.stage == JobStage.DONE) == (told.sheets_done == sheets > 0)
            if before:
                assert told.sheets_done >= before.sheets_done
                if before.stage in OVER:
                    assert (told.stage, told.sheets_done) == (before.stage, before.sheets_done)
            self.earlier[reference] = told

    @invariant()
    def what_waits_moves_once_it_is_mended(self):
        machine = works.mend(self.machine, paper=99)
        machine = Machine(
            at=machine.at,
            paper=machine.paper,
            sheet_seconds=machine.sheet_seconds,
            jobs=machine.jobs,
        )
        machine = works.advance(machine, self.now + timedelta(minutes=5))
        assert all(job.ended for job in machine.jobs)


AnyOrder.TestCase.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
TestAnyOrder = AnyOrder.TestCase


def test_time_without_paper_is_no_credit():
    empty = Machine(at=BEGIN, paper=0, sheet_seconds=1.0)
    empty, reference = works.take(empty, name="a", sheets=5)
    empty = works.advance(empty, BEGIN + timedelta(hours=1))
    full = works.advance(works.mend(empty, paper=9), BEGIN + timedelta(hours=1, seconds=2))
    assert works.state_of(full, reference).sheets_done == 2


def test_a_printer_forgets_its_oldest_jobs_and_no_open_one():
    machine = Machine(at=BEGIN, paper=10**6, sheet_seconds=0.001)
    for number in range(works.REMEMBERED_MAX + 5):
        machine, _ = works.take(machine, name=f"n{number}", sheets=1)
    machine = works.advance(machine, BEGIN + timedelta(hours=1))
    assert works.state_of(machine, "5") is None
    assert works.state_of(machine, "6").stage == JobStage.DONE
