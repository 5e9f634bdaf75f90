"""Work of this room that the queue does: what was kept for nobody who came is forgotten (後でする仕事)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.kernel.actor import Actor
from madoguchi.moves.actions.cases import forget_cases, stale_cases

FORGET = "moves.forget_cases"
KEEPER = Actor(
    staff_id="system", name="転入の見回り", rights=frozenset(), place="", terminal="",
    purpose="来なかった受付の消去",
)  # fmt: skip


@job(name=FORGET, queue="moves")
def forget(**_more: Any) -> None:
    """Empty the cases of people who never came."""
    if stale_cases(now=clock.now()).exists():
        unit.run(forget_cases, actor=KEEPER, now=clock.now())


app.periodic(cron="20 3 * * *")(app.tasks[FORGET])
