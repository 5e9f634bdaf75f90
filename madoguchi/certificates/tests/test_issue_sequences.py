"""Any order of presses, workers, protections and moves, against a model of twenty lines.

Whatever happens: the books balance, a paper of one request never shows another's person,
nothing leaves for somebody who is held, and what is at its end stays there.
"""

import contextlib
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from madoguchi.certificates import testing as t
from madoguchi.certificates.actions.drawing import Drawn
from madoguchi.certificates.actions.making import paper_path
from madoguchi.certificates.actions.releasing import check_out, hand_over, void
from madoguchi.certificates.actions.stops import lift_stop, stop_kind
from madoguchi.certificates.documents.reading import read_pdf
from madoguchi.certificates.domain.issue import Disposal, State
from madoguchi.certificates.domain.kinds import Kind
from madoguchi.certificates.queries.requests import balance_of, find_request
from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Refused
from madoguchi.protection.testing import CHIEF, CLERK, protect

WHO = ("aoi", "haru", "namesake", "daughter")
STOPPER = t.with_rights(CHIEF, Right.STOP_SWITCH)


def has(*states):
    """Only where some request is in one of these states."""
    return lambda machine: any(state in states for _, state, _ in machine.model.values())


class Issue(RuleBasedStateMachine):
    """One desk, four residents, some requests, and everything that can come between."""

    @initialize()
    def open_the_desk(self):
        # The machine runs inside one test's transaction; each run gets a savepoint of its own.
        self.block = transaction.atomic()
        self.block._from_testcase = True  # so that a unit inside counts as the outermost
        self.block.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        settings.MADOGUCHI_HOME = Path(self.folder.name)
        self.people = t.settle()
        self.names = {key: t.PEOPLE[key][2]["name"] for key in WHO}
        self.model = {}  # request id -> (key, state, printed)
        self.held, self.moved, self.stop = set(), {}, None
        for key in WHO[:2]:  # a step on nothing proves nothing
            self.press(key)

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.folder.cleanup()

    def some(self, at, *states):
        rows = [one for one, (_, state, _) in self.model.items() if state in states]
        return rows[at % len(rows)]

    @rule(key=st.sampled_from(WHO))
    def press_the_button(self, key):
        self.press(key)

    def press(self, key):
        try:
            found = t.ask(getattr(self.people, key))
        except Refused as refusal:
            assert key in self.held
            assert [one.code for one in refusal.problems] == ["UNKNOWN_PERSON"]
            return
        assert key not in self.held
        stopped = self.stop is not None
        assert isinstance(found, Drawn) is not stopped
        state = State.REFUSED if stopped else State.DRAWN
        self.model[found.request_id] = [key, state, self.moved.get(key, 0)]

    @precondition(has(State.DRAWN))
    @rule(at=st.integers(0, 9))
    def work(self, at):
        request_id = self.some(at, State.DRAWN)
        key, _, seen = self.model[request_id]
        barred = key in self.held or self.stop is not None or seen != self.moved.get(key, 0)
        self.model[request_id][1] = State.REFUSED if barred else State.RELEASED
        assert t.make(request_id) is self.model[request_id][1]

    @precondition(has(State.RELEASED, State.HANDED_OVER, State.VOID, State.REFUSED))
    @rule(at=st.integers(0, 9))
    def work_again_on_anything(self, at):
        request_id = self.some(at, State.RELEASED, State.HANDED_OVER, State.VOID, State.REFUSED)
        assert t.make(request_id) is self.model[request_id][1]

    @precondition(has(State.RELEASED))
    @rule(at=st.integers(0, 9))
    def print_it(self, at):
        request_id = self.some(at, State.RELEASED)
        key, _, seen = self.model[request_id]
        before = find_request(request_id).printed_at
        data = unit.run(check_out, request_id=request_id, copy_no=1,
                        path=paper_path(request_id, 1), actor=CLERK, now=clock.now())  # fmt: skip
        barred = key in self.held or self.stop is not None or seen != self.moved.get(key, 0)
        assert isinstance(data, bytes) is not barred
        if barred and before is None:
            self.model[request_id][1] = State.VOID
        if not barred:
            self.shows_only(data, key)

    def shows_only(self, data, key):
        said = "".join(page.text for page in read_pdf(data).pages)
        assert self.names[key] in said
        assert not any(name in said for name in self.names.values() if name != self.names[key])

    @precondition(has(State.RELEASED))
    @rule(at=st.integers(0, 9))
    def give(self, at):
        request_id = self.some(at, State.RELEASED)
        key = self.model[request_id][0]
        printed = find_request(request_id).printed_at is not None
        with contextlib.suppress(Refused):
            unit.run(hand_over, request_id=request_id, actor=CLERK, now=clock.now(), paid_yen=300)
            assert printed
            assert key not in self.held
            self.model[request_id][1] = State.HANDED_OVER

    @precondition(has(State.RELEASED, State.HANDED_OVER))
    @rule(at=st.integers(0, 9))
    def throw_away(self, at):
        request_id = self.some(at, State.RELEASED, State.HANDED_OVER)
        printed = find_request(request_id).printed_at is not None
        unit.run(void, request_id=request_id, actor=CLERK, now=clock.now(), note_text="間違い",
                 disposal=Disposal.SHREDDED if printed else Disposal.NEVER_PRINTED)  # fmt: skip
        self.model[request_id][1] = State.VOID

    @precondition(lambda machine: len(machine.held) < 2)
    @rule(at=st.integers(0, 9))
    def protect_somebody(self, at):
        left = [key for key in WHO[:2] if key not in self.held]
        protect(getattr(self.people, left[at % len(left)]))
        self.held.add(left[at % len(left)])

    @rule(at=st.integers(0, 9))
    def move_somebody(self, at):
        left = [key for key in WHO if key not in self.held]
        key = left[at % len(left)]
        self.moved[key] = self.moved.get(key, 0) + 1
        t.move(getattr(self.people, key), building=f"{self.moved[key]}号室")

    @rule()
    def switch(self):
        if self.stop is None:
            self.stop = unit.run(stop_kind, kind=Kind.RESIDENT_RECORD_HOUSEHOLD, channel=None,
                                 reason="点検", actor=STOPPER, now=clock.now())  # fmt: skip
        else:
            unit.run(lift_stop, stop_id=self.stop, actor=STOPPER, now=clock.now())
            self.stop = None

    @invariant()
    def books_balance_and_states_agree(self):
        if not hasattr(self, "model"):
            return
        for request_id, (_, state, _) in self.model.items():
            assert find_request(request_id).state is state
        for row in balance_of(clock.today(), actor=CHIEF):
            assert row.balances
            assert row.asked == len(self.model)
            assert row.yen == 300 * row.handed_over


@pytest.mark.parametrize(
    "examples", [10, pytest.param(200, marks=pytest.mark.full)], ids=["sample", "whole"]
)
@pytest.mark.django_db
def test_any_order_of_events_keeps_every_promise(settings, tmp_path, examples):
    settings.MADOGUCHI_KEYS = str(t.shared_keys(tmp_path))
    home = settings.MADOGUCHI_HOME
    machine = Issue.TestCase
    machine.settings = hypothesis_settings(
        max_examples=examples, stateful_step_count=20, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        machine().runTest()
    finally:
        settings.MADOGUCHI_HOME = home
