"""Other holds: set, open for minutes, clear (抑止の画面)."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.infra import clock, unit
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.kernel.wareki import format_long
from madoguchi.protection.actions.blocks import clear_block, open_block, set_block
from madoguchi.protection.domain.blocks import Level, Process, SubjectKind
from madoguchi.protection.forms import BlockForm
from madoguchi.protection.queries.blocks import list_blocks
from madoguchi.protection.views.measures import looked, officer
from madoguchi.web.access import needs
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.pages import page
from madoguchi.web.press import attempt


@require_GET
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def listing(request: HttpRequest) -> HttpResponse:
    """List the blocks that nobody has cleared (抑止対象者一覧)."""
    return _show(request)


@require_POST
@needs(Right.SEE_PROTECTED, Right.SET_PROTECTION)
def put(request: HttpRequest) -> HttpResponse:
    """Set a block (抑止の設定)."""
    form = BlockForm(request.POST)
    problems = problems_of(form)
    if problems:
        return _show(request, problems=problems, form=form)
    actor = officer(request)
    return _act(request, lambda: unit.run(set_block, actor=actor, **form.cleaned_data), form=form)


@require_POST
@needs(Right.SEE_PROTECTED, Right.LIFT_PROTECTION)
def clear(request: HttpRequest, block_id: str) -> HttpResponse:
    """Clear a block for good (抑止の解除)."""
    actor = officer(request)
    return _act(request, lambda: unit.run(clear_block, actor=actor, block_id=block_id))


@require_POST
@needs(Right.SEE_PROTECTED, Right.APPROVE)
def open_for_minutes(request: HttpRequest, block_id: str) -> HttpResponse:
    """Open a block until its timer ends (一時解除)."""
    actor = officer(request)
    return _act(request, lambda: unit.run(open_block, actor=actor, block_id=block_id))


def _act(
    request: HttpRequest, do: Callable[[], object], *, form: BlockForm | None = None
) -> HttpResponse:
    _, problems = attempt(do)
    if form is not None:
        mark(form, problems)
    if problems:
        return _show(request, problems=problems, form=form)
    return HttpResponseRedirect(reverse("protection:blocks"))


def _show(
    request: HttpRequest,
    *,
    problems: tuple[Problem, ...] = (),
    form: BlockForm | None = None,
) -> HttpResponse:
    actor = officer(request)
    rows = list_blocks(actor=actor)
    persons = (row.block.subject_id for row in rows if row.block.subject_kind is SubjectKind.PERSON)
    initial = {
        "subject_kind": SubjectKind.PERSON.value,
        "subject_id": request.GET.get("person", ""),
        "process": Process.ISSUE.value,
        "level": Level.ERROR.value,
        "starts_on": format_long(clock.today()),
    }
    context = {
        "rows": rows,
        "may_clear": actor.may(Right.LIFT_PROTECTION),
        "may_open": actor.may(Right.APPROVE),
        "form": form or BlockForm(initial=initial),
        "person_ids": looked(actor, "PROTECTION_BLOCKS", persons),
        "problems": problems,
    }
    return page(request, "protection/blocks.html", context, 422 if problems else 200)
