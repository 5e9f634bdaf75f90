"""On to the store, on the last screen and the receipt (コンビニへの案内)."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from madoguchi.certificates.api import fee_at
from madoguchi.infra import clock
from madoguchi.kiosk.domain.shops import WayToShop
from madoguchi.kiosk.domain.showing import ShopSeen, moment_line
from madoguchi.kiosk.domain.steps import Step
from madoguchi.kiosk.queries.sessions import SessionRow
from madoguchi.kiosk.queries.tables import SHOP_CHANNEL, way_to_shop_of

#: More than two names are read by nobody.
_NAMED = 2


def shop_for(row: SessionRow, *, now: datetime) -> ShopSeen | None:
    """Return the way to the store for the last screen; nothing for a file from the web (案内)."""
    if row.step is not Step.TAKE or row.channel == "WEB":
        return None
    way = way_to_shop_of(fee_yen=_fee_at_store(row, now), now=now)
    return seen_of(way, today=clock.day_of(now))


def seen_of(way: WayToShop, *, today: date) -> ShopSeen | None:
    """Put the way to the store into what the screen shows (案内).

    One line says the hours, so only stores that keep the same hours are named together. Nothing
    where stores do not give this paper, or where nobody knows when they will again.
    """
    if way.fee_yen is None:
        return None
    if way.closed_until is not None:
        again = moment_line(way.closed_until, today=today)
        return ShopSeen(place="", opens="", closes="", fee_yen=way.fee_yen, again=again)
    if not way.shops:
        return ShopSeen(place="", opens="", closes="", fee_yen=way.fee_yen)
    first = way.shops[0]
    alike = [one for one in way.shops if (one.opens, one.closes) == (first.opens, first.closes)]
    return ShopSeen(
        place="・".join(f"{one.name}（{one.where}）" for one in alike[:_NAMED]),
        opens=f"{first.opens:%-H:%M}",
        closes=f"{first.closes:%-H:%M}",
        fee_yen=way.fee_yen,
    )


def _fee_at_store(row: SessionRow, now: datetime) -> int | None:
    """Return what one copy of this kind costs at a store tomorrow (店の手数料)."""
    tomorrow = clock.day_of(now) + timedelta(days=1)
    return fee_at(kind=row.choices.kind, channel=SHOP_CHANNEL, on=tomorrow)
