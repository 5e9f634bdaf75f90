"""How long a screen waits for a quiet resident (時間切れ)."""

from __future__ import annotations

from datetime import datetime, timedelta

from madoguchi.kiosk.domain.steps import Mode, Step

#: Seconds without a press before the screen asks, and then ends (*assumed*; the store: about a minute).
PLAIN_SECONDS = 90
ELDER_SECONDS = 180
PRACTICE_SECONDS = 300
BESIDE_SECONDS = 600
#: The page asks first; the server ends the session this much later.
GRACE_SECONDS = 30
#: Printing is the machine's own time; the sweep looks at the printer instead.
_MACHINES_TIME = frozenset({Step.PRINT})


def idle_seconds_max(*, mode: Mode, staff_beside: bool) -> int:
    """Return how many quiet seconds this session is given (待ち時間)."""
    if staff_beside:
        return BESIDE_SECONDS
    match mode:
        case Mode.PLAIN:
            return PLAIN_SECONDS
        case Mode.ELDER:
            return ELDER_SECONDS
        case Mode.PRACTICE:
            return PRACTICE_SECONDS


def is_overdue(*, step: Step, touched_at: datetime, seconds_max: int, now: datetime) -> bool:
    """Tell whether a session has been quiet for too long (時間切れの判定)."""
    if step in _MACHINES_TIME:
        return False
    return now - touched_at >= timedelta(seconds=seconds_max + GRACE_SECONDS)
