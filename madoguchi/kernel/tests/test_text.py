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
