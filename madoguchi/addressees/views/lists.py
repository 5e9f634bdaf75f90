"""Lists: take one in, see how far it is; the weights (リストの画面)."""

from __future__ import annotations

from dataclasses import replace
from hashlib import sha256
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.addressees.actions import learning, taking
from madoguchi.addressees.domain.levels import Item
from madoguchi.addressees.domain.rights import DESK, WEIGHTS
from madoguchi.addressees.domain.telling import Told, level_code, tell
from madoguchi.addressees.domain.weights import BY_HAND
from madoguchi.addressees.domain.worklist import State
from madoguchi.addressees.forms import ListForm, column_choices, column_fields, read_columns
from madoguchi.addressees.queries.entries import (
    SHOWN_MAX,
    EntryRow,
    entries_of,
    find_list,
    list_lists,
)
from madoguchi.addressees.queries.weights import newest_learnt, weights_now
from madoguchi.addressees.views.premises import PURPOSE, places
from madoguchi.audit.api import look
from madoguchi.infra import clock, unit
from madoguchi.infra.unit import Busy
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem, Refused
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

PROBLEMS_SHOWN = 100


@needs(DESK)
@require_safe
def lists(request: HttpRequest) -> HttpResponse:
    """Show the lists with what waits in each."""
    actor = actor_of(request, PURPOSE)
    return page(request, "addressees/lists.html", {"lists": list_lists(actor=actor)})


@needs(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest) -> HttpResponse:
    """Take a list in: say what each column means, try, then keep.

    The file stays in the browser and comes with every press; nothing of it is put aside here.
    """
    if request.method != "POST":
        return page(request, "addressees/take_in.html", {"form": ListForm()})
    form = ListForm(request.POST, request.FILES)
    problems = problems_of(form)
    context: dict[str, Any] = {"form": form, "problems": problems, "columns": []}
    if not problems:
        done = _try_or_take(request, form, context)
        if done is not None:
            return done
    return page(request, "addressees/take_in.html", context, 422 if context["problems"] else 200)


def _try_or_take(
    request: HttpRequest, form: ListForm, context: dict[str, Any]
) -> HttpResponse | None:
    """Try the file; keep it only with columns somebody saw tried."""
    actor, file = actor_of(request, PURPOSE), form.cleaned_data["listed"]
    headings = taking.headings_of(file)
    is_same = request.POST.get("print") == _print_of(headings)
    chosen = read_columns(request.POST.dict(), headings) if is_same else None
    if chosen is not None and request.POST.get("how") == "load":
        try:
            list_id = unit.run_long(
                taking.take_list, file, name=form.cleaned_data["name"], chosen=chosen,
                actor=actor, gazetteer=places(), now=clock.now(),
            )  # fmt: skip
        except Refused as refusal:
            context["problems"] = refusal.problems[:PROBLEMS_SHOWN]
        except Busy:
            context["problems"] = (Problem(code="BUSY"),)
        else:
            url = reverse("addressees:list", args=[list_id])
            if request.headers.get("HX-Request") == "true":
                return HttpResponse(status=204, headers={"HX-Redirect": url})
            return HttpResponseRedirect(url)
    tried = taking.try_list(file, chosen=chosen, actor=actor, gazetteer=places())
    context |= {
        "tried": tried,
        "columns": column_fields(tried.headings, chosen),
        "meanings": column_choices(),
        "print": _print_of(tried.headings),
        "is_tried": chosen is not None and not tried.problem_count,
        "problems": context["problems"] or tried.problems[:PROBLEMS_SHOWN],
        "warnings": [replace(one, where=None) for one in tried.warnings[:PROBLEMS_SHOWN]],
    }
    return None


def _print_of(headings: tuple[str, ...]) -> str:
    return sha256("\n".join(headings).encode()).hexdigest()[:16]


@needs(DESK)
@require_safe
def one_list(request: HttpRequest, list_id: str) -> HttpResponse:
    """Show how far a list is, and its rows of one state."""
    return _show(request, list_id)


@needs(DESK)
@require_POST
def close(request: HttpRequest, list_id: str) -> HttpResponse:
    """Close a list."""
    actor = actor_of(request, PURPOSE)
    _, problems = press(taking.close_list, list_id=list_id, actor=actor, now=clock.now())
    if problems:
        return _show(request, list_id, problems)
    return HttpResponseRedirect(reverse("addressees:lists"))


def _show(request: HttpRequest, list_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = find_list(list_id, actor=actor)
    if found is None:
        return errors.not_found(request, Http404())
    asked = request.GET.get("state", "")
    state = State(asked) if asked in set(State) else State.NOBODY
    rows = entries_of(list_id, actor=actor, states=(state,), most=SHOWN_MAX)
    subjects = sorted({one.person_id for one in rows if one.person_id})
    if subjects:
        look(actor=actor, screen="ADDRESSEES_LIST", subjects=subjects)
    context = {
        "found": found, "rows": [(one, _reasons(one)) for one in rows],
        "more": found.counts[state] - len(rows),
        "state": state, "states": [(one, found.counts[one]) for one in State],
        "problems": problems,
    }  # fmt: skip
    return page(request, "addressees/list.html", context, 422 if problems else 200)


def _reasons(row: EntryRow) -> tuple[Told, ...]:
    """Tell why a row is whose it is."""
    linked = next((one for one in row.candidates if one["person"] == row.person_id), None)
    return tell(linked["levels"], linked["item_bits"]) if linked else ()


# -- weights -------------------------------------------------------------------------------


@needs(DESK)
@require_safe
def weights(request: HttpRequest) -> HttpResponse:
    """Show the weights that count, beside those learned last."""
    return _weights(request)


@needs(WEIGHTS)
@require_POST
def learn(request: HttpRequest) -> HttpResponse:
    """Learn from the rows decided so far."""
    actor = actor_of(request, PURPOSE)
    _, problems = press(learning.learn, actor=actor, now=clock.now())
    return _weights(request, problems) if problems else _to_weights()


@needs(WEIGHTS)
@require_POST
def adopt(request: HttpRequest, learnt_id: str) -> HttpResponse:
    """Use what was learned from the next list on."""
    actor = actor_of(request, PURPOSE)
    _, problems = press(learning.adopt, learnt_id=learnt_id, actor=actor, now=clock.now())
    return _weights(request, problems) if problems else _to_weights()


def _to_weights() -> HttpResponse:
    return HttpResponseRedirect(reverse("addressees:weights"))


def _weights(request: HttpRequest, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor: Actor = actor_of(request, PURPOSE)
    learnt, now = newest_learnt(), weights_now()
    shown = learnt.weights if learnt else now
    rows = [
        (level_code(item, level), BY_HAND[item].bits()[level], now[item].bits()[level],
         shown[item].bits()[level])
        for item in Item
        for level in range(1, len(BY_HAND[item].m))
    ]  # fmt: skip
    context = {
        "rows": rows, "learnt": learnt, "may_learn": actor.may(WEIGHTS), "problems": problems,
    }  # fmt: skip
    return page(request, "addressees/weights.html", context, 422 if problems else 200)
