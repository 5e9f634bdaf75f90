"""Dates as the register holds them: exact, impossible or unclear, always as written (年月日).

Resident record standard 1.1.8: fourteen unclear forms are kept in their own words, with a day
for sorting that is never shown. Which day that is, the standard leaves open; *assumed*: the
first day the words allow, and for a date unknown altogether the first day of all.
"""

import calendar
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique
from functools import cache

from madoguchi.kernel import wareki
from madoguchi.kernel.outcome import Problem

UNKNOWN_SORTS_ON = date.min
# A year outside these is a slip of the hand, not a date of a resident.
FIRST_YEAR = 1850
LAST_YEAR = 2150
#: From the first year of 明治 to one that no deadline of today reaches.
YEARS = range(1868, 2200)
_WRITTEN_LENGTH_MAX = 60


@unique
class DateForm(StrEnum):
    """How clear a date is (年月日の不詳の別)."""

    EXACT = "EXACT"  # 平成13年2月28日
    IMPOSSIBLE = "IMPOSSIBLE"  # 平成13年2月29日: not in the calendar, yet in the family register
    ABOUT_YEAR = "ABOUT_YEAR"  # 昭和10年頃
    ABOUT_MONTH = "ABOUT_MONTH"  # 昭和10年5月頃
    ABOUT_DAY = "ABOUT_DAY"  # 昭和10年5月3日頃
    PRESUMED_DAY = "PRESUMED_DAY"  # 推定昭和10年5月3日
    PRESUMED_MONTH = "PRESUMED_MONTH"  # 推定昭和10年5月
    SEASON = "SEASON"  # 昭和10年春
    THIRD_OF_MONTH = "THIRD_OF_MONTH"  # 昭和10年5月上旬
    ABOUT_THIRD_OF_MONTH = "ABOUT_THIRD_OF_MONTH"  # 昭和10年5月中旬頃
    UNKNOWN = "UNKNOWN"  # 年月日不詳
    YEAR_ONLY = "YEAR_ONLY"  # 昭和10年月日不詳
    MONTH_ONLY = "MONTH_ONLY"  # 昭和10年5月日不詳
    RANGE_TO_ABOUT = "RANGE_TO_ABOUT"  # 昭和10年5月3日から5日頃までの間
    PRESUMED_RANGE = "PRESUMED_RANGE"  # 推定昭和10年5月3日から5日までの間
    ABOUT_RANGE = "ABOUT_RANGE"  # 昭和10年5月3日頃から5日頃までの間


UNCLEAR_FORMS = frozenset(DateForm) - {DateForm.EXACT, DateForm.IMPOSSIBLE}


@unique
class DateField(StrEnum):
    """A date item of the register (日付項目), as far as the rules below tell them apart."""

    BIRTH = "BIRTH"
    RESIDENT_SINCE = "RESIDENT_SINCE"
    ADDRESS_SINCE = "ADDRESS_SINCE"
    FOREIGN_RESIDENT_SINCE = "FOREIGN_RESIDENT_SINCE"
    EFFECTIVE_BIRTH = "EFFECTIVE_BIRTH"
    EFFECTIVE_DEATH = "EFFECTIVE_DEATH"
    EFFECTIVE_MISSING = "EFFECTIVE_MISSING"
    EFFECTIVE_OTHER = "EFFECTIVE_OTHER"
    OTHER = "OTHER"


# Standard 1.1.8: 生年月日, 住民となった年月日, 住所を定めた年月日, 外国人住民となった年月日, and
# the 異動日 of birth, death and adjudication of disappearance (失踪).
IMPOSSIBLE_ALLOWED_IN = frozenset(
    {
        DateField.BIRTH,
        DateField.RESIDENT_SINCE,
        DateField.ADDRESS_SINCE,
        DateField.FOREIGN_RESIDENT_SINCE,
        DateField.EFFECTIVE_BIRTH,
        DateField.EFFECTIVE_DEATH,
        DateField.EFFECTIVE_MISSING,
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterDate:
    """A date of the register: its words, a day to sort by, and how clear it is (年月日)."""

    as_written: str
    sort_on: date
    form: DateForm

    @property
    def exact_on(self) -> date | None:
        """The day itself, where there is one."""
        return self.sort_on if self.form is DateForm.EXACT else None


def is_near(day: date) -> bool:
    """Tell whether a desk could mean this day; beyond, a deadline would leave the calendar (扱う年)."""
    return day.year in YEARS


def from_day(day: date) -> RegisterDate:
    """Write an exact day in its era, as the register keeps it (和暦の年月日)."""
    return RegisterDate(as_written=wareki.format_long(day), sort_on=day, form=DateForm.EXACT)


def parse_register_date(text: str, *, where: str | None = None) -> RegisterDate | Problem:
    """Read a date in any of the sixteen forms, keeping its words (年月日の読取り)."""
    unreadable = Problem(code="DATE_UNREADABLE", where=where, facts={"written": text[:40]})
    if not text.strip():
        return Problem(code="DATE_MISSING", where=where)
    if len(text) > _WRITTEN_LENGTH_MAX or not text.replace("\u3000", " ").isprintable():
        return unreadable
    # 〜 and ~ both say から; ころ and ごろ both say 頃.
    plain = wareki.plain(text)
    plain = re.sub("[~〜]", "から", re.sub("[こご]ろ", "頃", plain))
    for form, pattern in _patterns(wareki.adopted_eras()):
        found = pattern.fullmatch(plain)
        if found:
            return _settle(form, found.groupdict(), text, where)
    return unreadable


def parse_day(text: str, *, where: str | None = None) -> date | Problem:
    """Read an exact day only: 2026-11-23, 20261123, R8.11.23, 令和8年11月23日 (日付の読取り)."""
    found = parse_register_date(text, where=where)
    if isinstance(found, Problem):
        return found
    if found.form is DateForm.EXACT:
        far = Problem(code="DATE_TOO_FAR", where=where, facts={"written": text[:40]})
        return found.sort_on if is_near(found.sort_on) else far
    code = "DATE_NOT_IN_CALENDAR" if found.form is DateForm.IMPOSSIBLE else "DATE_NOT_EXACT"
    return Problem(code=code, where=where, facts={"written": text[:40]})


def check_register_date(
    value: RegisterDate, *, field: DateField, where: str | None = None
) -> tuple[Problem, ...]:
    """Return the problem of an impossible date where none may stand (暦上日以外の可否)."""
    if value.form is DateForm.IMPOSSIBLE and field not in IMPOSSIBLE_ALLOWED_IN:
        facts = {"written": value.as_written}
        return (Problem(code="DATE_IMPOSSIBLE_HERE", where=where, facts=facts),)
    return ()


def show_in_eras(value: RegisterDate) -> str:
    """Write a date in the Japanese calendar, in the era it was entered in (和暦表示).

    Unclear and impossible dates are shown in their own words.
    """
    if value.form is not DateForm.EXACT:
        return value.as_written
    written = wareki.parse(value.as_written)
    if isinstance(written, wareki.Wareki) and written.on == value.sort_on:
        return written.long
    return wareki.format_long(value.sort_on)


def show_western(value: RegisterDate) -> str:
    """Write a date in the western calendar, as for foreign residents (西暦表示)."""
    if value.form is not DateForm.EXACT:
        return value.as_written
    day = value.sort_on
    return f"{day.year}年{day.month}月{day.day}日"


_SEASON_MONTHS: Mapping[str, int] = {"春": 3, "夏": 6, "秋": 9, "冬": 12}
_THIRD_DAYS: Mapping[str, int] = {"上": 1, "中": 11, "下": 21}
_RANGES = {DateForm.RANGE_TO_ABOUT, DateForm.PRESUMED_RANGE, DateForm.ABOUT_RANGE}


@cache
def _patterns(eras: wareki.Eras) -> tuple[tuple[DateForm, re.Pattern[str]], ...]:
    """Return one pattern per way of writing, in the order they are tried."""
    year = f"(?:{wareki.era_pattern(eras)}|(?P<western>[0-9]{{4}}))"
    # The year marks its own end, or nothing follows: 昭和10頃.
    alone = f"{year}年?"
    month = rf"{year}(?:年|[./\-])(?P<month>[0-9]{{1,2}})月?"
    day = rf"{year}(?:年|[./\-])(?P<month>[0-9]{{1,2}})(?:月|[./\-])(?P<day>[0-9]{{1,2}})日?"
    third = f"{year}年(?P<month>[0-9]{{1,2}})月(?P<third>[上中下])旬"
    # The end of a range may leave out what it shares with the start: 5月3日から5日頃まで.
    other = year.replace("?P<", "?P<to_")
    until = (
        f"(?:{other}年)?(?:(?P<to_month>[0-9]{{1,2}})月)?"
        "(?:(?P<to_day>[0-9]{1,2})日|(?P<to_third>[上中下])旬)?"
    )
    # One group name may stand only once in a pattern, so each kind of start is its own pattern.
    starts = (day, third, month, alone)
    end = "(?:まで)?(?:の間)?"
    rows: list[tuple[DateForm, str]] = [
        (DateForm.EXACT, r"(?P<western>[0-9]{4})(?P<month>[0-9]{2})(?P<day>[0-9]{2})"),
        # 在留カード writes an unknown month and day as 00 (*assumed* to arrive so in files too).
        (DateForm.YEAR_ONLY, rf"{year}(?:年|[./\-])00(?:月|[./\-])00日?"),
        (DateForm.MONTH_ONLY, month.removesuffix("月?") + r"(?:月|[./\-])00日?"),
        (DateForm.EXACT, day),
        (DateForm.ABOUT_YEAR, f"{alone}頃"),
        (DateForm.ABOUT_MONTH, f"{month}頃"),
        (DateForm.ABOUT_DAY, f"{day}頃"),
        (DateForm.PRESUMED_DAY, f"推定{day}"),
        (DateForm.PRESUMED_MONTH, f"推定{month}"),
        (DateForm.SEASON, f"{alone}の?(?P<season>[春夏秋冬])季?頃?"),
        (DateForm.THIRD_OF_MONTH, third),
        (DateForm.ABOUT_THIRD_OF_MONTH, f"{third}頃"),
        (DateForm.UNKNOWN, "(?:生?年月日)?不[詳明]"),
        (DateForm.YEAR_ONLY, f"{alone}月日不[詳明]"),
        (DateForm.MONTH_ONLY, f"{month}日不[詳明]"),
    ]
    for begin in starts:
        rows.append((DateForm.RANGE_TO_ABOUT, f"{begin}から{until}頃{end}"))
        rows.append((DateForm.PRESUMED_RANGE, f"推定{begin}頃?から{until}頃?{end}"))
        rows.append((DateForm.ABOUT_RANGE, f"{begin}頃から{until}頃{end}"))
    return tuple((form, re.compile(pattern)) for form, pattern in rows)


def _settle(
    form: DateForm, parts: Mapping[str, str | None], text: str, where: str | None
) -> RegisterDate | Problem:
    if form is DateForm.UNKNOWN:
        return RegisterDate(as_written=text, sort_on=UNKNOWN_SORTS_ON, form=form)
    sort_on = _first_day(parts, text, where)
    if isinstance(sort_on, Problem):
        if form is DateForm.EXACT and sort_on.code == "DATE_NOT_IN_CALENDAR":
            return _settle_impossible(parts, text, where)
        return sort_on
    if form in _RANGES:
        backwards = _check_range(sort_on, parts, text, where)
        if backwards:
            return backwards
    return RegisterDate(as_written=text, sort_on=sort_on, form=form)


def _settle_impossible(
    parts: Mapping[str, str | None], text: str, where: str | None
) -> RegisterDate | Problem:
    """Keep a day its month does not have, such as 2月29日, sorted at the end of that month."""
    unknown = Problem(code="DATE_NOT_IN_CALENDAR", where=where, facts={"written": text[:40]})
    month, day = int(parts["month"] or 0), int(parts["day"] or 0)
    year = _western_year(parts)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12 and 1 <= day <= 31):
        return unknown
    end = str(calendar.monthrange(year, month)[1])
    sort_on = _first_day({**parts, "day": end}, text, where)
    if isinstance(sort_on, Problem):
        return sort_on
    return RegisterDate(as_written=text, sort_on=sort_on, form=DateForm.IMPOSSIBLE)


def _western_year(parts: Mapping[str, str | None]) -> int:
    if parts.get("western"):
        return int(parts["western"] or 0)
    era = wareki.era_named(parts["era"] or "")
    assert era is not None, "the pattern is made of the eras"
    written = parts["year"] or ""
    return wareki.western_year(era, 1 if written == "元" else int(written))


def _first_day(parts: Mapping[str, str | None], text: str, where: str | None) -> date | Problem:
    """Return the first day the words allow, if they lie in the calendar and in their era."""
    facts = {"written": text[:40]}
    year = _western_year(parts)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return Problem(code="DATE_OUT_OF_RANGE", where=where, facts=facts)
    month, day = parts.get("month"), parts.get("day")
    first_month = int(month) if month else _SEASON_MONTHS.get(parts.get("season") or "", 1)
    first_day = int(day) if day else _THIRD_DAYS.get(parts.get("third") or "", 1)
    try:
        first = date(year, first_month, first_day)
    except ValueError:
        return Problem(code="DATE_NOT_IN_CALENDAR", where=where, facts=facts)
    if parts.get("western"):
        return first
    return _within_era(first, parts, facts, where)


def _within_era(
    first: date, parts: Mapping[str, str | None], facts: dict[str, str], where: str | None
) -> date | Problem:
    era = wareki.era_named(parts["era"] or "")
    assert era is not None, "the pattern is made of the eras"
    if parts.get("day"):
        last = first
    elif parts.get("month"):
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
    else:
        last = date(first.year, 12, 31)
    if last < era.starts_on or wareki.last_day(era) < first:
        meant = wareki.format_long(first)
        if not parts.get("day"):
            meant = meant.partition("月" if parts.get("month") else "年")[0]
            meant += "月" if parts.get("month") else "年"
        facts = {**facts, "era": era.name, "meant": meant}
        return Problem(code="DATE_OUTSIDE_ERA", where=where, facts=facts)
    if parts.get("day") and first < wareki.GREGORIAN_SINCE:
        return Problem(code="DATE_BEFORE_GREGORIAN", where=where, facts=facts)
    return max(first, era.starts_on)


def _check_range(
    start: date, parts: Mapping[str, str | None], text: str, where: str | None
) -> Problem | None:
    """Return why the end of a range cannot follow its start, filling in what it leaves out."""
    end = {key.removeprefix("to_"): parts[key] for key in parts if key.startswith("to_")}
    facts = {"written": text[:40]}
    if not any(end.values()):
        return Problem(code="DATE_UNREADABLE", where=where, facts=facts)
    shared = {"western": parts.get("western"), "era": parts.get("era"), "year": parts.get("year")}
    if not (end.get("western") or end.get("era")):
        end |= shared
        if not end.get("month"):
            end["month"] = parts.get("month")
    until = _first_day(end, text, where)
    if isinstance(until, Problem):
        return until
    if until < start:
        return Problem(code="DATE_RANGE_BACKWARDS", where=where, facts=facts)
    return None
