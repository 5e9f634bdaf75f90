"""What is asked before somebody comes: one large choice a page, and the case it tells (来る前の問い).

Nothing asked names anybody: a day is a class, a family a number. The same questions are asked at
home and by the clerk on the telephone, who also asks for a paper the employer wants.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from madoguchi.moves.domain.case import Card, Case, Pin
from madoguchi.moves.domain.household import Household, MoveKind, Person

Answers = Mapping[str, str]

#: Days since moving in, the worst of each class: whoever is in time on that day is in time.
_DAYS_AGO = {"not_yet": 0, "days_7": 7, "days_14": 14, "later": 15}
_PEOPLE = {"1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6}
_CHILDREN: Mapping[str, tuple[int, ...]] = {
    "none": (), "preschool": (3,), "school": (10,), "both": (3, 10),
}  # fmt: skip
#: Who comes: everybody, one of the family with the cards of all, somebody else.
WHO = ("all", "one", "proxy")
_ADULT, _OLD = 40, 80


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what may be answered (問い)."""

    name: str
    choices: tuple[str, ...]


def questions(told: Answers, *, at_counter: bool = False) -> tuple[Question, ...]:
    """Return every question these answers lead to, in order (問いの順)."""
    found = [Question(name="came_from", choices=("town", "abroad", "nowhere"))]
    if told.get("came_from") == "town":
        found.append(Question(name="moved_out", choices=("online", "paper", "not_yet", "unsure")))
    found.append(Question(name="moved_in", choices=tuple(_DAYS_AGO)))
    if told.get("came_from") == "town":
        found.append(Question(name="card", choices=("present", "lost", "suspended", "none")))
        if told.get("card") == "present":
            found.append(Question(name="pin", choices=("known", "forgotten")))
            # Without a card the paper is wanted in any case.
            if at_counter and told.get("moved_out") == "online":
                found.append(Question(name="paper", choices=("no", "yes")))
    found += [
        Question(name="people", choices=tuple(_PEOPLE)),
        # Of one person there is no other of the family to come.
        Question(name="comer", choices=("all", "proxy") if told.get("people") == "1" else WHO),
        Question(name="children", choices=tuple(_CHILDREN)),
        Question(name="care", choices=("none", "care", "disability")),
    ]
    return tuple(found)


def next_question(told: Answers, *, at_counter: bool = False) -> Question | None:
    """Return the first question without a good answer; None: enough is told (次の問い)."""
    asked = questions(told, at_counter=at_counter)
    return next((one for one in asked if told.get(one.name) not in one.choices), None)


def household_of(
    told: Answers, *, today: date, moved_in_on: date | None = None, left_on: date | None = None
) -> Household:
    """Return the household that good answers tell (場合).

    ``moved_in_on`` and ``left_on``: the days themselves where they were told, instead of a class.
    """
    moved_out = told.get("moved_out", "")
    case = Case(
        today=today,
        # Whoever is not sure has to find out before the boat, like whoever has not.
        move_out_notice_found=moved_out == "online",
        paper_certificate=moved_out == "paper",
        card=Card(told["card"]) if "card" in told else None,
        pin=Pin(told["pin"]) if "pin" in told else None,
        moved_in_on=moved_in_on or today - timedelta(days=_DAYS_AGO[told["moved_in"]]),
        planned_move_out_on=left_on if told["came_from"] == "town" else None,
        needs_paper=told.get("paper") == "yes",
        from_abroad=told["came_from"] == "abroad",
        unregistered=told["came_from"] == "nowhere",
    )
    return Household(kind=MoveKind.MOVE_IN, case=case, persons=tuple(_people(told, today=today)))


def _people(told: Answers, *, today: date) -> list[Person]:
    """The people as the classes say: nobody's birthday is known, so it is the middle of a year."""
    card = Card(told.get("card", Card.NONE))
    pin = Pin(told.get("pin", Pin.KNOWN))
    ages = list(_CHILDREN[told["children"]])
    cared_for = told["care"]
    count = max(_PEOPLE[told["people"]], 1 + len(ages))
    found: list[dict[str, Any]] = [{"age": _ADULT, "card": card, "pin": pin}]
    found += [{"age": age, "card": card, "pin": pin} for age in ages]
    while len(found) < count:
        found.append({"age": _ADULT, "card": card, "pin": pin})
    if cared_for == "care":
        found[-1 if count > 1 + len(ages) else 0] |= {"age": _OLD, "care_certified": True}
    elif cared_for == "disability":
        found[0]["disability"] = True
    # A child's card is done by whoever comes of its parents.
    here = {"all": count, "one": 1 + len(ages), "proxy": 0}[told["comer"]]
    return [
        Person(no=str(at), born_on=_born(one.pop("age"), today), here=at <= here, **one)
        for at, one in enumerate(found, start=1)
    ]


def _born(age: int, today: date) -> date:
    return date(today.year - age, 1, 15)
