"""Fictional cards for the bridge's tests: made once, handed out as copies."""

import shutil

import pytest

from madoguchi.bridge import clock
from madoguchi.bridge.emulator import making
from madoguchi.bridge.tests import pcsc
from madoguchi.bridge.tests.people import PEOPLE, PIN, SIGN_PASSWORD


@pytest.fixture(scope="session")
def drawer_made_once(tmp_path_factory):
    folder = tmp_path_factory.mktemp("drawer") / "cards"
    pins = making.DemoPins(digits=PIN, sign=SIGN_PASSWORD)
    making.make_cards(PEOPLE, out=folder, now=clock.now(), pins=pins)
    return folder


@pytest.fixture
def drawer(drawer_made_once, tmp_path):
    """A drawer of this test's own: counters and changed PINs stay in it."""
    return shutil.copytree(drawer_made_once, tmp_path / "drawer")


@pytest.fixture(scope="session")
def service(tmp_path_factory):
    """A pcscd of our own with two virtual readers."""
    reason = pcsc.missing()
    if reason:
        # The same card is tested in this process without PC/SC. In CI a failure (tests/no_skips.py).
        pytest.skip(f"real PC/SC: {reason}")  # reason: no pcscd here, or mounts are forbidden
    with pcsc.running(tmp_path_factory.mktemp("pcsc")) as running:
        yield running
