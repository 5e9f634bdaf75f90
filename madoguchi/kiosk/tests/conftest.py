"""Residents with cards before a machine, on the real tables; what stands behind its ports."""

import pytest

from madoguchi.cards.testing import ISSUER
from madoguchi.certificates.testing import settle, shared_keys
from madoguchi.infra import wiring
from madoguchi.infra.wiring import provide
from madoguchi.kernel.outcome import Unavailable
from madoguchi.kiosk import testing as k
from madoguchi.kiosk.domain.devices import (
    JobStage,
    JobState,
    NoAnswer,
    PaymentStage,
    ProvenCertificate,
)
from madoguchi.kiosk.ports import IdentityProof, Printers, Tills


@pytest.fixture
def people(db):
    """The named people, a machine in the hall, and a card for everybody."""
    found = settle()
    k.terminal()
    for key, person_id in vars(found).items():
        if key not in k.WITHOUT_CARD:
            k.card(k.SERIALS[key], person_id)
    return found


@pytest.fixture(autouse=True)
def own_papers(settings, tmp_path):
    """Give each test a folder of its own for papers, keys and the chain's anchors."""
    settings.MADOGUCHI_HOME = tmp_path
    settings.MADOGUCHI_KEYS = str(shared_keys(tmp_path))


@pytest.fixture(autouse=True)
def own_devices(monkeypatch):
    """What a test puts behind a port is gone with it: the next finds what the start wired."""
    monkeypatch.setattr(wiring, "_adapters", dict(wiring._adapters))


class Cards:
    """A checker that believes any signature of the right bytes, and keeps what it was asked."""

    def __init__(self):
        self.asked = []
        self.answer = None

    def check(self, *, certificate, signature, signed, now):
        self.asked.append(signed)
        known = ProvenCertificate(issuer=ISSUER, serial=certificate.decode())
        return known if self.answer is None else self.answer


class Machine:
    """A printer and a till that do what the test says."""

    def __init__(self):
        self.printed = {}
        self.state_of_job = JobState(stage=JobStage.DONE, sheets_done=1, troubles=frozenset())
        self.silent = False
        self.till_stage = PaymentStage.WAITING
        self.asked = []

    def of(self, _terminal_no):
        return self

    # the printer
    def print(self, *, name, pdf):
        if self.silent:
            return Unavailable(reason=NoAnswer.NOT_REACHED)
        self.printed[name] = pdf
        return f"job-{name}"

    def job(self, _reference):
        return self.state_of_job

    # the till
    def ask(self, *, payment_id, yen):
        self.asked.append((payment_id, yen))
        return "T-1"

    def stage(self, _reference):
        return self.till_stage


@pytest.fixture
def cards():
    found = Cards()
    provide(IdentityProof, found)
    return found


@pytest.fixture
def machine():
    found = Machine()
    provide(Printers, found)
    provide(Tills, found)
    return found
