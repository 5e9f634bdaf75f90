"""Tables of this room (統合端末とCSの表): the terminals' minutes, and the work at the CS."""

from madoguchi.csops.models.terminals import ClosedDay, Hours, Reservation, Shift, Terminal, Use
from madoguchi.csops.models.work import (
    AssetRow,
    HoursWorked,
    Incident,
    RestoreTest,
    Work,
    WorkStep,
)

__all__ = [
    "AssetRow",
    "ClosedDay",
    "Hours",
    "HoursWorked",
    "Incident",
    "Reservation",
    "RestoreTest",
    "Shift",
    "Terminal",
    "Use",
    "Work",
    "WorkStep",
]
