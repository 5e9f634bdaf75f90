"""Work of this room that the queue does: what was kept for nobody who came is forgotten (後でする仕事)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from procrastinate.contrib.django import app

from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.kernel.actor import Actor
from madoguchi.moves.actions.cases import forget_cases, stale_cases
from madoguchi.moves.actions.drafts import forget_drafts
from madoguchi.moves.queries.drafts import old_drafts
from madoguchi.moves.queries.rulebook import online_book

FORGET = "moves.forget_cases"
KEEPER = Actor(
    staff_id="system", name="転入の見回り", rights=frozenset(), place="", terminal="",
    purpose="来なかった受付の消去",
)  # fmt: skip


@job(name=FORGET, queue="moves")
def forget(**_more: Any) -> None:
    """Empty the cases of people who never came, and erase drafts nobody went on with."""
    now = clock.now()
    if stale_cases(now=now).exists():
        unit.run(forget_cases, actor=KEEPER, now=now)
    days = online_book(settings.MADOGUCHI_CARD_RULES).keep_days
    if old_drafts(now=now, keep_days=days).exists():
        unit.run(forget_drafts, actor=KEEPER, now=now, keep_days=days)


app.periodic(cron="20 3 * * *")(app.tasks[FORGET])
