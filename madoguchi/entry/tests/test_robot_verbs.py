"""``madoguchi robot`` from the command line: what it refuses, what it does, and how it is stopped."""

from __future__ import annotations

import io
import json
import sys
from pathlib import Path

import pytest

from madoguchi.adapters.csterminal import browser, pages
from madoguchi.adapters.csterminal.feed import FeedByHand
from madoguchi.adapters.csterminal.machine import Fault
from madoguchi.entry.cli.robot import VERBS
from madoguchi.entry.cli.verbs import run_verb
from madoguchi.kernel.outcome import Unavailable
from tests.robot import town

SCRIPT = Path(pages.__file__).with_name("emulator.steps")


def call(capsys, *words):
    status = run_verb([*words, "--json"])
    return status, json.loads(capsys.readouterr().out)


def codes(answer):
    return [one["code"] for one in answer["problems"]]


def test_a_script_is_checked_without_a_terminal(capsys, tmp_path):
    status, answer = call(capsys, "robot", "check", str(SCRIPT))
    assert (status, answer["parts"][0]) == (0, "ログイン")
    wrong = tmp_path / "my.steps"
    wrong.write_text(
        SCRIPT.read_text(encoding="utf-8").replace("押す", "おす", 2), encoding="utf-8"
    )
    status, answer = call(capsys, "robot", "check", str(wrong))
    assert status == 1
    assert answer["problems"][0]["where"].startswith("my.steps:")
    assert codes(answer).count("ROBOT_SCRIPT_VERB_UNKNOWN") == 2


def test_every_slip_of_a_call_is_told_at_once(db, capsys, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    monkeypatch.setattr(browser, "Browser", None)  # nothing is started
    wrong = tmp_path / "my.steps"
    wrong.write_text("[なに]\n", encoding="utf-8")
    status, answer = call(
        capsys, "robot", "setup", "--terminal", "ftp://x/y", "--cards", "0", "--script", str(wrong)
    )
    assert status == 1
    assert {"ROBOT_TERMINAL_ADDRESS", "ROBOT_CARDS_NONE", "ROBOT_OPERATOR_MISSING",
            "ROBOT_SCRIPT_PART_UNKNOWN"} <= set(codes(answer))  # fmt: skip
    status, answer = call(
        capsys, "robot", "setup", "--terminal", "http://127.0.0.1:1", "--operator", "1"
    )
    assert codes(answer) == ["ROBOT_CODE_MISSING"]


@pytest.mark.parametrize(
    ("demo", "terminal"), [(False, "http://127.0.0.1:1"), (True, "http://terminal.example")]
)
def test_cards_lay_themselves_only_in_the_demonstration(
    db, capsys, settings, monkeypatch, demo, terminal
):
    monkeypatch.setattr(browser, "Browser", None)
    settings.MADOGUCHI_DEMO = demo
    settings.MADOGUCHI_JPKI_ANCHORS = ""
    status, answer = call(capsys, "robot", "setup", "--terminal", terminal, "--feed", "emulated")
    assert (status, codes(answer)) == (1, ["ROBOT_FEED_DEMO_ONLY"])


def test_what_is_not_installed_is_said_with_the_remedy(db, capsys, monkeypatch):
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    monkeypatch.setattr(browser.shutil, "which", lambda _name: None)
    words = ("robot", "setup", "--terminal", "http://127.0.0.1:1", "--feed", "emulated")
    status, answer = call(capsys, *words)
    assert status == 1
    assert codes(answer) == ["ROBOT_PLAYWRIGHT_MISSING", "ROBOT_CHROMIUM_MISSING"]
    assert "playwright" in answer["problems"][0]["remedy"]
    assert "chromium" in answer["problems"][1]["remedy"]


@pytest.mark.usefixtures("needs_chromium")
def test_the_command_works_the_shelf_and_tells_where_it_stopped(
    db, capsys, settings, monkeypatch, tmp_path
):
    monkeypatch.setenv("MADOGUCHI_ROBOT_SANDBOX", "0")
    settings.MADOGUCHI_HOME = tmp_path
    town.shelve(3)
    with town.terminal(tmp_path / "terminal", in_place=True) as running:
        running.machine.plan("A1B-000001", Fault.UNREADABLE)
        words = ("robot", "setup", "--terminal", running.url, "--feed", "emulated")
        status, answer = call(capsys, *words, "--terminal-no", "CS1")
        assert (status, answer["schema"]) == (1, VERBS[0].schema)
        assert [one["notice_no"] for one in answer["done"]] == ["A1B-000000"]
        assert answer["stopped_at"]["outcome"] == "CARD_UNREADABLE"
        assert (answer["stopped_at"]["shelf"], answer["waiting"]) == ("A-1-02", 1)
        assert codes(answer) == ["ROBOT_CARD_UNREADABLE"]
        assert run_verb(list(words)) == 0
    said = capsys.readouterr()
    assert "設定 1枚、のこり 0枚" in said.out
    assert "A1B-000002  済み" in said.err
    assert "ハマ" not in said.out + said.err


def test_a_person_is_asked_for_each_card_and_may_stop():
    asked = io.StringIO()
    feed = FeedByHand(ask=asked, hear=io.StringIO("\nq\n"))
    assert feed.lay(notice_no="A1B-000001", shelf="A-1-01") is None
    assert "A-1-01" in asked.getvalue()
    for _ in ("q", "end of file"):
        assert isinstance(feed.lay(notice_no="A1B-000002", shelf="A-1-02"), Unavailable)
