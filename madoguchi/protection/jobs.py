"""Jobs of this room (定時の仕事)."""

from __future__ import annotations

from procrastinate.contrib.django import app

from madoguchi.infra import unit
from madoguchi.infra.queue import job
from madoguchi.kernel.actor import Actor
from madoguchi.protection.actions.evening import check_evening

EVENING = "protection.check_evening"

#: The job looks at counts only; it has no right over any person.
KEEPER = Actor(
    staff_id="system",
    name="夕方の点検",
    rights=frozenset(),
    place="",
    terminal="",
    purpose="支援措置の受付漏れの点検",
)


@job(name=EVENING, queue="protection")
def evening(**_extra: object) -> None:
    """Check that whatever was accepted today is in effect (夕方の点検)."""
    unit.run(check_evening, actor=KEEPER)


# The clock of the queue is UTC: half past five in the evening in Japan.
app.periodic(cron="30 8 * * *")(app.tasks[EVENING])
