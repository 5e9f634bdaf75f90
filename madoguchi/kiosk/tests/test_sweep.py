"""The browser dies, the server restarts, printer and till are slow: the sweep puts it right."""

from datetime import timedelta

import pytest

from madoguchi.certificates.testing import Request
from madoguchi.infra import clock, unit, wiring
from madoguchi.infra.clock import frozen
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk import jobs
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import paying, printing, settling
from madoguchi.kiosk.actions.visiting import forget_visits
from madoguchi.kiosk.domain.devices import JobStage, JobState, PaymentStage
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.models import Case, Docket, Payment, PrintJob, Session, Visits
from madoguchi.kiosk.ports import Printers, Tills

pytestmark = pytest.mark.django_db


class Machines:
    """A printer and a till that say what a test wants, and remember what they were told."""

    def __init__(self):
        self.job_says = JobState(stage=JobStage.PRINTING, sheets_done=0, troubles=frozenset())
        self.till_says = PaymentStage.CANCELLED
        self.told = []

    def of(self, terminal_no):
        return self

    def job(self, reference):
        return self.job_says

    def cancel(self, reference):
        self.told.append(("cancel", reference))
        return self.till_says if reference.startswith("T") else None

    def ask(self, *, payment_id, yen):
        self.told.append(("ask", yen))
        return "T-asked"

    def refund(self, reference):
        self.told.append(("refund", reference))
        return PaymentStage.REFUNDED


@pytest.fixture
def machines(monkeypatch):
    found = Machines()
    monkeypatch.setattr(wiring, "_adapters", {Printers: found, Tills: found})
    return found


def later(seconds):
    return frozen(clock.now() + timedelta(seconds=seconds))


def test_a_quiet_session_is_ended_and_its_paper_called_off(people, machines):
    row = k.confirmed("aoi")
    with later(119):
        jobs.sweep()
        assert k.again(row).end is None
    with later(121):
        jobs.sweep()
    assert k.again(row).end is End.TIMED_OUT
    assert Request.objects.get().disposal == "NEVER_PRINTED"
    assert Docket.objects.get().outcome == "ABANDONED"


def test_an_elder_has_longer(people, machines):
    row = k.chosen("aoi", mode=Mode.ELDER)
    with later(121):
        jobs.sweep()
    assert k.again(row).end is None


def test_paid_and_never_printed_is_owed_back(people, machines):
    row = k.paid("aoi")
    with later(181):
        jobs.sweep()
    assert (k.again(row).end, k.again(row).refund_yen) == (End.TIMED_OUT, 200)


def test_a_dead_browser_does_not_lose_a_paper_that_came_out(people, machines):
    row = k.print_copy(k.paid("aoi"), JobStage.PRINTING, sheets=0)
    machines.job_says = JobState(stage=JobStage.DONE, sheets_done=1, troubles=frozenset())
    with later(30):
        jobs.sweep()
    assert k.again(row).step is Step.TAKE
    with later(400):
        jobs.sweep()
    assert k.again(row).end is End.DONE


def test_a_printer_that_stays_silent_is_given_up_and_told(people, machines):
    row = k.print_copy(k.paid("aoi"), JobStage.PRINTING, sheets=0)
    machines.job_says = Unavailable(reason="CUT_OFF")
    with later(30):
        jobs.sweep()
    assert k.again(row).end is None
    with later(181):
        jobs.sweep()
    assert k.again(row).end is End.FAILED
    assert ("cancel", row.prints[0].reference) in machines.told
    assert not PrintJob.objects.filter(cancel_due=True).exists()
    assert Case.objects.get().what == "PAPER"


def test_a_file_the_printer_perhaps_never_got_is_given_up(people, machines):
    row = k.paid("aoi")
    unit.run(printing.start_print, session_id=row.session_id, now=clock.now())
    with later(181):
        jobs.sweep()
    assert k.again(row).end is End.FAILED
    assert PrintJob.objects.get().stage == "LOST"
    assert not any(what == "cancel" for what, _ in machines.told)


def test_a_second_copy_nobody_sends_any_more_voids_the_first(people, machines):
    row = k.print_copy(k.paid("aoi", copies=2))
    with later(181):
        jobs.sweep()
    assert (k.again(row).end, k.again(row).refund_yen) == (End.FAILED, 400)
    assert Case.objects.get().found == 1


@pytest.mark.parametrize(
    ("till_says", "stages"),
    [(PaymentStage.CANCELLED, ["CANCELLED"]), (PaymentStage.PAID, ["REFUNDED"])],
)
def test_a_card_held_to_the_till_in_the_last_moment_is_paid_back(
    people, machines, till_says, stages
):
    row = k.confirmed("aoi")
    unit.run(paying.start_payment, session_id=row.session_id, method=Method.CASHLESS,
             now=clock.now())  # fmt: skip
    machines.till_says = till_says
    with later(121):
        jobs.sweep()
        jobs.sweep()
    assert list(Payment.objects.values_list("stage", flat=True)) == stages
    jobs.sweep()
    assert machines.told.count(("refund", "T-asked")) == stages.count("REFUNDED")


def test_a_lost_cashless_paper_is_refunded_by_the_till_at_once(people, machines):
    row = k.paid("aoi", method=Method.CASHLESS)
    row = k.print_copy(row, JobStage.LOST, sheets=0)
    payment = Payment.objects.get()
    assert payment.stage == "REFUND_DUE"
    jobs.settle(payment_id=payment.payment_id)
    jobs.settle(payment_id=payment.payment_id)
    assert machines.told.count(("refund", "T-1")) == 1
    assert k.again(row).refund_yen == 0


def test_a_clerk_pays_a_coin_back_once(people, machines):
    k.print_copy(k.paid("aoi"), JobStage.LOST, sheets=0)
    given = {"payment_id": Payment.objects.get().payment_id, "actor": k.BOSS, "now": clock.now(),
             "till_stands": False}  # fmt: skip
    assert k.refused(settling.pay_back, **given) == ()
    assert k.refused(settling.pay_back, **given) == ("KIOSK_NO_REFUND_DUE",)
    assert Payment.objects.get().refunded_by == k.BOSS.staff_id


def test_the_machines_book_is_closed_when_the_paper_could_not_be_put_away(people, machines):
    """Its account was closed by an officer meanwhile: no right, so the paper stays till the sweep."""
    row = k.confirmed("aoi")
    Session.objects.filter(session_id=row.session_id).update(
        end="TIMED_OUT", ended_at=clock.now(), person_id="", offer=None, choices={},
        card_registered_on=None,
    )  # fmt: skip
    jobs.sweep()
    assert Docket.objects.get().outcome == "ABANDONED"
    assert Request.objects.get().state == "VOID"


def test_the_sweep_may_come_twice_and_does_nothing_to_what_is_well(people, machines):
    k.taken("aoi")
    for _ in range(2):
        jobs.sweep()
    assert Docket.objects.get().outcome == "ISSUED"
    assert Case.objects.count() == 0


def test_visits_are_forgotten_after_a_year(people, machines):
    k.chosen("aoi")
    assert Visits.objects.count() == 1
    assert people.aoi not in Visits.objects.get().digest
    forget_visits(on=clock.today() + timedelta(days=401))
    assert Visits.objects.count() == 0
