"""Who may do what here (権限): as in the card line."""

from __future__ import annotations

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Whoever changes 送付先情報 at the terminal also takes the list in (*assumed*, as in ``cards``).
DESK = Right.FILE_CHANGE
#: Weights change every later decision.
WEIGHTS = Right.APPROVE


def must(actor: Actor, right: Right = DESK) -> None:
    """Refuse an actor without the right (権限の検査)."""
    if not actor.may(right):
        raise Refused(Problem(code="ADDRESSEES_RIGHT_MISSING"))
