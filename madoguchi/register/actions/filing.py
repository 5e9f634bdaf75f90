"""All a room needs to file a change: the verb, what can be said, what comes back (異動の届出)."""

from madoguchi.register.actions.changes import Filed, file_change
from madoguchi.register.domain.commands import (
    Amend,
    ChangeAddress,
    ChangeHousehold,
    Command,
    ConfirmMoveOut,
    CorrectError,
    Filing,
    Newcomer,
    PlanMoveOut,
    RecordEntry,
    RemovePersons,
    RevertChange,
    Standing,
    persons_in,
)
from madoguchi.register.domain.items import Items, Sex, StayClass
from madoguchi.register.domain.reasons import NationalityGroup, Reason

__all__ = [
    "Amend",
    "ChangeAddress",
    "ChangeHousehold",
    "Command",
    "ConfirmMoveOut",
    "CorrectError",
    "Filed",
    "Filing",
    "Items",
    "NationalityGroup",
    "Newcomer",
    "PlanMoveOut",
    "Reason",
    "RecordEntry",
    "RemovePersons",
    "RevertChange",
    "Sex",
    "Standing",
    "StayClass",
    "file_change",
    "persons_in",
]
