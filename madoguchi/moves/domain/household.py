"""A household that moves, as it is told: its people and what follows them (引っ越す世帯の場合).

Ages are reached on the day before the birthday (年齢計算ニ関する法律); the register's own
column of age is another matter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, unique
from typing import Any

from madoguchi.kernel.casefile import Field, read_fields
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.domain.case import TRIAGE_FIELDS, Card, Case, Group, Pin, case_from

PERSONS_MAX = 20
AGE_MAX = 130
_LINES_MAX = 4


@unique
class MoveKind(StrEnum):
    """What is notified (届出の別)."""

    MOVE_IN = "move_in"
    CHANGE_ADDRESS = "change_address"
    MOVE_OUT = "move_out"
    #: No move, but sections have to learn of it as of one: of the child, of the dead.
    BIRTH = "birth"
    DEATH = "death"


@unique
class Insurance(StrEnum):
    """By what somebody is insured (医療保険の別)."""

    NATIONAL = "national"
    EMPLOYER = "employer"
    WELFARE = "welfare"


@unique
class Pension(StrEnum):
    """Whether the town keeps somebody's pension papers (国民年金の別)."""

    NATIONAL = "national"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One of the people who move (引っ越す人)."""

    no: str
    born_on: date
    group: Group = Group.JAPANESE
    insurance: Insurance = Insurance.EMPLOYER
    pension: Pension = Pension.OTHER
    card: Card = Card.NONE
    pin: Pin = Pin.KNOWN
    lines_used: int = 0
    wants_sign: bool = True
    here: bool = True
    pregnant: bool = False
    disability: bool = False
    care_certified: bool = False
    wants_nursery: bool = False
    wants_seal: bool = False

    def has_reached(self, age: int, on: date) -> bool:
        """Tell whether an age is reached on a day: the eve of the birthday (年齢の到達)."""
        eve = on + timedelta(days=1)
        had = (eve.month, eve.day) >= (self.born_on.month, self.born_on.day)
        return eve.year - self.born_on.year - (not had) >= age


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """People who move together, and what belongs to their home (引っ越す世帯)."""

    kind: MoveKind
    case: Case
    persons: tuple[Person, ...]
    joins_household: bool = False
    single_parent: bool = False
    dog: bool = False
    vehicle: bool = False

    @property
    def moves_on(self) -> date:
        """Return the day things are counted from: the move where it is told, else today (基準の日)."""
        told = (
            self.case.planned_move_out_on
            if self.kind is MoveKind.MOVE_OUT
            else self.case.moved_in_on
        )
        return told or self.case.today


HOUSEHOLD_FIELDS: tuple[Field, ...] = (
    Field(name="kind", kind="choice", allowed=tuple(MoveKind)),
    *TRIAGE_FIELDS,
    Field(name="joins_household", kind="flag"),
    Field(name="single_parent", kind="flag"),
    Field(name="dog", kind="flag"),
    Field(name="vehicle", kind="flag"),
)
PERSON_FIELDS: tuple[Field, ...] = (
    Field(name="birth_date", kind="day"),
    Field(name="age", kind="whole", limit=AGE_MAX),
    Field(name="nationality_group", kind="choice", allowed=tuple(Group)),
    Field(name="insurance", kind="choice", allowed=tuple(Insurance)),
    Field(name="pension", kind="choice", allowed=tuple(Pension)),
    Field(name="card", kind="choice", allowed=tuple(Card)),
    Field(name="pin", kind="choice", allowed=tuple(Pin)),
    Field(name="annotation_lines_used", kind="whole", limit=_LINES_MAX),
    Field(name="wants_sign", kind="flag"),
    Field(name="here", kind="flag"),
    Field(name="pregnant", kind="flag"),
    Field(name="disability", kind="flag"),
    Field(name="care_certified", kind="flag"),
    Field(name="wants_nursery", kind="flag"),
    Field(name="wants_seal", kind="flag"),
)
_ENUMS: Mapping[str, type[StrEnum]] = {
    "group": Group, "insurance": Insurance, "pension": Pension, "card": Card, "pin": Pin,
}  # fmt: skip

PLAN_EXAMPLE: Mapping[str, Any] = {
    "kind": "move_in", "move_out_notice_found": True, "card": "present", "pin": "known",
    "planned_move_out_on": "2026-11-18", "moved_in_on": "2026-11-20", "today": "2026-11-27",
    "dog": True,
    "persons": [
        {"birth_date": "1985-05-03", "card": "present", "pension": "national",
         "insurance": "national", "annotation_lines_used": 1},
        {"birth_date": "1987-08-09", "card": "present", "pin": "forgotten",
         "insurance": "national", "pension": "national"},
        {"birth_date": "2012-02-01", "card": "present", "insurance": "national"},
        {"birth_date": "2018-12-24", "insurance": "national"},
        {"birth_date": "1950-05-05", "card": "present", "care_certified": True},
    ],
}  # fmt: skip


def read_household(raw: object, *, today: date) -> Household | tuple[Problem, ...]:
    """Read a household, or return everything that is wrong with it (世帯の読取り).

    Without ``persons`` the case speaks of one grown person.
    """
    if not isinstance(raw, Mapping):
        return (Problem(code="CASE_NOT_AN_OBJECT"),)
    top = {name: value for name, value in raw.items() if name != "persons"}
    values = read_fields(top, HOUSEHOLD_FIELDS)
    problems = list(values) if not isinstance(values, Mapping) else []
    case = case_from(values, today=today) if isinstance(values, Mapping) else None
    listed = raw.get("persons")
    people: list[Person] = []
    if listed is None:
        born = (case.today if case else today).replace(day=1)
        card, pin = (case.card, case.pin) if case else (None, None)
        people = [
            Person(no="1", born_on=born.replace(year=born.year - 40), card=card or Card.NONE,
                   pin=pin or Pin.KNOWN)
        ]  # fmt: skip
    elif not isinstance(listed, list) or not 0 < len(listed) <= PERSONS_MAX:
        facts = {"most": str(PERSONS_MAX)}
        problems.append(Problem(code="MOVE_PERSONS_UNREADABLE", where="persons", facts=facts))
    else:
        for at, one in enumerate(listed, start=1):
            person = _person(one, no=str(at), today=case.today if case else today)
            if isinstance(person, Person):
                people.append(person)
            else:
                problems += person
    if problems or case is None or not isinstance(values, Mapping):
        return tuple(problems)
    flags = ("joins_household", "single_parent", "dog", "vehicle")
    told = {name: values[name] for name in flags if name in values}
    kind = MoveKind(values.get("kind", MoveKind.MOVE_IN))
    return Household(kind=kind, case=case, persons=tuple(people), **told)


def _person(raw: object, *, no: str, today: date) -> Person | tuple[Problem, ...]:
    where = f"persons[{no}]"
    values = read_fields(raw, PERSON_FIELDS)
    if not isinstance(values, Mapping):
        return tuple(
            Problem(code=one.code, where=f"{where}.{one.where}" if one.where else where,
                    facts=one.facts)
            for one in values
        )  # fmt: skip
    born = values.get("birth_date")
    if born is None and "age" in values:
        # Only the age was told: the birthday is today, so that the age is what was said.
        born = _years_before(today, values["age"])
    if born is None:
        facts = {"field": "birth_date", "words": "2026-11-27 の形の日付"}
        return (Problem(code="CASE_FIELD_MISSING", where=f"{where}.birth_date", facts=facts),)
    if born > today:
        return (Problem(code="MOVE_NOT_BORN_YET", where=f"{where}.birth_date"),)
    renamed = {"nationality_group": "group", "annotation_lines_used": "lines_used"}
    told = {renamed.get(name, name): value for name, value in values.items()
            if name not in ("birth_date", "age")}  # fmt: skip
    for name, kind in _ENUMS.items():
        if name in told:
            told[name] = kind(told[name])
    return Person(no=no, born_on=born, **told)


def _years_before(day: date, years: int) -> date:
    if (day.month, day.day) == (2, 29):
        day -= timedelta(days=1)
    return day.replace(year=day.year - years)
