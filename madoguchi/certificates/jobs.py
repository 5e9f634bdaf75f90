"""Work of this room that the queue does (後でする仕事)."""

from __future__ import annotations

from typing import Any

from procrastinate.contrib.django import app

from madoguchi.accounts.api import actor_of
from madoguchi.certificates.actions.making import clear_papers, render_now
from madoguchi.certificates.actions.releasing import sweep
from madoguchi.certificates.queries.keys import paper_keys
from madoguchi.certificates.queries.requests import find_overdue, find_request, find_stuck
from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job
from madoguchi.kernel.actor import Actor

SWEEP = "certificates.sweep"

#: The sweep looks at states and times only; it has no right over any person.
KEEPER = Actor(
    staff_id="system",
    name="作成の見回り",
    rights=frozenset(),
    place="",
    terminal="",
    purpose="期限を過ぎた作成の整理",
)


@job(name="certificates.render", queue="papers")
def render(*, request_id: str, **_more: Any) -> None:
    """Make the paper of a drawn request, in the name of whoever pressed."""
    request = find_request(request_id)
    if request is None:
        return
    actor = actor_of(
        staff_id=request.staff_id, purpose=request.purpose or "証明書の交付",
        place=request.place, terminal=request.terminal,
    )  # fmt: skip
    render_now(request_id=request_id, actor=actor, keys=paper_keys())


@job(name=SWEEP, queue="papers")
def sweep_overdue(**_more: Any) -> None:
    """Make what a dead worker left, close what is too late, clear away what is closed."""
    for request_id in find_stuck(now=clock.now()):
        render(request_id=request_id)
    overdue = find_overdue(now=clock.now())
    if overdue:
        unit.run(sweep, request_ids=overdue, actor=KEEPER, now=clock.now())
    clear_papers()


app.periodic(cron="* * * * *")(app.tasks[SWEEP])
