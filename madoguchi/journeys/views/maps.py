"""Pages of the maps: list, one map, a cell, before and after, paper and files (マップの画面)."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.infra import clock
from madoguchi.journeys.actions import maps as acts
from madoguchi.journeys.documents.mapdrawing import Mood, Words, draw_map
from madoguchi.journeys.documents.paper import draw_paper
from madoguchi.journeys.domain.cjml import read_cjml, write_cjml
from madoguchi.journeys.domain.figures import cell_from, feeling_from, renewals_of
from madoguchi.journeys.domain.mapfile import read_map, write_map
from madoguchi.journeys.domain.maps import (
    MINUTES,
    SUMMED,
    Cell,
    Evidence,
    Field,
    Phase,
    Step,
    delta_of,
    evidence_of,
    totals_of,
)
from madoguchi.journeys.forms import CellForm, FileForm, StepForm
from madoguchi.journeys.queries.maps import (
    Version,
    find_version,
    inputs_of_drafts,
    list_maps,
    rules,
    versions_of,
)
from madoguchi.journeys.queries.observed import figures_left
from madoguchi.journeys.queries.surveys import tallies_of
from madoguchi.journeys.views.words import basis_words, way_words
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.messages import is_english, word
from madoguchi.web.pages import page, pdf_answer, unkept
from madoguchi.web.press import press, press_form

PURPOSE = "ジャーニーマップ"
READ = Right.SEARCH
#: So many figures are offered for a cell: the newest months of every origin.
FIGURES_MAX = 120
FEELINGS = {2: "PLUS2", 1: "PLUS1", 0: "ZERO", -1: "MINUS1", -2: "MINUS2"}
#: What a drawing says of itself.
DRAWN = ("TITLE", "TOLD", "FEELING", "HOLLOW", "EARLIER", "TIME", "UNKNOWN", "KEY", "SUM", "LEFT_OUT",
         "PAINS", "IDEAS", "YEN", "SECONDS", "MINUTES", "HOURS", "DAYS")  # fmt: skip
#: Form of a file → its kind.
FILES = {"json": "application/json", "cjml": "application/xml"}


@needs(READ)
@require_safe
def maps(request: HttpRequest) -> HttpResponse:
    """List the maps with their sums and what they rest on."""
    rows = [
        {"version": one, "called": _called(one), "totals": _sums(one),
         "evidence": [(code.value, count) for code, count in evidence_of(one.map).items()]}
        for one in list_maps()
    ]  # fmt: skip
    context = {"rows": rows, "file_form": FileForm(), "fields": SUMMED, "may_edit": _may(request),
               "inputs": inputs_of_drafts()}  # fmt: skip
    return page(request, "journeys/maps.html", context)


@needs(READ)
@require_safe
def one_map(request: HttpRequest, map_id: str) -> HttpResponse:
    """Show one version of a map: drawing, table, and what can be done."""
    return _show(request, map_id)


@needs(READ)
@require_safe
def drawing(request: HttpRequest, map_id: str) -> HttpResponse:
    """Answer with the drawing alone, with an earlier version's feelings where one is asked for."""
    found = _asked(request, map_id)
    if found is None:
        return _unknown(request)
    before = _numbered(map_id, request.GET.get("before", ""))
    return unkept(HttpResponse(_drawn(found, before), content_type="image/svg+xml"))


@needs(READ)
@require_safe
def paper(request: HttpRequest, map_id: str) -> HttpResponse:
    """Answer with an A3 sheet: the drawing, and the table beneath."""
    found = _asked(request, map_id)
    if found is None:
        return _unknown(request)
    # A paper hangs on a wall of the office, whoever printed it.
    with translation.override(settings.LANGUAGE_CODE):
        pdf = draw_paper(
            found.map, drawing=_drawn(found), called=_called(found), words=_words(),
            today=clock.today(),
        )  # fmt: skip
    return pdf_answer(pdf, name="journey-map.pdf", inline=True)


@needs(READ)
@require_safe
def export(request: HttpRequest, map_id: str, form: str) -> HttpResponse:
    """Answer with the map as a file."""
    found = _asked(request, map_id)
    if found is None or form not in FILES:
        return _unknown(request)
    text = write_map(found.map) if form == "json" else write_cjml(found.map)
    answer = HttpResponse(text, content_type=f"{FILES[form]}; charset=utf-8")
    ending = "json" if form == "json" else "cjml.xml"
    answer.headers["Content-Disposition"] = f'attachment; filename="journey-map.{ending}"'
    return unkept(answer)


@needs(READ)
@require_safe
def compare(request: HttpRequest, map_id: str) -> HttpResponse:
    """Show what changed from one version to another."""
    before, after = (_numbered(map_id, request.GET.get(name, "")) for name in ("before", "after"))
    if before is None or after is None:
        return _unknown(request)
    delta, words = delta_of(before.map, after.map), _words()
    context = {
        "before": before, "after": after, "names": (_called(before), _called(after)),
        "delta": delta, "versions": [(one, _called(one)) for one in versions_of(map_id)],
        "sums": [(name.value, words.amount(name, totals_of(before.map)[name].value),
                  words.amount(name, totals_of(after.map)[name].value),
                  _change(name, delta.sums[name], words), delta.left_out[name]) for name in SUMMED],
        "changes": [(one, words.said(one.field, one.before), words.said(one.field, one.after))
                    for one in delta.changes],
    }  # fmt: skip
    return page(request, "journeys/compare.html", context)


@needs(acts.EDIT)
@require_http_methods(["GET", "HEAD", "POST"])
def cell(request: HttpRequest, map_id: str, step_id: str, field: str) -> HttpResponse:
    """Correct one cell of the newest version."""
    found = find_version(map_id)
    one = None if found is None else found.map.step(step_id)
    if found is None or one is None or field not in set(Field):
        return _unknown(request)
    name = Field(field)
    form = _cell_form(one, name, request.POST if request.method == "POST" else None)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = press_form(
            acts.edit_cell,
            lambda: {"map_id": map_id, "step_id": step_id, "name": name,
                     "text": form.cleaned_data["value"], "evidence": form.cleaned_data["evidence"]},
            actor=actor_of(request, PURPOSE), form=form,
        )  # fmt: skip
        if not problems:
            return _to(map_id)
    return _cell_page(request, found, one, name=name, form=form, problems=problems)


@needs(acts.EDIT)
@require_POST
def observe(request: HttpRequest, map_id: str, step_id: str, field: str) -> HttpResponse:
    """Put a figure of our own records into a cell of minutes."""
    found = find_version(map_id)
    one = None if found is None else found.map.step(step_id)
    if found is None or one is None or field not in set(Field):
        return _unknown(request)
    given = {"map_id": map_id, "step_id": step_id, "actor": actor_of(request, PURPOSE)}
    if field == Field.FEELING:
        _, problems = press(acts.observe_feeling, **given, now=clock.now())
    else:
        _, problems = press(acts.observe_cell, **given, name=Field(field),
                            figure=request.POST.get("figure", ""), now=clock.now())  # fmt: skip
    if not problems:
        return _to(map_id)
    form = _cell_form(one, Field(field))
    return _cell_page(request, found, one, name=Field(field), form=form, problems=problems)


@needs(acts.EDIT)
@require_POST
def renew(request: HttpRequest, map_id: str) -> HttpResponse:
    """Put the newest month into every cell that rests on an older one."""
    _, problems = press(
        acts.renew_cells, map_id=map_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    return _show(request, map_id, *problems) if problems else _to(map_id)


def _answers(found: Version, one: Step, words: Words) -> tuple[str, int, str] | None:
    """Return the feeling a survey told of a step's phase, of how many, and the exact mean."""
    told = tallies_of(found.map_id, today=clock.today()).get(one.phase)
    if told is None or told.mean is None or told.n < rules().k:
        return None
    cell = feeling_from(phase=one.phase, mean=told.mean, count=told.n, month=clock.today())
    return words.said(Field.FEELING, cell), told.n, f"{told.mean:+.2f}"


def _cell_form(one: Step, name: Field, data: Any = None) -> CellForm:
    now = one.cells.get(name)
    given = {"value": one.text(name), "evidence": now.evidence.value if now else ""}
    return CellForm(data, initial=given, name=name)


def _cell_page(
    request: HttpRequest, found: Version, one: Step, *, name: Field, form: CellForm,
    problems: tuple[Problem, ...],
) -> HttpResponse:  # fmt: skip
    words = _words()
    cells = [(key.value, each, words.said(key, each), basis_words(each.basis))
             for key, each in one.cells.items()]  # fmt: skip
    # What is over before a minute is says nothing in minutes.
    figures = [one for one in figures_left() if name in MINUTES and one.p90_min >= 1]
    context = {
        "found": found, "step": one, "field": name.value, "form": form, "problems": problems,
        "cells": cells, "is_doing": name is Field.DOING, "takes_figures": name in MINUTES,
        "takes_answers": name is Field.FEELING, "answers": _answers(found, one, words), "k": rules().k,
        "figures": [(each, way_words(each.origin, each.before, each.after), cell_from(each))
                    for each in figures[:FIGURES_MAX]],
    }  # fmt: skip
    return page(request, "journeys/cell.html", context, 422 if problems else 200)


@needs(acts.EDIT)
@require_POST
def version(request: HttpRequest, map_id: str) -> HttpResponse:
    """Keep the newest version as it is and go on with a new one."""
    _, problems = press(
        acts.keep_version, map_id=map_id, name=request.POST.get("name", ""),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    return _show(request, map_id, *problems) if problems else _to(map_id)


@needs(acts.EDIT)
@require_POST
def step(request: HttpRequest, map_id: str) -> HttpResponse:
    """Add a step, or take one out."""
    actor = actor_of(request, PURPOSE)
    if request.POST.get("do") == "drop":
        _, problems = press(
            acts.drop_step, map_id=map_id, step_id=request.POST.get("step", ""),
            actor=actor, now=clock.now(),
        )  # fmt: skip
        return _show(request, map_id, *problems) if problems else _to(map_id)
    form = StepForm(request.POST, lanes=rules().lanes)
    problems = press_form(
        acts.add_step,
        lambda: {"map_id": map_id, "phase": Phase(form.cleaned_data["phase"]),
                 "lane": form.cleaned_data["lane"],
                 "doing": Cell(value=form.cleaned_data["doing"], evidence=Evidence.ASSUMED)},
        actor=actor, form=form,
    )  # fmt: skip
    return _show(request, map_id, *problems, step_form=form) if problems else _to(map_id)


@needs(acts.EDIT)
@require_POST
def bring_in(request: HttpRequest) -> HttpResponse:
    """Take a map in from a file of ours or of CJML; all of it, or nothing."""
    form = FileForm(request.POST, request.FILES)
    problems = problems_of(form)
    made = None
    if not problems:
        text = form.text()
        if text is None:
            problems = (Problem(code="JOURNEY_FILE_UNREADABLE"),)
        else:
            read = read_cjml if text.lstrip().startswith("<") else read_map
            made, problems = read(text, lanes=rules().lanes)
    map_id = ""
    if made is not None and not problems:
        map_id, problems = press(
            acts.bring_in, made=made, actor=actor_of(request, PURPOSE), now=clock.now()
        )
    if problems:
        return errors.refusal(request, problems, status=422)
    return _to(map_id)


# -- what they share -----------------------------------------------------------------------------


def _show(request: HttpRequest, map_id: str, *problems: Problem, **forms: Any) -> HttpResponse:
    found = _asked(request, map_id)
    if found is None:
        return _unknown(request)
    versions = versions_of(map_id)
    words = _words()
    rows = [
        (each, [(name.value, (cell := each.cells.get(name)), words.said(name, cell),
                 basis_words(cell.basis) if cell else "") for name in Field])
        for each in found.map.steps
    ]  # fmt: skip
    may_edit = _may(request) and found.is_newest
    renewals = renewals_of(found.map, figures_left()) if may_edit else ()
    context = {
        "found": found, "called": _called(found), "rows": rows, "fields": [one.value for one in Field],
        "versions": [(one, _called(one)) for one in versions], "problems": problems,
        "may_edit": may_edit,
        "renewals": [(one, words.said(one.field, one.before), words.said(one.field, one.after),
                      basis_words(one.after.basis)) for one in renewals],
        "others": [(one, _called(one)) for one in versions if one.number != found.number],
        "step_form": StepForm(lanes=rules().lanes), **forms,
    }  # fmt: skip
    return page(request, "journeys/map.html", context, 422 if problems else 200)


def _may(request: HttpRequest) -> bool:
    return actor_of(request, PURPOSE).may(acts.EDIT)


def _asked(request: HttpRequest, map_id: str) -> Version | None:
    """Find the version that is asked for; the newest where none is."""
    asked = request.GET.get("v", "")
    return _numbered(map_id, asked) if asked else find_version(map_id)


def _numbered(map_id: str, number: str) -> Version | None:
    return find_version(map_id, int(number)) if number.isdecimal() and len(number) < 6 else None


def _called(one: Version) -> str:
    name = one.name or word(kind="journey_version", code="DRAFT")
    return word(kind="journey_hint", code="VERSION").format(number=one.number, name=name)


def _sums(one: Version) -> list[tuple[str, str, int]]:
    words = _words()
    return [
        (name.value, words.amount(name, total.value), total.unknown)
        for name, total in totals_of(one.map).items()
    ]


def _change(name: Field, value: int, words: Words) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else "±"
    return sign + words.amount(name, abs(value))


def _drawn(one: Version, before: Version | None = None) -> str:
    k = rules().k
    # A mood of fewer than k is not there at all, so none can be drawn.
    moods = {
        phase: Mood(n=tally.n, mean=tally.mean, spread=tally.spread)
        for phase, tally in tallies_of(one.map_id, today=clock.today()).items()
        if tally.n >= k and one.is_newest and tally.mean is not None and tally.spread is not None
    }
    return draw_map(
        one.map, words=_words(), moods=moods, k=k, version=_called(one),
        before=None if before is None else before.map,
    )  # fmt: skip


def _words() -> Words:
    def of(kind: str, codes: Any) -> dict[str, str]:
        return {str(code): word(kind=kind, code=str(code)) for code in codes}

    return Words(
        lanes=of("journey_lane", rules().lanes), phases=of("journey_phase", Phase),
        evidence=of("journey_evidence", Evidence), fields=of("journey_field", Field),
        feelings={feeling: word(kind="journey_feeling", code=code)
                  for feeling, code in FEELINGS.items()},
        own=of("journey_drawing", DRAWN), language="en" if is_english() else "ja",
        counted=basis_words,
    )  # fmt: skip


def _unknown(request: HttpRequest) -> HttpResponse:
    return errors.refusal(request, [Problem(code="JOURNEY_MAP_UNKNOWN")], status=404)


def _to(map_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("journeys:map", args=[map_id]))
