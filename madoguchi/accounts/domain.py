"""Roles, rights, second officers: pure rules (役割・権限・二人制)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum, unique
from typing import assert_never

from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem, Refused


@unique
class Role(StrEnum):
    """What somebody is at the desk (役割); the rights follow from it."""

    CLERK = "CLERK"
    SENIOR = "SENIOR"
    CHIEF = "CHIEF"
    OFFICER = "OFFICER"
    OTHER = "OTHER"
    CLI = "CLI"
    MACHINE = "MACHINE"


#: Accounts of no person: nobody signs in with them, and no page gives or takes these roles.
NOT_PEOPLE = frozenset({Role.CLI, Role.MACHINE})


_CLERK = frozenset(
    {
        Right.SEARCH,
        Right.VIEW_PERSON,
        Right.VIEW_HISTORY,
        Right.ISSUE_CERTIFICATE,
        Right.FILE_CHANGE,
        Right.MAIL_REQUESTS,
        # Backups and updates of the CS are the desk's own work (slides 3); no person stands in them.
        Right.RUN_CS,
        # On request 個人番号 stands on the paper; two or three clerks are the whole desk.
        Right.SEE_NUMBERS,
    }
)
#: Checks of residence reach into homes: seniors, and who is given the right (*assumed*).
_SENIOR = _CLERK | {
    Right.APPROVE,
    Right.SEE_PROTECTED,
    Right.SET_PROTECTION,
    Right.CHECK_RESIDENCE,
}

ROLE_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CLERK: _CLERK,
    Role.SENIOR: _SENIOR,
    Role.CHIEF: _SENIOR
    | {
        Right.LIFT_PROTECTION,
        Right.STOP_SWITCH,
        Right.IMPORT_EXPORT,
        Right.SEE_AUDIT,
    },
    Role.OFFICER: frozenset({Right.MANAGE_STAFF, Right.SEE_AUDIT, Right.RUN_CS}),
    Role.OTHER: frozenset(),
    Role.CLI: _CLERK - {Right.SEE_NUMBERS} | {Right.IMPORT_EXPORT, Right.SEE_AUDIT},
    Role.MACHINE: frozenset({Right.ISSUE_CERTIFICATE}),
}

#: Whatever is added to the command-line account, these stay away: nobody sits before it
#: whose face a colleague could see (住基担当外の画面から支援措置対象者を見せない).
NEVER_ON_COMMAND_LINE = frozenset({Right.SEE_PROTECTED, Right.LIFT_PROTECTION})

_STAFF_ID = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
#: Ids of machines begin so, and nobody else's: a name in the record says at once who it was.
MACHINE_PREFIX = "kiosk-"
_TERMINAL = re.compile(r"[a-z0-9][a-z0-9._-]{0,29}")
_NOT_IN_STAFF_ID = re.compile(r"[^a-z0-9._-]")
DISPLAY_NAME_MAX = 60

#: Somebody who is away can hand these on; the others need the officer.
DELEGABLE = frozenset({Right.APPROVE, Right.SEE_PROTECTED, Right.SET_PROTECTION})
DELEGATION_DAYS_MAX = 31

#: Rights over persons: an officer who manages staff never holds them as well, so that
#: nobody can both open a door for themselves and walk through it.
PERSON_RIGHTS = (_CLERK - {Right.RUN_CS}) | {
    Right.SEE_PROTECTED,
    Right.SET_PROTECTION,
    Right.LIFT_PROTECTION,
    Right.SEE_NUMBERS,
    Right.IMPORT_EXPORT,
    Right.CHECK_RESIDENCE,
}


@unique
class Effect(StrEnum):
    """What a dated line does to the rights of one person (権限の個別設定)."""

    ADDED = "ADDED"
    REMOVED = "REMOVED"
    DELEGATED = "DELEGATED"


@dataclass(frozen=True, slots=True, kw_only=True)
class DatedRight:
    """One right more or less for one person between two days, both included (期間つきの権限)."""

    right: Right
    effect: Effect
    valid_from: date
    valid_until: date | None

    def holds_on(self, day: date) -> bool:
        """Tell whether this line counts on that day (有効期間内)."""
        return self.valid_from <= day and (self.valid_until is None or day <= self.valid_until)


def rights_on(role: Role, lines: Iterable[DatedRight], *, day: date) -> frozenset[Right]:
    """Return what somebody may do on a day: role, plus additions, less removals (権限).

    A removal beats an addition whatever their order, since taking away is the safe side.
    """
    counting = [line for line in lines if line.holds_on(day)]
    added = {line.right for line in counting if line.effect is not Effect.REMOVED}
    removed = {line.right for line in counting if line.effect is Effect.REMOVED}
    return frozenset((ROLE_RIGHTS[role] | added) - removed - _never(role))


def _never(role: Role) -> frozenset[Right]:
    """Return what no line may add to this role, even one left over from an earlier role."""
    match role:
        case Role.CLI:
            return NEVER_ON_COMMAND_LINE | {Right.MANAGE_STAFF}
        case Role.MACHINE:
            return frozenset(Right) - ROLE_RIGHTS[Role.MACHINE]
        case Role.OFFICER:
            return PERSON_RIGHTS
        case Role.CLERK | Role.SENIOR | Role.CHIEF | Role.OTHER:
            return frozenset({Right.MANAGE_STAFF})
        case never:
            assert_never(never)


def fold_staff_id(text: str) -> str:
    """Return a typed staff id as it is kept: half-width, lower case, no blanks (職員番号)."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def is_staff_id(text: str) -> bool:
    """Tell whether an account could have this id, so that nothing odd reaches a table (形式)."""
    return _STAFF_ID.fullmatch(text) is not None


def command_line_id(os_user: str) -> str:
    """Return the id of an operating-system user's account, in letters an address can hold."""
    return f"cli.{_NOT_IN_STAFF_ID.sub('-', fold_staff_id(os_user))}"[:40]


def machine_id(terminal: str) -> str:
    """Return the id of a kiosk terminal's account (機械の番号); K1 at any width is one terminal.

    Raises ``Refused`` for a terminal whose name would have to be bent to fit: two terminals
    must never share one account.
    """
    folded = fold_staff_id(terminal)
    if not _TERMINAL.fullmatch(folded):
        raise Refused(Problem(code="MACHINE_TERMINAL_FORM", where="terminal"))
    return f"{MACHINE_PREFIX}{folded}"


@unique
class Rule(StrEnum):
    """When a second officer looks at an action (二人制の区分)."""

    BEFORE = "BEFORE"
    AFTERWARDS = "AFTERWARDS"
    OFF = "OFF"


@unique
class Guarded(StrEnum):
    """The actions a second officer can be asked for (二人制の対象)."""

    LIFT_PROTECTION = "LIFT_PROTECTION"
    UNLOCK_PROTECTED = "UNLOCK_PROTECTED"
    END_PROTECTION = "END_PROTECTION"
    EX_OFFICIO_CHANGE = "EX_OFFICIO_CHANGE"
    CORRECT_RECORD = "CORRECT_RECORD"
    REGISTER_IMPORT = "REGISTER_IMPORT"
    REGISTER_EXPORT = "REGISTER_EXPORT"
    VOID_CERTIFICATE = "VOID_CERTIFICATE"
    CHANGE_RIGHTS = "CHANGE_RIGHTS"
    HAND_OVER_CARD = "HAND_OVER_CARD"
    RESIDENCE_DECISION = "RESIDENCE_DECISION"
    RESIDENCE_POSTING = "RESIDENCE_POSTING"


#: These open what hides a person in danger: even that somebody asks is hidden.
OPENS_PROTECTION = frozenset(
    {Guarded.LIFT_PROTECTION, Guarded.UNLOCK_PROTECTED, Guarded.END_PROTECTION,
     Guarded.RESIDENCE_POSTING}
)  # fmt: skip
#: No table may loosen these; who is taken off the register is decided by two, too.
ALWAYS_BEFORE = OPENS_PROTECTION | {Guarded.RESIDENCE_DECISION}

DEFAULT_RULES: Mapping[str, Rule] = {
    Guarded.LIFT_PROTECTION: Rule.BEFORE,
    Guarded.UNLOCK_PROTECTED: Rule.BEFORE,
    Guarded.END_PROTECTION: Rule.BEFORE,
    Guarded.EX_OFFICIO_CHANGE: Rule.AFTERWARDS,
    Guarded.CORRECT_RECORD: Rule.AFTERWARDS,
    Guarded.REGISTER_IMPORT: Rule.OFF,
    Guarded.REGISTER_EXPORT: Rule.AFTERWARDS,
    Guarded.VOID_CERTIFICATE: Rule.AFTERWARDS,
    Guarded.CHANGE_RIGHTS: Rule.OFF,
    #: *Assumed*: who hands a card over needs nobody beside them; a town may want it otherwise.
    Guarded.HAND_OVER_CARD: Rule.OFF,
    Guarded.RESIDENCE_DECISION: Rule.BEFORE,
    Guarded.RESIDENCE_POSTING: Rule.BEFORE,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleLine:
    """What the town has set for one action between two days, and when (二人制の設定)."""

    action: str
    rule: Rule
    valid_from: date
    valid_until: date | None
    set_at: datetime


def rule_on(action: str, lines: Iterable[RuleLine], *, on: date) -> Rule:
    """Return when a second officer looks at this action on this day (二人制).

    The line set last wins; without a line the default; an action nobody has placed is
    treated as the strictest.
    """
    if action in ALWAYS_BEFORE:
        return Rule.BEFORE
    counting = [
        line
        for line in lines
        if line.action == action
        and line.valid_from <= on
        and (line.valid_until is None or on <= line.valid_until)
    ]
    if counting:
        return max(counting, key=lambda line: line.set_at).rule
    return DEFAULT_RULES.get(action, Rule.BEFORE)


@unique
class ApprovalState(StrEnum):
    """Where a request to a second officer stands (承認の状態)."""

    PENDING = "PENDING"
    APPROVED = "APPROVED"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalRow:
    """A request to a second officer as read back (承認依頼)."""

    approval_id: str
    action: str
    subject_ref: str
    rule: Rule
    state: ApprovalState
    reason: str
    detail: Mapping[str, str] = field(default_factory=dict, hash=False)
    asked_by: str
    asked_at: datetime
    due_on: date | None
    decided_by: str | None
    decided_at: datetime | None
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffRow:
    """A member of staff as other rooms may see one (職員)."""

    staff_id: str
    display_name: str
    role: Role
    is_active: bool
    rights: frozenset[Right]


def check_decision(
    approval: ApprovalRow, *, staff_id: str, rights: frozenset[Right]
) -> tuple[Problem, ...]:
    """Return every reason why this person may not decide on this request (承認可否)."""
    found: list[Problem] = []
    if approval.action in OPENS_PROTECTION and Right.SEE_PROTECTED not in rights:
        # Whether such a request exists is itself part of what is protected.
        return (Problem(code="APPROVAL_UNKNOWN"),)
    if approval.state is not ApprovalState.PENDING:
        found.append(Problem(code="APPROVAL_ALREADY_DECIDED"))
    if approval.asked_by == staff_id:
        found.append(Problem(code="APPROVAL_BY_SAME_PERSON"))
    if Right.APPROVE not in rights:
        found.append(Problem(code="APPROVAL_WITHOUT_RIGHT"))
    return tuple(found)


def check_new_staff(*, staff_id: str, taken: bool, role: Role) -> tuple[Problem, ...]:
    """Return every reason not to open an account with this id and role (職員の登録の可否)."""
    found: list[Problem] = []
    if not is_staff_id(staff_id):
        found.append(Problem(code="STAFF_ID_FORM", where="staff_id"))
    if taken:
        found.append(Problem(code="STAFF_ID_TAKEN", where="staff_id"))
    if role in NOT_PEOPLE:
        found.append(Problem(code="ROLE_ONLY_BY_SYSTEM", where="role"))
    if role is not Role.MACHINE and staff_id.startswith(MACHINE_PREFIX):
        found.append(Problem(code="STAFF_ID_OF_MACHINE", where="staff_id"))
    return tuple(found)


def check_display_name(name: str) -> tuple[Problem, ...]:
    """Return why a name cannot be shown beside what somebody does (職員の氏名の可否)."""
    if not name.strip() or len(name) > DISPLAY_NAME_MAX or not name.isprintable():
        facts = {"length": str(DISPLAY_NAME_MAX)}
        return (Problem(code="STAFF_NAME_FORM", where="name", facts=facts),)
    return ()


def check_at_server(
    *, role: Role, demo: bool, by_keeper: bool, officer_is_in: bool
) -> tuple[Problem, ...]:
    """Return every reason not to open an account from the command line (職員の登録; A12).

    Whoever owns the data folder holds its keys already, so a refusal would protect nothing;
    what it must not do is to go round the officer. So it opens the first officer's door, and
    from then on accounts are the officer's work on the pages, under a name and two factors.
    """
    found: list[Problem] = []
    if demo:
        return ()
    if not by_keeper:
        found.append(Problem(code="CLI_NOT_KEEPER"))
    if officer_is_in:
        found.append(Problem(code="STAFF_BY_OFFICER"))
    elif role is not Role.OFFICER:
        found.append(Problem(code="FIRST_IS_OFFICER", where="role"))
    return tuple(found)


def check_dated_right(
    line: DatedRight, *, role: Role, by_self: bool, today: date
) -> tuple[Problem, ...]:
    """Return every reason not to give or take this right (権限の個別設定の可否)."""
    found: list[Problem] = []
    if by_self:
        found.append(Problem(code="RIGHTS_OF_ONESELF"))
    if line.valid_until is not None and line.valid_until < line.valid_from:
        found.append(Problem(code="DAYS_REVERSED", where="valid_until"))
    if line.valid_from < today:
        found.append(Problem(code="DAY_PASSED", where="valid_from"))
    if line.effect is Effect.ADDED and line.right in _never(role):
        found.append(Problem(code="RIGHT_NOT_FOR_ROLE", where="right"))
    return tuple(found)


def check_delegation(
    line: DatedRight, *, giver_rights: frozenset[Right], to_role: Role, to_self: bool, today: date
) -> tuple[Problem, ...]:
    """Return every reason not to hand this right on for some days (委任の可否)."""
    found: list[Problem] = []
    if to_self:
        found.append(Problem(code="DELEGATION_TO_ONESELF", where="to"))
    if line.right not in DELEGABLE or line.right not in giver_rights:
        found.append(Problem(code="DELEGATION_NOT_YOURS", where="right"))
    if to_role not in (Role.CLERK, Role.SENIOR, Role.CHIEF):
        found.append(Problem(code="DELEGATION_TO_OUTSIDE", where="to"))
    if line.valid_until is None:
        found.append(Problem(code="DELEGATION_WITHOUT_END", where="valid_until"))
    elif line.valid_until < line.valid_from:
        found.append(Problem(code="DAYS_REVERSED", where="valid_until"))
    elif line.valid_until - line.valid_from >= timedelta(days=DELEGATION_DAYS_MAX):
        found.append(
            Problem(
                code="DELEGATION_TOO_LONG",
                where="valid_until",
                facts={"days": str(DELEGATION_DAYS_MAX)},
            )
        )
    if line.valid_from < today:
        found.append(Problem(code="DAY_PASSED", where="valid_from"))
    return tuple(found)
