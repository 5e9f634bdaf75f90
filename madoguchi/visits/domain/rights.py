"""Who may do what here (権限): as in the card line."""

from __future__ import annotations

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Whoever hands cards over also sees to the small matters (*assumed*, as in ``cards``).
DESK = Right.FILE_CHANGE
#: Figures name nobody.
FIGURES = Right.SEARCH


def must(actor: Actor) -> None:
    """Refuse an actor without the right (権限の検査)."""
    if not actor.may(DESK):
        raise Refused(Problem(code="MATTER_RIGHT_MISSING"))
