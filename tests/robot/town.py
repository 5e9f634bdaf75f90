"""Cards on our shelf and the same cards at an emulated terminal, for tests of both ways."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from django.db import connection

from madoguchi.adapters.csterminal import pages, work
from madoguchi.adapters.csterminal.browser import Browser
from madoguchi.adapters.csterminal.emulator import EmulatedTerminal
from madoguchi.adapters.csterminal.feed import EmulatedFeed
from madoguchi.adapters.csterminal.machine import TerminalCard
from madoguchi.adapters.csterminal.robot import RobotTerminal
from madoguchi.adapters.csterminal.script import read_script
from madoguchi.cards.actions import boxes
from madoguchi.cards.domain.boxes import Line
from madoguchi.cards.domain.card import CardKind, Printed
from madoguchi.cards.models import Card
from madoguchi.cards.tests.test_boxes import ADDRESS, birth_of, live, name_of, notice_no
from madoguchi.entry.robot import work_shelf
from madoguchi.infra import clock, unit
from madoguchi.register.testing import clerk
from tests.chromium import ARGUMENTS

ROOT = Path(__file__).resolve().parents[2]
KAEDE = clerk()
SCRIPT = Path(pages.__file__).with_name("emulator.steps")
#: Long enough for a busy machine, short where a test waits for the end of patience.
WAIT_SECONDS, IMPATIENT_SECONDS = 15.0, 1.5


def shelve(count, *, first=0, now=None):
    """Bring cards of people of the town from a box onto the shelf, as any day does."""
    now = now or clock.now()
    lines = []
    places = range(first, first + count)
    for place in places:
        live(place)
        lines.append(
            Line(
                notice_no=notice_no(place), application_no=f"{place + 1:023}", kind=CardKind.NEW,
                printed=Printed(
                    name=name_of(place), kana=f"ハマ　カナ{place}", birth_on=birth_of(place),
                    address=ADDRESS.format(place + 1), made_on=date(2026, 11, 1),
                    expires_on=date(2036, 5, 5),
                ),
            )
        )  # fmt: skip
    box_no = f"R-{first}"
    unit.run(boxes.open_box, box_no=box_no, received_on=now.date(), counted_in=count, lines=lines,
             actor=KAEDE, now=now)  # fmt: skip
    for place in places:
        unit.run(boxes.scan, box_no=box_no, text=notice_no(place), actor=KAEDE, now=now)
    assert set(states().values()) == {"ARRIVED"}


def states():
    """Every card of ours by its number: where it stands."""
    return dict(Card.objects.values_list("notice_no", "state"))


def outcomes():
    """Every card of ours by its number: what was written down of it, if anything."""
    return {no: what for no, what in Card.objects.values_list("notice_no", "setup_outcome") if what}


def known_to_terminal():
    """The cards as the terminal knows them: from the same list that came with the box."""
    return {
        one.notice_no: TerminalCard(
            notice_no=one.notice_no, name=one.printed_name, kana=one.printed_kana,
            birth_on=one.printed_birth, application_no=one.application_no,
        )
        for one in Card.objects.all()
    }  # fmt: skip


@contextmanager
def terminal(folder, **more):
    """An emulated terminal that knows our cards."""
    running = EmulatedTerminal(cards=known_to_terminal(), folder=folder, **more)
    running.start()
    try:
        yield running
    finally:
        running.stop()


def a_browser():
    return Browser(arguments=tuple(ARGUMENTS))


def a_robot(browser, running, *, wait=WAIT_SECONDS, code=pages.OPERATOR_CODE):
    script = replace(read_script(SCRIPT), wait_seconds=wait)
    return RobotTerminal(
        browser=browser, url=running.url, script=script, operator=pages.OPERATOR, code=code
    )


def run_robot(
    browser, running, *, actor=KAEDE, wait=WAIT_SECONDS, code=pages.OPERATOR_CODE, **more
):
    """One run of the robot along the shelf."""
    return work_shelf(
        terminal=a_robot(browser, running, wait=wait, code=code),
        feed=EmulatedFeed(url=running.url),
        actor=actor.for_purpose("試験"), terminal_no="CS1", **more,
    )  # fmt: skip


def a_robot_process(running, *, home):
    """The robot's command as anybody starts it, on this test's database, in a group of its own."""
    at = connection.settings_dict
    url = f"postgresql://{at['USER']}:{at['PASSWORD']}@{at['HOST']}:{at['PORT']}/{at['NAME']}"
    words = ["robot", "setup", "--terminal", running.url, "--feed", "emulated", "--json"]
    return subprocess.Popen(
        [sys.executable, "-m", "madoguchi", *words], cwd=ROOT, start_new_session=True,
        env={**os.environ, "MADOGUCHI_DATABASE_URL": url, "MADOGUCHI_HOME": str(home),
             "MADOGUCHI_DEMO": "1", "MADOGUCHI_ROBOT_SANDBOX": "0"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def listed(running):
    """The terminal's own list: numbers set up, in order, each as often as it stands there."""
    return [one.notice_no for one in running.machine.entries() if one.outcome == "設定済"]


__all__ = ["work"]
