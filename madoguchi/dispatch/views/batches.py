"""One batch: print, post, undo; and its slip (束・差出票の画面)."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from madoguchi.audit.api import look
from madoguchi.dispatch.actions.batching import undo_batch
from madoguchi.dispatch.actions.posting import hand_in_slip, post_batch, undo_slip
from madoguchi.dispatch.actions.printing import Pulled, print_now
from madoguchi.dispatch.documents.drawing import Form
from madoguchi.dispatch.documents.slips import SlipLine, draw_slip
from madoguchi.dispatch.domain.batches import BatchState
from madoguchi.dispatch.domain.letters import WITH_RECEIPT, MailClass
from madoguchi.dispatch.queries import lists
from madoguchi.dispatch.queries.office import office
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web import errors
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import label, render, word
from madoguchi.web.pages import page
from madoguchi.web.press import attempt, press_long

PURPOSE = "手紙の発送"


@needs(Right.MAIL_REQUESTS)
@require_GET
def detail(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Show a batch in its order, with its next step."""
    return _show(request, batch_id)


@needs(Right.MAIL_REQUESTS)
@require_POST
def print_it(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Answer with the pages that passed the last look."""
    form = Form.LABELS if request.POST.get("form") == Form.LABELS else Form.LETTERS
    printed, problems = attempt(
        lambda: print_now(batch_id=batch_id, form=form, actor=actor_of(request, PURPOSE))
    )
    if problems:
        return _show(request, batch_id, problems)
    _tell_pulled(request, printed.pulled)
    name = "letters" if form is Form.LETTERS else "labels"
    return _pdf(printed.pdf, f"{name}-{clock.today():%Y%m%d}.pdf")


@needs(Right.MAIL_REQUESTS)
@require_POST
def post(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Ask the gate a last time and write the slip."""
    receipts = {
        key.removeprefix("receipt-"): str(value)[:40]
        for key, value in request.POST.items()
        if key.startswith("receipt-")
    }
    posted, problems = press_long(
        post_batch, batch_id=batch_id, receipts=receipts, actor=actor_of(request, PURPOSE),
        now=clock.now(),
    )  # fmt: skip
    if problems:
        return _show(request, batch_id, problems)
    _tell_pulled(request, posted.pulled)
    if not posted.slip_id:
        return HttpResponseRedirect(reverse("dispatch:waiting"))
    return HttpResponseRedirect(reverse("dispatch:slip", args=[posted.slip_id]))


@needs(Right.MAIL_REQUESTS)
@require_POST
def undo(request: HttpRequest, batch_id: str) -> HttpResponse:
    """Take the batch apart."""
    _, problems = press_long(
        undo_batch, batch_id=batch_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _show(request, batch_id, problems)
    return HttpResponseRedirect(reverse("dispatch:waiting"))


@needs(Right.MAIL_REQUESTS)
@require_GET
def slip(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Show a slip with its next step."""
    return _slip(request, slip_id)


@needs(Right.MAIL_REQUESTS)
@require_GET
def slip_paper(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Answer with the slip as PDF."""
    actor = actor_of(request, PURPOSE)
    row = lists.find_slip(slip_id, actor=actor)
    if row is None or row.undone_at is not None:
        return errors.refusal(request, [Problem(code="SLIP_UNKNOWN")], status=404)
    look(actor=actor, screen="DISPATCH_LISTS", subjects=_people(row))
    words = label(kind="mail_class", code=row.mail_class)
    lines = [
        SlipLine(name=one.name, receipt=one.receipt_no, about=one.about_no) for one in row.letters
    ]
    paper = draw_slip(
        lines, slip_no=row.slip_no, on=row.posted_on, office=office(), mail_class=words
    )
    return _pdf(paper, f"slip-{row.slip_no}.pdf")


@needs(Right.MAIL_REQUESTS)
@require_POST
def slip_step(request: HttpRequest, slip_id: str) -> HttpResponse:
    """Note the post office's stamp, or take the slip back."""
    action = undo_slip if request.POST.get("do") == "undo" else hand_in_slip
    _, problems = press_long(
        action, slip_id=slip_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _slip(request, slip_id, problems)
    return HttpResponseRedirect(reverse("dispatch:waiting"))


def _people(row: lists.BatchRow | lists.SlipRow) -> set[str]:
    return {one.person_id for one in row.letters if one.person_id}


def _show(request: HttpRequest, batch_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    row = lists.find_batch(batch_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="BATCH_UNKNOWN")], status=404)
    look(actor=actor, screen="DISPATCH_LISTS", subjects=_people(row))
    context = {
        "batch": row,
        "with_receipt": MailClass(row.mail_class) in WITH_RECEIPT,
        "rows": [(one, request.POST.get(f"receipt-{one.letter_id}", "")) for one in row.letters],
        "may_print": row.state in (BatchState.MADE, BatchState.PRINTED),
        "may_post": row.state is BatchState.PRINTED,
        "problems": problems,
    }
    return page(request, "dispatch/batch.html", context, 422 if problems else 200)


def _slip(request: HttpRequest, slip_id: str, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    row = lists.find_slip(slip_id, actor=actor)
    if row is None:
        return errors.refusal(request, [Problem(code="SLIP_UNKNOWN")], status=404)
    look(actor=actor, screen="DISPATCH_LISTS", subjects=_people(row))
    context = {"slip": row, "problems": problems}
    return page(request, "dispatch/slip.html", context, 422 if problems else 200)


def _tell_pulled(request: HttpRequest, pulled: tuple[Pulled, ...]) -> None:
    """Say which envelope to take out of the pile, in words (束から抜くもの)."""
    for one in pulled:
        said = render(Problem(code=one.why))
        words = word(kind="dispatch_said", code="PULLED")
        place = words.format(position=one.position, number=one.about_no)
        messages.warning(request, f"{place}: {said.cause}{said.remedy}")


def _pdf(data: bytes, name: str) -> HttpResponse:
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
