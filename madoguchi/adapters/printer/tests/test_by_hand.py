"""A clerk prints: the same port, with a person behind it."""

import stat
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.adapters.printer.by_hand import KEPT_HOURS_MAX, ByHand
from madoguchi.adapters.printer.tests.papers import paper
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import JobStage, NoAnswer

BEGIN = datetime(2026, 11, 24, 10, tzinfo=JAPAN)


@pytest.fixture
def desk(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    desk = ByHand(terminal_no="K1", now=lambda: desk.moment)
    desk.moment = BEGIN
    return desk


def test_it_waits_for_a_clerk_who_gets_the_file(desk):
    assert desk.state().ready
    pdf = paper(2)
    reference = desk.print(name="a", pdf=pdf)
    assert desk.job(reference).stage == JobStage.WAITING
    (waiting,) = desk.waiting()
    assert (waiting.reference, waiting.sheets, waiting.asked_at) == (reference, 2, BEGIN)
    assert desk.paper(reference) == pdf
    assert desk.settle(reference, printed=True)
    told = desk.job(reference)
    assert (told.stage, told.sheets_done) == (JobStage.DONE, 2)


@pytest.mark.parametrize("end", ["printed", "spoiled", "cancelled", "overnight"])
def test_the_file_is_wiped_at_every_end_and_the_first_word_stands(desk, tmp_path, end):
    reference = desk.print(name="a", pdf=paper(1))
    (kept,) = tmp_path.rglob("*.pdf")
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    if end == "cancelled":
        assert desk.cancel(reference) is None
    elif end == "overnight":
        desk.moment += timedelta(hours=KEPT_HOURS_MAX, seconds=1)
    else:
        assert desk.settle(reference, printed=end == "printed")
    expected = JobStage.DONE if end == "printed" else JobStage.LOST
    assert desk.job(reference).stage == expected
    assert list(tmp_path.rglob("*.pdf")) == []
    assert desk.paper(reference) is None
    assert desk.waiting() == ()
    for again in (True, False):
        assert not desk.settle(reference, printed=again)
    assert desk.cancel(reference) is None
    assert desk.print(name="a", pdf=paper(1)) == reference
    assert desk.job(reference).stage == expected
    assert list(tmp_path.rglob("*.pdf")) == []


@pytest.mark.parametrize("fetched", [True, False])
def test_a_file_a_clerk_has_fetched_may_be_on_paper(desk, fetched):
    """Waiting, taken back or spoiled: 0 sheets is a count only where nobody had the file."""
    reference = desk.print(name="a", pdf=paper(1))
    if fetched:
        desk.paper(reference)
    assert desk.job(reference).counts is not fetched
    desk.cancel(reference)
    told = desk.job(reference)
    assert (told.stage, told.sheets_done, told.counts) == (JobStage.LOST, 0, not fetched)


def test_one_name_is_one_paper(desk):
    assert desk.print(name="a", pdf=paper(1)) == desk.print(name="a", pdf=paper(1))
    assert desk.print(name="b", pdf=paper(1)) != desk.print(name="a", pdf=paper(1))
    assert len(desk.waiting()) == 2


def test_what_is_no_paper_is_lost(desk):
    assert desk.job(desk.print(name="a", pdf=b"no paper")).stage == JobStage.LOST


@pytest.mark.parametrize("reference", ["", "../book", "4711", "a" * 32])
def test_an_unknown_reference_opens_nothing(desk, reference):
    desk.print(name="a", pdf=paper(1))
    assert desk.job(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)
    assert desk.cancel(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)
    assert desk.paper(reference) is None
    assert not desk.settle(reference, printed=True)


def test_its_book_is_forgotten_after_a_week(desk):
    reference = desk.print(name="a", pdf=paper(1))
    desk.settle(reference, printed=True)
    desk.moment += timedelta(days=8)
    assert desk.job(reference) == Unavailable(reason=NoAnswer.FORGOTTEN)


@pytest.fixture
def folder(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    return tmp_path


def test_any_order_of_clerk_kiosk_and_time(folder):
    """Against a model of one word a paper: the first one said."""

    class AnyOrder(RuleBasedStateMachine):
        runs = 0

        @initialize()
        def begin(self):
            AnyOrder.runs += 1
            self.moment = BEGIN
            self.desk = ByHand(terminal_no=f"K{AnyOrder.runs}", now=lambda: self.moment)
            self.said = {}
            self.known = {}

        @rule(name=st.sampled_from("abc"))
        def send(self, name):
            reference = self.desk.print(name=name, pdf=PAPER)
            assert self.known.setdefault(name, reference) == reference
            self.said.setdefault(name, JobStage.WAITING)

        @rule(name=st.sampled_from("abc"), printed=st.booleans())
        def clerk(self, name, printed):
            if name in self.known:
                open_still = self.said[name] == JobStage.WAITING
                assert self.desk.settle(self.known[name], printed=printed) == open_still
                if open_still:
                    self.said[name] = JobStage.DONE if printed else JobStage.LOST

        @rule(name=st.sampled_from("abc"))
        def taken_back(self, name):
            if name in self.known:
                self.desk.cancel(self.known[name])
                if self.said[name] == JobStage.WAITING:
                    self.said[name] = JobStage.LOST

        @rule()
        def night(self):
            self.moment += timedelta(hours=KEPT_HOURS_MAX + 1)
            for name, word in self.said.items():
                if word == JobStage.WAITING:
                    self.said[name] = JobStage.LOST

        @invariant()
        def each_paper_has_its_word(self):
            if self.moment - BEGIN > timedelta(days=6):
                return
            for name, reference in self.known.items():
                assert self.desk.job(reference).stage == self.said[name]
            waiting = {paper.reference for paper in self.desk.waiting()}
            assert waiting == {
                self.known[name] for name, word in self.said.items() if word == JobStage.WAITING
            }

    from hypothesis.stateful import run_state_machine_as_test

    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=20,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


PAPER = paper(1)
