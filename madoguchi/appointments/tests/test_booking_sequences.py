"""B1 to B3: any order of hold, confirm, change, cancel and passing time, against a small model."""

import contextlib
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from madoguchi.appointments import testing as a
from madoguchi.appointments.actions.booking import cancel, change, confirm
from madoguchi.appointments.actions.ending import expire_holds
from madoguchi.appointments.domain.booking import Channel
from madoguchi.appointments.models import LIVE_CODES, Booking
from madoguchi.csops import testing as terminals
from madoguchi.infra import unit
from madoguchi.kernel.outcome import Refused

TIMES = st.sampled_from([540, 545, 550, 555])


class Desk(RuleBasedStateMachine):
    """The model: who has which ten minutes, and until when; two may have each."""

    @initialize()
    def open(self):
        self.block = transaction.atomic()
        self.block._from_testcase = True  # so that a unit inside counts as the outermost
        self.block.__enter__()
        self.now, self.has = a.NOW, {}

    def teardown(self):
        if hasattr(self, "block"):
            transaction.set_rollback(True)
            self.block.__exit__(None, None, None)

    def lapse(self):
        self.has = {k: v for k, v in self.has.items() if v[1] is None or v[1] > self.now}

    def fits(self, begins, without=None):
        others = [v[0] for k, v in self.has.items() if k != without]
        return all(
            sum(one <= minute < one + 10 for one in others) < 2
            for minute in range(begins, begins + 10)
        )

    @rule(begins=TIMES, held=st.booleans())
    def take(self, begins, held):
        self.lapse()
        try:
            kept = a.made(begins, held=held, now=self.now)
        except Refused:
            # Two lanes can be so cut that neither is free, though two at a time would fit.
            assert not self.fits(begins) or self.has
            return
        assert self.fits(begins)
        self.has[kept.booking_id] = (begins, kept.hold_until if held else None)

    @rule(data=st.data(), begins=TIMES)
    def move(self, data, begins):
        self.lapse()
        sure = [key for key, value in self.has.items() if value[1] is None]
        if sure:
            key = data.draw(st.sampled_from(sorted(sure)))
            with contextlib.suppress(Refused):
                unit.run(change, booking_id=key, on=a.DAY, begins=begins, channel=Channel.PHONE,
                         actor=a.clerk(), now=self.now)  # fmt: skip
                assert self.fits(begins, key)
                self.has[key] = (begins, None)

    @rule(data=st.data(), gives_up=st.booleans())
    def decide(self, data, gives_up):
        keys = sorted(Booking.objects.values_list("booking_id", flat=True))
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        self.lapse()
        action, more = (
            (cancel, {"channel": Channel.PHONE}) if gives_up else (confirm, {"mail_to": ""})
        )
        before = self.has.get(key)
        may = before is not None and (gives_up or before[1] is not None)
        try:
            unit.run(action, booking_id=key, actor=a.clerk(), now=self.now, **more)
            assert may
            if gives_up:
                del self.has[key]
            else:
                self.has[key] = (before[0], None)
        except Refused:
            assert not may

    @rule(minutes=st.sampled_from([1, 5, 10]))
    def wait(self, minutes):
        self.now += timedelta(minutes=minutes)
        unit.run(expire_holds, place=a.PLACE, on=a.DAY, actor=a.clerk(), now=self.now)
        self.lapse()

    @invariant()
    def tables_say_what_the_model_says(self):
        if not hasattr(self, "block"):
            return
        live = Booking.objects.filter(state__in=LIVE_CODES)
        current = {
            r.booking_id: r.begins for r in live if r.state != "HELD" or r.hold_until > self.now
        }
        assert current == {key: value[0] for key, value in self.has.items()}
        assert terminals.held() == sorted(r.reservation_id for r in live)


@pytest.mark.django_db
def test_b1_b2_b3_in_any_order():
    machine = Desk.TestCase
    machine.settings = settings(
        max_examples=15, stateful_step_count=20, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    machine("runTest").runTest()
