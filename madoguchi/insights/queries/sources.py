"""Where the figures come from: tables taken in, and the product's own facts (数字の出どころ)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from madoguchi.infra.facts import count_by_month
from madoguchi.insights.domain.counting import Channel, Tally
from madoguchi.insights.domain.effect import Inputs
from madoguchi.insights.models import Count, Premise, Table
from madoguchi.kernel.actor import Actor, Right

#: Channels of the certificates' own records. A store's issues are none of ours: the town takes in
#: what is reported to it.
_OWN: Mapping[str, Channel] = {
    "DESK": Channel.DESK,
    "WIDE_AREA": Channel.DESK,
    "MAIL": Channel.MAIL,
    "KIOSK": Channel.KIOSK,
    "WEB": Channel.WEB,
}
OWN_SOURCE = "Madoguchiの記録"
_APRIL = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class TableRow:
    """A table that was taken in (取り込んだ表)."""

    table_id: str
    name: str
    rows: int
    taken_by: str
    taken_at: datetime
    undone_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiseRow:
    """What the calculation takes for granted, and by whose word (前提の値)."""

    channel: Channel
    from_year: int
    inputs: Inputs
    source: str
    set_by: str
    set_at: datetime


def list_tables() -> tuple[TableRow, ...]:
    """List every table ever taken in, the newest first (表の一覧)."""
    names = [one.name for one in fields(TableRow)]
    return tuple(
        TableRow(**row) for row in Table.objects.order_by("-taken_at", "-table_id").values(*names)
    )


def imported_rows() -> tuple[Tally, ...]:
    """Return the rows of every table that counts (取り込んだ行)."""
    rows = Count.objects.filter(table__undone_at__isnull=True).order_by("count_id")
    return tuple(
        Tally(
            fiscal_year=row.fiscal_year, month=row.month, months=row.months, kind=row.kind or None,
            channel=Channel(row.channel), issues=row.issues, source=row.place,
        )
        for row in rows
    )  # fmt: skip


def printed_means() -> Mapping[int, Decimal]:
    """Return the monthly means as reports printed them, by fiscal year (印刷された月平均)."""
    rows = Count.objects.filter(table__undone_at__isnull=True, printed_mean__isnull=False)
    return {
        row.fiscal_year: _plain(row.printed_mean) for row in rows if row.printed_mean is not None
    }


def may_count_own(actor: Actor) -> bool:
    """Tell who may see counts of our own records (自分の記録を数えてよいか).

    They hold papers of people not everybody may know of: beside the day's list, a count that is
    one higher tells of one. So they are for whoever may see those people anyway.
    """
    return actor.may(Right.SEE_PROTECTED)


def own_rows(*, actor: Actor, today: date) -> tuple[Tally, ...]:
    """Count the papers handed over here, by months that are over (自分の記録の件数).

    Copies are counted, as the town's table counts 交付件数 (*assumed*). A sample is no paper.
    """
    if not may_count_own(actor):
        return ()
    months = count_by_month(
        "certificate_handed_over", before=today.replace(day=1), by=("kind", "channel"),
        adding="copies", sample=False,
    )  # fmt: skip
    found: dict[tuple[int, int, str, Channel], int] = {}
    for one in months:
        channel = _OWN.get(one.values["channel"])
        if channel is not None:
            key = (fiscal_year_of(one.year, one.month), one.month, one.values["kind"], channel)
            found[key] = found.get(key, 0) + one.amount
    return tuple(
        Tally(fiscal_year=year, month=month, kind=kind, channel=channel, issues=issues,
              source=OWN_SOURCE)
        for (year, month, kind, channel), issues in found.items()
    )  # fmt: skip


def fiscal_year_of(year: int, month: int) -> int:
    """Return the fiscal year of a month: it begins in April (年度)."""
    return year if month >= _APRIL else year - 1


def list_premises() -> tuple[PremiseRow, ...]:
    """List what was ever taken for granted, the newest first (前提の値の一覧)."""
    names = [one.name for one in fields(Inputs)]
    return tuple(
        PremiseRow(
            channel=Channel(row.channel), from_year=row.from_year, source=row.source,
            set_by=row.set_by, set_at=row.set_at,
            inputs=Inputs(**{name: Fraction(getattr(row, name)) for name in names}),
        )
        for row in Premise.objects.order_by("-set_at", "-premise_id")
    )  # fmt: skip


def premise_of(channel: Channel, year: int) -> PremiseRow | None:
    """Return what holds for a channel in a fiscal year: of the latest year said, the newest (前提の値)."""
    holding = [one for one in list_premises() if one.channel is channel and one.from_year <= year]
    # The list begins with the newest, and ``max`` keeps the first of equals.
    return max(holding, key=lambda one: one.from_year, default=None)


def _plain(mean: Decimal) -> Decimal:
    """Return a mean with the digits a report prints, two at least; the column keeps six."""
    shortest = mean.normalize()
    exponent = shortest.as_tuple().exponent
    assert isinstance(exponent, int)
    return mean.quantize(Decimal(1).scaleb(min(-2, exponent)))
