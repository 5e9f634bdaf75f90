"""Before somebody comes: what is missing is known before the ferry (来る前の確認).

One page for residents in three languages, one for the clerk on the telephone; both ask the same
questions of the same rules. The answers stand in the address and nowhere else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.moves.domain.household import Household, MoveKind
from madoguchi.moves.domain.plan import MovePlan
from madoguchi.moves.domain.questions import Question, household_of, next_question, questions
from madoguchi.moves.domain.triage import Triage
from madoguchi.moves.domain.visit import to_bring, to_do_before
from madoguchi.moves.queries.planning import in_fives, plan_of
from madoguchi.moves.queries.rulebook import sort_case, visit_book
from madoguchi.moves.views import words
from madoguchi.visits.api import plan_cards
from madoguchi.web.access import needs, open_to_all
from madoguchi.web.messages import is_english, word
from madoguchi.web.pages import page, unkept
from madoguchi.web.tongues import language_of

WHY = "asks for nothing that names anybody, and keeps nothing"
NAMES = ("came_from", "moved_out", "moved_in", "card", "pin", "paper", "people", "comer", "children",
         "care")  # fmt: skip
Says = Callable[[str], str]


@open_to_all(reason=WHY)
@require_safe
def at_home(request: HttpRequest) -> HttpResponse:
    """Ask a resident, in their words, and say what to do before coming (家での確認)."""
    language = language_of(request)
    found = _gather(request, lambda key: words.html(key, language), language=language)
    if not found["asked"] and visit_book(settings.MADOGUCHI_CARD_RULES).web_is_on(clock.today()):
        answers = {"language": str(language), **found["answers"]}
        found["visit_url"] = f"{reverse('moves:visit')}?{urlencode(answers)}"
    return unkept(page(request, "moves/before.html", found | words.around(request)))


@needs(Right.SEARCH)
@require_safe
def on_the_phone(request: HttpRequest) -> HttpResponse:
    """Ask as the resident's page does, and show the clerk reason, steps and source (電話の確認)."""
    language = Language.ENGLISH if is_english() else Language.JAPANESE
    found = _gather(request, lambda key: words.html(key, language))
    if not found["asked"]:
        found["book"] = f"{reverse('moves:phone_book')}?{urlencode(found['answers'])}"
    return page(request, "moves/phone.html", found)


def _gather(request: HttpRequest, says: Says, language: Language | None = None) -> dict[str, Any]:
    """The question that comes next, or the answer; and the way back to each answer given."""
    at_counter = language is None
    given = {name: request.GET[name] for name in NAMES if name in request.GET}
    asked = next_question(given, at_counter=at_counter)
    told: dict[str, str] = {}
    back: list[dict[str, str]] = []
    lead = {"language": str(language)} if language else {}
    for one in questions(given, at_counter=at_counter):
        if one is asked or given.get(one.name) not in one.choices:
            break
        back.append({
            "question": says(f"q_{one.name}"), "answer": says(f"{one.name}_{given[one.name]}"),
            "url": f"?{urlencode({**lead, **told})}",
        })  # fmt: skip
        told[one.name] = given[one.name]
    found: dict[str, Any] = {
        "told": back, "kept": "".join(f"&{urlencode({k: v})}" for k, v in told.items()),
        "asked": _drawn(asked, {**lead, **told}, says) if asked else None, "number": len(back) + 1,
    }  # fmt: skip
    found["answers"] = told
    return found if asked else found | _answered(told, clock.today(), says)


def _answered(told: dict[str, str], today: date, says: Says) -> dict[str, Any]:
    household = household_of(told, today=today)
    return answered(household, told, says) | {"not_yet": told["moved_in"] == "not_yet"}


def answered(household: Household, told: Mapping[str, str], says: Says) -> dict[str, Any]:
    """Say what a family is to do first, bring, and see: of a move in, and of one within (案内)."""
    if household.kind is not MoveKind.MOVE_IN:
        plan = plan_of(household, plan_cards=plan_cards, folder=settings.MADOGUCHI_CARD_RULES)
        return _following(plan, says) | {"bring": [says("bring_IDENTITY"), says("bring_CARDS")]}
    sorted_as = sort_case(household.case, folder=settings.MADOGUCHI_CARD_RULES)
    assert isinstance(sorted_as, Triage), "the questions ask for all that a case needs"
    plan = plan_of(household, plan_cards=plan_cards, folder=settings.MADOGUCHI_CARD_RULES)
    key = sorted_as.key
    return _following(plan, says) | {
        "triage": sorted_as,
        # Coming now would be in vain: said first, and in the colour of a stop.
        "in_vain": bool(to_do_before(sorted_as)),
        "reason": says(f"say_{key}"),
        "first": says(f"do_{key}"),
        "bring": [says(f"bring_{one}") for one in to_bring(told, household, sorted_as, plan)],
        "who_comes": says(f"comes_{told['comer']}")
        if told.get("comer") in ("one", "proxy")
        else "",
        "clerk_reason": word(kind="move_reason", code=key),
        "clerk_steps": [word(kind="move_step", code=one) for one in sorted_as.steps],
        "letter_town": sorted_as.case in "CD" and "REQUEST_PAPER" in sorted_as.steps,
    }


def _following(plan: MovePlan, says: Says) -> dict[str, Any]:
    sections = dict.fromkeys(one.section for one in plan.follow_ups if one.section != "RESIDENTS")
    return {
        "sections": [says(f"section_{one}") for one in sections],
        "minutes": in_fives(plan.minutes),
        "face_to_face": any(one.face_to_face for one in plan.follow_ups),
    }


def _drawn(asked: Question, told: dict[str, str], says: Says) -> dict[str, Any]:
    return {
        "title": says(f"q_{asked.name}"),
        "choices": [
            (says(f"{asked.name}_{code}"), f"?{urlencode({**told, asked.name: code})}")
            for code in asked.choices
        ],
    }  # fmt: skip
