"""What was typed into the one search box (検索語): a name, a day, a number, a place.

Words stand apart by spaces and all of them must be met. Each word is read on its own; nobody
is asked what kind it is.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.kernel import wareki
from madoguchi.kernel.addresses import split_address
from madoguchi.kernel.checkdigits import (
    INDIVIDUAL_NUMBER_LENGTH,
    LEDGER_NUMBER_LENGTH,
    RESIDENT_CODE_LENGTH,
    is_valid_addressee_no,
    is_valid_resident_code,
)
from madoguchi.kernel.dates import DateForm, RegisterDate, parse_register_date
from madoguchi.kernel.names import kana_needles
from madoguchi.kernel.text import has_individual_number
from madoguchi.register.domain.search.keys import primary
from madoguchi.register.domain.search.spelling import fold_reading, fold_word, place_key

#: More than this nobody types; a pasted page must not cost the database anything.
TEXT_LENGTH_MAX = 100
PARTS_MAX = 5


@unique
class PartKind(StrEnum):
    """How one word of a question was read (検索語の種別)."""

    DAYS = "DAYS"
    KANA = "KANA"
    TEXT = "TEXT"
    DIGITS = "DIGITS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One word of a question, with the keys it is looked for by (検索語の1語)."""

    kind: PartKind
    name: str = ""
    kana: str = ""
    needles: tuple[str, ...] = ()
    sort_prefix: str = ""
    #: Where the person lives is looked for without the town, where they lived before with it.
    place: str = ""
    past_place: str = ""
    number: str = ""
    resident_code: str = ""
    card_no: str = ""
    days: tuple[date, date] | None = None

    @property
    def is_span(self) -> bool:
        """A month or a year was meant: more people than a page holds (生年・生年月)."""
        return self.days is not None and self.days[0] != self.days[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """All that was typed, read (検索語)."""

    parts: tuple[Part, ...]
    #: The words of a name taken as one: 山田 太郎 as 山田太郎.
    whole: Part | None = None
    #: A 個人番号 was typed. It is not searched by here, and must not be kept anywhere.
    had_individual_number: bool = False

    @property
    def is_empty(self) -> bool:
        """Nothing was typed that could find anybody."""
        return not self.parts


def read_question(text: str) -> Question:
    """Read what was typed (検索語の読取り)."""
    words = text[:TEXT_LENGTH_MAX].split()
    had_number = any(map(_is_individual_number, words)) or _is_individual_number("".join(words))
    if had_number:
        words = []
    parts = [part for part in _parts(words[: PARTS_MAX * 2]) if _asks(part)][:PARTS_MAX]
    spelled = [part for part in parts if part.kind in (PartKind.TEXT, PartKind.KANA)]
    whole = None
    if len(spelled) == len(parts) > 1 and len({part.kind for part in parts}) == 1:
        whole = _read_word(" ".join(words))
    return Question(parts=tuple(parts), whole=whole, had_individual_number=had_number)


def _asks(part: Part) -> bool:
    return bool(part.days or part.name or part.kana or part.place or part.number)


def _is_individual_number(word: str) -> bool:
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", word))
    return len(digits) == INDIVIDUAL_NUMBER_LENGTH and has_individual_number(digits)


def _parts(words: list[str]) -> Iterator[Part]:
    """Read word by word; a date may have been typed with spaces in it: 昭和30年 1月 5日."""
    start = 0
    while start < len(words):
        for length in (4, 3, 2, 1):
            joined = "".join(words[start : start + length])
            days = read_days(joined) if start + length <= len(words) else None
            if days is not None:
                yield Part(kind=PartKind.DAYS, days=days)
                start += length
                break
        else:
            yield _read_word(words[start])
            start += 1


def _read_word(word: str) -> Part:
    plain = unicodedata.normalize("NFKC", word)
    digits = _DIGITS.fullmatch(plain)
    if digits:
        return _read_digits(plain)
    town = split_address(word)
    here = place_key(town.rest) if town.municipality and town.rest else place_key(word)
    if _KANA.fullmatch(plain):
        return Part(
            kind=PartKind.KANA,
            name=fold_word(word),
            kana=fold_reading(word),
            needles=kana_needles(word),
            sort_prefix=primary(word),
            place=here,
            past_place=place_key(word),
        )
    return Part(
        kind=PartKind.TEXT,
        name=fold_word(word),
        place=here,
        past_place=place_key(word),
        card_no=plain.upper() if _CARD_NO.fullmatch(plain.upper()) else "",
    )


def _read_digits(plain: str) -> Part:
    digits = re.sub(r"\D", "", plain)
    number = resident_code = ""
    if plain.isdecimal() and len(digits) <= LEDGER_NUMBER_LENGTH:
        padded = digits.zfill(LEDGER_NUMBER_LENGTH)
        number = padded if is_valid_addressee_no(padded) else ""
    if len(digits) == RESIDENT_CODE_LENGTH and is_valid_resident_code(digits):
        resident_code = digits
    key = place_key(plain)
    return Part(
        kind=PartKind.DIGITS, place=key, past_place=key, number=number, resident_code=resident_code
    )


_CARD_NO = re.compile("[A-Z]{2}[0-9]{8}[A-Z]{2}")  # 在留カード等の番号
_DIGITS = re.compile(r"[0-9]+(?:[-‐‑–—―−ーの][0-9]+)*")
# Readings: both kana, the marks that go with them, and the dashes people type for ー.
_KANA = re.compile(r"[ \u3041-\u309f\u30a1-\u30ff\-‐‑–—―−・･゛゜\u3099\u309a]+")


# -- days ------------------------------------------------------------------------------


def read_days(text: str) -> tuple[date, date] | None:
    """Read a day, a month or a year in either calendar as first and last day (生年月日)."""
    plain = re.sub("生(?:まれ)?$", "", wareki.plain(text).translate(_DASHES))
    if not any(character.isdigit() for character in plain) and "不" not in plain:
        return None
    span = _month_or_year(plain)
    if span is not None:
        return span
    found = parse_register_date(plain)
    return _span_of(found) if isinstance(found, RegisterDate) else None


_DASHES = str.maketrans(dict.fromkeys("‐‑–—―−ー", "-"))


def _month_or_year(plain: str) -> tuple[date, date] | None:
    era = wareki.era_pattern(wareki.adopted_eras())
    # A western year alone must say 年, a month needs two digits after a dash: 1955 and 1955-1
    # are more often numbers of a lot.
    pattern = (
        rf"(?:{era}(?:年|$)|(?P<western>(?:18|19|20)[0-9]{{2}})年)(?:(?P<month>[0-9]{{1,2}})月)?"
        rf"|{era.replace('?P<', '?P<e_')}[./-](?P<e_month>[0-9]{{1,2}})"
        r"|(?P<w_western>(?:18|19|20)[0-9]{2})(?:[./](?P<w_month>[0-9]{1,2})|-(?P<w_two>[0-9]{2}))"
    )
    found = re.fullmatch(pattern, plain)
    if found is None:
        return None
    said = {key: value for key, value in found.groupdict().items() if value}
    western = said.get("western") or said.get("w_western")
    if western:
        year = int(western)
    else:
        named = wareki.era_named(said.get("era") or said["e_era"])
        assert named is not None, "the pattern is made of the eras"
        written = said.get("year") or said["e_year"]
        year = wareki.western_year(named, 1 if written == "元" else int(written))
    month = said.get("month") or said.get("e_month") or said.get("w_month") or said.get("w_two")
    return _span(year, int(month) if month else None)


def _span(year: int, month: int | None) -> tuple[date, date] | None:
    if month is None:
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        return None
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def _span_of(found: RegisterDate) -> tuple[date, date]:
    """An unclear date asks for all the days its words may mean by year or month."""
    day = found.sort_on
    if found.form in (DateForm.EXACT, DateForm.IMPOSSIBLE, DateForm.UNKNOWN):
        return day, day
    whole_year = found.form in (DateForm.ABOUT_YEAR, DateForm.YEAR_ONLY, DateForm.SEASON)
    span = _span(day.year, None if whole_year else day.month)
    assert span is not None, "a date that was read lies in a month"
    return span
