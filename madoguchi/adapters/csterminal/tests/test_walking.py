"""The walk along a script, on screens made of a table: what is not named stops it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.adapters.csterminal import script as scripts
from madoguchi.adapters.csterminal.script import Part, Value, Verb, read_script
from madoguchi.adapters.csterminal.walking import Lost, Screen, walk
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.cards.domain.terminal import NoAnswer

SCRIPT = read_script(Path(scripts.__file__).with_name("emulator.steps"))


class Table:
    """Screens of a table: pressing goes to the next one; ``still`` looks see the old one before."""

    def __init__(self, screens, *, still=0, pairs=None, missing=()):
        self.screens, self.still, self.pairs = list(screens), still, pairs or {}
        self.missing, self.pressed, self.filled = set(missing), [], {}
        self.now, self.looks, self.time = 0, 0, 0.0

    def open(self, path):
        self.looks = self.still

    def look(self):
        if self.looks:
            self.looks -= 1
            at = max(self.now - 1, 0)
        else:
            at = min(self.now, len(self.screens) - 1)
        return self.screens[at]

    def fill(self, label, text):
        self.filled[label] = text
        return label not in self.missing

    def press(self, label):
        if label in self.missing:
            return False
        self.pressed.append(label)
        self.now, self.looks = self.now + 1, self.still
        return True

    def read(self, label):
        return None if label in self.missing else self.pairs.get(label, "")

    def rest(self, seconds):
        self.time += seconds

    def clock(self):
        return self.time


def screen(heading, *lines, box=False):
    return Screen(headings=(heading,), lines=frozenset(lines), has_box=box)


def go(part, table, **values):
    return walk(SCRIPT, part, table, values=values, clock=table.clock, rest=table.rest)


SET = [screen("券面の確認"), screen("設定してよろしいですか"), screen("設定が終わりました")]


@given(still=st.integers(0, 40))
def test_a_slow_screen_is_waited_for_and_pressed_once(still):
    table = Table(SET, still=still)
    assert go(Part.SET_UP, table).outcome is None
    assert table.pressed == ["設定する", "はい"]


def stopped(part, table, **values):
    with pytest.raises(Lost) as lost:
        go(part, table, **values)
    return lost.value


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize(
    ("instead", "reason"),
    [
        (screen("見たことのない画面"), NoAnswer.SCREEN_UNKNOWN),
        (screen("時間切れ"), NoAnswer.SESSION_LOST),
        (screen("お知らせ", box=True), NoAnswer.BOX_IN_THE_WAY),
        (None, NoAnswer.NOT_REACHED),
    ],
)
def test_a_screen_the_script_does_not_name_stops_it_at_its_line(at, instead, reason):
    screens = [*SET]
    screens[at] = instead
    table = Table(screens)
    lost = stopped(Part.SET_UP, table)
    assert lost.reason is reason
    waits = [one.line for one in SCRIPT.parts[Part.SET_UP] if one.verb is Verb.EXPECT]
    assert lost.line == waits[at - 1]
    assert len(table.pressed) == at


def test_a_screen_that_never_comes_is_too_slow():
    table = Table([SET[0]])
    assert stopped(Part.SET_UP, table).reason is NoAnswer.TOO_SLOW
    assert table.time >= SCRIPT.wait_seconds
    assert table.pressed == ["設定する"]


@pytest.mark.parametrize("label", ["設定する", "はい"])
def test_a_button_that_is_not_there_once_is_not_guessed(label):
    table = Table(SET, missing=[label])
    assert stopped(Part.SET_UP, table).reason is NoAnswer.SCREEN_UNKNOWN
    assert label not in table.pressed


def test_what_the_terminal_says_against_it_ends_the_part():
    table = Table([*SET[:2], screen("受け付けられませんでした")])
    assert go(Part.SET_UP, table).outcome is SetupOutcome.REFUSED
    told = Table([*SET[:2], screen("お返事", "受け付けられませんでした")])
    assert go(Part.SET_UP, told).outcome is SetupOutcome.REFUSED


BEGIN = [screen("業務メニュー"), screen("カードを置いてください"), screen("券面の確認")]


def test_what_is_read_is_what_stands_there_and_nothing_else():
    pairs = {"交付通知書番号": "A1B-000001", "カナ": "ウミノ　アオイ", "生年月日": "平成2年4月12日",
             "申請書ID": "1" * 23, "状態": "未設定", "氏名": "海野　葵"}  # fmt: skip
    read = go(Part.BEGIN, Table(BEGIN, pairs=pairs)).read
    assert read == {Value(name): text for name, text in pairs.items() if name != "氏名"}
    for label in ("カナ", "状態"):
        lost = stopped(Part.BEGIN, Table(BEGIN, pairs=pairs, missing=[label]))
        assert lost.reason is NoAnswer.SCREEN_UNKNOWN


def test_the_operator_is_typed_where_the_script_says():
    table = Table([screen("操作者のログイン"), screen("業務メニュー")])
    go(Part.SIGN_ON, table, **{Value.OPERATOR: "1", Value.OPERATOR_CODE: "word"})
    assert table.filled == {"操作者番号": "1", "操作者コード": "word"}
    # A door that looks the same again is no time-out: only what newly appears is one.
    ticking = [screen("操作者のログイン", "10:00"), screen("操作者のログイン", "10:01")]
    lost = stopped(Part.SIGN_ON, Table(ticking), **{Value.OPERATOR: "1", Value.OPERATOR_CODE: "w"})
    assert lost.reason is NoAnswer.TOO_SLOW
    no = screen("操作者のログイン", "操作者番号か操作者コードがちがいます。")
    refused = Table([screen("操作者のログイン"), no])
    found = go(Part.SIGN_ON, refused, **{Value.OPERATOR: "1", Value.OPERATOR_CODE: "word"})
    assert found.outcome is SetupOutcome.REFUSED


def test_signed_off_between_two_cards_is_said_to_be_so():
    table = Table([screen("操作者のログイン")], missing=["カードの設定"])
    assert stopped(Part.BEGIN, table).reason is NoAnswer.SESSION_LOST
    table = Table([screen("お知らせ", box=True)], missing=["カードの設定"])
    assert stopped(Part.BEGIN, table).reason is NoAnswer.BOX_IN_THE_WAY
