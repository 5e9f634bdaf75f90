"""Which letter a filing calls for (受理通知・転入通知未着の照会).

Who did not come themselves learns at the address they left that somebody filed for them; a new
town that stays silent is asked. Whom a letter may not reach is the gate's to say.
"""

from __future__ import annotations

from enum import StrEnum, unique

from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.filing import NOTIFIED, Kind, Notifier


@unique
class MoveLetter(StrEnum):
    """What is written (手紙の別)."""

    RECEIPT = "RECEIPT"  # 住民異動届受理通知
    NO_NOTICE = "NO_NOTICE"  # 転入通知未着照会書


def letters_for(
    kind: Kind, *, notifier: str, is_reverted: bool, silent: bool
) -> tuple[MoveLetter, ...]:
    """Return the letters a filing calls for; ``silent``: the new town said nothing in time (手紙)."""
    if is_reverted:
        return ()
    found = []
    if kind in NOTIFIED and notifier == Notifier.AGENT:
        found.append(MoveLetter.RECEIPT)
    if kind is Kind.MOVE_OUT and silent:
        found.append(MoveLetter.NO_NOTICE)
    return tuple(found)


def check_letter(wanted: MoveLetter, due: tuple[MoveLetter, ...]) -> tuple[Problem, ...]:
    """Return why a letter is not written (手紙の確認)."""
    return () if wanted in due else (Problem(code="MOVE_LETTER_NOT_DUE"),)
