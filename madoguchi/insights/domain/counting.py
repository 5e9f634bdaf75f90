"""Counts of issues, and totals that keep the rows they are made of (交付件数).

Everything is exact until it is shown; only ``to_digits`` rounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum, unique
from fractions import Fraction


@unique
class Channel(StrEnum):
    """Where a certificate was handed over (交付の方法)."""

    DESK = "desk"
    MAIL = "mail"
    KIOSK = "kiosk"
    STORE = "store"
    WEB = "web"
    #: A table that tells only the store from everything else: 窓口・郵送.
    DESK_OR_MAIL = "desk_or_mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """So many issues of one year, month, kind and channel, and where that is written (件数の行).

    ``month`` (1 to 12) and ``kind`` are None where the source does not tell them apart; ``months``
    says for how many months of service a row of a whole year stands, where its source tells it.
    """

    fiscal_year: int
    month: int | None = None
    kind: str | None = None
    channel: Channel
    issues: int
    source: str
    months: int | None = None

    def __post_init__(self) -> None:
        assert self.issues >= 0
        assert self.month is None or 1 <= self.month <= 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Total:
    """A total that can be re-added by anybody: it is nothing but its rows (合計と内訳)."""

    rows: tuple[Tally, ...]

    @property
    def issues(self) -> int:
        """The sum of the rows (合計)."""
        return sum(row.issues for row in self.rows)


def total_of(rows: Iterable[Tally], *channels: Channel) -> Total:
    """Total the rows of these channels, or of all where none is named (合計)."""
    return Total(rows=tuple(row for row in rows if not channels or row.channel in channels))


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossing:
    """Rows crossed by month and channel, each cell a total of its rows (月と方法の表)."""

    months: tuple[int, ...]
    channels: tuple[Channel, ...]
    cells: Mapping[tuple[int, Channel], Total]

    @property
    def lines(self) -> tuple[tuple[int, tuple[Total | None, ...], int], ...]:
        """Each month with its channels, None where no row speaks of one, and its sum (行)."""
        return tuple(
            (month, tuple(self.cells.get((month, one)) for one in self.channels),
             sum(self.cells[month, one].issues for one in self.channels
                 if (month, one) in self.cells))
            for month in self.months
        )  # fmt: skip


def cross(rows: Iterable[Tally]) -> Crossing:
    """Cross rows that tell months, in the order of a fiscal year; a row of a year is in none (月と方法)."""
    cells: dict[tuple[int, Channel], list[Tally]] = {}
    for row in rows:
        if row.month is not None:
            cells.setdefault((row.month, row.channel), []).append(row)
    found = {key: Total(rows=tuple(of_cell)) for key, of_cell in cells.items()}
    months = sorted({month for month, _ in found}, key=lambda month: (month - 4) % 12)
    channels = [one for one in Channel if any(channel is one for _, channel in found)]
    return Crossing(months=tuple(months), channels=tuple(channels), cells=found)


def to_digits(value: Fraction | int, places: int) -> Decimal:
    """Round half away from zero, the way the town's table is printed (四捨五入)."""
    exact = Fraction(value)
    whole, rest = divmod(abs(exact.numerator) * 10**places, exact.denominator)
    whole += 2 * rest >= exact.denominator
    # Put together digit by digit: arithmetic of Decimal would cut a long number to 28 digits.
    negative = exact < 0 and whole > 0
    return Decimal((int(negative), tuple(map(int, str(whole))), -places))
