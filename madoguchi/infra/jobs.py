"""Jobs that nobody does any more are done again (やり残しの再開)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from madoguchi.infra import clock
from madoguchi.infra.models import Tries
from madoguchi.infra.queue import job, take_up_stalled

AGAIN = "infra.take_up_stalled"


@job(name=AGAIN, queue="upkeep")
def take_up(**_more: Any) -> None:
    """Put back in the queue what a worker was at when it, or its database, died; clear old counts."""
    take_up_stalled()
    Tries.objects.filter(until__lt=clock.now()).delete()


app.periodic(cron="* * * * *")(app.tasks[AGAIN])
