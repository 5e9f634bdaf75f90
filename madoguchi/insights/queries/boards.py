"""The effect board of a channel: its years, what the newest brought, what a reader should know (効果の表)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction

from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.effect import (
    Change,
    Effect,
    Inputs,
    Year,
    break_even,
    changes_of,
)
from madoguchi.insights.domain.findings import find_all
from madoguchi.insights.domain.years import not_counted_yet, years_of
from madoguchi.insights.queries.sources import (
    PremiseRow,
    imported_rows,
    may_count_own,
    own_rows,
    premise_of,
    printed_means,
)
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem

#: What a board can be about: a machine that costs money and spares a clerk's time.
CHANNELS = (Channel.STORE, Channel.KIOSK)


@dataclass(frozen=True, slots=True, kw_only=True)
class BoardView:
    """A board as pages, papers and books show it (効果の表)."""

    channel: Channel
    rows: tuple[Tally, ...]
    years: tuple[Year, ...]
    changes: tuple[Change, ...]
    printed: Mapping[int, Decimal]
    latest: Effect | None
    premise: PremiseRow | None
    findings: tuple[Problem, ...]
    #: Whether rows of our own records are left out, because this actor may not see them.
    leaves_out_own: bool

    @property
    def break_even(self) -> int | None:
        """Issues a year from which clerks' time alone pays (損益分岐)."""
        return break_even(self.latest.inputs) if self.latest else None

    @property
    def break_even_with_residents(self) -> int | None:
        """The same, with what residents are spared (住民を含む損益分岐)."""
        return break_even(self.latest.inputs, with_residents=True) if self.latest else None


def all_rows(*, actor: Actor, today: date) -> tuple[Tally, ...]:
    """Return every row that counts, no paper twice (すべての行)."""
    imported = imported_rows()
    return (*imported, *not_counted_yet(imported, own_rows(actor=actor, today=today)))


def board_of(
    channel: Channel, *, actor: Actor, today: date, tried: Mapping[str, Fraction] | None = None
) -> BoardView:
    """Work the board of a channel out; ``tried`` are inputs to be tried, kept nowhere (効果の表)."""
    rows = all_rows(actor=actor, today=today)
    years = years_of(rows, channel)
    printed = printed_means() if channel is Channel.STORE else {}
    premise = premise_of(channel, years[-1].number) if years else None
    inputs = premise.inputs if premise else _said_by_the_town(channel)
    latest = None
    if years and inputs is not None:
        latest = Effect(year=years[-1], inputs=replace(inputs, **(tried or {})))
    return BoardView(
        channel=channel, rows=rows, years=years, changes=changes_of(years), printed=printed,
        latest=latest, premise=premise, findings=find_all(years, latest, printed=printed),
        leaves_out_own=not may_count_own(actor),
    )  # fmt: skip


def _said_by_the_town(channel: Channel) -> Inputs | None:
    """Return what the town itself reckoned with; of a kiosk nobody has said what it costs (町の値)."""
    return Inputs() if channel is Channel.STORE else None
