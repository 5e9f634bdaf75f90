import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel.checkdigits import is_valid_individual_number, make_individual_number
from madoguchi.kernel.outcome import Refused
from madoguchi.kernel.text import FREE_TEXT_LENGTH_MAX, FreeText, check_free_text

NUMBER = make_individual_number("12345678901")  # from the published worked example


def _codes(text, **given_):
    return [problem.code for problem in check_free_text(text, **given_)]


@pytest.mark.parametrize(
    "text",
    [
        "123456789018", "個人番号は123456789018です", "x123456789018y", "１２３４５６７８９０１８", "1234 5678 9018",
        "1234-5678-9018", "１２３４－５６７８－９０１８", "1234‐5678‐9018", "1234ー5678ー9018", "1234・5678・9018",
        "1234.5678.9018", "1234_5678_9018", "1234、\n".replace("、", "") + "5678\n9018", "1 2 3 4 5 6 7 8 9 0 1 8",
        "1234　5678　9018", "1234\u200b56789018", "①②③456789018", "١٢٣٤٥٦٧٨٩٠١٨", "2026-11-23 1234 5678 9018",
        "1234 5678 9018 0997-72-1111", "𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡𝟘𝟙𝟠", "123\ufe0e456\ufe0e789018",
    ],
)  # fmt: skip
def test_a_number_is_refused_however_it_is_written(text):
    assert _codes(text) == ["TEXT_HAS_INDIVIDUAL_NUMBER"]


@pytest.mark.parametrize(
    "text",
    [
        "", "転入の届出について電話で確認", "123456789012", "12345678901", "1234567890180", "電話 0997-72-1111",
        "2026-11-23 10:15", "000000000000019", "1234年5678月9018日", "一行目\n二行目\r\n三行目\t終わり",
    ],
)  # fmt: skip
def test_other_text_may_stay(text):
    assert _codes(text) == []


def test_the_problem_does_not_repeat_the_number():
    (problem,) = check_free_text(NUMBER, where="note")
    assert (problem.where, dict(problem.facts)) == ("note", {})


bodies = st.text("0123456789", min_size=11, max_size=11)
separators = st.sampled_from(["", " ", "-", "－", "　", "・", "ー", " - "])


@given(bodies, st.lists(separators, min_size=11, max_size=11), st.booleans())
def test_any_valid_number_is_found_however_it_is_cut(body, cuts, wide):
    number = make_individual_number(body)
    text = "".join(a + b for a, b in zip(number, [*cuts, ""], strict=True))
    if wide:
        text = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert "TEXT_HAS_INDIVIDUAL_NUMBER" in _codes(f"控え「{text}」")


@given(st.text("0123456789", min_size=12, max_size=12))
def test_twelve_digits_are_refused_exactly_when_the_check_digit_fits(digits):
    assert bool(_codes(digits)) is is_valid_individual_number(digits)


@pytest.mark.parametrize(
    "character", ["\x00", "\x1b", "\x7f", "\x85", "\r", "\u202e", "\u2066", "\ud800"]
)
def test_what_cannot_be_seen_is_refused(character):
    assert _codes(f"湊{character}さくら") == ["TEXT_HAS_CONTROL_CHARACTER"]


def test_length_is_limited_and_every_problem_is_told_at_once():
    assert _codes("湊" * FREE_TEXT_LENGTH_MAX) == []
    assert _codes("湊" * (FREE_TEXT_LENGTH_MAX + 1)) == ["TEXT_TOO_LONG"]
    assert _codes(f"\x00{NUMBER}", limit=5) == [
        "TEXT_TOO_LONG", "TEXT_HAS_CONTROL_CHARACTER", "TEXT_HAS_INDIVIDUAL_NUMBER",
    ]  # fmt: skip


def test_a_free_text_cannot_be_made_with_a_number_in_it():
    with pytest.raises(Refused) as refusal:
        FreeText(f"控え {NUMBER}")
    assert [problem.code for problem in refusal.value.problems] == ["TEXT_HAS_INDIVIDUAL_NUMBER"]
    assert NUMBER not in str(refusal.value)


@given(st.text(max_size=50))
def test_a_free_text_is_kept_to_the_letter_or_refused(text):
    if check_free_text(text):
        with pytest.raises(Refused):
            FreeText(text)
    else:
        assert str(FreeText(text)) == text


# -- notes of a PIN -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "暗証番号4829", "暗証番号は4829です", "暗証番号：４８２９", "PIN 4829", "pin=4829", "ＰＩＮ　4829",
        "暗証 4829 と K7Q2M9XW", "パスワードは K7Q2M9XW", "パスワード「k7q2m9xw」", "4829 K7Q2M9XW",
        "4829／K7Q2M9XW", "K7Q2M9XW、4829", "４８２９　Ｋ７Ｑ２Ｍ９", "本人の控え 4829 と K7Q2M9XW を預かった",
        "暗証番号（4けた）4829 を本人から聞いた".replace("（4けた）", "の"), "password: 4829", "暗証番号\u200b4829",
    ],
)  # fmt: skip
def test_the_note_of_a_pin_is_refused_however_it_is_written(text):
    assert _codes(text) == ["TEXT_HAS_PIN"]


@pytest.mark.parametrize(
    "text",
    [
        "暗証番号を設定した", "暗証番号を3回まちがえた", "暗証番号の再設定 2026-11-27", "暗証番号は2026年に変えた", "4829",
        "古仁屋4829番地", "古仁屋 4829-1", "暗証番号設定依頼書の封筒 F-0012", "A1B-000123 2026 年", "電話 0997-72-1111",
        "A1B000123", "在留カード AB12345678CD 2026年まで", "2026 AB12345678CD", "旅券 TK1234567 2030", "C-2-07 0412",
        "shipping 4829", "spin 4829", "暗証番号を忘れた。受付 4829", "2026.4829 K7Q2M9XW2Q2M9XW2Q", "10:4829 件",
    ],
)  # fmt: skip
def test_words_about_pins_and_other_numbers_may_stay(text):
    assert _codes(text) == []


pins = st.text("0123456789", min_size=4, max_size=4)
passwords = st.from_regex(r"[A-Z][0-9][A-Z0-9]{4,14}", fullmatch=True).filter(
    lambda one: not re.fullmatch(r"[A-Z]{2}[0-9]{8}[A-Z]{2}|[A-Z]{2}[0-9]{7}", one)
)


@given(pins, passwords, st.sampled_from(["", "の番号は", "：", " "]), st.booleans())
def test_any_pin_named_as_one_and_any_pair_is_refused(pin, password, between, wide):
    for text in (f"暗証番号{between}{pin}", f"パスワード{between}{password}", f"{pin} {password}"):
        widths = {n: n + 0xFEE0 for n in range(0x30, 0x5B)} if wide else {}
        assert "TEXT_HAS_PIN" in _codes(f"受付で {text.translate(widths)}"), text


def test_the_problem_does_not_repeat_the_pin():
    (problem,) = check_free_text("暗証番号は4829", where="note")
    assert (problem.where, dict(problem.facts)) == ("note", {})
