"""Who acts, from where, and what for (操作者)."""

from dataclasses import dataclass, replace
from enum import StrEnum, unique


@unique
class Right(StrEnum):
    """One thing an actor may do (権限); roles are sets of these."""

    SEARCH = "SEARCH"
    VIEW_PERSON = "VIEW_PERSON"
    VIEW_HISTORY = "VIEW_HISTORY"
    ISSUE_CERTIFICATE = "ISSUE_CERTIFICATE"
    FILE_CHANGE = "FILE_CHANGE"
    APPROVE = "APPROVE"
    SEE_PROTECTED = "SEE_PROTECTED"
    SET_PROTECTION = "SET_PROTECTION"
    LIFT_PROTECTION = "LIFT_PROTECTION"
    IMPORT_EXPORT = "IMPORT_EXPORT"
    SEE_AUDIT = "SEE_AUDIT"
    MANAGE_STAFF = "MANAGE_STAFF"
    STOP_SWITCH = "STOP_SWITCH"
    SEE_NUMBERS = "SEE_NUMBERS"
    MAIL_REQUESTS = "MAIL_REQUESTS"
    CHECK_RESIDENCE = "CHECK_RESIDENCE"
    RUN_CS = "RUN_CS"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in person at a terminal, with a stated purpose (操作者)."""

    staff_id: str
    name: str
    rights: frozenset[Right]
    place: str
    terminal: str
    purpose: str

    def may(self, right: Right) -> bool:
        """Tell whether this actor holds the right (権限の有無)."""
        return right in self.rights

    def for_purpose(self, text: str) -> "Actor":
        """Return the same actor with another stated purpose (利用目的)."""
        return replace(self, purpose=text)
