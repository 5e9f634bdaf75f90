"""The fictional town's own rows: open at any hour, and a store to lead to (架空の町の表)."""

from __future__ import annotations

from datetime import datetime, time

from django.conf import settings

from madoguchi.audit.api import record
from madoguchi.infra.clock import JAPAN
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.kiosk.models import Hours, Shop, YearlyClosing
from madoguchi.kiosk.queries.books import CHANNELS

#: A visitor of the demonstration may sit on the other side of the earth.
OPENS, CLOSES = time(0, 0), time(23, 59, 59)
SHOP = ("うみかぜマート（架空の店）", "港のとなり")
SHOP_OPENS, SHOP_CLOSES = time(7, 0), time(22, 0)


def fill_demo_tables(*, actor: Actor, now: datetime) -> None:
    """Write them once, with the town itself; refused anywhere but in the demonstration (架空の町の表の用意)."""
    if not settings.MADOGUCHI_DEMO:
        raise Refused(Problem(code="KIOSK_DEMO_ONLY"))
    today = now.astimezone(JAPAN).date()
    Hours.objects.bulk_create(
        Hours(channel=channel, weekday=None, opens=OPENS, closes=CLOSES, valid_from=today)
        for channel in CHANNELS
    )
    YearlyClosing.objects.filter(channel__in=CHANNELS).delete()
    name, where = SHOP
    Shop.objects.create(
        name=name, where=where, opens=SHOP_OPENS, closes=SHOP_CLOSES, valid_from=today
    )
    record(actor=actor, action="KIOSK_TABLE_CHANGED", subjects=(),
           detail={"table": "DEMO", "how": "add", "channel": " ".join(CHANNELS)})  # fmt: skip
