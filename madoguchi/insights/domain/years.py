"""Years made of rows from several sources, no paper counted twice (年度の組立て)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.effect import Year
from madoguchi.kernel import wareki
from madoguchi.kernel.outcome import Problem

#: Fiscal year, month or the whole year, kind or all, channel: what one number of a table is about.
Cell = tuple[int, int | None, str | None, Channel]
_APART = {Channel.DESK_OR_MAIL: (Channel.DESK, Channel.MAIL)}
_MONTHS = 12


def cells_of(tally: Tally) -> tuple[Cell, ...]:
    """Return what a row is about, a channel that is two of them told apart (行の内容)."""
    channels = _APART.get(tally.channel, (tally.channel,))
    return tuple((tally.fiscal_year, tally.month, tally.kind, one) for one in channels)


def find_clashes(old: Iterable[Tally], new: Iterable[Tally]) -> tuple[Problem, ...]:
    """Tell where new rows would count a paper that an old or another new row counts (重なり).

    Two rows of a channel clash if one is of a whole year and the other of it or a month in it, or
    if both are of one month and one of them is of all kinds, or both of the same.
    """
    there: dict[tuple[int, Channel], set[tuple[int | None, str | None]]] = {}
    for tally in old:
        for year, month, kind, channel in cells_of(tally):
            there.setdefault((year, channel), set()).add((month, kind))
    found: dict[tuple[int, Channel], Tally] = {}
    for tally in new:
        for year, month, kind, channel in cells_of(tally):
            rows = there.setdefault((year, channel), set())
            if any(_meet((month, kind), other) for other in rows):
                found.setdefault((year, channel), tally)
        for year, month, kind, channel in cells_of(tally):
            there[year, channel].add((month, kind))
    return tuple(
        Problem(
            code="EFFECT_COUNTED_ALREADY", where=tally.source,
            facts={"fiscal_year": label_of(year), "channel": channel.value},
        )
        for (year, channel), tally in found.items()
    )  # fmt: skip


def _meet(one: tuple[int | None, str | None], other: tuple[int | None, str | None]) -> bool:
    in_time = one[0] is None or other[0] is None or one[0] == other[0]
    return in_time and (one[1] is None or other[1] is None or one[1] == other[1])


def not_counted_yet(imported: Iterable[Tally], own: Iterable[Tally]) -> tuple[Tally, ...]:
    """Return the own rows of which no imported one speaks: what was imported counts (取込みの優先)."""
    said = {
        (year, month, channel) for tally in imported for year, month, _, channel in cells_of(tally)
    }
    return tuple(
        tally
        for tally in own
        if not any(
            (year, month, channel) in said or (year, None, channel) in said
            for year, month, _, channel in cells_of(tally)
        )
    )


def years_of(rows: Iterable[Tally], *channels: Channel) -> tuple[Year, ...]:
    """Return each fiscal year in which these channels have a row, oldest first (年度の一覧).

    Months in service are those told by the source, else the months that have a row of a channel:
    a row that says nothing was issued is a month in service, a month without a row is none.
    """
    ordered = sorted(rows, key=lambda one: one.fiscal_year)
    found = []
    for number, group in groupby(ordered, key=lambda one: one.fiscal_year):
        of_year = tuple(group)
        months = _months([row for row in of_year if row.channel in channels])
        if months:
            found.append(
                Year(label=label_of(number), number=number, months=months, rows=of_year,
                     channels=channels)
            )  # fmt: skip
    return tuple(found)


def _months(rows: Sequence[Tally]) -> int:
    whole = [row.months or _MONTHS for row in rows if row.month is None]
    return max([len({row.month for row in rows if row.month is not None}), *whole], default=0)


def label_of(number: int) -> str:
    """Return 令和6年度 for 2024 (年度の表示), by the era that holds at the end of its first year.

    So 2019 is 令和元年度, as the national budget of that year was called.
    """
    written = wareki.of(date(number, 12, 31))
    if written is None:
        return f"{number}年度"
    return f"{written.era.name}{'元' if written.year == 1 else written.year}年度"
