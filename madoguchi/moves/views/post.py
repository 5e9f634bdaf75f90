"""What came from other towns and the portal, what goes, what is wrong (町どうしの送受信の画面)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from madoguchi.audit.api import look
from madoguchi.infra import clock
from madoguchi.kernel.actor import Right
from madoguchi.kernel.outcome import Problem
from madoguchi.moves.actions import receiving, sending
from madoguchi.moves.domain.messages import MessageKind
from madoguchi.moves.domain.post import NEXT
from madoguchi.moves.domain.rights import FILE
from madoguchi.moves.queries.post import find_message, post_page
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.messages import render
from madoguchi.web.pages import page
from madoguchi.web.press import press

PURPOSE = "町どうしの送受信"


@needs(FILE)
@require_safe
def post(request: HttpRequest) -> HttpResponse:
    """Show what waits first, then what is wrong, what goes, and what went."""
    return _show(request)


@needs(FILE)
@require_POST
def take(request: HttpRequest, message_id: str) -> HttpResponse:
    """Do the next thing with what came in: open the case, file the notice, say that it is done."""
    row = find_message(message_id)
    if row is None:
        return _show(request, Problem(code="MOVE_POST_UNKNOWN"))
    given = {"message_id": message_id, "actor": actor_of(request, PURPOSE), "now": clock.now()}
    match NEXT[MessageKind(row.kind)]:
        case "OPEN":
            case_id, problems = press(receiving.open_message, **given)
            to = reverse("moves:case", args=[case_id]) if case_id else ""
        case "CONFIRM":
            moved, problems = press(receiving.confirm_message, **given)
            to = reverse("moves:filing", args=[moved.filing_id]) if moved else ""
        case _:
            _, problems = press(receiving.settle_message, **given)
            to = reverse("moves:post")
    return _show(request, *problems) if problems else HttpResponseRedirect(to)


@needs(FILE)
@require_POST
def settle(request: HttpRequest, message_id: str) -> HttpResponse:
    """Say that a message is seen to without its one press: settled by telephone, or held."""
    given = {"message_id": message_id, "actor": actor_of(request, PURPOSE), "now": clock.now()}
    held = request.POST.get("held", "")
    if held in ("again", "drop"):
        _, problems = press(sending.release, again=held == "again", **given)
    else:
        _, problems = press(receiving.settle_message, **given)
    return _show(request, *problems) if problems else HttpResponseRedirect(reverse("moves:post"))


@needs(FILE)
@require_POST
def settle_file(request: HttpRequest, file_id: str) -> HttpResponse:
    """Say that a file nothing could be taken of is settled with whoever sent it."""
    _, problems = press(
        receiving.settle_file, file_id=file_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    return _show(request, *problems) if problems else HttpResponseRedirect(reverse("moves:post"))


@needs(FILE)
@require_POST
def settle_gap(request: HttpRequest) -> HttpResponse:
    """Say that a number that never came is settled with whoever counts it."""
    number = request.POST.get("number", "")
    if not number.isdecimal():
        return _show(request, Problem(code="BAD_INPUT"))
    _, problems = press(
        receiving.settle_gap, town=request.POST.get("town", ""), number=int(number[:9]),
        actor=actor_of(request, PURPOSE), now=clock.now(),
    )  # fmt: skip
    return _show(request, *problems) if problems else HttpResponseRedirect(reverse("moves:post"))


def _show(request: HttpRequest, *problems: Problem) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    found = post_page(actor=actor, now=clock.now())
    rows = (*found.waiting, *found.going, *found.history)
    look(
        actor=actor,
        screen="MOVE_POST",
        subjects=sorted({key for one in rows for key in one.people}),
    )
    unknown = any(one.code in ("MOVE_POST_UNKNOWN", "NOT_ALLOWED") for one in problems)
    context = {
        "found": found, "problems": problems,
        "faults": [(one, render(one.problem)) for one in found.faults],
        "may_release": actor.may(Right.SEE_PROTECTED),
    }  # fmt: skip
    return page(request, "moves/post.html", context, 404 if unknown else 422 if problems else 200)
