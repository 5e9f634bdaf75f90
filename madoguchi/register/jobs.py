"""Work of this room that the queue does (後でする仕事)."""

from __future__ import annotations

from typing import Any

from madoguchi.accounts.api import actor_of
from madoguchi.infra.queue import job
from madoguchi.register.actions.importing import working


@job(name=working.JOB, queue="imports")
def import_register(
    *, work_id: str, dry_run: bool, staff_id: str, place: str, terminal: str, **_more: Any
) -> None:
    """Do an import that somebody asked for on the page, in their name."""
    actor = actor_of(staff_id=staff_id, purpose="住民記録の取込み", place=place, terminal=terminal)
    working.do(actor=actor, work_id=work_id, dry_run=dry_run)
