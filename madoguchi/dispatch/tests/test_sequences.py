"""Any order of presses against a ten-line model: nothing leaves twice, nothing is lost."""

import itertools

from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from madoguchi.dispatch import models
from madoguchi.dispatch import testing as t
from madoguchi.dispatch.actions.batching import undo_batch
from madoguchi.dispatch.actions.posting import hand_in_slip, undo_slip
from madoguchi.dispatch.actions.queueing import cancel, requeue
from madoguchi.dispatch.actions.returning import take_back
from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused

_serials = itertools.count(1)


class Office(RuleBasedStateMachine):
    """A clerk pressing anything; ``left`` are the letters the post office has stamped."""

    def __init__(self):
        super().__init__()
        models.Letter.objects.all().update(state="CANCELLED", batch=None, position=None, slip=None,
            printed_at=None, printed_mark="", posted_on=None, receipt_no="", returned_on=None,
            return_reason="")  # fmt: skip
        models.Batch.objects.update(state="UNDONE")
        self.mine, self.left = set(), set()

    def press(self, action, **given):
        try:
            return unit.run(action, actor=t.KAEDE, now=clock.now(), **given)
        except Refused:
            return None

    @rule(person=st.integers(1, 5))
    def queue(self, person):
        self.mine.add(t.queue(person, about_no=f"SEQ-{next(_serials):06d}"))

    @rule()
    def batch(self):
        t.batched()

    @rule(what=st.sampled_from(["print", "post", "undo"]))
    def with_batch(self, what):
        row = models.Batch.objects.filter(state__in=["MADE", "PRINTED"]).first()
        if row is None:
            return
        try:
            if what == "print":
                t.printed(row.batch_id)
            elif what == "post":
                t.posted(row.batch_id)
            else:
                self.press(undo_batch, batch_id=row.batch_id)
        except Refused:
            pass

    @rule(stamp=st.booleans())
    def with_slip(self, stamp):
        row = models.Slip.objects.filter(handed_in_at=None, undone_at=None).last()
        if row is not None and stamp:
            self.press(hand_in_slip, slip_id=row.slip_id)
            self.left |= set(
                models.Letter.objects.filter(slip=row).values_list("letter_id", flat=True)
            )
        elif row is not None:
            self.press(undo_slip, slip_id=row.slip_id)

    @rule(action=st.sampled_from([cancel, requeue]), at=st.integers(0, 9))
    def one(self, action, at):
        for letter_id in sorted(self.mine)[at : at + 1]:
            self.press(action, letter_id=letter_id)

    @rule(at=st.integers(0, 9))
    def come_back(self, at):
        for letter_id in sorted(self.mine)[at : at + 1]:
            self.press(take_back, scanned=letter_id, reason="REFUSED", returned_on=clock.today())

    @invariant()
    def d5_what_left_stays_out_and_nothing_is_lost(self):
        states = dict(
            models.Letter.objects.filter(letter_id__in=self.mine).values_list("letter_id", "state")
        )
        assert states.keys() == self.mine
        assert all(states[one] in ("POSTED", "RETURNED", "DELIVERED") for one in self.left)
        for row in models.Batch.objects.filter(state="PRINTED"):
            inside = set(row.letters.values_list("state", flat=True))
            assert inside <= {"PRINTED"}


def test_any_order_of_presses_keeps_every_promise(town):
    run_state_machine_as_test(
        Office,
        settings=hypothesis_settings(
            max_examples=12, stateful_step_count=14, deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip
