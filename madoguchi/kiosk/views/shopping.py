"""On to the store, on the last screen and the receipt (コンビニへの案内)."""

from __future__ import annotations

from datetime import datetime

from madoguchi.certificates.api import fee_at
from madoguchi.kiosk.domain.shops import WayToShop
from madoguchi.kiosk.domain.showing import ShopSeen
from madoguchi.kiosk.domain.steps import Step
from madoguchi.kiosk.queries.sessions import SessionRow
from madoguchi.kiosk.queries.tables import SHOP_CHANNEL, way_to_shop_of

#: More than two names are read by nobody.
_NAMED = 2


def shop_for(row: SessionRow, *, now: datetime) -> ShopSeen | None:
    """Return the way to the store for the last screen; nothing for a file from the web (案内)."""
    if row.step is not Step.TAKE or row.channel == "WEB":
        return None
    return seen_of(way_to_shop_of(fee_yen=_fee_at_store(row, now), now=now))


def seen_of(way: WayToShop) -> ShopSeen | None:
    """Put the way to the store into what the screen shows; nothing while the service rests."""
    if way.closed_until is not None or way.fee_yen is None:
        return None
    if not way.shops:
        return ShopSeen(place="", opens="", closes="", fee_yen=way.fee_yen)
    first = way.shops[0]
    return ShopSeen(
        place="・".join(f"{one.name}（{one.where}）" for one in way.shops[:_NAMED]),
        opens=f"{first.opens:%-H:%M}",
        closes=f"{first.closes:%-H:%M}",
        fee_yen=way.fee_yen,
    )


def _fee_at_store(row: SessionRow, now: datetime) -> int | None:
    """Return what one copy of this kind costs at a store (店の手数料)."""
    return fee_at(kind=row.choices.kind, channel=SHOP_CHANNEL, on=now.date())
