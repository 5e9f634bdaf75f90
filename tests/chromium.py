"""Pytest plugin: one real Chromium a process, for every test that wants one.

Loaded by ``-p tests.chromium``. Its driver keeps an event loop in the thread, so a second one
in the same process is refused: rooms and ``tests/browser`` share this.
"""

from __future__ import annotations

import shutil

import pytest

CHROMIUM = shutil.which("chromium")
#: Debian builds the same Chromium without windows and viewers, too: a page in it takes a third of
#: the time here. Where there is none, the whole browser does.
SHELL = shutil.which("chromium-headless-shell") or CHROMIUM
#: Root needs --no-sandbox; it is off here, in tests and benches, and nowhere else.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--lang=ja", "--force-color-profile=srgb"]  # fmt: skip


@pytest.fixture(scope="session")
def needs_chromium():
    """The one place that lets a test go because there is no browser."""
    if CHROMIUM is None:
        # All else is still tested there. In CI the same skip is a failure (tests/no_skips.py).
        pytest.skip("Chromium is not installed")  # reason: one's own machine may have none


@pytest.fixture(scope="session")
def _player(needs_chromium):
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        yield play


@pytest.fixture(scope="session")
def chromium(_player):
    browser = _player.chromium.launch(executable_path=SHELL, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def whole_chromium(_player):
    """The browser with all its parts: for what needs its viewer of papers."""
    browser = _player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()
