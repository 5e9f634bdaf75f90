"""The table of years as a file brings it (年度の表): every wrong cell at once, with its place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.effect import Year
from madoguchi.kernel import wareki
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

YEARS = ("fiscal_year", "months_in_service", "all_issues", "channel_issues")
MEANS = ("fiscal_year", "printed_mean")
_MONTHS = 12
_SHOWN = 40
#: More issues than Japan has people, so a slip of the keyboard.
_ISSUES_MAX = 200_000_000
_WHOLE = re.compile(r"[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,3}")
_DECIMAL = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,3})(?:\.[0-9]{1,6})?")


@dataclass(slots=True, kw_only=True)
class Reading:
    """What was read of a file, and all that is wrong with it (読取り)."""

    columns: tuple[str, ...]
    #: Said before a place, where two files are read together.
    file: str = ""
    problems: list[Problem] = field(default_factory=list)
    seen: dict[int, int] = field(default_factory=dict)

    def note(self, code: str, line: int, column: str = "", **facts: str) -> None:
        """Keep one problem with its line and column."""
        place = f"{self.file}line {line}" + (f", {column}" if column else "")
        self.problems.append(
            Problem(code=code, where=place, facts={"column": column, **facts} if column else facts)
        )


def read_years(
    names: Sequence[str], rows: Iterable[NumberedRow], *, source: str
) -> tuple[tuple[Year, ...], tuple[Problem, ...]]:
    """Read the rows of a table of years, oldest first, and all problems (年度の表の読取り)."""
    reading = Reading(columns=YEARS)
    years = [
        year
        for line, cells in records_of(reading, names, rows)
        if (year := _year(reading, line, cells, source)) is not None
    ]
    if not years and not reading.problems:
        reading.problems.append(Problem(code="EFFECT_NO_ROWS"))
    return tuple(sorted(years, key=lambda one: one.number)), tuple(reading.problems)


def read_means(
    names: Sequence[str], rows: Iterable[NumberedRow], *, years: Sequence[Year]
) -> tuple[Mapping[int, Decimal], tuple[Problem, ...]]:
    """Read the means as they were printed, each of a year of the table (印刷された月平均)."""
    reading = Reading(columns=MEANS, file="printed ")
    known = {year.number for year in years}
    means: dict[int, Decimal] = {}
    for line, cells in records_of(reading, names, rows):
        number = _fiscal_year(reading, line, cells["fiscal_year"])
        written = _plain(cells["printed_mean"])
        if not _DECIMAL.fullmatch(written):
            reading.note("EFFECT_NOT_A_NUMBER", line, "printed_mean", written=written[:_SHOWN])
        elif number is not None and number not in known and years:
            reading.note("EFFECT_YEAR_UNKNOWN", line, "fiscal_year", written=cells["fiscal_year"])
        elif number is not None:
            means[number] = Decimal(written.replace(",", ""))
    return means, tuple(reading.problems)


def read_fiscal_year(text: str) -> int | Problem:
    """Read 令和6年度, R6, 2024 as the western year it begins in (年度の読取り)."""
    written = wareki.plain(text).removesuffix("度")
    return wareki.parse_year(written.removeprefix("FY"))


def records_of(
    reading: Reading, names: Sequence[str], rows: Iterable[NumberedRow]
) -> Iterable[tuple[int, dict[str, str]]]:
    """Yield each row by its columns; nothing where the heading is already wrong (行の読取り)."""
    headings = [_plain(name) for name in names]
    for column in reading.columns:
        if column not in headings:
            reading.note("CSV_COLUMN_MISSING", 1, column)
        elif headings.count(column) > 1:
            reading.note("CSV_COLUMN_TWICE", 1, column)
    if reading.problems:
        return
    for line, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if len(cells) != len(headings):
            facts = {"cells": f"{len(cells)}", "expected": f"{len(headings)}"}
            reading.note("CSV_RAGGED", line, **facts)
            continue
        yield line, dict(zip(headings, cells, strict=True))


def _year(reading: Reading, line: int, cells: Mapping[str, str], source: str) -> Year | None:
    before = len(reading.problems)
    label = cells["fiscal_year"].strip()
    number = _fiscal_year(reading, line, label)
    months = _whole(reading, line, "months_in_service", cells, least=1, most=_MONTHS)
    issued = _whole(reading, line, "all_issues", cells)
    of_channel = _whole(reading, line, "channel_issues", cells)
    if issued is not None and of_channel is not None and of_channel > issued:
        facts = {"channel": f"{of_channel:,}", "all": f"{issued:,}"}
        reading.note("EFFECT_MORE_THAN_ALL", line, "channel_issues", **facts)
    if len(reading.problems) > before:
        return None
    assert number is not None
    assert months is not None
    assert issued is not None
    assert of_channel is not None
    place = f"{source} line {line}"
    store, others = Channel.STORE, Channel.DESK_OR_MAIL
    rows = (
        Tally(fiscal_year=number, channel=store, issues=of_channel, source=place),
        Tally(fiscal_year=number, channel=others, issues=issued - of_channel, source=place),
    )
    return Year(label=label, number=number, months=months, rows=rows)


def _fiscal_year(reading: Reading, line: int, text: str) -> int | None:
    number = read_fiscal_year(text)
    if isinstance(number, Problem):
        reading.note("EFFECT_YEAR_UNREADABLE", line, "fiscal_year", written=text.strip()[:_SHOWN])
        return None
    if number in reading.seen:
        facts = {"written": text.strip()[:_SHOWN], "first_line": f"{reading.seen[number]}"}
        reading.note("EFFECT_YEAR_TWICE", line, "fiscal_year", **facts)
        return None
    reading.seen[number] = line
    return number


def _whole(
    reading: Reading,
    line: int,
    column: str,
    cells: Mapping[str, str],
    *,
    least: int = 0,
    most: int = _ISSUES_MAX,
) -> int | None:
    written = _plain(cells[column])
    number = int(written.replace(",", "")) if _WHOLE.fullmatch(written) else -1
    if least <= number <= most:
        return number
    facts = {"written": written[:_SHOWN], "least": f"{least:,}", "most": f"{most:,}"}
    reading.note("EFFECT_NOT_A_COUNT", line, column, **facts)
    return None


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()
