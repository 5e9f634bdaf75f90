"""One contract of the 交付前設定, asked of a person at our page and of the robot alike.

Both stand before the same emulated terminal: the person walks its screens by eye and says what
came of it with one key of the page; the robot walks them by its script. What our table and the
terminal's own list hold afterwards is the same.
"""

from __future__ import annotations

import re
import urllib.parse
import urllib.request
from html import unescape
from http.cookiejar import CookieJar

import pytest

from madoguchi.accounts.testing import kaede, signed_in
from madoguchi.adapters.csterminal import pages
from madoguchi.adapters.csterminal.machine import Fault
from madoguchi.protection.testing import protect
from madoguchi.web.messages import label
from tests.robot import town

SAID = {
    "カードを読み取れません": "CARD_UNREADABLE",
    "該当する申請がありません": "NOT_FOUND",
    "受け付けられませんでした": "REFUSED",
    "設定が終わりました": "DONE",
}


class Person:
    """A clerk with the page on one screen and the terminal on the other."""

    def __init__(self, client, running):
        self.page, self.running = client, running
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        self.go("/sign-on", operator=pages.OPERATOR, code=pages.OPERATOR_CODE)

    def go(self, path, **form):
        """Press something at the terminal; return its heading and the pairs on its screen."""
        data = urllib.parse.urlencode(form).encode() if form else None
        with self.browser.open(f"{self.running.url}{path}", data, timeout=20) as answer:
            text = unescape(answer.read().decode())
        self.press = (re.findall(r'name="press" value="([^"]+)"', text) or [""])[0]
        pairs = dict(re.findall(r"<tr><th>([^<]+)</th><td>([^<]*)</td></tr>", text))
        return re.search(r"<h1>([^<]+)</h1>", text).group(1), pairs

    def works(self):
        """Go along the shelf until nothing waits, or until the reader holds what it should not."""
        while card := self.shown():
            outcome = self.tries(card)
            if outcome is None:
                return
            self.page.post("/cards/setup/note/", {**card, "outcome": outcome, "terminal": "CS1"})

    def shown(self):
        """Read the next card off our page."""
        text = self.page.get("/cards/setup/").content.decode()
        if "設定を待つカードはありません" in text:
            return None
        fields = dict(re.findall(r'name="(card|version)" value="([^"]+)"', text))
        self.number = re.search(r"A1B-\d{6}", text).group()
        self.kana = "　".join(re.findall(r"<rt>([^<]+)</rt>", text))
        return fields

    def tries(self, _card):
        self.running.machine.lay(self.number)
        heading, pairs = self.go("/setup/read", x="")
        if heading in SAID:
            return SAID[heading]
        if pairs["交付通知書番号"] != self.number:
            return None
        if pairs["カナ"] != self.kana:
            return "DIFFERS"
        self.go("/setup/ask", notice_no=self.number)
        heading, _ = self.go("/setup/set", notice_no=self.number, press=self.press)
        return SAID[heading]


class Robot:
    """The robot, started again after each stop until it gets no further."""

    def __init__(self, browser, running):
        self.browser, self.running = browser, running

    def works(self):
        before = None
        while (now := (town.outcomes(), town.listed(self.running))) != before:
            before = now
            town.run_robot(self.browser, self.running)


@pytest.fixture(scope="module")
def browser(needs_chromium):
    running = town.a_browser()
    yield running
    running.close()


@pytest.fixture(params=["by hand", "robot"])
def way(request, db, client, settings, tmp_path):
    """Return a function that opens the terminal with what is to go wrong there."""
    settings.MADOGUCHI_HOME = tmp_path
    town.shelve(3)
    with town.terminal(tmp_path / "terminal", in_place=True) as running:
        if request.param == "robot":
            yield Robot(request.getfixturevalue("browser"), running)
        else:
            yield Person(signed_in(client, kaede()), running)


NUMBERS = [f"A1B-{place:06}" for place in range(6)]
FIRST, SECOND = NUMBERS[:2]
SAID_NO = (
    (Fault.UNREADABLE, "CARD_UNREADABLE"),
    (Fault.NOT_FOUND, "NOT_FOUND"),
    (Fault.DIFFERS, "DIFFERS"),
    (Fault.REFUSED, "REFUSED"),
)


def test_good_cards_are_done_along_the_shelf_and_once(way):
    way.works()
    assert town.outcomes() == dict.fromkeys(NUMBERS[:3], "DONE")
    assert town.listed(way.running) == NUMBERS[:3]
    way.works()
    assert town.listed(way.running) == NUMBERS[:3]


def test_what_is_wrong_is_noted_and_not_set_and_the_others_are(way):
    town.shelve(3, first=3)
    way.running.machine.cards.update(town.known_to_terminal())
    wrong = dict(zip(NUMBERS[1:], SAID_NO, strict=False))
    for number, (fault, _) in wrong.items():
        way.running.machine.plan(number, fault)
    way.works()
    outcomes = {number: outcome for number, (_, outcome) in wrong.items()}
    right = [number for number in NUMBERS if number not in wrong]
    assert right == [NUMBERS[0], NUMBERS[5]]
    assert town.outcomes() == {**dict.fromkeys(right, "DONE"), **outcomes}
    assert {town.states()[number] for number in wrong} == {"WRONG"}
    assert town.listed(way.running) == right
    assert all(label(kind="setup_outcome", code=outcome) for outcome in outcomes.values())


def test_another_card_on_the_reader_is_neither_set_nor_noted(way):
    way.running.machine.plan(SECOND, Fault.WRONG_CARD)
    way.works()
    assert town.outcomes() == {FIRST: "DONE"}
    assert town.listed(way.running) == [FIRST]


def test_a_held_persons_card_is_not_taken_out(way):
    protect(town.Card.objects.get(notice_no=SECOND).person_id)
    way.works()
    others = [FIRST, NUMBERS[2]]
    assert town.outcomes() == dict.fromkeys(others, "DONE")
    assert town.listed(way.running) == others
