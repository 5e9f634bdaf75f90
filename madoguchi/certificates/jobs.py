"""Work of this room that the queue does (後でする仕事)."""

from __future__ import annotations

from typing import Any

from madoguchi.accounts.api import actor_of
from madoguchi.certificates.actions.making import render_now
from madoguchi.certificates.actions.releasing import sweep
from madoguchi.certificates.documents.keys import paper_keys
from madoguchi.certificates.queries.requests import find_overdue, find_request
from madoguchi.infra import clock, unit
from madoguchi.infra.queue import job


@job(name="certificates.render", queue="papers")
def render(*, request_id: str, **_more: Any) -> None:
    """Make the paper of a drawn request, in the name of whoever pressed."""
    request = find_request(request_id)
    if request is None:
        return
    actor = actor_of(
        staff_id=request.staff_id, purpose=request.purpose, place=request.place,
        terminal=request.terminal,
    )  # fmt: skip
    render_now(request_id=request_id, actor=actor, keys=paper_keys())


@job(name="certificates.sweep", queue="papers")
def sweep_overdue(**_more: Any) -> None:
    """Close what was drawn and never released in time."""
    overdue = find_overdue(now=clock.now())
    if overdue:
        actor = actor_of(staff_id=overdue[0].staff_id, purpose="期限切れの作成の整理",
                         place=overdue[0].place, terminal=overdue[0].terminal)  # fmt: skip
        unit.run(sweep, request_ids=tuple(one.request_id for one in overdue), actor=actor,
                 now=clock.now())  # fmt: skip
