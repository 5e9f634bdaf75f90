"""The whole product, as a stranger starts it, and a real Chromium in front of it.

One small town for all browser tests of a worker: ``madoguchi demo`` with a data folder of
its own, so web server, queue worker and database are the real ones.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from tests.homes import new_home

ROOT = Path(__file__).resolve().parents[2]
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
READY_SECONDS_MAX = 400


@dataclass(frozen=True)
class Town:
    """A running demo: where it answers, where its cards do, and where its data lies."""

    url: str
    home: Path
    agent: str


def pytest_collection_modifyitems(items):
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def town(needs_chromium: None) -> Iterator[Town]:
    """Start a town of 240 people as ``./run demo`` does, and stop it at the end."""
    kept = {k: v for k, v in os.environ.items() if k != "MADOGUCHI_DATABASE_URL"}
    command = ["demo", "--port", "18020", "--residents", "240"]
    with new_home() as home, (home / "demo.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "madoguchi", *command],
            cwd=ROOT, env={**kept, "MADOGUCHI_HOME": str(home)}, stdout=log, stderr=log,
        )  # fmt: skip
        try:
            url, agent = _wait(process, home / "demo.log")
            yield Town(url=url, home=home, agent=agent)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(30)


def _wait(process: subprocess.Popen[bytes], log: Path) -> tuple[str, str]:
    """Wait until the town and its card agent have both said where they answer."""
    until = time.monotonic() + READY_SECONDS_MAX
    while time.monotonic() < until:
        said = log.read_text(errors="replace")
        town = re.search(r"http://127\.0\.0\.1:\d+/", said)
        agent = re.search(r"bridge: ready (http://\S+)", said)
        if town and agent:
            with urllib.request.urlopen(town.group(), timeout=20) as answer:
                assert answer.status == 200
            return town.group().rstrip("/"), agent.group(1)
        if process.poll() is not None:
            break
        time.sleep(0.2)
    pytest.fail(f"the demo did not start:\n{log.read_text(errors='replace')[-3000:]}")


def is_complaint(message):
    """An error on the console, but for two that are none."""
    # A form that comes back with its problems is an answer (422), though the browser logs it.
    answered = "422 (Unprocessable" in message.text
    # A request given up because the page was left.
    given_up = message.text.startswith(("htmx:sendAbort", "htmx:afterRequest"))
    return message.type == "error" and not answered and not given_up


@pytest.fixture
def open_page(chromium, town):
    """Return a function that opens a page of a given size; what the browser complains of fails the test."""
    contexts, complaints = [], []

    def open_one(size=DESK, browser=chromium, **more):
        context = browser.new_context(viewport=size, locale="ja-JP", base_url=town.url, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if is_complaint(m) else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def desk_of(open_page):
    """Return a function that signs a named clerk in by the demo's one press."""

    def sign_in(staff_id, size=DESK, **more):
        page = open_page(size, **more)
        press_in(page, staff_id)
        return page

    return sign_in


def press_in(page, staff_id):
    page.goto("/")
    page.locator(f'form[action$="/demo/sign-in/{staff_id}/"] button').first.click()
    page.wait_for_load_state()


@pytest.fixture(scope="session")
def signed_in_as(chromium, town):
    """Return a function that tells what a browser keeps of a clerk who signed in once.

    For tests that only look: who has signed in stays so from one test to the next.
    """

    @cache
    def kept(staff_id):
        context = chromium.new_context(base_url=town.url)
        press_in(context.new_page(), staff_id)
        state = context.storage_state()
        context.close()
        return state

    return kept
