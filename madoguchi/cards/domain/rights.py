"""Who may do what in the card line (権限): said once, for views and actions alike."""

from __future__ import annotations

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem, Refused

#: Receiving, setting up, handing over. *Assumed*: whoever files changes also handles cards.
LINE = Right.FILE_CHANGE
#: Taking a ledger file in, and giving one out.
LEDGER_FILE = Right.IMPORT_EXPORT
HELD = Right.SEE_PROTECTED


def must(actor: Actor, right: Right) -> None:
    """Refuse an actor without this right (権限の検査)."""
    if not actor.may(right):
        raise Refused(Problem(code="CARD_RIGHT_MISSING"))
