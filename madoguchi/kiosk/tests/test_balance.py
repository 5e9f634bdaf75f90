"""The day's books on real tables: a difference is named, stops the channel, and waits for a person."""

from datetime import datetime, time, timedelta

import pytest

from madoguchi.certificates.api import stop_channel
from madoguchi.certificates.testing import Request, Stop
from madoguchi.infra import clock, unit
from madoguchi.infra.clock import JAPAN, frozen
from madoguchi.kiosk import jobs
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import paying, pressing
from madoguchi.kiosk.actions.balancing import KEEPER, balance, count_coins, decide_case
from madoguchi.kiosk.domain.books import What
from madoguchi.kiosk.domain.cases import Decision
from madoguchi.kiosk.domain.devices import JobStage
from madoguchi.kiosk.domain.steps import End
from madoguchi.kiosk.models import Case, Challenge, DayClose, Docket, Payment, PrintJob, Session
from madoguchi.kiosk.queries.books import days_to_close
from madoguchi.protection.testing import CLERK, protect

pytestmark = pytest.mark.django_db


def close(day=None, channel="KIOSK", ahead=timedelta(days=1)):
    """Compare the books as on the morning after."""
    return unit.run(balance, day=day or clock.today(), channel=channel, actor=KEEPER,
                    now=clock.now() + ahead)  # fmt: skip


def leave(row, how=End.LEFT):
    return unit.run(pressing.leave, session_id=row.session_id, how=how, now=clock.now())


def busy_day(people):
    """Two taken, one left, one refused, one lost in the printer, one practice."""
    leave(k.taken("aoi", copies=2))
    leave(k.taken("father", kind="record_items"))
    leave(k.confirmed("haru"))
    k.prove(k.begin().session_id, "7777")
    row = k.chosen("daughter")
    protect(people.daughter)
    unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
    k.print_copy(k.paid("rin"), JobStage.LOST, sheets=0)
    leave(k.chosen("", mode=k.Mode.PRACTICE))


def test_k11_a_busy_day_balances_in_every_book(people):
    busy_day(people)
    found = close()
    assert found.differences == ()
    sums = [
        (one.requests.asked, one.requests.issued, one.requests.refused, one.requests.failed,
         one.requests.abandoned)
        for one in found.books
    ]  # fmt: skip
    assert [sum(column) for column in zip(*sums, strict=True)] == [4, 2, 0, 1, 1]
    assert Case.objects.filter(what="PAPER").count() == Case.objects.count()
    assert not Stop.objects.exists()
    assert DayClose.objects.get().differences == 0


def lose_a_state(_):
    Request.objects.filter(state="HANDED_OVER").update(state="VOID", disposal="SHREDDED")


def lose_a_request(_):
    docket = Docket.objects.filter(outcome="ISSUED").first()
    docket.delete()


def print_too_much(_):
    PrintJob.objects.filter(stage="DONE").update(sheets_done=7)


def keep_too_little(_):
    Payment.objects.filter(stage="PAID").update(yen=100)


def keep_what_is_not_ours(_):
    Payment.objects.filter(stage="CANCELLED").update(stage="PAID", paid_at=clock.now())


def forget_a_session(_):
    Session.objects.filter(end="DONE").delete()


def forge_a_proof(_):
    Challenge.objects.filter(held=True).delete()


FAULTS = {
    lose_a_state: {What.ISSUED, What.FAILED},
    lose_a_request: {What.ASKED},
    print_too_much: {What.SHEETS},
    keep_too_little: {What.FEES},
    keep_what_is_not_ours: {What.UNDUE},
    forget_a_session: {What.SESSIONS, What.PROOFS},
    forge_a_proof: {What.PROOFS},
}


@pytest.mark.parametrize("fault", FAULTS, ids=lambda one: one.__name__)
def test_k12_each_fault_opens_a_named_case_and_stops_the_channel(people, fault):
    leave(k.taken("aoi"))
    row = k.confirmed("haru")
    unit.run(paying.start_payment, session_id=row.session_id, method=k.Method.COIN_BOX,
             now=clock.now())  # fmt: skip
    leave(row)
    ready = k.chosen("namesake")
    assert close().differences == ()
    fault(people)
    found = close()
    assert FAULTS[fault] <= {one.what for one in found.differences}
    assert {one.what for one in found.differences} == set(
        Case.objects.values_list("what", flat=True)
    )
    assert set(Stop.objects.filter(lifted_at=None).values_list("channel", flat=True)) == {"KIOSK"}
    ended = unit.run(paying.confirm, session_id=ready.session_id, now=clock.now())
    assert ended.end is End.REFUSED, "stopped at the very next press"


def test_the_same_difference_is_one_case_and_one_decision(people):
    leave(k.taken("aoi"))
    print_too_much(people)
    close()
    close()
    case = Case.objects.get()
    given = {"case_id": case.case_id, "decision": Decision.EXPLAINED, "now": clock.now()}
    assert k.refused(decide_case, note="", actor=k.BOSS, **given) == ("KIOSK_DECISION_NEEDS_WORDS",)
    assert k.refused(decide_case, note="数え違い", actor=CLERK, **given) == ("KIOSK_NOT_ALLOWED",)
    assert k.refused(decide_case, note="数え違い", actor=k.BOSS, **given) == ()
    assert not Stop.objects.filter(lifted_at=None).exists()
    close()
    assert Case.objects.count() == 1, "what a person decided is not opened again"
    PrintJob.objects.filter(stage="DONE").update(sheets_done=9)
    close()
    assert Case.objects.filter(decided_at=None).count() == 1, "another figure is another matter"


def test_a_channel_goes_on_when_the_last_case_is_decided(people):
    leave(k.taken("aoi"))
    unit.run(stop_channel, channel="WEB", reason="点検", actor=k.BOSS, now=clock.now())
    print_too_much(people)
    keep_too_little(people)
    close()
    first, second = Case.objects.order_by("case_id")
    for case, stopped in ((first, True), (second, False)):
        unit.run(decide_case, case_id=case.case_id, decision=Decision.CORRECTED, note="直した",
                 actor=k.BOSS, now=clock.now())  # fmt: skip
        standing = Stop.objects.filter(lifted_at=None, channel="KIOSK").exists()
        assert standing is stopped
    assert Stop.objects.filter(lifted_at=None, channel="WEB").exists(), "a person's own stop stays"


def test_a_running_day_with_somebody_at_the_machine_opens_no_case(people):
    leave(k.taken("aoi"))
    row = k.confirmed("haru")
    k.make(row)
    found = close(ahead=timedelta(0))
    assert (found.closed, found.differences) == (False, ())
    assert not DayClose.objects.exists()
    assert [one.what for one in close().differences] == [What.STILL_OPEN]


def test_the_coin_box_is_a_book(people):
    leave(k.taken("aoi", copies=2))
    k.print_copy(k.paid("haru"), JobStage.LOST, sheets=0)
    given = {"terminal_no": "K1", "actor": CLERK}
    assert unit.run(count_coins, counted_yen=600, now=clock.now(), **given) == 0
    assert not Case.objects.filter(what="COIN_BOX").exists()
    leave(k.taken("namesake"))
    assert unit.run(count_coins, counted_yen=100, now=clock.now(), **given) == 100
    case = Case.objects.get(what="COIN_BOX")
    assert (case.expected, case.found, case.terminal_no) == (200, 100, "K1")
    assert Stop.objects.filter(lifted_at=None, channel="KIOSK").exists()


def test_a_day_whose_only_paper_was_begun_the_evening_before_is_closed_too(people):
    today = clock.today()
    evening = datetime.combine(today, time(23, 59), tzinfo=JAPAN)
    with frozen(evening):
        row = k.chosen("aoi")
    with frozen(evening + timedelta(minutes=1)):
        unit.run(paying.confirm, session_id=row.session_id, now=clock.now())
        leave(row)
    assert days_to_close("KIOSK", until=today + timedelta(days=1)) == (
        today, today + timedelta(days=1),
    )  # fmt: skip


def test_the_job_closes_each_day_once_after_closing(people):
    leave(k.taken("aoi"))
    jobs.close_days()
    assert not DayClose.objects.exists(), "the day still runs"
    with frozen(clock.now() + timedelta(days=1)):
        jobs.close_days()
        jobs.close_days()
    (one,) = DayClose.objects.all()
    assert (one.channel, one.differences) == ("KIOSK", 0)
