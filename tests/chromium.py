"""Pytest plugin: one real Chromium a process, for every test that wants one.

Loaded by ``-p tests.chromium``. Its driver keeps an event loop in the thread, so a second one
in the same process is refused: rooms and ``tests/browser`` share this.
"""

from __future__ import annotations

import shutil

import pytest

#: Debian builds the same Chromium without its windows, too: three times as quick here. Where there
#: is only the whole browser, that one.
CHROMIUM = shutil.which("chromium-headless-shell") or shutil.which("chromium")
#: Root needs --no-sandbox; it is off here, in tests and benches, and nowhere else.
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
             "--disable-background-networking", "--disable-component-update", "--disable-sync",
             "--lang=ja", "--force-color-profile=srgb"]  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        # Where it cannot be installed: for the rooms' own tests, outside tests/browser. CI
        # allows no skip (tests/no_skips.py).
        pytest.skip("Chromium is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()
