"""Pages of the checks: the list, one case, its papers (居住実態の確認の画面)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from madoguchi.accounts.api import is_approved, list_staff
from madoguchi.audit.api import look
from madoguchi.dispatch.api import office
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor
from madoguchi.kernel.outcome import Problem
from madoguchi.register.api import seen
from madoguchi.residence.actions import cases as acts
from madoguchi.residence.documents.papers import OF_OPEN_CASE, Paper, check_glyphs, draw_paper
from madoguchi.residence.domain.case import LetterKind, Outcome, State, Trigger
from madoguchi.residence.domain.notices import MAY, Ground, Step
from madoguchi.residence.domain.rules import due_letter, due_on, speaks_for
from madoguchi.residence.forms import (
    EvidenceForm,
    GroundForm,
    HangForm,
    NoticeForm,
    ProposalForm,
    VisitForm,
)
from madoguchi.residence.queries.cases import (
    CHECK,
    CaseRow,
    find_case,
    list_cases,
    open_case_of,
    rule_book,
)
from madoguchi.residence.queries.notices import Telling, list_untold, tellings_of
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render
from madoguchi.web.nav import url_or_none
from madoguchi.web.pages import page, pdf_answer
from madoguchi.web.press import press, press_asking, press_form

PURPOSE = "居住実態の確認"
STEPS: Mapping[str, Callable[..., object]] = {
    "carry_out": acts.carry_out,
    "withdraw": acts.withdraw,
    "end": acts.end_case,
}


@needs(CHECK)
@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the checks that are open, the first due first."""
    return list_page(request)


def list_page(request: HttpRequest, *problems: Problem) -> HttpResponse:
    """Show the list with what stands against the last press on it."""
    actor = actor_of(request, PURPOSE)
    over = "over" in request.GET
    rows = list_cases(actor=actor, closed=over)
    subjects = sorted({each for one in rows for each in one.people})
    if subjects:
        look(actor=actor, screen="RESIDENCE_CASES", subjects=subjects)
    book = rule_book(settings.MADOGUCHI_CARD_RULES)
    today = clock.today()
    shown = [(one, due_on(one.facts, book), due_letter(one.facts, today=today)) for one in rows]
    queued = request.GET.get("queued", "")
    context = {"rows": shown, "over": over, "today": today, "days": book.days,
               "may_write": any(letter for _, _, letter in shown), "problems": problems,
               "queued": queued if queued.isascii() and queued.isdigit() and len(queued) < 5 else "",
               "post": url_or_none("dispatch:waiting"),
               "untold": len(list_untold(actor=actor, today=clock.today())),
               "patterns": url_or_none("moves:patterns")}  # fmt: skip
    return page(request, "residence/cases.html", context, 422 if problems else 200)


@needs(CHECK)
@require_http_methods(["GET", "HEAD", "POST"])
def begin(request: HttpRequest, household_no: str) -> HttpResponse:
    """Choose about whom and why, and begin a check."""
    actor = actor_of(request, PURPOSE)
    home = seen.find_household(household_no, actor=actor)
    if home is None or not home.members:
        return errors.refusal(request, [Problem(code="RESIDENCE_PEOPLE_UNKNOWN")], status=404)
    there = open_case_of(household_no, actor=actor)
    if there is not None:
        return HttpResponseRedirect(reverse("residence:case", args=[there.case_id]))
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        trigger = request.POST.get("trigger", "")
        if trigger not in set(Trigger):
            problems = (Problem(code="RESIDENCE_TRIGGER_MISSING"),)
        else:
            case_id, problems = press(
                acts.open_case, household_no=household_no, trigger=Trigger(trigger),
                person_ids=request.POST.getlist("person"), actor=actor, now=clock.now(),
            )  # fmt: skip
            if not problems:
                return HttpResponseRedirect(reverse("residence:case", args=[case_id]))
    look(actor=actor, screen="RESIDENCE_BEGIN", subjects=[one.person_id for one in home.members])
    context = {"home": home, "triggers": list(Trigger), "problems": problems,
               "chosen": request.POST.getlist("person"), "trigger": request.POST.get("trigger")}  # fmt: skip
    return page(request, "residence/begin.html", context, 422 if problems else 200)


@needs(CHECK)
@require_safe
def case(request: HttpRequest, case_id: str) -> HttpResponse:
    """Show what is known in a check, and what can be done next."""
    return show(request, case_id)


@needs(CHECK)
@require_POST
def evidence(request: HttpRequest, case_id: str) -> HttpResponse:
    """Keep what a source answered."""
    form = EvidenceForm(request.POST)
    problems = press_form(
        acts.note_evidence, lambda: {"case_id": case_id, "found": form.found()},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return show(request, case_id, *problems, evidence_form=form) if problems else _to(case_id)


@needs(CHECK)
@require_POST
def visit(request: HttpRequest, case_id: str) -> HttpResponse:
    """Keep what two officers found."""
    form = VisitForm(request.POST)
    problems = press_form(
        acts.note_visit, lambda: {"case_id": case_id, "made": form.made()},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return show(request, case_id, *problems, visit_form=form) if problems else _to(case_id)


@needs(CHECK)
@require_POST
def propose(request: HttpRequest, case_id: str) -> HttpResponse:
    """Put a decision before a second person."""
    form = ProposalForm(request.POST)
    problems = press_form(
        acts.propose,
        lambda: {"case_id": case_id, **form.cleaned_data,
                 "outcome": Outcome(form.cleaned_data["outcome"])},
        actor=actor_of(request, PURPOSE), form=form,
    )  # fmt: skip
    return show(request, case_id, *problems, proposal_form=form) if problems else _to(case_id)


@needs(CHECK)
@require_POST
def step(request: HttpRequest, case_id: str) -> HttpResponse:
    """Carry a decision out, take a proposal back, or end a check without one."""
    given: dict[str, Any] = {
        "case_id": case_id, "actor": actor_of(request, PURPOSE), "now": clock.now(),
    }  # fmt: skip
    asked = request.POST.get("do", "")
    if asked not in STEPS:
        return show(request, case_id, Problem(code="BAD_INPUT"))
    if asked == "carry_out":
        given["passed"] = [
            key.removeprefix("pass_") for key in request.POST if key.startswith("pass_")
        ]
    _, problems, alerts = press_asking(STEPS[asked], **given)
    return show(request, case_id, *problems, alerts=alerts) if problems or alerts else _to(case_id)


@needs(CHECK)
@require_POST
def paper(request: HttpRequest, case_id: str) -> HttpResponse:
    """Draw a letter, which is kept as written, or the sheet of a visit; the gate is asked first."""
    actor = actor_of(request, PURPOSE)
    asked = request.POST.get("paper", "")
    row = find_case(case_id, actor=actor)
    if row is None or asked not in OF_OPEN_CASE:
        return show(request, case_id, Problem(code="BAD_INPUT"))
    problems = check_glyphs(row.people.values())
    answer_by = None
    if not problems and asked in set(LetterKind):
        kept, problems = press(
            acts.note_letter, case_id=case_id, kind=LetterKind(asked), actor=actor, now=clock.now()
        )
        if not problems:
            row, answer_by = kept, kept.facts.letters[-1].answer_by
    elif not problems:
        problems = acts.check_leaves(row, actor=actor)
    if problems:
        return show(request, case_id, *problems)
    look(actor=actor, screen="RESIDENCE_PAPER", subjects=sorted(row.people))
    pdf = draw_paper(
        Paper(asked), people=list(row.people.values()), answer_by=answer_by,
        today=clock.today(), desk=office(),
    )  # fmt: skip
    return pdf_answer(pdf, name=f"{asked.lower()}.pdf", inline=True)


def show(
    request: HttpRequest, case_id: str, *problems: Problem, alerts: tuple[Problem, ...] = (),
    **forms: Any,
) -> HttpResponse:  # fmt: skip
    """Show a case with what stands against the last press on its page."""
    actor = actor_of(request, PURPOSE)
    row = find_case(case_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="RESIDENCE_UNKNOWN")], status=404)
    look(actor=actor, screen="RESIDENCE_CASE", subjects=sorted(row.people))
    context = _context(row) | {
        "evidence_form": EvidenceForm(), "visit_form": VisitForm(),
        "proposal_form": ProposalForm(), **telling_context(row, actor=actor), **forms,
        "problems": problems,
        "alerts": [(one.code, render(one)) for one in alerts],
    }  # fmt: skip
    return page(request, "residence/case.html", context, 422 if problems or alerts else 200)


def _context(row: CaseRow) -> dict[str, Any]:
    book, today = rule_book(settings.MADOGUCHI_CARD_RULES), clock.today()
    due = due_on(row.facts, book)
    return {
        "row": row, "facts": row.facts, "number": acts.short_no(row.case_id), "due": due,
        "late": due < today and row.closed_on is None, "by": _names_of(row),
        "left": (due - today).days, "for": speaks_for(row.facts), "today": today,
        "is_open": row.facts.state is State.OPEN, "waits": row.facts.state is State.PROPOSED,
        "approved": bool(row.proposal_id)
        and is_approved(action=acts.GUARDED, subject_ref=row.proposal_id),
        "bases": {code.value: one.basis for code, one in book.sources.items()},
    }  # fmt: skip


def telling_context(row: CaseRow, *, actor: Actor) -> dict[str, Any]:
    """Return what a page shows of the notice of a removal; nothing of any other case."""
    today = clock.today()
    telling = tellings_of([row], actor=actor, today=today).get(row.case_id)
    if telling is None:
        return {"telling": None}
    posting = telling.told.posting
    by = [telling.made_by, posting.put_up_by, posting.taken_down_by] if posting else []
    names = {one.staff_id: one.display_name for one in list_staff(one for one in by if one)}
    return {
        "telling": telling, "posting": posting, "next": telling.next,
        "late": bool(telling.next.due and telling.next.due < today),
        "sent": [(one, row.people[one.person_id]) for one in telling.sent],
        "told_by": [names.get(one, one) for one in by],
        "notice_form": NoticeForm(), "ground_form": GroundForm(initial=_likely(telling)),
        "hang_form": HangForm(initial={"on": today}),
        "may_choose": telling.next.step in MAY["posting"],
        "may_draw": telling.next.step in (Step.PUT_UP, Step.UP),
    }  # fmt: skip


def _likely(telling: Telling) -> dict[str, str]:
    returned = telling.next.step is Step.POST_INSTEAD
    return {"ground": (Ground.RETURNED if returned else Ground.UNKNOWN).value}


def _names_of(row: CaseRow) -> dict[str, str]:
    """Who began, proposed and ended it; who is on no list any more keeps the number."""
    by = {"opened": row.opened_by, "proposed": row.proposed_by, "closed": row.closed_by}
    names = {one.staff_id: one.display_name for one in list_staff(by.values())}
    return {step: names.get(staff_id, staff_id) for step, staff_id in by.items()}


def _to(case_id: str) -> HttpResponse:
    return HttpResponseRedirect(reverse("residence:case", args=[case_id]))
