"""The peer's contest: the same places asked for in pretix, by pretix's own two steps (競合の相手).

Runs in a Python environment of its own that has pretix in it, never in ours:
``python -m bench.booking_peer ROLE [SEED COUNT]`` (``bench/booking.py`` starts it). Eight times with two places each; a contender
asks for one after another as ``tests/races/booking_crew.py`` does: into the cart, which holds the
place, then the order, which confirms it. A lock that was not had is tried again by pretix's own
rules, and the time of that counts.
"""

from __future__ import annotations

import json
import logging
import os
import random
import sys
import time
from datetime import UTC, datetime
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "pretix.settings")

import django

django.setup()

from celery.exceptions import Retry  # noqa: E402  set up first
from django.conf import settings  # noqa: E402  set up first
from django.db import connections  # noqa: E402  set up first
from django_scopes import scopes_disabled  # noqa: E402  set up first
from pretix.base.models import (  # noqa: E402  set up first
    CartPosition,
    Event,
    Item,
    OrderPosition,
    Organizer,
    Quota,
)
from pretix.base.services.cart import CartError, add_items_to_cart  # noqa: E402  set up first
from pretix.base.services.orders import OrderError, perform_order  # noqa: E402  set up first

from tests.races.at_once import ask_at_once  # noqa: E402  set up first

settings.CELERY_TASK_ALWAYS_EAGER = True
#: Nobody is written to: neither side is measured by its mail.
settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
logging.disable(logging.CRITICAL)
TIMES, PLACES_EACH = 8, 2
#: As often as pretix lets its queue try again.
RETRIES = 6
SHOP = "town"


def prepare() -> dict[str, object]:
    """Make one shop with eight free products of two places each."""
    with scopes_disabled():
        organizer = Organizer.objects.create(name="Town", slug=SHOP)
        event = Event.objects.create(
            organizer=organizer, name="Desk", slug=SHOP, live=True, currency="JPY",
            date_from=datetime(2040, 1, 1, tzinfo=UTC),
            plugins="pretix.plugins.banktransfer",
        )  # fmt: skip
        event.settings.set("attendee_names_asked", False)
        event.settings.set("send_mail", False)
        for number in range(TIMES):
            item = Item.objects.create(event=event, name=f"T{number}", default_price=0)
            quota = Quota.objects.create(event=event, name=f"T{number}", size=PLACES_EACH)
            quota.items.add(item)
    return {}


def contend(seed: int, count: int) -> dict[str, object]:
    """Let so many ask at once; return how it went for them."""
    with scopes_disabled():
        event_id = Event.objects.get(slug=SHOP).pk
        items = list(Item.objects.filter(event=event_id).values_list("pk", flat=True))
    return ask_at_once(
        count,
        lambda number: ask(random.Random(seed * 1_000 + number), event_id, items,
                           f"{seed}-{number}@cart"),
        leave=connections.close_all,
    )  # fmt: skip


def ask(dice: random.Random, event_id: int, items: list[int], cart_id: str) -> str:
    """Ask for one time after another until one is had or all were refused."""
    wanted = list(items)
    dice.shuffle(wanted)
    for item in wanted:
        try:
            do(add_items_to_cart, event=event_id, cart_id=cart_id,
               items=[{"item": item, "variation": None, "count": 1, "price": None}])  # fmt: skip
        except CartError:
            continue
        with scopes_disabled():
            held = CartPosition.objects.filter(cart_id=cart_id).values_list("pk", flat=True)
            positions = list(held)
        if not positions:
            continue
        try:
            do(perform_order, event=event_id, payments=[], positions=positions,
               email="aoi@town.example", locale="en")  # fmt: skip
        except (OrderError, CartError):
            continue
        return "BOOKED"
    return "NONE_LEFT"


def do(task: Any, **given: object) -> None:
    """Run one of pretix's tasks here and now, again where it asks for that, as its queue would."""
    for _ in range(RETRIES):
        try:
            task.apply(kwargs=dict(given), throw=True)
        except Retry:
            time.sleep(random.random())
        else:
            return
    raise CartError("busy")


def judge() -> dict[str, object]:
    """Count what was sold of each time, without any rule of the shop's."""
    with scopes_disabled():
        sold = {
            item: OrderPosition.objects.filter(item=item).count()
            for item in Item.objects.values_list("pk", flat=True)
        }
    over = sum(max(0, count - PLACES_EACH) for count in sold.values())
    return {"live": sum(sold.values()), "oversold": over}


def main() -> None:
    role = sys.argv[1]
    if role == "prepare":
        found = prepare()
    elif role == "contend":
        found = contend(int(sys.argv[2]), int(sys.argv[3]))
    else:
        found = judge()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
