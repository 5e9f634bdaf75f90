"""The emulated terminal: its own book, one line a card, sessions that end, never in earnest."""

from __future__ import annotations

import ast
import os
import stat
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from datetime import date
from pathlib import Path

import pytest

from madoguchi.adapters.csterminal import pages
from madoguchi.adapters.csterminal.emulator import EmulatedTerminal
from madoguchi.adapters.csterminal.machine import (
    Fault,
    Machine,
    TerminalCard,
    read_cards,
    write_cards,
)

NUMBERS = ("A1B-000001", "A1B-000002")
CARDS = {
    number: TerminalCard(
        notice_no=number, name="海野　葵", kana="ウンノ　アオイ", birth_on=date(1990, 4, 12),
        application_no=f"{place:023}",
    )
    for place, number in enumerate(NUMBERS)
}  # fmt: skip


@pytest.fixture
def running(tmp_path):
    terminal = EmulatedTerminal(cards=CARDS, folder=tmp_path / "t")
    terminal.start()
    yield terminal
    terminal.stop()


def ask(running, path, form=None, *, session="", **headers):
    data = urllib.parse.urlencode(form).encode() if form is not None else None
    headers = {"Cookie": f"terminal={session}", **headers}
    call = urllib.request.Request(f"{running.url}{path}", data, headers=headers)
    with urllib.request.build_opener(Unmoved).open(call, timeout=20) as answer:
        return answer


class Unmoved(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_given):
        return None


def test_it_refuses_to_exist_in_earnest(settings, tmp_path):
    settings.MADOGUCHI_DEMO = False
    with pytest.raises(RuntimeError):
        EmulatedTerminal(cards=CARDS, folder=tmp_path)


def test_the_command_refuses_beside_a_towns_database(tmp_path):
    """In a process of its own, as a town would start it by mistake."""
    write_cards(tmp_path / "cards.csv", list(CARDS.values()))
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi", "terminal-emulator", "--port", "0",
         "--cards", str(tmp_path / "cards.csv"), "--folder", str(tmp_path)],
        env={"PATH": os.environ["PATH"], "PYTHONUTF8": "1", "MADOGUCHI_HOME": str(tmp_path),
             "MADOGUCHI_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert "demonstration only" in done.stderr


def test_its_book_outlives_it_and_a_card_is_one_line(tmp_path):
    one = Machine(cards=CARDS, folder=tmp_path)
    for _ in range(3):
        assert one.set_up(NUMBERS[0], operator="900001", at="10:00:00") == "設定済"
    again = Machine(cards=CARDS, folder=tmp_path)
    assert [entry.notice_no for entry in again.entries()] == [NUMBERS[0]]
    assert again.is_set(NUMBERS[0])
    assert not again.is_set(NUMBERS[1])
    book = tmp_path / "book.json"
    assert stat.S_IMODE(book.stat().st_mode) == 0o600
    assert "ウンノ" not in book.read_text()


def test_a_refused_card_is_not_set(tmp_path):
    one = Machine(cards=CARDS, folder=tmp_path)
    one.plan(NUMBERS[0], Fault.REFUSED)
    assert one.set_up(NUMBERS[0], operator="900001", at="10:00:00") == "受付不可"
    assert not one.is_set(NUMBERS[0])


def test_one_press_of_a_screen_counts_once(running):
    screens = running.screens
    session = screens.answer(
        "POST", "/sign-on", {"operator": pages.OPERATOR, "code": pages.OPERATOR_CODE}, ""
    ).cookie
    running.machine.lay(NUMBERS[0])
    form = {"notice_no": NUMBERS[0], "press": "p"}
    assert "設定が終わりました" in screens.answer("POST", "/setup/set", form, session).body
    assert "二重送信です" in screens.answer("POST", "/setup/set", form, session).body
    # A card taken away in between is not set by the screen of it that is still open.
    running.machine.lay(NUMBERS[1])
    other = {"notice_no": NUMBERS[0], "press": "q"}
    assert "カードが取られました" in screens.answer("POST", "/setup/set", other, session).body
    assert len(running.machine.entries()) == 1


@pytest.mark.parametrize(
    "path", ["/", "/menu", "/setup", "/list", "/setup/read", "/setup/set", "/list/find"]
)
def test_without_a_session_only_the_door_is_shown(running, path):
    for method in ("GET", "POST"):
        assert "操作者のログイン" in running.screens.answer(method, path, {}, "guessed").body
    assert running.machine.entries() == ()


def test_a_quiet_session_ends(tmp_path):
    terminal = EmulatedTerminal(cards=CARDS, folder=tmp_path, idle_seconds=-1.0)
    try:
        screens = terminal.screens
        session = screens.answer(
            "POST", "/sign-on", {"operator": pages.OPERATOR, "code": pages.OPERATOR_CODE}, ""
        ).cookie
        assert "時間切れ" in screens.answer("GET", "/menu", {}, session).body
        assert "操作者のログイン" in screens.answer("GET", "/menu", {}, session).body
    finally:
        terminal.start()
        terminal.stop()


def test_another_site_or_name_is_not_answered(running):
    for headers in ({"Origin": "https://elsewhere.example"}, {"Host": "elsewhere.example"}):
        with pytest.raises(urllib.error.HTTPError) as refused:
            ask(running, "/hands/lay", {"notice_no": NUMBERS[0]}, **headers)
        assert refused.value.code == 421
        refused.value.close()
    assert running.machine.laid() == ""


@pytest.mark.parametrize(
    ("path", "form"),
    [("/hands/lay", {"notice_no": "ZZZ-000000"}), ("/hands/fault", {"notice_no": NUMBERS[0], "fault": "X"}),
     ("/hands/none", {})],
)  # fmt: skip
def test_hands_take_only_what_there_is(running, path, form):
    with pytest.raises(urllib.error.HTTPError) as refused:
        ask(running, path, form)
    assert refused.value.code == 404
    refused.value.close()


def test_the_file_of_cards_is_read_back_as_written(tmp_path):
    path = tmp_path / "cards.csv"
    write_cards(path, list(CARDS.values()))
    assert read_cards(path) == CARDS
    path.write_text("番号\n1\n", encoding="utf-8")
    with pytest.raises(ValueError, match="カナ"):
        read_cards(path)


def test_what_a_card_says_cannot_become_markup():
    one = TerminalCard(
        notice_no="<b>", name="<script>", kana="&", birth_on=date(1990, 4, 12), application_no='"'
    )
    text = pages.card(one, is_set=False, fault=None)
    assert "<script>" not in text
    assert "<b>&" not in text


def test_the_terminal_knows_nothing_of_our_tables():
    """Neither it nor its robot imports anything of a room but ports and domain."""
    folder = Path(pages.__file__).parent
    wrong = []
    for path in folder.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(
                "madoguchi.cards"
            ):
                wrong += [path.name] * (node.module.split(".")[2] not in ("ports", "domain"))
            if path.stem in ("machine", "pages", "emulator") and isinstance(node, ast.ImportFrom):
                wrong += [path.name] * (
                    (node.module or "").startswith(("madoguchi.cards", "django.db"))
                )
    assert wrong == []
