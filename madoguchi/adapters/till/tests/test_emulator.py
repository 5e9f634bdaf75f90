"""A cashless till: money is taken once or not at all, whatever is pressed in whatever order."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from madoguchi.adapters.till.emulator import GIVES_UP_AFTER, EmulatedTill
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk.domain.devices import NoAnswer, PaymentStage

BEGIN = datetime(2026, 11, 24, 10, tzinfo=JAPAN)
WAITING, PAID = PaymentStage.WAITING, PaymentStage.PAID
CANCELLED, REFUNDED = PaymentStage.CANCELLED, PaymentStage.REFUNDED


@pytest.fixture
def till(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
    till = EmulatedTill(terminal_no="K1", now=lambda: till.moment)
    till.moment = BEGIN
    return till


def asked(till, payment_id="p1", yen=300):
    reference = till.ask(payment_id=payment_id, yen=yen)
    assert isinstance(reference, str)
    return reference


def test_it_refuses_to_exist_in_earnest(settings):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(RuntimeError):
        EmulatedTill(terminal_no="K1")


def test_asked_paid_and_given_back(till):
    reference = asked(till)
    assert till.stage(reference) == WAITING
    assert [one.yen for one in till.waiting()] == [300]
    assert till.pay(reference) == PAID
    assert till.waiting() == ()
    assert till.stage(reference) == PAID
    assert till.refund(reference) == REFUNDED
    assert till.refund(reference) == REFUNDED


def test_declined_takes_nothing(till):
    reference = asked(till)
    assert till.decline(reference) == CANCELLED
    assert till.pay(reference) == CANCELLED
    assert till.refund(reference) == CANCELLED


def test_what_was_not_taken_is_not_given_back(till):
    reference = asked(till)
    assert till.refund(reference) == WAITING
    assert till.pay(reference) == PAID
    assert till.cancel(reference) == PAID
    assert till.refund(reference) == REFUNDED
    assert till.pay(reference) == REFUNDED


def test_nobody_comes(till):
    reference = asked(till)
    till.moment += GIVES_UP_AFTER
    assert till.stage(reference) == WAITING
    till.moment += timedelta(seconds=1)
    assert till.pay(reference) == CANCELLED


def test_asked_twice_for_one_id_is_one_payment(till):
    assert asked(till) == asked(till)
    assert asked(till, "p2") != asked(till, "p1")
    # The same id with another sum is a mistake that must not pass for the first payment.
    assert till.ask(payment_id="p1", yen=400) == Unavailable(reason=NoAnswer.REFUSED)


@pytest.mark.parametrize("yen", [0, -300])
def test_no_sum_is_not_asked_for(till, yen):
    assert till.ask(payment_id="p1", yen=yen) == Unavailable(reason=NoAnswer.REFUSED)


def test_who_pays_while_it_is_cancelled_has_paid_or_has_not(till):
    """Both presses at one moment: one of them wins, and both are told which."""
    for number in range(20):
        reference = asked(till, f"race-{number}")
        with ThreadPoolExecutor(2) as crew:
            paid = crew.submit(till.pay, reference)
            cancelled = crew.submit(till.cancel, reference)
        assert paid.result() == cancelled.result() == till.stage(reference)


def test_a_payment_made_meanwhile_stays_paid(till):
    reference = asked(till)
    till.pay(reference)
    assert till.cancel(reference) == PAID


def test_a_lost_answer_was_done_all_the_same(till):
    till.lose_answers(1)
    assert till.ask(payment_id="p1", yen=300) == Unavailable(reason=NoAnswer.CUT_OFF)
    reference = asked(till)
    till.pay(reference)
    till.lose_answers(1)
    assert till.refund(reference) == Unavailable(reason=NoAnswer.CUT_OFF)
    assert till.stage(reference) == REFUNDED


def test_off_it_has_done_nothing(till):
    reference = asked(till)
    till.switch(on=False)
    assert till.is_off()
    silent = Unavailable(reason=NoAnswer.NOT_REACHED)
    for told in (
        till.ask(payment_id="p2", yen=300),
        till.stage(reference),
        till.cancel(reference),
        till.refund(reference),
    ):
        assert told == silent
    till.switch(on=True)
    assert till.stage(reference) == WAITING


def test_a_payment_nobody_asked_for_is_not_known(till):
    unknown = Unavailable(reason=NoAnswer.FORGOTTEN)
    for told in (till.stage("x"), till.cancel("x"), till.refund("x"), till.pay("x")):
        assert told == unknown


def test_its_book_outlives_a_restart(till):
    reference = asked(till)
    till.pay(reference)
    again = EmulatedTill(terminal_no="K1", now=lambda: BEGIN)
    assert again.stage(reference) == PAID
    assert again.ask(payment_id="p1", yen=300) == reference


def test_any_order(settings_home):
    """Against a model of one stage a payment and one sum of money in the town's hand."""

    class AnyOrder(RuleBasedStateMachine):
        runs = 0

        @initialize()
        def begin(self):
            AnyOrder.runs += 1
            self.moment = BEGIN
            self.name = f"K{AnyOrder.runs}"
            self.till = EmulatedTill(terminal_no=self.name, now=lambda: self.moment)
            self.stages = {}
            self.asked_at = {}

        def moved(self, payment, moves, told):
            now = self.stages[payment]
            self.stages[payment] = moves.get(now, now)
            assert told == self.stages[payment]

        @rule(payment=st.sampled_from("ab"))
        def ask(self, payment):
            reference = self.till.ask(payment_id=payment, yen=300)
            self.stages.setdefault(payment, WAITING)
            known, _ = self.asked_at.setdefault(payment, (reference, self.moment))
            assert known == reference

        @rule(
            payment=st.sampled_from("ab"),
            press=st.sampled_from(["pay", "decline", "cancel", "refund", "stage"]),
        )
        def press(self, payment, press):
            if payment in self.stages:
                moves = {
                    "pay": {WAITING: PAID},
                    "decline": {WAITING: CANCELLED},
                    "cancel": {WAITING: CANCELLED},
                    "refund": {PAID: REFUNDED},
                    "stage": {},
                }[press]
                told = getattr(self.till, press)(self.asked_at[payment][0])
                self.moved(payment, moves, told)

        @rule(seconds=st.integers(1, 100))
        def wait(self, seconds):
            self.moment += timedelta(seconds=seconds)
            for payment, (_, since) in self.asked_at.items():
                late = self.moment - since > GIVES_UP_AFTER
                if late and self.stages[payment] == WAITING:
                    self.stages[payment] = CANCELLED

        @rule()
        def restart(self):
            self.till = EmulatedTill(terminal_no=self.name, now=lambda: self.moment)

        @invariant()
        def all_agree(self):
            for payment, stage in self.stages.items():
                assert self.till.stage(self.asked_at[payment][0]) == stage

    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=80,
            stateful_step_count=15,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def settings_home(settings, tmp_path):
    settings.MADOGUCHI_HOME = tmp_path
