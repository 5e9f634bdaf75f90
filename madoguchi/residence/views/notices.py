"""Pages of the notice after a removal: whom to tell next, one press each, the paper (通知・公示の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.dispatch.api import office
from madoguchi.infra import clock
from madoguchi.kernel.outcome import Problem
from madoguchi.residence.actions import notices as acts
from madoguchi.residence.actions.cases import short_no
from madoguchi.residence.documents.papers import check_glyphs, draw_posting
from madoguchi.residence.domain.notices import Ground
from madoguchi.residence.forms import GroundForm, HangForm, NoticeForm
from madoguchi.residence.queries.cases import CHECK, find_case
from madoguchi.residence.queries.notices import list_untold, notice_book
from madoguchi.residence.views.cases import PURPOSE, show
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import label
from madoguchi.web.pages import page, pdf_answer
from madoguchi.web.press import press, press_form

#: What a press wants typed, under which name the page shows it again, and what is done with it.
_FORMS: Mapping[str, tuple[type[forms.Form], str, Callable[..., object]]] = {
    "letter": (NoticeForm, "notice_form", acts.send_notice),
    "posting": (GroundForm, "ground_form", acts.begin_posting),
    "put_up": (HangForm, "hang_form", acts.put_up),
    "take_down": (HangForm, "hang_form", acts.take_down),
}


@needs(CHECK)
@require_safe
def untold(request: HttpRequest) -> HttpResponse:
    """List whom nobody has told of their removal yet, the first due first."""
    actor = actor_of(request, PURPOSE)
    rows = list_untold(actor=actor, today=clock.today())
    subjects = sorted({each for one, _ in rows for each in one.people})
    if subjects:
        look(actor=actor, screen="RESIDENCE_UNTOLD", subjects=subjects)
    context = {"rows": rows, "today": clock.today(),
               "within": notice_book(settings.MADOGUCHI_CARD_RULES).within_days}  # fmt: skip
    return page(request, "residence/untold.html", context)


@needs(CHECK)
@require_POST
def tell(request: HttpRequest, case_id: str) -> HttpResponse:
    """Queue the letter, begin a posting, note it put up or taken down, or give it up."""
    asked = request.POST.get("do", "")
    actor = actor_of(request, PURPOSE)
    if asked in acts.PLAIN:
        _, problems = press(acts.PLAIN[asked], case_id=case_id, actor=actor, now=clock.now())
        return show(request, case_id, *problems) if problems else _to(case_id)
    if asked not in _FORMS:
        return show(request, case_id, Problem(code="BAD_INPUT"))
    kind, name, action = _FORMS[asked]
    form = kind(request.POST)
    problems = press_form(
        action, lambda: {"case_id": case_id, **_given(asked, form)}, actor=actor, form=form
    )
    again: dict[str, Any] = {name: form}
    return show(request, case_id, *problems, **again) if problems else _to(case_id)


@needs(CHECK)
@require_POST
def paper(request: HttpRequest, case_id: str) -> HttpResponse:
    """Draw the paper that hangs in public; the gate is asked first, and the second officer."""
    actor = actor_of(request, PURPOSE)
    row = find_case(case_id, actor=actor)
    problems: tuple[Problem, ...] = check_glyphs(row.people.values()) if row else ()
    found = None
    if not problems:
        found, problems = press(acts.let_posting_out, case_id=case_id, actor=actor, now=clock.now())
    if problems or found is None:
        return show(request, case_id, *problems)
    row, telling = found
    posting = telling.told.posting
    look(actor=actor, screen="RESIDENCE_PAPER", subjects=sorted(row.people))
    pdf = draw_posting(
        people=list(row.people.values()), removed_on=telling.told.removed_on,
        ground_words=label(kind="residence_ground", code=posting.ground.value),
        number=short_no(case_id), hangs_days=posting.hangs_days, put_up_on=posting.put_up_on,
        last_day=posting.last_day, hide_address=telling.held, desk=office(),
        appeal=notice_book(settings.MADOGUCHI_CARD_RULES).appeal,
    )  # fmt: skip
    return pdf_answer(pdf, name="posting.pdf", inline=True)


def _given(asked: str, form: forms.Form) -> dict[str, Any]:
    given = dict(form.cleaned_data)
    if asked == "letter":
        given["phone"] = office().phone
    if asked == "posting":
        given["ground"] = Ground(given["ground"])
    return given


def _to(case_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("residence:case", args=[case_id]))
