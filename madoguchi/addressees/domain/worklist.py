"""From a finding to a decision kept, and what then has to be typed (確認と作業一覧)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, unique

from madoguchi.addressees.domain.deciding import Veto
from madoguchi.addressees.domain.levels import BirthLevel, Name
from madoguchi.addressees.domain.places import Gazetteer, read_address
from madoguchi.kernel.outcome import Problem


@unique
class State(StrEnum):
    """How far a row of a list is (行の状態)."""

    REVIEW = "REVIEW"  # a person has to say who it is
    SECOND = "SECOND"  # a second person has to agree
    LINKED = "LINKED"  # it is this person of the register
    NOBODY = "NOBODY"  # it is nobody of the register


@unique
class Means(StrEnum):
    """By what a row was decided (決め方)."""

    NONE = ""
    RULE = "RULE"
    PERSON = "PERSON"
    TWO_PERSONS = "TWO_PERSONS"
    FILING = "FILING"  # 届出: the row came of a move filed here


@unique
class Why(StrEnum):
    """Why a row is on the worklist, or is kept off it (作業の理由)."""

    MOVED = "MOVED"  # the register's address is another one
    STAY = "STAY"  # a 居所 is on record
    RETURNED = "RETURNED"  # the letter came back; nothing better is known
    HELD = "HELD"  # protected: the steps are another desk's
    GONE = "GONE"  # moved out, dead or removed


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """One row to be typed at the terminal (作業の1行): from what to what, and why."""

    entry_id: str
    line: int
    row_id: str
    person_id: str
    name: str
    kana: str
    before: str
    after: str
    why: tuple[Why, ...]

    @property
    def is_typed(self) -> bool:
        """Whether there is something to type; the others are to be asked about."""
        return bool(self.after) and Why.HELD not in self.why and Why.GONE not in self.why


def needs_second(levels: Mapping[str, int]) -> bool:
    """Tell whether a second person must agree: surname or birth date is another one (二人目の要否)."""
    surname, birth = levels["SURNAME"], levels["BIRTH"]
    return surname in (Name.ONE_LETTER, Name.DIFFERS) or birth != BirthLevel.SAME


def persons_behind(
    *, state: str, person_id: str, nearest: Sequence[str], vetoes: Sequence[str]
) -> frozenset[str]:
    """Return whom a row may really be about (行がだれのことか).

    Linked, it is that person. Before, it is the nearest, and the second where the two could not be
    told apart: who may not see one of them must not be asked to choose the other.
    """
    if state == State.LINKED:
        return frozenset((person_id,))
    near = nearest[: 2 if Veto.RIVAL_NEAR.name in vetoes else 1]
    return frozenset(one for one in (person_id, *near) if one)


def check_second(*, first_by: str, staff_id: str) -> tuple[Problem, ...]:
    """Return why this person cannot be the second (二人目の検査)."""
    if first_by == staff_id:
        return (Problem(code="ADDRESSEES_SECOND_IS_FIRST"),)
    return ()


def same_address(one: str, other: str, gazetteer: Gazetteer) -> bool:
    """Tell whether two addresses need no change at the terminal (住所の一致).

    Ways of writing count not; the building does, for a letter needs it.
    """
    mine, theirs = read_address(one, gazetteer), read_address(other, gazetteer)
    if not mine.town or not theirs.town:
        return "".join(one.split()) == "".join(other.split())
    same_place = mine.municipality == theirs.municipality or not (
        mine.municipality and theirs.municipality
    )
    return (
        same_place
        and (mine.town, mine.part, mine.lot) == (theirs.town, theirs.part, theirs.lot)
        and _digits(mine.building) == _digits(theirs.building)
    )


def _digits(building: str) -> str:
    return "".join(one for one in building if one.isdigit()) or building


@dataclass(frozen=True, slots=True, kw_only=True)
class Stay:
    """Where somebody really is for a time (居所情報); a letter goes there."""

    address: str
    since: date
    until: date | None

    def holds(self, on: date) -> bool:
        """Whether it holds on a day (有効か)."""
        return self.since <= on and (self.until is None or on <= self.until)


def check_stay(*, address: str, since: date, until: date | None) -> tuple[Problem, ...]:
    """Return why a stay cannot be kept (居所情報の検査)."""
    found = []
    if not address.strip():
        found.append(Problem(code="ADDRESSEES_STAY_WITHOUT_ADDRESS", where="address"))
    if until is not None and until < since:
        found.append(Problem(code="DAYS_REVERSED", where="until"))
    return tuple(found)


def in_entry_order(tasks: Sequence[Task], *, by_kana: bool) -> tuple[Task, ...]:
    """Sort tasks as the terminal shows them: in the list's order, or by reading (入力の順)."""
    if by_kana:
        return tuple(sorted(tasks, key=lambda one: (one.kana, one.line)))
    return tuple(sorted(tasks, key=lambda one: one.line))
