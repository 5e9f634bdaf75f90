"""A desk for the tests of this room: a frozen day, and filing through the real door."""

import itertools

import pytest

from madoguchi.infra import clock, unit
from madoguchi.kernel.outcome import Refused
from madoguchi.register.actions.changes import file_change
from madoguchi.register.domain.commands import Filing, Newcomer, RecordEntry
from madoguchi.register.domain.reasons import Reason
from madoguchi.register.testing import at, clerk, make_items, resident_code
from madoguchi.web import messages


class Desk:
    """Files changes as clerk Kaede, each a minute after the one before."""

    def __init__(self):
        self.actor = clerk()
        self.minutes = itertools.count()
        self.codes = itertools.count(100)
        self.day = "2026-11-23"

    def at(self, day):
        self.day = day
        return self

    def file(self, command, *, passed=(), actor=None):
        minute = next(self.minutes)
        moment = at(f"{self.day}T{9 + minute // 60:02d}:{minute % 60:02d}")
        with clock.frozen(moment):
            try:
                return unit.run(
                    file_change,
                    actor=actor or self.actor,
                    command=command,
                    passed=frozenset(passed),
                )
            except Refused as refusal:
                # Every refusal in these tests can be said in words, with all its facts.
                messages.render_all(refusal.problems)
                raise

    def newcomer(self, *, person_id=None, **items):
        items.setdefault("resident_code", resident_code(next(self.codes)))
        items = {"became_resident": "", "address_since": "", "notified": ""} | items
        return Newcomer(items=make_items(**items), person_id=person_id)

    def enter(self, *newcomers, on="2026-04-01", household_no=None, passed=()):
        """Enter people and return their numbers in the order given."""
        filed = self.file(
            RecordEntry(
                filing=Filing(effective=on),
                reason=Reason.MOVE_IN_DOMESTIC,
                newcomers=newcomers,
                household_no=household_no,
            ),
            passed=passed,
        )
        new = iter(sorted(filed.history_nos))
        return tuple(one.person_id or next(new) for one in newcomers)

    def family(self, on="2026-04-01"):
        """Enter the Minato family: head, wife, two children, the head's mother."""
        return self.enter(
            self.newcomer(name="港　渚", birth="昭和55年6月1日"),
            self.newcomer(name="港　波", birth="昭和57年2月3日", relationship="妻",
                          is_householder=False),
            self.newcomer(name="港　岬", birth="平成22年8月9日", relationship="子",
                          is_householder=False),
            self.newcomer(name="港　汀", birth="平成25年1月2日", relationship="子",
                          is_householder=False),
            self.newcomer(name="港　磯", birth="昭和28年5月5日", relationship="母",
                          is_householder=False),
            on=on,
        )  # fmt: skip


@pytest.fixture
def desk(db):
    """The counter with an empty register behind it."""
    return Desk()
