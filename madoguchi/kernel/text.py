"""Free text that may be stored: short, printable, without a 個人番号 or a PIN (自由記述)."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from madoguchi.kernel.checkdigits import INDIVIDUAL_NUMBER_LENGTH, is_valid_individual_number
from madoguchi.kernel.outcome import Problem, Refused

FREE_TEXT_LENGTH_MAX = 1_000
# Beyond this a text is refused by its length alone, so that a huge one costs no time.
_EXAMINED_LENGTH_MAX = 20_000

# Digits in groups, with what people put between groups of a number.
_DIGIT_GROUPS = re.compile(r"[0-9]+(?:[\s\-.,_・·ー]*[0-9]+)*")
# What may be a 4-digit PIN: not part of a number, a date, a year, an amount or a 交付通知書番号.
_FOUR = (
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z][-/.:])[0-9]{4}"
    r"(?![0-9A-Za-z])(?![-/.:][0-9])(?!\s*[年番号円件枚名月日丁時人通部])"
)
# Six to sixteen letters and digits, mixed; the numbers of a 在留カード or a 旅券 have their own form.
_MIXED = (
    r"(?<![0-9A-Za-z])(?<![0-9A-Za-z]-)(?![A-Z]{2}[0-9]{8}[A-Z]{2}\b)(?![A-Z]{2}[0-9]{7}\b)"
    r"(?=[0-9A-Z]*[A-Z])(?=[0-9A-Z]*[0-9])[0-9A-Z]{6,16}(?![0-9A-Za-z])(?!-[0-9A-Za-z])"
)
_SAID = r"(?:暗証|パスワード|ピンコード|password|passcode|(?<![A-Za-z])PIN(?![A-Za-z]))"
#: A word for a PIN, a few words between, and something of its form.
_NAMED_PIN = re.compile(rf"{_SAID}[^0-9A-Za-z。\n]{{0,8}}(?:{_FOUR}|{_MIXED})", re.IGNORECASE)
#: Both secrets of a card side by side, as people note them down.
_PAIR_OF_PINS = re.compile(
    rf"{_FOUR}[^0-9A-Za-z。]{{1,8}}{_MIXED}|{_MIXED}[^0-9A-Za-z。]{{1,8}}{_FOUR}"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−─━"), "-")
_ALLOWED_CONTROLS = frozenset("\n\t")
# Marks that turn the reading direction, so that what is seen is not what is stored.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def check_free_text(
    text: str, *, limit: int = FREE_TEXT_LENGTH_MAX, where: str | None = None
) -> tuple[Problem, ...]:
    """Return every reason not to store this text (自由記述の検査).

    番号法 20条: a 個人番号 is kept only where the law says, so a note must not hold one; nor what
    reads as the note of a PIN. The problem never repeats the number.
    """
    assert limit <= _EXAMINED_LENGTH_MAX
    found: list[Problem] = []
    head = text[:_EXAMINED_LENGTH_MAX]
    if len(text) > limit:
        facts = {"length": str(len(text)), "limit": str(limit)}
        found.append(Problem(code="TEXT_TOO_LONG", where=where, facts=facts))
    if has_control_character(head):
        found.append(Problem(code="TEXT_HAS_CONTROL_CHARACTER", where=where))
    if has_individual_number(head):
        found.append(Problem(code="TEXT_HAS_INDIVIDUAL_NUMBER", where=where))
    if has_pin_note(head):
        found.append(Problem(code="TEXT_HAS_PIN", where=where))
    return tuple(found)


def has_control_character(text: str) -> bool:
    """Tell whether the text holds characters that cannot be seen or stored (制御文字)."""
    for character in text.replace("\r\n", "\n"):
        if character in _ALLOWED_CONTROLS:
            continue
        if character in _DIRECTION_MARKS or unicodedata.category(character) in ("Cc", "Cs"):
            return True
    return False


def has_individual_number(text: str) -> bool:
    """Tell whether a valid 12-digit number stands in the text, however spaced (個人番号の混入).

    Neighbouring groups are joined: 1234-5678-9018 counts, and so does 2026-11-23 before it.
    An unbroken run of another length is another number.
    """
    for groups in _digit_groups(text):
        for start in range(len(groups)):
            joined = ""
            for group in groups[start:]:
                joined += group
                if len(joined) >= INDIVIDUAL_NUMBER_LENGTH:
                    break
            if is_valid_individual_number(joined):
                return True
    return False


def has_pin_note(text: str) -> bool:
    """Tell whether a text reads as the note of a PIN (暗証番号の書きとめ).

    A word for it with a number of its form, or both secrets of a card side by side. Four digits
    alone are no PIN to anybody who does not know: house numbers and years are written so.
    """
    plain = _plain_digits(text)
    return bool(_NAMED_PIN.search(plain) or _PAIR_OF_PINS.search(plain))


def _digit_groups(text: str) -> Iterator[list[str]]:
    for found in _DIGIT_GROUPS.finditer(_plain_digits(text)):
        yield re.findall("[0-9]+", found.group())


def _plain_digits(text: str) -> str:
    """Write digits of every width and script in ASCII, and drop what cannot be seen."""
    plain: list[str] = []
    for character in unicodedata.normalize("NFKC", text).translate(_DASHES):
        if character.isascii():
            plain.append(character)
            continue
        digit = unicodedata.decimal(character, None)
        if digit is not None:
            plain.append(str(digit))
        elif unicodedata.category(character) not in ("Cf", "Mn"):
            plain.append(character)
    return "".join(plain)


@dataclass(frozen=True, slots=True)
class FreeText:
    """A text that has passed `check_free_text`; it cannot be made otherwise (自由記述)."""

    text: str

    def __post_init__(self) -> None:
        found = check_free_text(self.text)
        if found:
            raise Refused(found)

    def __str__(self) -> str:
        return self.text
