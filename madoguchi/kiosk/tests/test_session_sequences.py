"""K13: any order of presses, devices, clocks, protections and stops, against a small model.

Whatever happens: whoever left is forgotten, nobody's money is lost, no paper is left open, the
books of the day balance, and nothing leaves for somebody who is held.
"""

import contextlib
import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import transaction
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.certificates import testing as papers
from madoguchi.certificates.api import lift_stops, stop_channel
from madoguchi.certificates.testing import Request, shared_keys
from madoguchi.infra import clock, unit, wiring
from madoguchi.infra.clock import frozen
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Refused, Unavailable
from madoguchi.kiosk import jobs
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.actions import paying, pressing, printing, proving
from madoguchi.kiosk.actions.balancing import KEEPER, balance
from madoguchi.kiosk.actions.settling import pay_back
from madoguchi.kiosk.domain.devices import JobStage, JobState, PaymentStage, PrinterTrouble
from madoguchi.kiosk.domain.payments import Method
from madoguchi.kiosk.domain.steps import End, Mode, Step
from madoguchi.kiosk.models import Case, Docket, Payment, PrintJob, Session
from madoguchi.kiosk.ports import Printers, Tills
from madoguchi.protection.testing import protect

WHO = ("aoi", "father", "haru", "namesake")
VALUES = {
    Step.KIND: ({"kind": "resident_record_household"}, {"kind": "record_items"}, {"kind": "x"}),
    Step.PART: ({"part": "SELF"}, {"part": "WHOLE"}, {"part": "SOME", "member_nos": [0]}, {}),
    Step.ITEMS: ({"items": []}, {"items": ["HOUSEHOLDER"]}, {"items": ["NOTHING"]}),
    Step.COPIES: ({"copies": 1}, {"copies": 2}, {"copies": 0}),
}
TOLD = (
    JobState(stage=JobStage.PRINTING, sheets_done=0, troubles=frozenset()),
    JobState(stage=JobStage.HELD_UP, sheets_done=0, troubles=frozenset({PrinterTrouble.PAPER_OUT})),
    JobState(stage=JobStage.HELD_UP, sheets_done=1, troubles=frozenset({PrinterTrouble.PAPER_JAM})),
    JobState(stage=JobStage.LOST, sheets_done=0, troubles=frozenset()),
    Unavailable(reason="CUT_OFF"),
    "whole", "whole", "whole",
)  # fmt: skip
FORWARD = {
    Step.ACCEPT: pressing.accept,
    Step.CARD: pressing.place_card,
    Step.TOWN: pressing.choose_town,
    Step.CARD_BACK: pressing.note_card_back,
    Step.CONFIRM: paying.confirm,
}


class Devices:
    """A till that remembers whose money it holds, and a printer that says what was last said."""

    def __init__(self):
        self.holds, self.says = {}, TOLD[0]

    def of(self, terminal_no):
        return self

    def ask(self, *, payment_id, yen):
        return payment_id

    def cancel(self, reference):
        if self.holds.get(reference):
            return PaymentStage.PAID
        return PaymentStage.CANCELLED if reference in self.holds else None

    def refund(self, reference):
        self.holds[reference] = False
        return PaymentStage.REFUNDED

    def job(self, reference):
        return self.says if not isinstance(self.says, str) else TOLD[0]


class Hall(RuleBasedStateMachine):
    """Two machines, four residents, one clock, and everything that can come between."""

    @initialize()
    def open_the_hall(self):
        self.block = transaction.atomic()
        self.block._from_testcase = True  # so that a unit inside counts as the outermost
        self.block.__enter__()
        self.folder = tempfile.TemporaryDirectory()
        settings.MADOGUCHI_HOME = Path(self.folder.name)
        self.people = papers.settle()
        for key in WHO:
            k.card(k.SERIALS[key], getattr(self.people, key))
        for number in ("K1", "K2"):
            k.terminal(number)
        self.devices = Devices()
        self.kept = dict(wiring._adapters)
        wiring._adapters.update({Printers: self.devices, Tills: self.devices})
        # Noon, so that no run crosses a midnight: a paper is dated the day it leaves.
        self.now = clock.now().replace(hour=12, minute=0)
        self.model = {}  # session -> whose card, or "" before it is known
        self.held, self.stops, self.moved = set(), (), 0
        self.begin("K1", Mode.PLAIN)

    def teardown(self):
        if hasattr(self, "block"):
            wiring._adapters.clear()
            wiring._adapters.update(self.kept)
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)
            self.folder.cleanup()

    def run(self, action, **given):
        """One press at the machine's own time; a late or wrong press changes nothing."""
        self.now += timedelta(seconds=1)
        with frozen(self.now):
            try:
                return unit.run(action, now=self.now, **given)
            except Refused as refusal:
                assert refusal.problems
                return None

    def session(self, at):
        rows = list(Session.objects.filter(end="").order_by("opened_at"))
        return rows[at % len(rows)] if rows else None

    def begin(self, terminal_no, mode):
        row = self.run(pressing.open_session, terminal_no=terminal_no, mode=mode,
                       language=Language.JAPANESE)  # fmt: skip
        if row is not None:
            self.model[row.session_id] = ""

    @rule(number=st.sampled_from(["K1", "K2"]), mode=st.sampled_from(list(Mode)))
    def somebody_comes(self, number, mode):
        self.begin(number, mode)

    @rule(
        at=st.integers(0, 3),
        who=st.sampled_from(WHO),
        pick=st.integers(0, 7),
        steps=st.integers(1, 12),
    )
    def go_on(self, at, who, pick, steps):
        """Press what leads on, several screens if they are right."""
        row = self.session(at)
        for _ in range(steps if row is not None else 0):
            row = Session.objects.filter(session_id=row.session_id, end="").first()
            if row is None or row.step == Step.TAKE:
                return
            self.press(row, who, pick)

    def press(self, row, who, pick):
        step = Step(row.step)
        if step in FORWARD:
            self.run(FORWARD[step], session_id=row.session_id)
        elif step in VALUES:
            values = VALUES[step][pick % len(VALUES[step])]
            self.run(pressing.choose, session_id=row.session_id, step=step, values=values)
        elif step is Step.PIN:
            self.prove(row, who)
        elif step is Step.PAY:
            self.pay(row, pick)
        elif step is Step.PRINT:
            self.print(row, pick)

    def prove(self, row, who):
        if row.mode == Mode.PRACTICE:
            self.run(proving.prove_practice, session_id=row.session_id)
            return
        challenge = self.run(proving.new_challenge, session_id=row.session_id)
        found = self.run(proving.bind_holder, session_id=row.session_id, nonce=challenge.nonce,
                         proof=k.proof_of(who))  # fmt: skip
        assert (found.end is None) is not bool(who in self.held or self.stops)
        if found.end is None:
            self.model[row.session_id] = who

    def pay(self, row, pick):
        method = (Method.COIN_BOX, Method.CASHLESS)[pick % 2]
        found = self.run(paying.start_payment, session_id=row.session_id, method=method)
        if found is None or found.end is not None or found.payment is None:
            if found is not None and found.mode is Mode.PRACTICE:
                self.run(paying.note_payment, session_id=row.session_id, payment_id="",
                         stage=PaymentStage.PAID)  # fmt: skip
            return
        payment = found.payment.payment_id
        if method is Method.CASHLESS:
            self.devices.holds.setdefault(payment, False)
        if pick in (6, 7):  # asked, and not paid yet; or the news never came
            self.devices.holds[payment] = method is Method.CASHLESS and pick == 7
            return
        if method is Method.CASHLESS:
            self.devices.holds[payment] = True
        self.run(paying.note_payment, session_id=row.session_id, payment_id=payment,
                 stage=PaymentStage.PAID, reference=payment if method is Method.CASHLESS else "")  # fmt: skip

    def print(self, row, pick):
        if row.mode == Mode.PRACTICE:
            done = JobState(stage=JobStage.DONE, sheets_done=0, troubles=frozenset())
            self.run(printing.note_print, session_id=row.session_id, job_id="", state=done)
            return
        self.work(row.request_id)
        found = self.run(printing.start_print, session_id=row.session_id)
        job = PrintJob.objects.filter(request_id=row.request_id, ended_at=None).first()
        if found is None or found.session.end is not None or job is None:
            return
        if found.pdf:
            assert self.model[row.session_id] not in self.held, "nothing leaves for who is held"
            assert not self.stops
        told = TOLD[pick % len(TOLD)]
        if told == "whole":
            told = JobState(stage=JobStage.DONE, sheets_done=job.sheets, troubles=frozenset())
        self.run(printing.note_print, session_id=row.session_id, job_id=job.job_id, state=told,
                 reference=f"ipp-{job.job_id}")  # fmt: skip

    def work(self, request_id):
        with frozen(self.now):
            papers.make(request_id, actor=k.BOSS)

    @rule(at=st.integers(0, 3))
    def the_worker_works(self, at):
        row = self.session(at)
        if row is not None and row.request_id:
            self.work(row.request_id)

    @rule(at=st.integers(0, 3))
    def go_back(self, at):
        row = self.session(at)
        if row is not None:
            self.run(pressing.go_back, session_id=row.session_id, step=Step(row.step))

    @rule(at=st.integers(0, 3), how=st.sampled_from([End.LEFT, End.TIMED_OUT]))
    def leave(self, at, how):
        row = self.session(at)
        if row is not None:
            self.run(pressing.leave, session_id=row.session_id, how=how)

    @rule(seconds=st.sampled_from([5, 40, 130, 200, 700]), says=st.sampled_from(TOLD))
    def time_passes_and_the_sweep_comes(self, seconds, says):
        self.now += timedelta(seconds=seconds)
        self.devices.says = says
        with frozen(self.now):
            jobs.sweep()

    @rule(at=st.integers(0, 9))
    def a_clerk_gives_back(self, at):
        due = list(Payment.objects.filter(stage="REFUND_DUE", method="COIN_BOX"))
        if due:
            self.run(pay_back, payment_id=due[at % len(due)].payment_id, till_stands=True,
                     actor=k.BOSS)  # fmt: skip

    @rule(who=st.sampled_from(WHO[:2]))
    def somebody_is_protected(self, who):
        if who not in self.held:
            with frozen(self.now):
                protect(getattr(self.people, who))
            self.held.add(who)

    @rule(who=st.sampled_from(WHO[2:]))
    def somebody_moves(self, who):
        self.moved += 1
        with frozen(self.now), contextlib.suppress(Refused):
            papers.move(getattr(self.people, who), building=f"{self.moved}号室")

    @rule()
    def the_switch(self):
        with frozen(self.now):
            if self.stops:
                unit.run(lift_stops, stop_ids=self.stops, actor=k.BOSS, now=self.now)
                self.stops = ()
            else:
                self.stops = unit.run(stop_channel, channel="KIOSK", reason="点検", actor=k.BOSS,
                                      now=self.now)  # fmt: skip

    @invariant()
    def who_left_is_forgotten(self):
        if not hasattr(self, "model"):
            return
        for row in Session.objects.exclude(end=""):
            assert (row.person_id, row.offer, row.choices) == ("", None, {})
        for row in Session.objects.filter(end=""):
            assert row.mode != Mode.PRACTICE or not (row.person_id or row.request_id)
            whose = self.model.get(row.session_id)
            assert row.person_id == (getattr(self.people, whose) if whose else "")

    @invariant()
    def money_and_paper_agree(self):
        if not hasattr(self, "model"):
            return
        for docket in Docket.objects.exclude(outcome="OPEN"):
            state = Request.objects.get(request_id=docket.request_id).state
            paid = Payment.objects.filter(request_id=docket.request_id, stage="PAID")
            assert (docket.outcome == "ISSUED") is (state == "HANDED_OVER")
            assert sum(one.yen for one in paid) == (docket.yen if state == "HANDED_OVER" else 0)
            assert state in {
                "ISSUED": ("HANDED_OVER",), "REFUSED": ("REFUSED",),
                "FAILED": ("VOID", "FAILED"), "ABANDONED": ("VOID",),
            }[docket.outcome]  # fmt: skip

    @rule()
    def the_day_ends(self):
        """Everybody goes home: the sweep ends what is open, and then every book agrees."""
        self.devices.says = JobState(stage=JobStage.LOST, sheets_done=0, troubles=frozenset())
        for minutes in (15, 30, 45, 60):
            with frozen(self.now + timedelta(minutes=minutes)):
                jobs.sweep()
                jobs.sweep()
        self.now += timedelta(minutes=61)
        assert not Session.objects.filter(end="").exists()
        assert not Docket.objects.filter(outcome="OPEN").exists()
        assert not any(
            self.devices.holds[one.payment_id] for one in cashless() if one.stage != "PAID"
        )
        assert all(self.devices.holds[one.payment_id] for one in cashless() if one.stage == "PAID")
        tomorrow = self.now + timedelta(days=1)
        found = unit.run(balance, day=self.now.date(), channel="KIOSK", actor=KEEPER, now=tomorrow)
        assert found.differences == (), found.differences
        assert set(Case.objects.values_list("what", flat=True)) <= {"PAPER"}
        self.begin("K1", Mode.PLAIN)


def cashless():
    return Payment.objects.filter(method="CASHLESS")


@pytest.mark.parametrize(
    "examples", [8, pytest.param(200, marks=pytest.mark.full)], ids=["sample", "whole"]
)
@pytest.mark.django_db
def test_k13_any_order_of_events_keeps_every_promise(settings, tmp_path, examples):
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))
    home = settings.MADOGUCHI_HOME
    machine = Hall.TestCase
    machine.settings = hypothesis_settings(
        max_examples=examples, stateful_step_count=25, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        machine().runTest()
    finally:
        settings.MADOGUCHI_HOME = home
