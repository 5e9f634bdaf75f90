"""Japanese eras, and days written in them (和暦).

The eras are rows: a new one is added by `adopt(eras_from_rows(...))` at start, or passed as
`eras=`, without a change of code. Where an era began in the middle of a day (大正, 昭和), that
day belongs to both: 明治45.7.30 and 大正1.7.30 are the same day and each is kept as entered.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from madoguchi.kernel.outcome import Problem

# Until 明治5.12.2 Japan counted by the moon, so months and days before this do not convert.
GREGORIAN_SINCE = date(1873, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Era:
    """One era (元号): its names, first day, and whether the era before claims that day too."""

    name: str
    letter: str
    starts_on: date
    shares_first_day: bool = False

    @property
    def initial(self) -> str:
        """The first character, as in 昭64 (略字)."""
        return self.name[0]


Eras = tuple[Era, ...]

ERAS: Eras = (
    Era(name="明治", letter="M", starts_on=date(1868, 1, 25)),
    Era(name="大正", letter="T", starts_on=date(1912, 7, 30), shares_first_day=True),
    Era(name="昭和", letter="S", starts_on=date(1926, 12, 25), shares_first_day=True),
    Era(name="平成", letter="H", starts_on=date(1989, 1, 8)),
    Era(name="令和", letter="R", starts_on=date(2019, 5, 1)),
)

_DASHES = str.maketrans(dict.fromkeys("‐‑–—―−", "-"))

_adopted: list[Eras] = [ERAS]


def adopt(eras: Eras) -> None:
    """Use these eras wherever none are passed; called once, at start (改元)."""
    assert eras
    assert list(eras) == sorted(eras, key=lambda era: era.starts_on)
    _adopted[0] = eras


def adopted_eras() -> Eras:
    """Return the eras in use now (元号表)."""
    return _adopted[0]


def eras_from_rows(rows: Iterable[Mapping[str, str]]) -> Eras:
    """Build the era table from rows of a settings file: name, letter, starts_on (元号表)."""
    eras = [
        Era(
            name=row["name"],
            letter=row["letter"],
            starts_on=date.fromisoformat(row["starts_on"]),
            shares_first_day=row.get("shares_first_day", "no") == "yes",
        )
        for row in rows
    ]
    return tuple(sorted(eras, key=lambda era: era.starts_on))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wareki:
    """A day as written in one era, kept with that era even on a shared day (和暦年月日)."""

    era: Era
    year: int
    month: int
    day: int

    @property
    def on(self) -> date:
        """The day itself (西暦の日付)."""
        return date(western_year(self.era, self.year), self.month, self.day)

    @property
    def long(self) -> str:
        """令和8年11月23日; the first year is 元年."""
        year = "元" if self.year == 1 else str(self.year)
        return f"{self.era.name}{year}年{self.month}月{self.day}日"

    @property
    def short(self) -> str:
        """R8.11.23."""
        return f"{self.era.letter}{self.year}.{self.month}.{self.day}"


def western_year(era: Era, year: int) -> int:
    """Return the western year of a year of an era (西暦年)."""
    return era.starts_on.year + year - 1


def last_day(era: Era, eras: Eras | None = None) -> date:
    """Return the last day that may be written in this era (元号の末日)."""
    rows = eras or adopted_eras()
    index = rows.index(era)
    if index + 1 == len(rows):
        return date.max
    following = rows[index + 1]
    return following.starts_on - timedelta(days=0 if following.shares_first_day else 1)


def of(day: date, eras: Eras | None = None) -> Wareki | None:
    """Write a day in its era, the later one on a shared day; None before 明治6年 (和暦換算)."""
    if day < GREGORIAN_SINCE:
        return None
    for era in reversed(eras or adopted_eras()):
        if era.starts_on <= day:
            return Wareki(
                era=era, year=day.year - era.starts_on.year + 1, month=day.month, day=day.day
            )
    return None


def format_long(day: date, *, eras: Eras | None = None) -> str:
    """令和8年11月23日; a day before 明治6年 is written in the western calendar."""
    written = of(day, eras)
    return written.long if written else f"{day.year}年{day.month}月{day.day}日"


def format_short(day: date, *, eras: Eras | None = None) -> str:
    """R8.11.23; a day before 明治6年 is written in the western calendar."""
    written = of(day, eras)
    return written.short if written else f"{day.year}.{day.month}.{day.day}"


def plain(text: str) -> str:
    """Bring widths, ㋿-like signs, dashes and spaces of a written date to one form (表記の統一)."""
    return "".join(unicodedata.normalize("NFKC", text).translate(_DASHES).split()).upper()


def parse_year(text: str, *, eras: Eras | None = None, where: str | None = None) -> int | Problem:
    """Read a year alone, as a western year: 昭64, S64年, 令和元年, 1989年 (年の読取り)."""
    rows = eras or adopted_eras()
    found = _year_pattern(rows).fullmatch(plain(text))
    if not found:
        return Problem(code="DATE_UNREADABLE", where=where, facts={"written": text[:40]})
    if found["western"]:
        return int(found["western"])
    era = era_named(found["era"], rows)
    assert era is not None
    year = western_year(era, 1 if found["year"] == "元" else int(found["year"]))
    if not era.starts_on.year <= year <= last_day(era, rows).year:
        facts = {"written": text[:40], "era": era.name, "meant": f"{year}年"}
        return Problem(code="DATE_OUTSIDE_ERA", where=where, facts=facts)
    return year


def parse(text: str, *, eras: Eras | None = None, where: str | None = None) -> Wareki | Problem:
    """Read an exact day written in an era: 令和8年11月23日, R8.11.23, 昭64-1-7 (和暦の読取り)."""
    rows = eras or adopted_eras()
    found = _pattern(rows).fullmatch(plain(text))
    if not found:
        return Problem(code="DATE_UNREADABLE", where=where, facts={"written": text[:40]})
    era = era_named(found["era"], rows)
    assert era is not None
    year = 1 if found["year"] == "元" else int(found["year"])
    return build(
        era, year, int(found["month"]), int(found["day"]), eras=rows, where=where, written=text
    )


def build(
    era: Era,
    year: int,
    month: int,
    day: int,
    *,
    eras: Eras | None = None,
    where: str | None = None,
    written: str = "",
) -> Wareki | Problem:
    """Check that this day exists and lies in this era (元号と日付の検査)."""
    facts = {"written": written[:40], "era": era.name}
    try:
        on = date(western_year(era, year), month, day)
    except ValueError:
        return Problem(code="DATE_NOT_IN_CALENDAR", where=where, facts=facts)
    if on < GREGORIAN_SINCE:
        return Problem(code="DATE_BEFORE_GREGORIAN", where=where, facts=facts)
    if year < 1 or not era.starts_on <= on <= last_day(era, eras):
        meant = format_long(on, eras=eras)
        return Problem(code="DATE_OUTSIDE_ERA", where=where, facts={**facts, "meant": meant})
    return Wareki(era=era, year=year, month=month, day=day)


def era_named(name: str, eras: Eras | None = None) -> Era | None:
    """Find an era by its name, first character or letter: 令和, 令, R (元号)."""
    for era in eras or adopted_eras():
        if name in (era.name, era.initial, era.letter):
            return era
    return None


@cache
def era_pattern(eras: Eras) -> str:
    """Return the part of a pattern that reads an era and a year (元号の正規表現)."""
    names = [name for era in eras for name in (era.name, era.initial, era.letter)]
    names.sort(key=len, reverse=True)  # 令和 before 令
    return f"(?P<era>{'|'.join(map(re.escape, names))})(?P<year>元|[0-9]{{1,2}})"


@cache
def _year_pattern(eras: Eras) -> re.Pattern[str]:
    return re.compile(f"(?:{era_pattern(eras)}|(?P<western>[0-9]{{4}}))年?")


@cache
def _pattern(eras: Eras) -> re.Pattern[str]:
    rest = r"(?:年|[.\-/])(?P<month>[0-9]{1,2})(?:月|[.\-/])(?P<day>[0-9]{1,2})日?"
    return re.compile(era_pattern(eras) + rest)
