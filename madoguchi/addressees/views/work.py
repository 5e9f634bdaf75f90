"""What has to be typed at the terminal, and what was written back; stays (作業の画面)."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.addressees.actions import writing
from madoguchi.addressees.domain.rights import DESK
from madoguchi.addressees.domain.worklist import in_entry_order
from madoguchi.addressees.forms import StayForm, read_ticked
from madoguchi.addressees.queries.entries import find_list
from madoguchi.addressees.queries.work import list_stays, list_write_backs
from madoguchi.addressees.queries.worklist import tasks_of
from madoguchi.addressees.views.premises import PURPOSE, places
from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import press

BY_KANA = "kana"
#: Rows of a page: what is ticked and written back in one go.
SHOWN_MAX = 100


@needs(DESK)
@require_safe
def worklist(request: HttpRequest, list_id: str) -> HttpResponse:
    """Show the differences in the order the terminal asks for them."""
    return _show(request, list_id)


@needs(DESK)
@require_POST
def write(request: HttpRequest, list_id: str) -> HttpResponse:
    """Write back what was ticked, as it stood on the page."""
    actor = actor_of(request, PURPOSE)
    seen = read_ticked(request.POST.getlist("task"))
    _, problems = press(
        writing.write_back, list_id=list_id, seen=seen, actor=actor, gazetteer=places(),
        today=clock.today(), now=clock.now(),
    )  # fmt: skip
    return _onward(request, list_id, problems)


@needs(DESK)
@require_POST
def undo(request: HttpRequest, list_id: str) -> HttpResponse:
    """Put a write-back's addresses back."""
    actor, asked = actor_of(request, PURPOSE), request.POST.get("write_back_id", "")[:26]
    _, problems = press(writing.undo_write_back, write_back_id=asked, actor=actor, now=clock.now())
    return _onward(request, list_id, problems)


def _onward(request: HttpRequest, list_id: str, problems: tuple[Problem, ...]) -> HttpResponse:
    if problems:
        return _show(request, list_id, problems)
    return HttpResponseRedirect(reverse("addressees:worklist", args=[list_id]))


def _show(request: HttpRequest, list_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = find_list(list_id, actor=actor)
    if found is None:
        return errors.not_found(request, Http404())
    tasks = tasks_of(list_id, actor=actor, today=clock.today(), gazetteer=places())
    by_kana = request.GET.get("order") == BY_KANA
    done = list_write_backs(list_id)
    if tasks:
        subjects = sorted({one.person_id for one in tasks})
        look(actor=actor, screen="ADDRESSEES_WORKLIST", subjects=subjects)
    ordered = in_entry_order(tasks, by_kana=by_kana)
    typed = [one for one in ordered if one.is_typed]
    pages = range(1, -(-len(typed) // SHOWN_MAX) + 1)
    asked = request.GET.get("page", "")
    number = next((one for one in pages if str(one) == asked), 1)
    context = {
        "found": found, "problems": problems, "by_kana": by_kana, "done": done,
        "typed": typed[(number - 1) * SHOWN_MAX : number * SHOWN_MAX], "many": len(typed),
        "pages": pages, "number": number, "asked": [one for one in ordered if not one.is_typed],
    }  # fmt: skip
    return page(request, "addressees/worklist.html", context, 422 if problems else 200)


@needs(DESK)
@require_http_methods(["GET", "HEAD", "POST"])
def stays(request: HttpRequest) -> HttpResponse:
    """Show and keep where people really are for a time."""
    actor = actor_of(request, PURPOSE)
    form = StayForm(request.POST) if request.method == "POST" else StayForm()
    problems = problems_of(form) if form.is_bound else ()
    if form.is_bound and not problems:
        _, problems = press(writing.note_stay, actor=actor, now=clock.now(), **form.cleaned_data)
        if not problems:
            return HttpResponseRedirect(reverse("addressees:stays"))
    return _stays(request, form, problems)


@needs(DESK)
@require_POST
def end_stay(request: HttpRequest, stay_id: str) -> HttpResponse:
    """End a stay."""
    actor = actor_of(request, PURPOSE)
    _, problems = press(writing.end_stay, stay_id=stay_id, actor=actor, now=clock.now())
    if problems:
        return _stays(request, StayForm(), problems)
    return HttpResponseRedirect(reverse("addressees:stays"))


def _stays(request: HttpRequest, form: StayForm, problems: tuple[Problem, ...]) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = list_stays(actor=actor)
    if found:
        subjects = sorted({one.person_id for one in found})
        look(actor=actor, screen="ADDRESSEES_STAYS", subjects=subjects)
    context = {"form": form, "problems": problems, "stays": found}
    return page(request, "addressees/stays.html", context, 422 if problems else 200)
