"""Birth dates in every way people type them (生年月日の読取り).

Era in words, letter or number, kanji numerals, eight digits, the date of a spreadsheet. What can
be read in two ways is not read at all: unknown is not none. `kernel.dates` knows the unclear
forms of the register and is asked last.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from functools import lru_cache
from typing import NamedTuple

from madoguchi.kernel import wareki
from madoguchi.kernel.dates import DateForm, parse_register_date
from madoguchi.kernel.outcome import Problem

_FIRST_YEAR, _LAST_YEAR = 1850, 2150
#: The number municipal files write for an era: 明治 1 to 令和 5.
_ERA_NUMBERS = {"1": "M", "2": "T", "3": "S", "4": "H", "5": "R"}
_ERA_WORDS = {
    "MEIJI": "M", "TAISHO": "T", "TAISYO": "T", "SHOWA": "S", "SYOWA": "S", "HEISEI": "H",
    "REIWA": "R", "メイジ": "M", "タイショウ": "T", "ショウワ": "S", "ヘイセイ": "H", "レイワ": "R",
}  # fmt: skip
_ERA_STARTS = tuple(_ERA_WORDS)
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)", re.ASCII)
_DASHES = str.maketrans(dict.fromkeys("‐‑–—―−ー－﹣_,、・･年月", "-") | {"日": "", "生": ""})
_TIME = re.compile(r"(?<=\d)[T\s]+0{1,2}:00(?::00(?:\.0+)?)?$")
_NUMERALS = re.compile("[〇一二三四五六七八九十]+")
_ERA_DAY = re.compile(
    r"(M|T|S|H|R|明治?|大正?|昭和?|平成?|令和?)[.\-]*(元|\d{1,3})[.\-/](\d{1,2})[.\-/](\d{1,2})-?"
)
_ERA_SIX = re.compile(r"(M|T|S|H|R|明治?|大正?|昭和?|平成?|令和?)[.\-]*(\d{2})(\d{2})(\d{2})")
_SEVEN = re.compile(r"([1-5])-?(\d{2})-?(\d{2})-?(\d{2})")
_WESTERN = re.compile(r"(\d{4})[.\-/](\d{1,2})[.\-/](\d{1,2})-?")
_EIGHT = re.compile(r"(\d{4})(\d{2})(\d{2})")
#: Days counted by a spreadsheet from 1899-12-30; only inside a life of today can one be meant.
_SERIAL = re.compile(r"(\d{4,5})(?:\.0+)?")
_SERIAL_DAYS = range(8_000, 60_000)
_SERIAL_BEGINS = date(1899, 12, 30)


class Birth(NamedTuple):
    """A birth date as far as it could be read; a part not known is 0 (生年月日).

    `is_exact` is false for every unclear form of the register too.
    """

    year: int = 0
    month: int = 0
    day: int = 0

    @property
    def is_exact(self) -> bool:
        """Whether this is one day of the calendar."""
        return self.day > 0

    @property
    def number(self) -> int:
        """The day as one number, 19560405; 0 unless exact."""
        return self.year * 10_000 + self.month * 100 + self.day if self.day else 0

    @property
    def on(self) -> date | None:
        """The day itself."""
        return date(self.year, self.month, self.day) if self.day else None


UNREAD = Birth()


@lru_cache(maxsize=200_000)
def read_birth(text: str) -> Birth:
    """Read a birth date; what cannot be read, or in two ways, is `UNREAD` (生年月日の読取り)."""
    if found := _ISO.fullmatch(text):  # the register's own way, most often met
        return _checked(int(found[1]), int(found[2]), int(found[3])) or _unclear(text)
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    if not plain or len(plain) > 60:
        return UNREAD
    plain = _TIME.sub("", plain)
    plain = _NUMERALS.sub(_digits, plain)
    plain = "".join(plain.split())
    if plain.startswith(_ERA_STARTS):
        word = next(one for one in _ERA_WORDS if plain.startswith(one))
        plain = _ERA_WORDS[word] + plain.removeprefix(word)
    return _exact(plain.translate(_DASHES)) or _unclear(text)


def _exact(plain: str) -> Birth | None:
    if found := _WESTERN.fullmatch(plain) or _EIGHT.fullmatch(plain):
        return _checked(int(found[1]), int(found[2]), int(found[3]))
    if found := _ERA_DAY.fullmatch(plain) or _ERA_SIX.fullmatch(plain):
        year = 1 if found[2] == "元" else int(found[2])
        return _in_era(found[1][0], year, int(found[3]), int(found[4]))
    if found := _SEVEN.fullmatch(plain):
        return _in_era(_ERA_NUMBERS[found[1]], int(found[2]), int(found[3]), int(found[4]))
    found = _SERIAL.fullmatch(plain)
    if found and int(found[1]) in _SERIAL_DAYS:
        day = _SERIAL_BEGINS + timedelta(days=int(found[1]))
        return Birth(year=day.year, month=day.month, day=day.day)
    return None


def _in_era(letter: str, year: int, month: int, day: int) -> Birth | None:
    """A day of an era; 平成31年5月1日 is still one day, though it was 令和元年."""
    era = wareki.era_named(letter)
    if era is None or year < 1:
        return None
    found = _checked(wareki.western_year(era, year), month, day)
    if found is None or found.on is None:
        return None
    # Before its first day no era could be written; long after its last nobody does.
    over = (found.on - wareki.last_day(era)).days if wareki.last_day(era) != date.max else 0
    return found if found.on >= era.starts_on and over <= 366 else None


def _checked(year: int, month: int, day: int) -> Birth | None:
    if not _FIRST_YEAR <= year <= _LAST_YEAR:
        return None
    try:
        date(year, month, day)
    except ValueError:
        return None
    return Birth(year=year, month=month, day=day)


def _unclear(text: str) -> Birth:
    """Take what the unclear forms of the register do say; never an exact day."""
    found = parse_register_date(text)
    if isinstance(found, Problem) or found.form is DateForm.UNKNOWN:
        return UNREAD
    if found.form is DateForm.EXACT:
        return Birth(year=found.sort_on.year, month=found.sort_on.month, day=found.sort_on.day)
    if found.form in (DateForm.MONTH_ONLY, DateForm.IMPOSSIBLE):
        return Birth(year=found.sort_on.year, month=found.sort_on.month)
    if found.form is DateForm.YEAR_ONLY:
        return Birth(year=found.sort_on.year)
    return UNREAD


_KANJI_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}


def _digits(found: re.Match[str]) -> str:
    """三十一 is 31, and 一九五六 is 1956."""
    written = found.group()
    if "十" not in written:
        return "".join(str(_KANJI_DIGITS[one]) for one in written)
    before, _, after = written.partition("十")
    if len(before) > 1 or len(after) > 1 or after == "十":
        return written
    tens = _KANJI_DIGITS[before] if before else 1
    return str(tens * 10 + (_KANJI_DIGITS[after] if after else 0))
