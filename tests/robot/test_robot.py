"""The robot before real screens in a real Chromium: nothing wrong is written, whatever happens."""

from __future__ import annotations

import json
import os
import signal
import time

import pytest

from madoguchi.adapters.csterminal.machine import Fault
from madoguchi.cards.actions.setup import note_setup
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.models import Card, CardEvent
from madoguchi.infra import clock, facts, unit
from madoguchi.infra.models import Fact
from madoguchi.kernel.actor import Right
from madoguchi.protection.testing import protect
from madoguchi.register.testing import clerk
from tests.robot import town

pytestmark = pytest.mark.usefixtures("needs_chromium")


@pytest.fixture(scope="module")
def browser(needs_chromium):
    running = town.a_browser()
    yield running
    running.close()


def codes(run):
    return [one.code for one in run.problems]


#: What is written of the card it stopped at, whether the terminal has it, and what is said.
STOPS = {
    Fault.SLOW: ("", False, ["ROBOT_TOO_SLOW"]),
    Fault.SESSION_LOST: ("", False, ["ROBOT_SESSION_LOST"]),
    Fault.SESSION_LOST_AFTER: ("DONE", True, ["ROBOT_SESSION_LOST"]),
    Fault.HANGS_AFTER: ("DONE", True, ["ROBOT_TOO_SLOW"]),
    Fault.WRONG_CARD: ("", False, ["ROBOT_WRONG_CARD"]),
    Fault.UNREADABLE: ("CARD_UNREADABLE", False, ["ROBOT_CARD_UNREADABLE"]),
    Fault.NOT_FOUND: ("NOT_FOUND", False, ["ROBOT_CARD_NOT_FOUND"]),
    Fault.DIFFERS: ("DIFFERS", False, ["ROBOT_KANA_DIFFERS"]),
    Fault.REFUSED: ("REFUSED", False, ["ROBOT_CARD_REFUSED"]),
    Fault.DUPLICATE: ("DONE", True, ["ROBOT_SCREEN_UNKNOWN"]),
    Fault.LAYOUT: ("", False, ["ROBOT_SCREEN_UNKNOWN"]),
    Fault.BOX: ("", False, ["ROBOT_BOX_IN_THE_WAY"]),
    Fault.NOT_LISTED: ("", False, ["ROBOT_LIST_DIFFERS", "ROBOT_MAYBE_SET"]),
    Fault.OFF: ("", False, ["ROBOT_SCREEN_UNKNOWN"]),
}


def at_work(browser, running, at, expected):
    """One run to the next fault on the shelf: there it stops, and nothing wrong is written."""
    order = sorted(town.states())
    run = town.run_robot(browser, running, wait=town.IMPATIENT_SECONDS)
    number, said = run.stopped_at.notice_no, codes(run)
    fault = at[number]
    assert (run.stopped_at.outcome, number in town.listed(running), said) == expected[fault], fault
    done = {no for no, what in town.outcomes().items() if what == "DONE"}
    assert done == set(town.listed(running)), fault
    later = order[order.index(number) + 1 :]
    assert not set(later) & {*town.outcomes(), *town.listed(running)}, fault
    running.machine.plan(number, None)
    return number


def a_shelf(browser, tmp_path, *, in_place, off):
    """40 cards, every fault on one of them: each stops the run once, and mended it goes on."""
    assert set(STOPS) == set(Fault)
    expected = {**STOPS, Fault.OFF: ("", False, [off])}
    began = clock.now()
    town.shelve(40)
    order = list(Card.objects.order_by("shelf_order").values_list("notice_no", flat=True))
    at = dict(zip(order[1:30:2], Fault, strict=False))
    assert set(at.values()) == set(Fault)
    with town.terminal(tmp_path, in_place=in_place, slow_seconds=30, hang_seconds=30) as running:
        for number, fault in at.items():
            running.machine.plan(number, fault)
        stopped = [at_work(browser, running, at, expected) for _ in at]
        assert stopped == list(at)
        run = town.run_robot(browser, running)
        assert (run.problems, run.passed_over, run.waiting) == ((), [], 0)
        # What we have is what the terminal has, each once, along the shelf.
        faulty = {fault: said[0] for fault, said in STOPS.items() if said[0] not in ("", "DONE")}
        wrong = {no: faulty[fault] for no, fault in at.items() if fault in faulty}
        assert town.outcomes() == {no: wrong.get(no, "DONE") for no in order}
        assert town.listed(running) == [no for no in order if no not in wrong]
        assert town.run_robot(browser, running).done == []
    assert set(Card.objects.values_list("setup_by", "setup_terminal")) == {
        (town.KAEDE.staff_id, "CS1")
    }
    noted = facts.list_facts(name="card_setup", since=began)
    assert {one.detail["how"] for one in CardEvent.objects.filter(verb="SETUP")} == {"ROBOT"}
    assert [one.values["how"] for one in noted] == ["ROBOT"] * 40


def test_forty_cards_and_every_fault_on_screens_that_change_in_place(db, browser, tmp_path):
    a_shelf(browser, tmp_path, in_place=True, off="ROBOT_SCREEN_UNKNOWN")


@pytest.mark.full
def test_forty_cards_and_every_fault_on_screens_that_are_opened(db, browser, tmp_path):
    a_shelf(browser, tmp_path, in_place=False, off="ROBOT_NOT_REACHED")


@pytest.mark.full
@pytest.mark.parametrize("in_place", [True, False])
def test_forty_cards_in_one_run(db, browser, tmp_path, in_place):
    town.shelve(40)
    with town.terminal(tmp_path, in_place=in_place) as running:
        run = town.run_robot(browser, running)
        assert (run.problems, run.passed_over, run.stopped_at, run.waiting) == ((), [], None, 0)
        assert [one.notice_no for one in run.done] == town.listed(running)
        assert town.listed(running) == sorted(town.states())
    assert set(town.states().values()) == {"SET_UP"}


@pytest.mark.django_db(transaction=True)
def test_killed_between_press_and_note_the_next_run_reads_back(browser, tmp_path):
    """kill -9 at the worst moment: the terminal has it, our row has not."""
    town.shelve(3)
    second = sorted(town.states())[1]
    with town.terminal(tmp_path / "terminal", in_place=True) as running:
        running.machine.plan(second, Fault.HANGS_AFTER)
        robot = town.a_robot_process(running, home=tmp_path)
        until = time.monotonic() + 90
        while second not in town.listed(running):
            assert robot.poll() is None, robot.communicate()
            assert time.monotonic() < until
            time.sleep(0.02)
        os.killpg(robot.pid, signal.SIGKILL)
        robot.communicate()
        assert town.outcomes() == {"A1B-000000": "DONE"}
        running.machine.plan(second, None)
        run = town.run_robot(browser, running)
        assert [(one.notice_no, one.was_set) for one in run.done] == [
            (second, True), ("A1B-000002", False),
        ]  # fmt: skip
        assert town.listed(running) == sorted(town.states())
    assert set(town.outcomes().values()) == {"DONE"}


def test_a_rehearsal_compares_and_changes_nothing(db, browser, tmp_path):
    town.shelve(3)
    third = sorted(town.states())[2]
    with town.terminal(tmp_path, in_place=True) as running:
        running.machine.plan(third, Fault.DIFFERS)
        run = town.run_robot(browser, running, press=False)
        assert len(run.done) == 2
        assert (run.stopped_at.notice_no, codes(run)) == (third, ["ROBOT_KANA_DIFFERS"])
        assert (town.listed(running), run.waiting) == ([], 3)
    assert set(town.states().values()) == {"ARRIVED"}
    assert town.outcomes() == {}
    assert not Fact.objects.filter(name="card_setup").exists()


def test_asked_to_stop_it_ends_its_card_and_goes_on_another_time(db, browser, tmp_path):
    town.shelve(3)
    asked = []
    with town.terminal(tmp_path, in_place=True) as running:
        first = town.run_robot(browser, running, tell=asked.append, stop=lambda: len(asked) == 1)
        assert (len(first.done), first.waiting, first.problems) == (1, 2, ())
        second = town.run_robot(browser, running, cards_max=1)
        assert (len(second.done), second.waiting) == (1, 1)
        assert len(town.run_robot(browser, running).done) == 1
        assert town.listed(running) == sorted(town.states())


def test_what_the_register_says_meanwhile_is_heard_before_the_terminal_is_touched(
    db, browser, tmp_path
):
    town.shelve(4)
    first, second, third, fourth = Card.objects.order_by("notice_no")
    # One became held, one is not known well enough to be compared, one is another clerk's now.
    protect(first.person_id)
    Card.objects.filter(card_id=second.card_id).update(printed_kana="", application_no="")
    with town.terminal(tmp_path, in_place=True) as running:
        real = town.work.try_card

        def meanwhile(expected, **given):
            if expected.notice_no == third.notice_no:
                other = clerk(Right.FILE_CHANGE, staff_id="nami")
                unit.run(note_setup, card_id=third.card_id, outcome=SetupOutcome.LATER,
                         version=third.version, terminal="CS2", seconds=5, actor=other,
                         now=clock.now())  # fmt: skip
            return real(expected, **given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("madoguchi.entry.robot.try_card", meanwhile)
            run = town.run_robot(browser, running)
        # Set at the terminal while somebody else wrote: said aloud, and never written over.
        assert codes(run) == ["ROBOT_SET_NOT_NOTED", "CARD_CHANGED_MEANWHILE"]
        assert run.stopped_at.notice_no == third.notice_no
        assert [one.notice_no for one in run.passed_over] == [second.notice_no]
        assert first.notice_no not in town.listed(running)
        after = town.run_robot(browser, running)
        done = {one.notice_no: one.was_set for one in after.done}
        assert done == {third.notice_no: True, fourth.notice_no: False}
        assert sorted(town.listed(running)) == [third.notice_no, fourth.notice_no]
    assert town.states()[first.notice_no] == "ARRIVED"


def test_without_the_right_nothing_is_touched(db, browser, tmp_path):
    town.shelve(1)
    with town.terminal(tmp_path, in_place=True) as running:
        run = town.run_robot(browser, running, actor=clerk(Right.SEARCH, staff_id="tsuru"))
        assert [codes_of(one) for one in run.passed_over] == [["CARD_RIGHT_MISSING"]]
        assert town.listed(running) == []
    assert town.outcomes() == {}


def codes_of(worked):
    return [one.code for one in worked.problems]


def test_nobody_who_cannot_sign_on_touches_a_card(db, browser, tmp_path):
    town.shelve(1)
    with town.terminal(tmp_path, in_place=True) as running:
        run = town.run_robot(browser, running, code="wrong", wait=town.IMPATIENT_SECONDS)
        assert codes(run) == ["ROBOT_SIGN_ON_REFUSED"]
        assert (run.done, run.waiting, town.listed(running)) == ([], 1, [])


def test_no_picture_and_no_screen_text_is_left_behind(db, browser, tmp_path, caplog, capfd):
    """Names and numbers of people are in no file, log or line that the robot writes."""
    town.shelve(2)
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    with town.terminal(tmp_path / "terminal", in_place=True) as running:
        running.machine.plan("A1B-000001", Fault.DIFFERS)
        run = town.run_robot(browser, running)
    said = json.dumps([str(one) for one in (run, run.stopped_at, *run.done)], ensure_ascii=False)
    written = {path for path in tmp_path.rglob("*") if path.is_file()} - before
    texts = [said, caplog.text, *capfd.readouterr(), *(p.read_text() for p in written)]
    for secret in ("ハマ", "ミホン", "1960", f"{1:023}"):
        assert not any(secret in text for text in texts), secret
    assert {path.suffix for path in written} <= {".json", ".lock", ".draft"}
