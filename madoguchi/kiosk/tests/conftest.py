"""Residents with cards before a machine, on the real tables."""

import pytest

from madoguchi.certificates.testing import settle, shared_keys
from madoguchi.infra import wiring
from madoguchi.kiosk import testing as k


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
