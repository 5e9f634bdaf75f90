"""What waits, what is held, what came back, what is due (発送の画面)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from madoguchi.audit.api import look
from madoguchi.dispatch.actions.batching import make_batch
from madoguchi.dispatch.actions.queueing import cancel, mark_delivered, requeue
from madoguchi.dispatch.actions.returning import (
    queue_renotices,
    send_again,
    take_back,
    undo_return,
)
from madoguchi.dispatch.actions.rules import TABLE_RIGHT
from madoguchi.dispatch.domain.letters import MailClass
from madoguchi.dispatch.forms import ReturnForm
from madoguchi.dispatch.queries import lists
from madoguchi.dispatch.queries.renotices import list_due
from madoguchi.dispatch.queries.rules import renotice_rule_on
from madoguchi.infra import clock
from madoguchi.kernel.actor import Actor, Right
from madoguchi.kernel.outcome import Problem
from madoguchi.web.access import needs
from madoguchi.web.actor import actor_of
from madoguchi.web.forms import mark, problems_of
from madoguchi.web.messages import word
from madoguchi.web.pages import page
from madoguchi.web.press import press, press_long

PURPOSE = "手紙の発送"
SLIP_DAYS = 14
#: What a press on one letter does, by the name the button posts.
_PRESSES: dict[str, Callable[..., object]] = {
    "cancel": cancel,
    "requeue": requeue,
    "delivered": mark_delivered,
    "undo_return": undo_return,
    "send_again": send_again,
}


@needs(Right.MAIL_REQUESTS)
@require_GET
def waiting(request: HttpRequest) -> HttpResponse:
    """Show what waits, by mail class, with one press each."""
    return _waiting(request)


@needs(Right.MAIL_REQUESTS)
@require_POST
def batch(request: HttpRequest) -> HttpResponse:
    """Put what waits into a batch."""
    mail_class = request.POST.get("mail_class", "")
    if mail_class not in set(MailClass):
        return _waiting(request, (Problem(code="BAD_INPUT"),))
    made, problems = press_long(
        make_batch, mail_class=mail_class, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _waiting(request, problems)
    if not made:
        return HttpResponseRedirect(reverse("dispatch:waiting"))
    return HttpResponseRedirect(reverse("dispatch:batch", args=[made]))


@needs(Right.MAIL_REQUESTS)
@require_POST
def step(request: HttpRequest, letter_id: str) -> HttpResponse:
    """Do one thing to one letter, then go back to where it was pressed."""
    action = _PRESSES.get(request.POST.get("do", ""))
    if action is None:
        return _waiting(request, (Problem(code="BAD_INPUT"),))
    _, problems = press(
        action, letter_id=letter_id, actor=actor_of(request, PURPOSE), now=clock.now()
    )
    if problems:
        return _waiting(request, problems)
    back = "dispatch:returned" if "return" in request.POST["do"] else "dispatch:waiting"
    return HttpResponseRedirect(reverse(back))


@needs(Right.MAIL_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def returned(request: HttpRequest) -> HttpResponse:
    """Scan what came back; below, what still has to be decided."""
    first = {"returned_on": clock.today().isoformat(), "reason": "UNKNOWN_THERE"}
    form = ReturnForm(request.POST if request.method == "POST" else None, initial=first)
    actor = actor_of(request, PURPOSE)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        problems = problems_of(form)
        if not problems:
            row, problems = press(take_back, actor=actor, now=clock.now(), **form.cleaned_data)
            mark(form, problems)
            if not problems:
                messages.success(
                    request, word(kind="dispatch_said", code="RETURNED").format(number=row.about_no)
                )
                return HttpResponseRedirect(reverse("dispatch:returned"))
    rows = lists.list_returned(actor=actor)
    _looked(actor, rows)
    context = {"form": form, "rows": rows, "problems": problems}
    return page(request, "dispatch/returned.html", context, 422 if problems else 200)


@needs(Right.MAIL_REQUESTS)
@require_http_methods(["GET", "HEAD", "POST"])
def renotices(request: HttpRequest) -> HttpResponse:
    """Show whose next notice is due; one press queues them all."""
    actor = actor_of(request, PURPOSE)
    problems: tuple[Problem, ...] = ()
    if request.method == "POST":
        count, problems = press_long(
            queue_renotices, actor=actor, now=clock.now(), today=clock.today()
        )
        if not problems:
            messages.success(request, word(kind="dispatch_said", code="QUEUED").format(count=count))
            return HttpResponseRedirect(reverse("dispatch:waiting"))
    context = {
        "due": list_due(actor=actor, today=clock.today()),
        "rule": renotice_rule_on(clock.today()),
        "can_change": TABLE_RIGHT in actor.rights,
        "problems": problems,
    }
    return page(request, "dispatch/renotices.html", context, 422 if problems else 200)


def _waiting(request: HttpRequest, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    actor = actor_of(request, PURPOSE)
    rows, held = lists.list_waiting(actor=actor), lists.list_held(actor=actor)
    batches = lists.list_batches(actor=actor)
    _looked(actor, (*rows, *held))
    context = {
        "groups": [
            (mail_class, list(group)) for mail_class, group in groupby(rows, lambda o: o.mail_class)
        ],
        "held": held,
        "batches": batches,
        "slips": lists.list_slips(actor=actor, since=clock.today() - timedelta(days=SLIP_DAYS)),
        "problems": problems,
    }
    return page(request, "dispatch/waiting.html", context, 422 if problems else 200)


def _looked(actor: Actor, rows: tuple[lists.LetterRow, ...]) -> None:
    if rows:
        look(
            actor=actor,
            screen="DISPATCH_LISTS",
            subjects={one.person_id for one in rows if one.person_id},
        )
