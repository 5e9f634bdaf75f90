"""The survey: one page for whoever was here, one for the office, one on paper (アンケートの画面)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.infra.qr import qr_svg
from madoguchi.journeys.actions import surveys as acts
from madoguchi.journeys.actions.maps import EDIT
from madoguchi.journeys.documents.poster import draw_poster
from madoguchi.journeys.domain.maps import Phase
from madoguchi.journeys.domain.surveys import SENTENCE_MAX, Channel, Face
from madoguchi.journeys.queries.maps import list_maps
from madoguchi.journeys.queries.surveys import find_open, find_survey, list_surveys
from madoguchi.kernel.actor import Right
from madoguchi.kernel.language import Language
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs, open_to_all
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import word
from madoguchi.web.pace import too_many
from madoguchi.web.pages import page, pdf_answer, unkept
from madoguchi.web.press import press
from madoguchi.web.tongues import language_of, marked_html, marked_plain, sentences, town_in

PURPOSE = "窓口のアンケート"
FOLDER = Path(__file__).resolve().parents[1] / "texts"
FOREVER = "whoever was at the window answers without a name; nothing about anybody is shown"
A_MINUTE = 20


@open_to_all(reason=FOREVER)
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, survey_id: str) -> HttpResponse:
    """Ask one question, and take the answer."""
    found = find_open(survey_id)
    context = _around(request, found)
    if found is None:
        return unkept(page(request, "journeys/survey.html", context | {"state": "closed"}, 404))
    if request.method != "POST":
        state = "thanks" if "thanks" in request.GET else "ask"
        return unkept(page(request, "journeys/survey.html", context | {"state": state}))
    if too_many(request, what="survey", a_minute=A_MINUTE):
        return _again(request, context, "busy", 429)
    channel = Channel.TABLET if request.POST.get("on") == "tablet" else Channel.QR
    _, problems = press(
        acts.answer, survey_id=survey_id, face=request.POST.get("face", ""),
        sentence=request.POST.get("sentence", ""), channel=channel, actor=acts.RESIDENT,
        now=clock.now(),
    )  # fmt: skip
    if problems:
        codes = {one.code for one in problems}
        if "JOURNEY_SURVEY_CLOSED" in codes:
            return unkept(page(request, "journeys/survey.html", context | {"state": "closed"}, 404))
        why = (
            "missing" if "JOURNEY_FACE_MISSING" in codes else "busy" if "BUSY" in codes else "wrong"
        )
        return _again(request, context, why, 422)
    more = "&on=tablet" if context["tablet"] else ""
    # Away from the form: who loads the page again has not answered twice.
    return HttpResponseRedirect(f"?thanks&language={context['language']}{more}")


@needs(Right.SEARCH)
@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """List the surveys with what may be told of them."""
    return _list(request)


@needs(EDIT)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Open a survey about a phase of a map."""
    map_id, _, phase = request.POST.get("about", "").partition("|")
    if phase not in set(Phase):
        return _list(request, Problem(code="JOURNEY_MAP_UNKNOWN"))
    _, problems = press(
        acts.open_survey, map_id=map_id, phase=Phase(phase), actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    return (
        _list(request, *problems) if problems else HttpResponseRedirect(reverse("journeys:surveys"))
    )


@needs(EDIT)
@require_POST
def change(request: HttpRequest, survey_id: str) -> HttpResponse:
    """Take an answer in from paper, or close the survey."""
    actor = actor_of(request, PURPOSE)
    if request.POST.get("do") == "close":
        _, problems = press(acts.close_survey, survey_id=survey_id, actor=actor, now=clock.now())
    else:
        _, problems = press(
            acts.answer, survey_id=survey_id, face=request.POST.get("face", ""),
            sentence=request.POST.get("sentence", ""), channel=Channel.PAPER, actor=actor,
            now=clock.now(),
        )  # fmt: skip
    return (
        _list(request, *problems) if problems else HttpResponseRedirect(reverse("journeys:surveys"))
    )


@needs(Right.SEARCH)
@require_safe
def poster(request: HttpRequest, survey_id: str) -> HttpResponse:
    """Answer with a sheet for the counter: a code to scan, and three faces to tick."""
    found = find_survey(survey_id, today=clock.today())
    if found is None or found.closed_on is not None:
        return errors.refusal(request, [Problem(code="JOURNEY_SURVEY_CLOSED")], status=404)
    address = request.build_absolute_uri(reverse("journeys:ask", args=[survey_id]))
    texts = {one: sentences(FOLDER, "survey", one) for one in Language}
    said = [
        {key: marked_plain(texts[one][key]) for key in ("lead", "sentence", *Face)}
        | {"title": _title(one, found.title, found.phase)}
        for one in Language
    ]  # fmt: skip
    pdf = draw_poster(qr_svg(address), said=said, town=town_in(Language.JAPANESE)["town"])
    return pdf_answer(pdf, name="survey.pdf", inline=True)


# -- what they share -----------------------------------------------------------------------------


def _list(request: HttpRequest, *problems: Problem) -> HttpResponse:
    rows = list_surveys(today=clock.today())
    taken = {(one.map_id, one.phase) for one in rows if one.closed_on is None}
    about = [
        (
            f"{one.map_id}|{phase.value}",
            word(kind="journey_hint", code="PHASE").format(
                persona=one.map.persona, phase=word(kind="journey_phase", code=phase.value)
            ),
        )
        for one in list_maps()
        for phase in Phase
        if any(step.phase is phase for step in one.map.steps) and (one.map_id, phase) not in taken
    ]
    context = {
        "rows": [(one, [(face.value, one.tally.faces[face]) for face in Face]) for one in rows],
        "about": about, "problems": problems, "faces": [face.value for face in Face],
        "may_edit": actor_of(request, PURPOSE).may(EDIT),
    }  # fmt: skip
    return page(request, "journeys/surveys.html", context, 422 if problems else 200)


def _title(language: Language, matter: str, phase: Phase) -> str:
    words = sentences(FOLDER, "survey", language)
    return marked_plain(words["title"].format(matter=matter, phase=words[phase.value]))


def _around(request: HttpRequest, found: tuple[str, Phase] | None) -> dict[str, Any]:
    language = language_of(request)
    texts = sentences(FOLDER, "survey", language)
    words = {key: marked_html(text) for key, text in texts.items() if "{" not in text}
    where = town_in(language)
    matter, phase = found or ("", Phase.DURING)
    title = marked_html(texts["title"].format(matter=matter, phase=texts[phase.value]))
    return {
        "words": words | {"title": title, "hall": marked_html(texts["hall"].format_map(where))},
        "plain": {key: marked_plain(text) for key, text in texts.items()},
        "title_plain": _title(language, matter, phase) if found else marked_plain(texts["closed"]),
        "faces": [(face.value, words[face.value]) for face in Face], "most": SENTENCE_MAX,
        "language": language, "lang": language.tag, "town": where["town"],
        "languages": [(one, marked_html(sentences(FOLDER, "survey", one)["language"])) for one in Language],
        "tablet": "tablet" in (request.GET.get("on"), request.POST.get("on")),
        "typed": request.POST.get("sentence", ""), "chosen": request.POST.get("face", ""),
    }  # fmt: skip


def _again(request: HttpRequest, context: dict[str, Any], why: str, status: int) -> HttpResponse:
    told = {"state": "ask", "why": context["words"][why]}
    return unkept(page(request, "journeys/survey.html", context | told, status))
