"""Check digits of the numbers towns use (検査用数字).

Sources: 個人番号 平成26年総務省令85号5条; 住民票コード 平成14年総務省告示436号; 団体コード
JIS X 0402; 宛名番号 and 世帯番号 the resident record standard (modulus 11, weights 2 to 7).
A check digit catches slips of the hand, not strangers: about 2 in 100 slips still pass.
"""

from enum import StrEnum, unique
from operator import mul

INDIVIDUAL_NUMBER_LENGTH = 12
RESIDENT_CODE_LENGTH = 11
MUNICIPALITY_CODE_LENGTH = 6
# *assumed*: fifteen digits, the width of both columns in the national data items.
LEDGER_NUMBER_LENGTH = 15


@unique
class RemainderOne(StrEnum):
    """What a ledger number does when the check digit would be ten (余り1の扱い).

    The standard is silent here. *assumed*: WRITE_ZERO, as the 個人番号 does.
    """

    WRITE_ZERO = "WRITE_ZERO"
    LEAVE_OUT = "LEAVE_OUT"  # such a number is never given to anybody


def make_individual_number(body: str) -> str:
    """Append the check digit to eleven digits (個人番号)."""
    return body + str(_zero_for_ten(_digits(body, INDIVIDUAL_NUMBER_LENGTH - 1)))


def is_valid_individual_number(text: str) -> bool:
    """Tell whether twelve ASCII digits end in the right check digit (個人番号)."""
    return _is_number(text, INDIVIDUAL_NUMBER_LENGTH) and make_individual_number(text[:-1]) == text


def make_resident_code(body: str) -> str:
    """Append the check digit to ten digits (住民票コード)."""
    return body + str(_zero_for_ten(_digits(body, RESIDENT_CODE_LENGTH - 1)))


def is_valid_resident_code(text: str) -> bool:
    """Tell whether eleven ASCII digits end in the right check digit (住民票コード)."""
    return _is_number(text, RESIDENT_CODE_LENGTH) and make_resident_code(text[:-1]) == text


def make_municipality_code(body: str) -> str:
    """Append the check digit to five digits (全国地方公共団体コード)."""
    digits = _digits(body, MUNICIPALITY_CODE_LENGTH - 1)
    total = sum(weight * digit for weight, digit in zip(range(6, 1, -1), digits, strict=True))
    return body + str((11 - total % 11) % 10)


def is_valid_municipality_code(text: str) -> bool:
    """Tell whether six ASCII digits end in the right check digit (全国地方公共団体コード)."""
    return _is_number(text, MUNICIPALITY_CODE_LENGTH) and make_municipality_code(text[:-1]) == text


def make_addressee_no(serial: int, *, remainder_one: RemainderOne = RemainderOne.WRITE_ZERO) -> str:
    """Write a serial as a 15-digit number with its check digit (宛名番号)."""
    return _make_ledger_number(serial, remainder_one)


def is_valid_addressee_no(
    text: str, *, remainder_one: RemainderOne = RemainderOne.WRITE_ZERO
) -> bool:
    """Tell whether fifteen ASCII digits end in the right check digit (宛名番号)."""
    return _is_valid_ledger_number(text, remainder_one)


def make_household_no(serial: int, *, remainder_one: RemainderOne = RemainderOne.WRITE_ZERO) -> str:
    """Write a serial as a 15-digit number with its check digit (世帯番号)."""
    return _make_ledger_number(serial, remainder_one)


def is_valid_household_no(
    text: str, *, remainder_one: RemainderOne = RemainderOne.WRITE_ZERO
) -> bool:
    """Tell whether fifteen ASCII digits end in the right check digit (世帯番号)."""
    return _is_valid_ledger_number(text, remainder_one)


def may_carry_check_digit(
    serial: int, *, remainder_one: RemainderOne = RemainderOne.WRITE_ZERO
) -> bool:
    """Tell whether this serial may be given out at all; ask before make_* (採番の可否)."""
    if remainder_one is RemainderOne.WRITE_ZERO:
        return True
    return _remainder(_digits(_ledger_body(serial), LEDGER_NUMBER_LENGTH - 1)) != 1


def _make_ledger_number(serial: int, remainder_one: RemainderOne) -> str:
    assert may_carry_check_digit(serial, remainder_one=remainder_one), "this serial is left out"
    body = _ledger_body(serial)
    return body + str(_zero_for_ten(_digits(body, LEDGER_NUMBER_LENGTH - 1)))


def _is_valid_ledger_number(text: str, remainder_one: RemainderOne) -> bool:
    if not _is_number(text, LEDGER_NUMBER_LENGTH):
        return False
    serial = int(text[:-1])
    if not may_carry_check_digit(serial, remainder_one=remainder_one):
        return False
    return _make_ledger_number(serial, remainder_one) == text


def _ledger_body(serial: int) -> str:
    assert 0 <= serial < 10 ** (LEDGER_NUMBER_LENGTH - 1), "the serial does not fit"
    return f"{serial:0{LEDGER_NUMBER_LENGTH - 1}d}"


def _zero_for_ten(digits: list[int]) -> int:
    remainder = _remainder(digits)
    return 0 if remainder <= 1 else 11 - remainder


# Weights 2 to 7 from the lowest digit, then again from 2. A table, since a file of a million
# residents asks three million times.
_WEIGHTS = (2, 3, 4, 5, 6, 7) * 3


def _remainder(digits: list[int]) -> int:
    total: int = sum(map(mul, _WEIGHTS, reversed(digits)))
    return total % 11


def _digits(body: str, length: int) -> list[int]:
    assert _is_number(body, length), f"{length} ASCII digits expected"
    return [byte - ord("0") for byte in body.encode()]


def _is_number(text: str, length: int) -> bool:
    return len(text) == length and text.isascii() and text.isdigit()
