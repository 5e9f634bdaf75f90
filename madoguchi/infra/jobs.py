"""Jobs that nobody does any more are done again (やり残しの再開)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from madoguchi.infra.queue import job, take_up_stalled

AGAIN = "infra.take_up_stalled"


@job(name=AGAIN, queue="upkeep")
def take_up(**_more: Any) -> None:
    """Put back in the queue what a worker was at when it, or its database, died."""
    take_up_stalled()


app.periodic(cron="* * * * *")(app.tasks[AGAIN])
