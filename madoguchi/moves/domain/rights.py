"""Who may do what here (権限)."""

from __future__ import annotations

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Filing is the residents' desk's; other sections see whom their tasks are about (*assumed*).
FILE = Right.FILE_CHANGE
SECTION = Right.VIEW_PERSON


def must_see(actor: Actor) -> None:
    """Refuse whoever may not see whom a task is about (権限の検査)."""
    if not actor.may(SECTION):
        raise Refused(Problem(code="NOT_ALLOWED"))
