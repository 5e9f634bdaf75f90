"""Work of this room that the queue does each night: keys in step, old lists gone (後でする仕事)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from madoguchi.addressees.actions import keeping
from madoguchi.addressees.actions.keying import make_keys
from madoguchi.addressees.queries.book import rules_of, stale_people
from madoguchi.addressees.queries.gazetteer import gazetteer, keep_now
from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.kernel.actor import Actor

KEYS = "addressees.keep_keys"
FORGET = "addressees.forget"
KEEPER = Actor(
    staff_id="system", name="送付先情報の見回り", rights=frozenset(), place="", terminal="",
    purpose="照合キーと保存期間",
)  # fmt: skip


@job(name=KEYS, queue="addressees")
def keep_keys(**_more: Any) -> None:
    """Make the keys of whoever changed since, so that the next list waits for none."""
    places = gazetteer(settings.MADOGUCHI_PLACES)
    if stale_people(rules_of(places)):
        unit.run_long(make_keys, gazetteer=places, actor=KEEPER, now=clock.now())


@job(name=FORGET, queue="addressees")
def forget(**_more: Any) -> None:
    """Close and remove what was kept long enough."""
    now = clock.now()
    keep = keep_now(settings.MADOGUCHI_PLACES, on=clock.today())
    if keep and keeping.is_anything_due(keep, now=now):
        unit.run_long(keeping.forget, keep=keep, actor=KEEPER, now=now)


app.periodic(cron="40 3 * * *")(app.tasks[KEYS])
app.periodic(cron="50 3 * * *")(app.tasks[FORGET])
