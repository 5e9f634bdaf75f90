import pytest
from hypothesis import given
from hypothesis import strategies as st

from madoguchi.kernel import checkdigits as cd
from madoguchi.kernel.checkdigits import RemainderOne

# Published examples and specimens; none belongs to a person.
INDIVIDUAL_NUMBERS = ["123456789018", "983205673214", "123456789000"]
RESIDENT_CODES = ["12345678903", "24727059608", "24846016224", "25208017643"]
MUNICIPALITY_CODES = ["465259", "131016", "011002"]

KINDS = [
    (cd.make_individual_number, cd.is_valid_individual_number, 11),
    (cd.make_resident_code, cd.is_valid_resident_code, 10),
    (cd.make_municipality_code, cd.is_valid_municipality_code, 5),
]


@pytest.mark.parametrize(
    ("is_valid", "number"),
    [
        *((cd.is_valid_individual_number, number) for number in INDIVIDUAL_NUMBERS),
        *((cd.is_valid_resident_code, number) for number in RESIDENT_CODES),
        *((cd.is_valid_municipality_code, number) for number in MUNICIPALITY_CODES),
    ],
)
def test_published_numbers_are_valid_and_no_other_last_digit_is(is_valid, number):
    valid = {last for last in "0123456789" if is_valid(number[:-1] + last)}
    assert valid == {number[-1]}


@pytest.mark.parametrize(("make", "is_valid", "length"), KINDS)
@given(st.data())
def test_what_is_made_is_valid(make, is_valid, length, data):
    body = data.draw(st.text("0123456789", min_size=length, max_size=length))
    number = make(body)
    assert number.startswith(body)
    assert len(number) == length + 1
    assert is_valid(number)


@pytest.mark.parametrize(("make", "is_valid", "length"), KINDS)
@given(st.text(max_size=14))
def test_any_other_text_is_not_valid_and_does_not_crash(make, is_valid, length, text):
    if not (len(text) == length + 1 and text.isascii() and text.isdigit()):
        assert not is_valid(text)


@pytest.mark.parametrize("text", ["１２３４５６７８９０１８", "123456789018 ", "²23456789018", ""])
def test_only_plain_digits_are_a_number(text):
    assert not cd.is_valid_individual_number(text)


@pytest.mark.parametrize(("make", "is_valid", "length"), KINDS)
def test_a_body_of_the_wrong_length_is_our_mistake(make, is_valid, length):
    with pytest.raises(AssertionError):
        make("1" * (length + 1))


def _remainder(serial):
    digits = [int(digit) for digit in f"{serial:014d}"]
    weights = [3, 2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]
    return sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11


@given(st.integers(0, 10**14 - 1))
def test_addressee_and_household_numbers_follow_modulus_11(serial):
    number = cd.make_addressee_no(serial)
    assert number == cd.make_household_no(serial)
    assert number[:-1] == f"{serial:014d}"
    assert (int(number[-1]) + _remainder(serial)) % 11 == (1 if _remainder(serial) == 1 else 0)
    assert cd.is_valid_addressee_no(number)
    assert cd.is_valid_household_no(number)


def test_where_the_text_is_silent_zero_is_written_unless_the_town_leaves_the_number_out():
    silent = next(serial for serial in range(1, 100) if _remainder(serial) == 1)
    written = cd.make_addressee_no(silent)
    assert written.endswith("0")
    assert cd.is_valid_addressee_no(written)
    assert not cd.is_valid_addressee_no(written, remainder_one=RemainderOne.LEAVE_OUT)
    assert not cd.may_carry_check_digit(silent, remainder_one=RemainderOne.LEAVE_OUT)
    with pytest.raises(AssertionError):
        cd.make_household_no(silent, remainder_one=RemainderOne.LEAVE_OUT)


@given(st.integers(0, 10**14 - 1), st.integers(0, 13), st.integers(1, 9))
def test_one_wrong_digit_is_noticed_where_doubtful_numbers_are_left_out(serial, place, by):
    # Modulus 11 sees every single slip, as long as no two remainders share a digit.
    if not cd.may_carry_check_digit(serial, remainder_one=RemainderOne.LEAVE_OUT):
        return
    number = cd.make_addressee_no(serial, remainder_one=RemainderOne.LEAVE_OUT)
    wrong = str((int(number[place]) + by) % 10)
    slipped = number[:place] + wrong + number[place + 1 :]
    assert not cd.is_valid_addressee_no(slipped, remainder_one=RemainderOne.LEAVE_OUT)
