"""Which question comes next, and which case the answers tell: one large choice a page (問いの順).

Ordered so that the common visits are told in three: what for, who comes, and the one thing that
would be lost or missing. What a page does not ask stays untold, and the answer says what it would
need in every case: unknown is never none. No question asks for anything that names somebody; an
age is asked for as a class.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from madoguchi.advice.domain.checklist_case import PIN_STATES, REISSUE_REASONS
from madoguchi.advice.domain.documents import RuleBook, VisitRow
from madoguchi.advice.domain.guard import Channel

Answers = Mapping[str, str]

#: Who comes, with the age of the holder where the rules ask for one: any age of the class will do.
WHO: Mapping[str, Mapping[str, Any]] = {
    "self_adult": {"visitor": "self", "age": 40},
    "self_15": {"visitor": "self", "age": 16},
    "agent_child": {"visitor": "statutory_agent", "age": 10},
    "agent_guardian": {"visitor": "statutory_agent", "age": 40, "under_guardianship": True},
    "agent_alone": {"visitor": "statutory_agent", "age": 10, "holder_present": False},
    "proxy": {"visitor": "proxy"},
}
AGES: Mapping[str, int] = {"child": 10, "15_to_74": 40, "75": 80}
#: A reason that tells the age class by itself.
_AGE_OF_REASON = {"age_75": "75", "infant_or_pupil": "child"}
#: The card in hand: what a new one would lose, and what is left to write on.
CARD_NOW: Mapping[str, Mapping[str, Any]] = {
    "plain": {"annotation_lines_used": 0},
    "licence": {"annotation_lines_used": 0, "has_licence_function": True},
    "lines_3": {"annotation_lines_used": 3},
    "lines_4": {"annotation_lines_used": 4},
    "licence_3": {"annotation_lines_used": 3, "has_licence_function": True},
    "licence_4": {"annotation_lines_used": 4, "has_licence_function": True},
    "unknown": {},
}
_LINES_ONLY = ("plain", "lines_3", "lines_4", "unknown")
_HAS_A_CARD = ("renewal", "reissue", "application", "express")
_MOST_ASKED = ("new", "renewal", "certificate_renewal", "pin_reset", "reissue", "application")
_INFANT = {"visitor": "statutory_agent", "age": 0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question and what may be answered (問い)."""

    name: str
    choices: tuple[str, ...]


def next_question(told: Answers, book: RuleBook) -> Question | None:
    """Return the first question without a good answer; None: enough is told (次の問い)."""
    return next(
        (one for one in questions(told, book) if told.get(one.name) not in one.choices), None
    )


def questions(told: Answers, book: RuleBook) -> tuple[Question, ...]:
    """Return every question these answers lead to, in order (問いの順)."""
    codes = [row.code for row in book.visits]
    ordered = (*_MOST_ASKED, *(code for code in codes if code not in _MOST_ASKED))
    first = Question(name="visit_kind", choices=tuple(code for code in ordered if code in codes))
    visit = book.visit(told.get("visit_kind", ""))
    if visit is None:
        return (first,)
    found = [first, *_who_comes(told, visit, book)]
    if visit.code == "reissue":
        found.append(Question(name="reissue_reason", choices=REISSUE_REASONS))
    if visit.code in _HAS_A_CARD and told.get("express_reason") != "infant":
        found.append(Question(name="card_now", choices=tuple(CARD_NOW)))
        if CARD_NOW.get(told.get("card_now", ""), {}).get("has_licence_function"):
            ways = tuple(Channel) if visit.code != "express" else (Channel.EXPRESS,)
            found.append(Question(name="channel", choices=ways))
    elif visit.writes_lines:
        found.append(Question(name="card_now", choices=_LINES_ONLY))
    if visit.needs_pin:
        found.append(Question(name="pin", choices=PIN_STATES))
    return tuple(found)


def case_of(told: Answers, book: RuleBook) -> dict[str, Any] | None:
    """Return the case that good answers tell, as a file would hold it; None: too little (場合)."""
    asked = {one.name for one in questions(told, book) if told.get(one.name) in one.choices}
    if not {"visit_kind", "who"} <= asked or ("age" not in asked and _wants_age(told)):
        return None
    case: dict[str, Any] = {"visit_kind": told["visit_kind"], **WHO[told["who"]]}
    for name in ("reason", "reissue_reason", "express_reason", "channel", "pin"):
        if name in asked:
            case[name] = told[name]
    if "card_now" in asked:
        case |= CARD_NOW[told["card_now"]]
    if told["who"] == "proxy":
        case["age"] = AGES[told["age"] if "age" in asked else _AGE_OF_REASON[told["reason"]]]
    if case.get("express_reason") == "infant" and case["visitor"] == "statutory_agent":
        case |= _INFANT
    return case


def _who_comes(told: Answers, visit: VisitRow, book: RuleBook) -> list[Question]:
    able = [one for one in WHO if one != "proxy" or visit.proxy]
    # Alone for a child is another visit only where the child has to come.
    if not (visit.agent_needs_holder and visit.reason):
        able.remove("agent_alone")
    found = []
    if visit.code == "express":
        found.append(
            Question(name="express_reason", choices=tuple(row.code for row in book.express))
        )
    found.append(Question(name="who", choices=tuple(able)))
    if told.get("who") in ("proxy", "agent_alone"):
        here = tuple(
            row.code for row in book.reasons if not row.only_in or visit.code in row.only_in
        )
        if visit.reason or told["who"] == "agent_alone" or "same_household" in here:
            found.append(Question(name="reason", choices=here))
        if _wants_age(told):
            found.append(Question(name="age", choices=tuple(AGES)))
    return found


def _wants_age(told: Answers) -> bool:
    return told.get("who") == "proxy" and told.get("reason") not in _AGE_OF_REASON
