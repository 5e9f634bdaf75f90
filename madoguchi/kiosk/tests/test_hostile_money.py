"""Two hands at once on the money: tabs, tills, clerks, coin boxes; nobody pays for nothing."""

import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.urls import reverse

from madoguchi.accounts import testing as staff
from madoguchi.certificates.testing import Stop
from madoguchi.infra import clock, unit, wiring
from madoguchi.kernel.outcome import Refused, Unavailable
from madoguchi.kiosk import jobs
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import paying, pressing
from madoguchi.kiosk.actions.balancing import balance, count_coins, decide_case
from madoguchi.kiosk.actions.settling import pay_back
from madoguchi.kiosk.domain.cases import Decision
from madoguchi.kiosk.domain.devices import JobStage, NoAnswer, PaymentStage
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Step
from madoguchi.kiosk.models import Case, Docket, Payment, PrintJob, Session, Terminal
from madoguchi.kiosk.ports import Printers, Tills
from madoguchi.kiosk.queries.terminals import find_terminal_by_no
from madoguchi.protection.testing import CLERK

pytestmark = pytest.mark.django_db


def start(row, method, *, after=0):
    at = clock.now() + timedelta(seconds=after)
    return unit.run(paying.start_payment, session_id=row.session_id, method=method, now=at)


def told(row, payment_id, stage=PaymentStage.PAID):
    return k.refused(
        paying.note_payment, session_id=row.session_id, payment_id=payment_id, stage=stage,
        now=clock.now(),
    )  # fmt: skip


# -- a word about one payment is no word about another --------------------------------------------


def test_k18_paid_into_the_box_in_one_tab_is_not_paid_at_the_till_of_another(people):
    """The resident says "it is in the box" while a second tab has gone over to the till."""
    row = start(k.confirmed("aoi"), Method.COIN_BOX)
    box = row.payment.payment_id
    start(row, Method.CASHLESS, after=1)
    assert told(row, box) == ("KIOSK_NO_PAYMENT",)
    assert set(Payment.objects.values_list("method", "stage")) == {
        ("COIN_BOX", "CANCELLED"), ("CASHLESS", "WAITING"),
    }  # fmt: skip
    assert k.again(row).step is Step.PAY


@pytest.mark.parametrize("said", [PaymentStage.PAID, PaymentStage.CANCELLED])
def test_what_the_till_says_of_its_payment_never_counts_for_the_box(people, said):
    """The till's answer comes when the resident has just gone over to the box."""
    row = start(k.confirmed("aoi"), Method.CASHLESS)
    at_till = row.payment.payment_id
    start(row, Method.COIN_BOX, after=1)
    assert told(row, at_till, said) == ("KIOSK_NO_PAYMENT",)
    assert Payment.objects.get(method="COIN_BOX").stage == "WAITING"


# -- the box is in the hall, the web page is not ---------------------------------------------------


def test_no_coin_box_stands_on_a_web_page(people):
    with pytest.raises(Refused, match="KIOSK_METHOD_NOT_THERE"):
        k.terminal("W1", channel="WEB", methods=(Method.COIN_BOX, Method.CASHLESS))
    # Nor where a row of an earlier program says so: a press would say "paid" of nothing.
    k.terminal("W1", channel="WEB", methods=(Method.CASHLESS,))
    Terminal.objects.filter(terminal_no="W1").update(methods=["COIN_BOX", "CASHLESS"])
    assert find_terminal_by_no("W1").methods == (Method.CASHLESS,)
    row = k.confirmed("aoi")
    Session.objects.update(channel="WEB")
    given = {"session_id": row.session_id, "method": Method.COIN_BOX, "now": clock.now()}
    assert k.refused(paying.start_payment, **given) == ("KIOSK_METHOD_NOT_HERE",)


# -- one fee, given back once ---------------------------------------------------------------------


class Till:
    """A till that counts what it gave back."""

    def __init__(self):
        self.given = 0
        self.silent = False

    def of(self, _terminal_no):
        return self

    def refund(self, _reference):
        if self.silent:
            return Unavailable(reason=NoAnswer.NOT_REACHED)
        self.given += 1
        return PaymentStage.REFUNDED

    def cancel(self, _reference):
        return None


@pytest.fixture
def till(monkeypatch):
    found = Till()
    monkeypatch.setattr(wiring, "_adapters", {Printers: found, Tills: found})
    return found


def lost(method):
    row = k.print_copy(k.paid("aoi", method=method), JobStage.LOST, sheets=0)
    assert row.end is End.FAILED
    return Payment.objects.get()


def test_k18_the_till_and_the_clerk_do_not_both_give_back(people, till):
    """While the till is asked, a clerk presses "given back by hand": one of them only."""
    payment = lost(Method.CASHLESS)
    by_hand = {"payment_id": payment.payment_id, "actor": k.BOSS, "now": clock.now()}
    assert k.refused(pay_back, till_stands=True, **by_hand) == ("KIOSK_TILL_GIVES_BACK",)
    jobs.settle(payment_id=payment.payment_id)
    payment.refresh_from_db()
    assert (till.given, payment.stage, payment.refunded_by) == (1, "REFUNDED", "TILL")


@pytest.mark.parametrize(
    ("silent", "status", "stage"),
    [(NoAnswer.NOT_REACHED, 422, "REFUND_DUE"), (NoAnswer.FORGOTTEN, 302, "REFUNDED")],
)
def test_the_board_asks_the_till_before_a_clerk_gives_back(
    client, people, till, silent, status, stage
):
    """Switched off it may give back later; what it has forgotten it never will."""
    payment = lost(Method.CASHLESS)
    till.stage = lambda _reference: Unavailable(reason=silent)
    till.tray_of = lambda _terminal_no: None
    till.state = lambda: Unavailable(reason=NoAnswer.NOT_REACHED)
    kaede = staff.signed_in(client, staff.kaede())
    answer = kaede.post(reverse("kiosk:refund", args=[payment.payment_id]))
    payment.refresh_from_db()
    assert (answer.status_code, payment.stage) == (status, stage)


def test_where_no_till_stands_any_more_a_clerk_gives_back(people, till):
    payment = lost(Method.CASHLESS)
    given = {"payment_id": payment.payment_id, "actor": k.BOSS, "now": clock.now()}
    assert k.refused(pay_back, till_stands=False, **given) == ()


# -- the box as a book ------------------------------------------------------------------------------


def count(yen, *, after=0):
    return unit.run(
        count_coins, terminal_no="K1", actor=CLERK, counted_yen=yen,
        now=clock.now() + timedelta(seconds=after),
    )  # fmt: skip


def test_a_coin_that_falls_while_the_box_is_counted_is_expected_the_next_time(people):
    """The press reads the clock before its unit, the count commits in between."""
    row = start(k.confirmed("aoi"), Method.COIN_BOX)
    k.make(row)
    pressed_at = clock.now()
    assert count(0, after=1) == 0
    unit.run(
        paying.note_payment, session_id=row.session_id, payment_id=row.payment.payment_id,
        stage=PaymentStage.PAID, now=pressed_at,
    )  # fmt: skip
    assert count(200, after=2) == 0
    assert not Case.objects.filter(what="COIN_BOX").exists()


def test_the_same_loss_twice_in_a_day_is_two_losses(people):
    """Decided once is not decided for ever: the second 200 yen are another 200 yen."""
    leave(k.taken("aoi"))
    assert count(0, after=1) == 200
    case = Case.objects.get(what="COIN_BOX")
    unit.run(decide_case, case_id=case.case_id, decision=Decision.EXPLAINED, note="数え違い",
             actor=k.BOSS, now=clock.now())  # fmt: skip
    leave(k.taken("haru"))
    assert count(0, after=2) == 200
    assert Case.objects.filter(what="COIN_BOX", decided_at=None).count() == 1


def test_two_losses_before_anybody_decides_are_added(people):
    leave(k.taken("aoi"))
    assert count(0, after=1) == 200
    Stop.objects.update(lifted_at=clock.now(), lifted_by="kai")  # a person lets it go on
    leave(k.taken("haru"))
    assert count(150, after=2) == 50
    case = Case.objects.get(what="COIN_BOX")
    assert (case.expected, case.found) == (400, 150)


def leave(row):
    return unit.run(pressing.leave, session_id=row.session_id, how=End.LEFT, now=clock.now())


# -- two who close the day at once ----------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_k20_of_two_who_decide_the_last_two_cases_at_once_one_lets_the_channel_go_on(people):
    """Each would see the other's case still open, and the channel would stand for ever."""
    leave(k.taken("aoi"))
    PrintJob.objects.update(sheets_done=9)
    Docket.objects.update(copies=3)
    unit.run(balance, day=clock.today(), channel="KIOSK", actor=k.BOSS, now=clock.now())
    first, second = Case.objects.order_by("case_id")
    given = {"decision": Decision.EXPLAINED, "note": "直した", "actor": k.BOSS, "now": clock.now()}
    seen = []

    def other():
        try:
            unit.run(decide_case, case_id=second.case_id, **given)
        except Exception as error:  # noqa: BLE001  the test tells which
            seen.append(type(error).__name__)
        finally:
            connection.close()

    thread = threading.Thread(target=other)

    def mine(**more):
        decide_case(**more)
        thread.start()
        thread.join(timeout=1)

    unit.run(mine, case_id=first.case_id, **given)
    thread.join()
    assert seen == []
    assert not Case.objects.filter(decided_at=None).exists()
    assert not Stop.objects.filter(lifted_at=None).exists()


@pytest.mark.django_db(transaction=True)
def test_two_runs_of_the_balance_come_one_after_the_other(people):
    """Both would open the same case: the second waits for the first."""
    leave(k.taken("aoi"))
    PrintJob.objects.update(sheets_done=9)
    given = {"day": clock.today(), "channel": "KIOSK", "actor": k.BOSS, "now": clock.now()}
    seen = []

    def second():
        try:
            unit.run(balance, **given)
        except Exception as error:  # noqa: BLE001  the test tells which
            seen.append(type(error).__name__)
        finally:
            connection.close()

    other = threading.Thread(target=second)

    def first(**more):
        found = balance(**more)
        other.start()
        other.join(timeout=1)  # long enough to stand before the lock
        return found

    unit.run(first, **given)
    other.join()
    assert seen == []
    assert Case.objects.count() == 1
