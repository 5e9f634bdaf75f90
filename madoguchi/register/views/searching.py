"""The one search box and its results (検索の画面)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.views.decorators.http import require_safe

from madoguchi.audit.api import look
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.register.domain.items import Status
from madoguchi.register.domain.search import read_question
from madoguchi.register.domain.search.question import TEXT_LENGTH_MAX
from madoguchi.register.queries.search import SearchHit, search
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import listed, word
from madoguchi.web.pages import page, wanted_fragment

PURPOSE = "窓口での応対"
RECENT_MAX = 10
_RECENT = "register_recent_searches"

_BADGES = {
    Status.RESIDENT: "ok",
    Status.MOVE_OUT_PLANNED: "look",
    Status.MOVED_OUT: "wait",
    Status.DEAD: "stop",
    Status.REMOVED: "stop",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One person found, as the table shows them (検索結果の1行)."""

    hit: SearchHit
    url: str
    area: str
    badge: str
    status: str
    matched_by: str


@needs(Right.SEARCH)
@require_safe
def search_page(request: HttpRequest) -> HttpResponse:
    """Find people; every result shown is on record before the page leaves."""
    text = request.GET.get("q", "")[:TEXT_LENGTH_MAX].strip()
    actor = actor_of(request, PURPOSE)
    question = read_question(text)
    result = None
    if not question.is_empty:
        result = search(text, actor=actor)
        look(
            actor=actor,
            screen="REGISTER_SEARCH",
            subjects=[hit.person_id for hit in result.hits],
            detail={"hits": len(result.hits), "truncated": result.truncated},
        )
        if wanted_fragment(request) is None:
            _remember(request, text)
    problems = (
        [Problem(code="SEARCH_BY_INDIVIDUAL_NUMBER")] if question.had_individual_number else []
    )
    context = {
        "text": "" if question.had_individual_number else text,
        "result": result,
        "lines": _lines(result.hits) if result else [],
        "problems_found": problems,
        "recent": request.session.get(_RECENT, []),
    }
    return page(request, "register/search.html", context)


def _lines(hits: Sequence[SearchHit]) -> list[Line]:
    if not hits:
        return []
    # One address is looked up; the others differ by the person only.
    first = hits[0].person_id
    url = _url_of(first)
    return [_line(hit, url=url.replace(first, hit.person_id)) for hit in hits]


def _line(hit: SearchHit, *, url: str) -> Line:
    return Line(
        hit=hit,
        url=url,
        area=word(kind="area", code=hit.area) if hit.area else "",
        badge=_BADGES[hit.status],
        status=word(kind="resident_status", code=hit.status.value),
        matched_by=listed(
            (word(kind="matched_by", code=one) for one in hit.matched_by.split("+")), "・"
        ),
    )


def _url_of(person_id: str) -> str:
    """The page of a person belongs to a higher room; where there is none, nothing is linked."""
    try:
        return reverse("desk:person", args=[person_id])
    except NoReverseMatch:
        return ""


def _remember(request: HttpRequest, text: str) -> None:
    """Keep what this user searched for, in their own session only (検索履歴, standard 2.1.1)."""
    kept = request.session.get(_RECENT, [])
    recent = [text, *(one for one in kept if one != text)][:RECENT_MAX]
    if recent != kept:  # a session is written to disk when it changes, so only then
        request.session[_RECENT] = recent
