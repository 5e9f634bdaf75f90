"""Processes that die and printers that talk nonsense: no page may lie about unlooked for."""

from datetime import datetime, timedelta

import pytest

from madoguchi.audit.api import list_entries
from madoguchi.certificates.testing import Request
from madoguchi.infra import clock, unit, wiring
from madoguchi.infra.clock import JAPAN, frozen
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk import jobs
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import printing
from madoguchi.kiosk.actions.balancing import balance
from madoguchi.kiosk.domain.devices import JobStage, JobState, NoAnswer, PrinterTrouble
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End
from madoguchi.kiosk.models import Case, Payment, PrintJob
from madoguchi.kiosk.ports import Printers, Tills
from madoguchi.kiosk.queries.sweeping import is_wanted
from madoguchi.protection.testing import CLERK, protect

pytestmark = pytest.mark.django_db


class Machines:
    """A printer that cancels what it knows, and a till that gives back."""

    def __init__(self):
        self.cancels = None
        self.breaks = ()
        self.refunded = []

    def of(self, _terminal_no):
        return self

    def job(self, reference):
        if reference in self.breaks:
            raise ValueError(reference)
        return JobState(stage=JobStage.PRINTING, sheets_done=0, troubles=frozenset())

    def cancel(self, reference):
        if reference in self.breaks:
            raise ValueError(reference)
        return self.cancels

    def refund(self, reference):
        self.refunded.append(reference)
        from madoguchi.kiosk.domain.devices import PaymentStage

        return PaymentStage.REFUNDED


@pytest.fixture
def machines(monkeypatch):
    found = Machines()
    monkeypatch.setattr(wiring, "_adapters", {Printers: found, Tills: found})
    return found


def later(seconds):
    return frozen(clock.now() + timedelta(seconds=seconds))


def send(row):
    """Check the next copy out: from here on the file may be at the printer."""
    return unit.run(printing.start_print, session_id=row.session_id, now=clock.now())


def say(row, job_id, state, *, after=0, reference=""):
    return unit.run(
        printing.note_print, session_id=row.session_id, job_id=job_id, state=state,
        now=clock.now() + timedelta(seconds=after), reference=reference,
    )  # fmt: skip


# -- the process dies between the printer and our book ------------------------------------------------


def test_k19_a_process_that_died_with_the_file_in_its_hand_leaves_a_case(people, machines):
    """The printer may have got it: nobody may write that no paper came out."""
    row = k.paid("aoi")
    assert send(row).pdf
    with later(200):
        jobs.sweep()
    assert k.again(row).end is End.FAILED
    assert Request.objects.get().disposal == "NOT_RECOVERED"
    assert Case.objects.get().what == "PAPER"
    assert k.again(row).refund_yen == 200


def test_a_printer_certainly_never_reached_leaves_no_case(people, machines):
    row = k.paid("aoi")
    for _ in range(3):
        file = send(row)
        say(row, file.job_id, Unavailable(reason=NoAnswer.NOT_REACHED))
    with later(200):
        jobs.sweep()
    assert k.again(row).end is End.FAILED
    assert Request.objects.get().disposal == "RECOVERED"
    assert not Case.objects.exists()


@pytest.mark.parametrize("first", [NoAnswer.CUT_OFF, NoAnswer.GARBLED])
def test_an_answer_lost_once_is_not_forgotten_by_a_line_that_is_dead_now(people, machines, first):
    """Sent, the answer lost, then the printer is off: the first sending may still have printed."""
    row = k.paid("aoi")
    say(row, send(row).job_id, Unavailable(reason=first))
    say(row, send(row).job_id, Unavailable(reason=NoAnswer.NOT_REACHED))
    with later(200):
        jobs.sweep()
    assert Request.objects.get().disposal == "NOT_RECOVERED"
    assert Case.objects.get().what == "PAPER"


def test_a_retry_after_a_death_does_not_forget_the_first_sending(people, machines):
    row = k.paid("aoi")
    send(row)  # and dies
    say(row, send(row).job_id, Unavailable(reason=NoAnswer.NOT_REACHED))
    with later(200):
        jobs.sweep()
    assert Case.objects.get().what == "PAPER"


def test_a_printer_that_is_heard_again_is_believed(people, machines):
    row = k.paid("aoi")
    say(row, send(row).job_id, Unavailable(reason=NoAnswer.CUT_OFF))
    again = send(row)
    nothing = JobState(stage=JobStage.LOST, sheets_done=0, troubles=frozenset())
    assert say(row, again.job_id, nothing, reference="7").end is End.FAILED
    assert not Case.objects.exists()


def test_a_jam_after_page_one_of_two_copies_voids_both_and_somebody_looks(people, machines):
    row = k.print_copy(k.paid("aoi", copies=2))
    jam = frozenset({PrinterTrouble.PAPER_JAM})
    row = k.print_copy(row, JobStage.HELD_UP, sheets=0, troubles=jam)
    held = JobState(stage=JobStage.HELD_UP, sheets_done=0, troubles=jam)
    row = say(row, row.prints[1].job_id, held, after=121)
    assert (row.end, row.refund_yen) == (End.FAILED, 400)
    assert Request.objects.get().disposal == "NOT_RECOVERED"
    assert (Case.objects.get().expected, Case.objects.get().found) == (2, 1)


@pytest.mark.parametrize(("counts", "cases"), [(True, 0), (False, 1)])
def test_no_count_is_not_a_count_of_nothing(people, machines, counts, cases):
    """The paper ran out after page one, and this printer tells no numbers."""
    row = k.paid("aoi")
    file = send(row)
    out = frozenset({PrinterTrouble.PAPER_OUT})
    held = JobState(stage=JobStage.HELD_UP, sheets_done=0, troubles=out, counts=counts)
    say(row, file.job_id, held, reference="7")
    assert say(row, file.job_id, held, after=121).end is End.FAILED
    assert Case.objects.count() == cases


# -- the sweep is not stopped by one bad row ---------------------------------------------------------------


def lost_with(reference, *, method=Method.COIN_BOX, person="aoi"):
    row = k.paid(person, method=method)
    say(row, send(row).job_id, Unavailable(reason=NoAnswer.CUT_OFF), reference=reference)
    return say(row, PrintJob.objects.get(request_id=row.request_id).job_id,
               Unavailable(reason=NoAnswer.CUT_OFF), after=200)  # fmt: skip


def test_a_job_the_printer_has_forgotten_is_not_asked_about_for_ever(people, machines):
    """Switched off in the jam, it knows nothing of the job: there is nothing left to cancel."""
    lost_with("7")
    machines.cancels = Unavailable(reason=NoAnswer.FORGOTTEN)
    jobs.sweep()
    assert not PrintJob.objects.filter(cancel_due=True).exists()


def test_a_printer_that_only_stays_silent_is_told_again(people, machines):
    lost_with("7")
    machines.cancels = Unavailable(reason=NoAnswer.NOT_REACHED)
    jobs.sweep()
    assert PrintJob.objects.filter(cancel_due=True).exists()


def test_k20_one_row_nobody_can_read_keeps_no_refund_waiting(people, machines):
    """Another machine stands there now and cannot read the old reference; the rest goes on."""
    lost_with("from-another-machine", method=Method.CASHLESS)
    machines.breaks = ("from-another-machine",)
    with pytest.raises(jobs.RowsLeftError, match="ValueError"):
        jobs.sweep()
    assert machines.refunded == ["T-1"]
    assert Payment.objects.get().stage == "REFUNDED"


# -- midnight ------------------------------------------------------------------------------------------------


def test_a_paper_of_yesterday_is_not_printed_and_both_days_balance(people, machines):
    night = datetime.combine(clock.today(), datetime.min.time(), tzinfo=JAPAN)
    with frozen(night - timedelta(seconds=20)):
        row = k.paid("aoi")
    with frozen(night + timedelta(seconds=5)):
        ended = send(row).session
        assert (ended.end, ended.refund_yen) == (End.FAILED, 200)
        assert not PrintJob.objects.exists()
    for days in (-1, 0):
        found = unit.run(
            balance, day=clock.today() + timedelta(days=days), channel="KIOSK", actor=k.BOSS,
            now=night + timedelta(days=2),
        )  # fmt: skip
        assert found.differences == ()
    assert Request.objects.get().disposal == "NEVER_PRINTED"


# -- a clerk as the printer ---------------------------------------------------------------------------------


def in_tray(person="aoi"):
    row = k.paid(person)
    waiting = JobState(stage=JobStage.WAITING, sheets_done=0, troubles=frozenset())
    return say(row, send(row).job_id, waiting, reference="tray-1")


def fetch():
    return unit.run(
        printing.fetch_paper, terminal_no="K1", reference="tray-1", actor=CLERK, now=clock.now()
    )


def test_a_measure_while_the_paper_lies_in_the_tray_keeps_it_there(people, machines):
    row = in_tray()
    assert fetch()
    protect(people.aoi)
    assert not fetch()
    assert k.again(row).end is End.FAILED
    assert k.again(row).refund_yen == 200
    told = [one.note.detail for one in list_entries(limit=20).entries
            if one.note.action == "KIOSK_TRAY"]  # fmt: skip
    assert [one["what"] for one in told] == ["withheld", "fetched"]
    assert {one["request_id"] for one in told} == {row.request_id}, "who saw which paper"


def test_a_paper_a_clerk_has_fetched_and_forgotten_is_looked_for(people, machines):
    """It was printed, nobody pressed "printed", and the resident has gone."""
    row = in_tray()
    job_id = PrintJob.objects.get().job_id
    fetched = JobState(
        stage=JobStage.WAITING, sheets_done=0, troubles=frozenset(), counts=False
    )  # fmt: skip
    say(row, job_id, fetched)
    assert say(row, job_id, fetched, after=20 * 60 + 1).end is End.FAILED
    assert Case.objects.get().what == "PAPER"


def test_a_paper_given_up_is_not_fetched_and_not_wanted(people, machines):
    row = in_tray()
    assert is_wanted("K1", "tray-1")
    with later(20 * 60 + 1):
        jobs.sweep()
    assert k.again(row).end is End.FAILED
    assert not is_wanted("K1", "tray-1")
    assert not fetch()
    assert is_wanted("K1", "a receipt"), "a receipt stands in no book"
