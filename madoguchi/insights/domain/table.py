"""The table of years as a file brings it (年度の表): every wrong cell at once, with its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.effect import Year
from madoguchi.insights.domain.reading import SHOWN, Reading, plain
from madoguchi.kernel.intake import NumberedRow
from madoguchi.kernel.outcome import Problem

YEARS = ("fiscal_year", "months_in_service", "all_issues", "channel_issues")
MEANS = ("fiscal_year", "printed_mean")
_MONTHS = 12
#: No more digits than the column of a table taken in has room for.
_DECIMAL = re.compile(r"(?:[0-9]{1,9}|[0-9]{1,3}(?:,[0-9]{3}){1,2})(?:\.[0-9]{1,6})?")


def read_years(
    names: Sequence[str], rows: Iterable[NumberedRow], *, source: str
) -> tuple[tuple[Year, ...], tuple[Problem, ...]]:
    """Read the rows of a table of years, oldest first, and all problems (年度の表の読取り)."""
    reading = Reading(columns=YEARS)
    years = [
        year
        for line, cells in reading.records(names, rows)
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
    for line, cells in reading.records(names, rows):
        number = reading.fiscal_year_once(line, cells["fiscal_year"])
        written = plain(cells["printed_mean"])
        if not _DECIMAL.fullmatch(written):
            reading.note("EFFECT_NOT_A_NUMBER", line, "printed_mean", written=written[:SHOWN])
        elif number is not None and number not in known and years:
            reading.note("EFFECT_YEAR_UNKNOWN", line, "fiscal_year", written=cells["fiscal_year"])
        elif number is not None:
            means[number] = Decimal(written.replace(",", ""))
    return means, tuple(reading.problems)


def _year(reading: Reading, line: int, cells: Mapping[str, str], source: str) -> Year | None:
    before = len(reading.problems)
    label = cells["fiscal_year"].strip()
    number = reading.fiscal_year_once(line, label)
    months = reading.whole(line, "months_in_service", cells, least=1, most=_MONTHS)
    issued = reading.whole(line, "all_issues", cells)
    of_channel = reading.whole(line, "channel_issues", cells)
    if issued is not None and of_channel is not None and of_channel > issued:
        facts = {"channel": f"{of_channel:,}", "all": f"{issued:,}"}
        reading.note("EFFECT_MORE_THAN_ALL", line, "channel_issues", **facts)
    if len(reading.problems) > before:
        return None
    assert number is not None
    assert months is not None
    assert issued is not None
    assert of_channel is not None
    place = f"{source} {line}行目"
    store, others = Channel.STORE, Channel.DESK_OR_MAIL
    rows = (
        Tally(fiscal_year=number, channel=store, issues=of_channel, months=months, source=place),
        Tally(
            fiscal_year=number, channel=others, issues=issued - of_channel, months=months,
            source=place,
        ),
    )  # fmt: skip
    return Year(label=label, number=number, months=months, rows=rows)
