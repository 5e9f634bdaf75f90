"""What does not start: fictional cards in production or for a real site, an open door, a wrong list."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from madoguchi.bridge import cli, starting
from madoguchi.bridge.emulator import guard
from madoguchi.bridge.emulator.drawer import opened
from madoguchi.bridge.server import Server
from madoguchi.bridge.starting import check_start
from madoguchi.bridge.tests.asking import SITE, Page, agent_running
from madoguchi.bridge.tests.people import AOI
from madoguchi.kernel.outcome import Refused

ROOT = Path(__file__).resolve().parents[3]
PEOPLE = "宛名番号,氏名,生年月日,性別,住所\n000000000000019,海野 あおい,1988-05-03,女,せとうち町\n"


def codes(problems):
    return [one.code for one in problems]


def start(*, bind="127.0.0.1", origins=(SITE,), emulated=None, **environment):
    return codes(
        check_start(bind=bind, origins=origins, emulated=emulated, environment=environment)
    )


def test_it_starts(drawer):
    assert start() == []
    assert start(origins=["https://madoguchi.example.lg.jp"]) == []
    assert start(emulated=drawer) == []
    assert start(emulated=drawer, MADOGUCHI_PRODUCTION="0") == []


@pytest.mark.parametrize("value", ["1", "true", "yes", "on", " 1 ", "production", "２"])
def test_fictional_cards_do_not_start_in_production(drawer, value):
    assert start(emulated=drawer, MADOGUCHI_PRODUCTION=value) == ["EMULATOR_IN_PRODUCTION"]
    assert start(MADOGUCHI_PRODUCTION=value) == []


@pytest.mark.parametrize(
    "origin", ["https://madoguchi.example.lg.jp", "https://127.0.0.1.example.jp"]
)
def test_fictional_cards_do_not_start_for_a_real_site(drawer, origin):
    assert start(emulated=drawer, origins=[SITE, origin]) == ["EMULATOR_FOR_REAL_SITE"]


@pytest.mark.parametrize("bind", ["0.0.0.0", "::", "192.0.2.7", "", "localhost"])
def test_it_does_not_start_where_others_reach_it(bind):
    assert start(bind=bind) == ["NOT_LOOPBACK"]


def test_every_reason_is_told_at_once(tmp_path):
    found = start(
        bind="::", origins=["*", "http://a.jp"], emulated=tmp_path, MADOGUCHI_PRODUCTION="1"
    )
    assert found == ["NOT_LOOPBACK", "NOT_AN_ORIGIN", "NOT_AN_ORIGIN", "EMULATOR_IN_PRODUCTION",
                     "EMULATOR_FOR_REAL_SITE", "NO_CARDS"]  # fmt: skip


def command(*words, **environment):
    done = subprocess.run(
        [sys.executable, "-m", "madoguchi.bridge", *words], cwd=ROOT, capture_output=True,
        text=True, timeout=60, env={**os.environ, **environment}, check=False,
    )  # fmt: skip
    return done.returncode, done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--emulated", "{drawer}", "--allow-origin", SITE, "--port", "0"],
        ["emulate", "--card", "{drawer}/cards/001", "--vpcd", "127.0.0.1:1"],
        ["make-cards", "--people", "{people}", "--out", "{new}"],
        ["make-crl", "--cards", "{drawer}"],
    ],
)
def test_no_way_leads_to_a_fictional_card_in_production(drawer, tmp_path, words):
    (tmp_path / "people.csv").write_text(PEOPLE)
    places = {"drawer": drawer, "people": tmp_path / "people.csv", "new": tmp_path / "new"}
    status, said = command(*[one.format(**places) for one in words], MADOGUCHI_PRODUCTION="1")
    assert (status, "EMULATOR_IN_PRODUCTION" in said) == (1, True)
    assert not (tmp_path / "new").exists()


def test_even_a_card_opened_by_our_own_code_is_refused(drawer, monkeypatch):
    monkeypatch.setenv(guard.PRODUCTION, "1")
    with pytest.raises(Refused, match="EMULATOR_IN_PRODUCTION"), opened(drawer / "cards" / AOI):
        pass


def test_cards_are_put_on_and_off_from_the_command_line(drawer, capsys):
    with agent_running(emulated=drawer) as server:
        page = Page(server.own_origin)
        at = ["--agent", server.own_origin]
        assert cli.main(["card", "insert", AOI, *at]) == 0
        assert page.state()["present"]
        assert cli.main(["card", "list", *at]) == 0
        assert "* 001 海野 あおい" in capsys.readouterr().out
        assert cli.main(["card", "remove", *at]) == 0
        assert not page.state()["present"]
        assert cli.main(["card", "insert", "999", *at]) == 1
        assert cli.main(["card", "insert", *at]) == 2
    assert cli.main(["card", "list", *at]) == 1
    assert cli.main(["card", "list", "--agent", "https://madoguchi.example.lg.jp"]) == 1
    assert "NOT_LOOPBACK" in capsys.readouterr().err


def test_the_agent_ends_when_asked(drawer):
    process = subprocess.Popen(
        [sys.executable, "-m", "madoguchi.bridge", "serve", "--emulated", str(drawer),
         "--allow-origin", SITE, "--port", "0"], cwd=ROOT, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        said = process.stderr.readline()
        assert "bridge: ready http://127.0.0.1:" in said
        assert "見本・架空のカード" in said
    finally:
        process.terminate()
    assert process.wait(15) == 0
    process.stderr.close()


def test_a_wrong_call_is_told_without_a_traceback(drawer, tmp_path, capsys):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        calls = (
            ["make-cards", "--people", str(tmp_path / "none.csv"), "--out", str(tmp_path / "new")],
            ["serve", "--allow-origin", SITE, "--port", port],
        )
        for words in calls:
            assert cli.main(words) == 2
            assert capsys.readouterr().err.startswith(f"{words[0]}: [Errno")
    with pytest.raises(SystemExit) as ended:
        cli.main(["emulate", "--card", str(drawer), "--vpcd", "35963"])
    assert ended.value.code == 2


def has_other_loopback():
    with socket.socket(socket.AF_INET6) as probe:
        try:
            probe.bind(("::1", 0))
        except OSError:
            return False
    return True


def test_it_serves_the_other_loopback_where_there_is_one(drawer):
    if not has_other_loopback():
        with pytest.raises(OSError):
            Server(bind="::1", port=0)
        return
    server = Server(bind="::1", port=0)
    stop = starting.start(server, origins=[SITE], emulated=drawer)
    try:
        page = Page(server.own_origin)
        assert page.origin.startswith("http://[::1]:")
        assert page.ask("/tries") == {"problem": "NO_CARD"}
    finally:
        stop()
