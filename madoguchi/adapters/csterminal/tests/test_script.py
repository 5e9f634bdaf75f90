"""Scripts: ours is whole, and every slip of a town's own is told at once, with its line."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.adapters.csterminal import script as scripts
from madoguchi.adapters.csterminal.script import (
    Part,
    Script,
    Value,
    Verb,
    parse_script,
    read_script,
)
from madoguchi.cards.domain.card import SetupOutcome
from madoguchi.web.messages import render_all

OURS = Path(scripts.__file__).with_name("emulator.steps")
TEXT = OURS.read_text(encoding="utf-8")


def found(text):
    answer = parse_script(text, name="s")
    assert not isinstance(answer, Script)
    render_all(answer)
    return [(one.code, one.where) for one in answer]


def line_of(words):
    return next(n for n, line in enumerate(TEXT.splitlines(), 1) if line.strip() == words)


def test_ours_is_whole():
    ours = read_script(OURS)
    assert isinstance(ours, Script)
    assert set(ours.parts) == set(Part)
    assert ours.title == "統合端末（模擬）"
    assert ours.words["設定済"] is SetupOutcome.DONE
    assert ours.wait_seconds == 10
    (first, *_) = ours.parts[Part.SIGN_ON]
    assert (first.verb, first.label) == (Verb.OPEN, "/")
    assert {step.value for step in ours.parts[Part.BEGIN] if step.value} == {
        Value.NOTICE_NO, Value.KANA, Value.BIRTH, Value.APPLICATION_NO, Value.STATE,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("line", "instead", "code"),
    [
        ("押す 「ログイン」", "おす 「ログイン」", "VERB_UNKNOWN"),
        ("押す 「ログイン」", "押す ログイン", "LINE"),
        ("押す 「ログイン」", "押す 「ログイン」 を カナ", "LINE"),
        ("[照会]", "[しょうかい]", "PART_UNKNOWN"),
        ("時間 10", "時間 0", "WAIT"),
        ("言葉 「未設定」 は 未設定", "言葉 「未設定」 は 知らない", "MEANING_UNKNOWN"),
        ("もし 「設定結果がありません」 なら 未設定", "もし 「設定結果がありません」 なら 何か",
         "MEANING_UNKNOWN"),
        ("いつでも 「時間切れ」 なら 時間切れ", "いつでも 「時間切れ」 なら 済み", "ALWAYS"),
        ("読む 「カナ」 を カナ", "読む 「カナ」 を 氏名", "VALUE_UNKNOWN"),
        ("入れる 「さがす番号」 に 交付通知書番号", "入れる 「さがす番号」 に 操作者コード",
         "VALUE_UNKNOWN"),
        ("読む 「カナ」 を カナ", "読む 「個人番号」 を カナ", "NEVER"),
        ("入れる 「操作者コード」 に 操作者コード", "入れる 「暗証番号」 に 操作者コード", "NEVER"),
        ("開く 「/」", "開く 「https://elsewhere.example/」", "OPEN"),
        ("待つ 「設定が終わりました」", "読む 「状態」 を 状態", "VALUE_UNKNOWN"),
        ("押す 「読み取り」", "押す 「設定する」", "SETS_TOO_EARLY"),
        ("待つ 「券面の確認」", "待つ 「カードを置いてください」", "SAME_SCREEN"),
    ],
)  # fmt: skip
def test_each_slip_is_named_with_its_line(line, instead, code):
    slips = found(TEXT.replace(line, instead, 1))
    assert (f"ROBOT_SCRIPT_{code}", f"s:{line_of(line)}") in slips


@pytest.mark.parametrize(
    ("gone", "code"),
    [
        ("読む 「状態」 を 状態", "READS_TOO_LITTLE"),
        ("待つ 「業務の終了」", "EXPECTS_NOTHING"),
        ("待つ 「業務の終了」", "NOT_AWAITED"),
        ("言葉 「設定済」 は 済み", "NO_WORD_FOR_DONE"),
    ],
)
def test_what_is_missing_is_named(gone, code):
    assert f"ROBOT_SCRIPT_{code}" in [one for one, _ in found(TEXT.replace(f"{gone}\n", "", 1))]


def test_two_of_three_to_compare_are_enough_and_one_is_not():
    two = TEXT.replace("読む 「カナ」 を カナ\n", "")
    assert isinstance(parse_script(two, name="s"), Script)
    one = two.replace("読む 「生年月日」 を 生年月日\n", "")
    assert ("ROBOT_SCRIPT_READS_TOO_LITTLE", f"s:{line_of('[読取り]')}") in found(one)


def test_all_slips_are_told_at_once_in_the_order_of_their_lines():
    text = TEXT.replace("時間 10", "時間 999").replace("開く 「/」", "開く 「x」")
    text = text.replace("[ログオフ]", "[照会]") + "\nこれは何ですか\n"
    slips = found(text)
    assert {code.removeprefix("ROBOT_SCRIPT_") for code, _ in slips} >= {
        "WAIT", "OPEN", "PART_TWICE", "LINE",
    }  # fmt: skip
    lines = [int(where.split(":")[1]) for _, where in slips if ":" in where]
    assert lines == sorted(lines)
    assert "ROBOT_SCRIPT_BEFORE_PARTS" in [code for code, _ in found("押す 「x」\n" + TEXT)]


def test_what_is_no_text_is_no_script(tmp_path):
    path = tmp_path / "x.steps"
    for data in (b"\xff\xfe\x00", "端末 「x」\n".encode() * 9000):
        path.write_bytes(data)
        (problem,) = read_script(path)
        assert problem.code == "ROBOT_SCRIPT_UNREADABLE"


@given(
    st.lists(st.sampled_from([*TEXT.splitlines(), "「」", "もし", "[設定", "読む 「x」 を", ""]))
)
def test_any_shuffling_is_read_or_refused_with_reasons(lines):
    answer = parse_script("\n".join(lines), name="s")
    if isinstance(answer, Script):
        assert {Part.SIGN_ON, Part.BEGIN, Part.SET_UP, Part.LOOK_UP} <= set(answer.parts)
        read = {step.value for step in answer.parts[Part.BEGIN] if step.verb is Verb.READ}
        assert {Value.NOTICE_NO, Value.STATE} <= read
    else:
        assert answer
        render_all(answer)
