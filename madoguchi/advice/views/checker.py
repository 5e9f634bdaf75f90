"""What to bring: one large choice a page, then the list; for the counter and for home (必要書類の案内).

Both pages ask the same questions of the same rules and differ in their words only. The answers
stand in the address and nowhere else: classes and kinds, nothing that names anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from madoguchi.advice.domain.checklist import Advice, Needed
from madoguchi.advice.domain.questions import Question, case_of, next_question, questions
from madoguchi.advice.queries.rulebook import answer_checklist, rule_book
from madoguchi.advice.views import words
from madoguchi.advice.views.words import around
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs, open_to_all
from madoguchi.web.messages import label, render, word
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page, unkept
from madoguchi.web.tongues import language_of

WHY = "asks for nothing that names anybody, and keeps nothing"
_KINDS = {
    "visit_kind": "card_visit", "who": "card_who", "reason": "card_reason", "age": "card_age_class",
    "reissue_reason": "reissue_reason", "express_reason": "card_express_reason",
    "card_now": "card_now", "channel": "card_channel", "pin": "card_pin_state",
}  # fmt: skip
#: Where each kind of visit goes on; every other is a matter of the counter.
_ONWARD = {
    "new": "hand_over", "renewal": "hand_over", "reissue": "hand_over",
    "application": "application", "express": "application", "overseas_new": "application",
}  # fmt: skip
_PAGES = {
    "hand_over": "cards:hand_over_find", "application": "cards:applications",
    "matter": "visits:now",
}  # fmt: skip
Says = Callable[[str, str], str]


@needs(Right.SEARCH)
@require_safe
def counter(request: HttpRequest) -> HttpResponse:
    """Ask at the counter, and list what to see with its strength; warnings first (窓口の確認)."""
    found = _gather(request, _at_the_counter)
    advice = found["advice"]
    if advice is not None:
        found |= {
            "warnings": [render(one) for one in advice.warnings],
            "problems": [render(one) for one in advice.problems],
            "rows": [_row(one, _at_the_counter) for one in advice.required],
            "strengths": _strengths(advice),
            "onward": _onward(request.GET.get("visit_kind", "")),
        }  # fmt: skip
    return page(request, "advice/counter.html", found)


def _onward(visit_kind: str) -> tuple[str, str] | None:
    """Return the page the visit goes on at, where there is one, with its words."""
    to = _ONWARD.get(visit_kind, "matter")
    url = url_or_none(_PAGES[to])
    return None if url is None else (url, word(kind="visit_onward", code=to))


@open_to_all(reason=WHY)
@require_safe
def at_home(request: HttpRequest) -> HttpResponse:
    """Ask a resident, in their words, and list what to bring: one page to print (家での確認)."""
    language = language_of(request)

    def says(kind: str, code: str) -> str:
        key = f"{kind}_{code}"
        if language is Language.JAPANESE and key not in words.texts("bring", language):
            return label(kind=kind, code=code)
        return words.html("bring", key, language)

    found = _gather(request, says, language=language) | around(request, "bring")
    advice = found["advice"]
    if advice is not None:
        found |= {
            "warnings": [_said(one, language) for one in advice.warnings if _is_for_home(one)],
            "problems": [_said(one, language) for one in advice.problems],
            "rows": [_row(one, says) for one in advice.required],
            "strengths": [
                (says("strength", strength), [says("card_document", code) for code in codes])
                for strength, codes in _codes_by_strength(advice)
            ],
            "pins": url_or_none("advice:pins") if found["sets_pin"] else None,
        }  # fmt: skip
    return unkept(page(request, "advice/bring.html", found))


def _gather(request: HttpRequest, says: Says, language: Language | None = None) -> dict[str, Any]:
    """The question that comes next, or the answer; and the way back to each answer given."""
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    given = {name: request.GET.get(name, "") for name in _KINDS}
    all_asked = questions(given, book)
    told: dict[str, str] = {}
    asked: Question | None = next_question(given, book)
    lead = {"language": str(language)} if language else {}
    back: list[dict[str, str]] = []
    for one in all_asked:
        if one is asked or given[one.name] not in one.choices:
            break
        back.append({
            "question": says("question", one.name), "answer": says(_KINDS[one.name], given[one.name]),
            "url": f"?{urlencode({**lead, **told})}",
        })  # fmt: skip
        told[one.name] = given[one.name]
    case = case_of(told, book)
    day = clock.today()
    advice = (
        answer_checklist(case, today=day, folder=settings.MADOGUCHI_CARD_RULES) if case else None
    )
    visit = book.visit(told.get("visit_kind", ""))
    return {
        "told": back, "kept": "".join(f"&{urlencode({k: v})}" for k, v in told.items()),
        "asked": _drawn(asked, {**lead, **told}, says) if asked else None, "number": len(back) + 1,
        "advice": None if asked else advice, "today": day,
        "sets_pin": visit is not None and visit.sets_pin,
    }  # fmt: skip


def _drawn(asked: Question, told: Mapping[str, str], says: Says) -> dict[str, Any]:
    return {
        "title": says("question", asked.name),
        "choices": [
            (says(_KINDS[asked.name], code), f"?{urlencode({**told, asked.name: code})}")
            for code in asked.choices
        ],
    }  # fmt: skip


def _row(one: Needed, says: Says) -> dict[str, Any]:
    if one.code != "identity":
        return {"what": says("card_need", one.code), "ways": []}
    return {
        "what": says("card_need_whose", one.whose), "ways": [says("card_way", w) for w in one.ways],
    }  # fmt: skip


def _codes_by_strength(advice: Advice) -> list[tuple[str, list[str]]]:
    """The documents that count today by their strength, where any are to be shown."""
    ways = {way for one in advice.required for way in one.ways}
    wanted = [s for s in ("A", "B", "N") if any(s in way.replace("P", "") for way in ways)]
    book, day = rule_book(settings.MADOGUCHI_CARD_RULES), clock.today()
    rows = [row for row in book.documents if row.days.hold(day)]
    return [(s, [row.code for row in rows if row.strength.value == s]) for s in wanted]


def _strengths(advice: Advice) -> list[tuple[str, list[str]]]:
    return [
        (strength, [word(kind="card_document", code=code) for code in codes])
        for strength, codes in _codes_by_strength(advice)
    ]


def _at_the_counter(kind: str, code: str) -> str:
    return word(kind="card_question" if kind == "question" else kind, code=code)


def _is_for_home(one: Problem) -> bool:
    return f"said_{one.code.lower()}" in words.texts("bring", Language.JAPANESE)


def _said(one: Problem, language: Language) -> str:
    key = f"said_{one.code.lower()}"
    known = key in words.texts("bring", language)
    facts = {**one.facts, "phone": settings.MADOGUCHI_OFFICE_PHONE}
    return words.html("bring", key if known else "said_call_us", language, **facts)
