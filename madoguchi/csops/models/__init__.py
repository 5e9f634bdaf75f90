"""Tables of this room (統合端末とCSの表): the terminals' minutes, the work at the CS, shared use."""

from madoguchi.csops.models.sharing import Neighbour, Proposed
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
    "Neighbour",
    "Proposed",
    "Reservation",
    "RestoreTest",
    "Shift",
    "Terminal",
    "Use",
    "Work",
    "WorkStep",
]
