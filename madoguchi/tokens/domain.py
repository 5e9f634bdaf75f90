"""What a key of another system opens, and for how long (他システムの鍵)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, unique

from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.text import check_free_text

NAME_MAX = 60
SECTION_MAX = 20
#: Longer than a year nobody remembers who holds it (*assumed*).
DAYS_MAX = 366
#: Every key begins so: who finds one in a file knows what it is, and a scan finds it too.
PREFIX = "mdg1_"


@unique
class Scope(StrEnum):
    """One thing a key opens (使える範囲)."""

    TASKS_READ = "tasks:read"
    TASKS_WRITE = "tasks:write"
    BOOKINGS_READ = "bookings:read"
    FIGURES_READ = "figures:read"
    ADDRESSEES_READ = "addressees:read"


#: Never the right to see whom a measure protects: to a key such a person does not exist.
RIGHTS: Mapping[Scope, frozenset[Right]] = {
    Scope.TASKS_READ: frozenset({Right.VIEW_PERSON}),
    Scope.TASKS_WRITE: frozenset({Right.VIEW_PERSON}),
    Scope.BOOKINGS_READ: frozenset({Right.SEARCH}),
    Scope.FIGURES_READ: frozenset({Right.SEARCH}),
    Scope.ADDRESSEES_READ: frozenset({Right.SEARCH}),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whose key was shown, and what it opens (鍵の持ち主)."""

    token_id: str
    name: str
    scopes: frozenset[Scope]
    #: Empty: tasks of every section.
    section: str

    def actor(self, *, purpose: str, place: str) -> Actor:
        """Return the system as the one who acts (操作者)."""
        rights = frozenset[Right]().union(*(RIGHTS[one] for one in self.scopes))
        return Actor(
            staff_id=f"api-{self.token_id}", name=self.name, rights=rights, place=place,
            terminal="API", purpose=purpose,
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifetime:
    """When a key was made, ends, and was taken back (有効な間)."""

    made_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    def holds(self, now: datetime) -> bool:
        """Tell whether the key opens anything at this moment (有効か)."""
        return self.revoked_at is None and self.made_at <= now < self.expires_at


def check_token(
    *, name: str, scopes: Collection[str], section: str, days: int
) -> tuple[Problem, ...]:
    """Return every reason not to make this key (鍵を作る条件)."""
    found = [
        *check_free_text(name, limit=NAME_MAX, where="name"),
        *check_free_text(section, limit=SECTION_MAX, where="section"),
    ]
    if not name.strip():
        found.append(Problem(code="TOKEN_NAMELESS", where="name"))
    unknown = sorted(set(scopes) - set(Scope))
    if unknown or not scopes:
        facts = {"known": "、".join(Scope)}
        found.append(Problem(code="TOKEN_SCOPES", where="scopes", facts=facts))
    if not 1 <= days <= DAYS_MAX:
        found.append(Problem(code="TOKEN_DAYS", where="days", facts={"most": str(DAYS_MAX)}))
    return tuple(found)
